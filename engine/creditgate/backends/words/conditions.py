"""Conditions in words: tests, statements, what is joined by `and` and `or`, and their opposites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.words.constants import member_texts
from creditgate.backends.words.nouns import Scope, same_thing
from creditgate.backends.words.rows import RowWords
from creditgate.backends.words.values import ALL, ANY, FOLD, LOOSE, NOUN, TEST, Phrase
from creditgate.domain.dsl_types import (
    Date,
    Duration,
    Instant,
    Number,
    SetOf,
    Time,
    Type,
    without_none,
)
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AtDate,
    Claimed,
    Expr,
    Fact,
    FigureUse,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Named,
    Not,
    Or,
    Parameter,
    TableCell,
)

_OPPOSITE: Final = {
    "less": "greater_or_equal",
    "less_or_equal": "greater",
    "greater": "less_or_equal",
    "greater_or_equal": "less",
    "equal": "not_equal",
    "not_equal": "equal",
    "member": "not_member",
    "multiple": "not_multiple",
}


class Conditions(RowWords):
    """Conditions of one rulebook in one language, on one line."""

    def condition(self, node: Expr, scope: Scope, *, holds: bool) -> Phrase:
        """Return a condition, or its opposite, in words."""
        scope = scope.of_tests()
        match node:
            case Not(item=item):
                return self.condition(item, scope, holds=not holds)
            case And() | Or():
                both = isinstance(node, And) is holds
                kinds = (And, Or) if both else (Or, And)
                return self.joined(flattened(node, *kinds, holds=holds), scope, both=both)
            case IsNone(item=item):
                return self._existence(item, scope, "none" if holds else "not_none")
            case IsEmpty(item=item):
                return self._existence(item, scope, "empty" if holds else "not_empty")
            case Claimed(claim=claim):
                title = self.rulebook.vocabulary.claims[claim].title.of(self.grammar.id)
                title = self.grammar.clause(title)
                return Phrase(self.say["claimed" if holds else "not_claimed"].format(title), TEST)
            case Apply():
                return self.test(node, scope, holds=holds)
            case If():
                return self.choice(node, scope, holds=holds)
            case Aggregate():
                return self.aggregate(node, scope, holds=holds)
            case Literal(value=value):
                return Phrase(self.say["always" if bool(value) is holds else "never"], TEST)
            case Fact() | FigureUse() | Parameter() | Named():
                return self._statement(node, scope, holds)
            case AtDate():
                return self.at_date(node, scope, holds=holds)
            case TableCell(keys=keys):
                noun = self.nouns.noun(node, scope)
                assert noun is not None
                words = self.grammar.listed([self.phrase(key, scope).text for key in keys])
                said = self.say["cell.statement"].format(self.grammar.clause(noun.title), words)
                return Phrase(said if holds else self.say["not"].format(said), LOOSE)
            case _:
                phrase = self.phrase(node, scope)
                return phrase if holds else Phrase(self.say["not"].format(phrase.text), LOOSE)

    def joined(self, items: Sequence[Expr], scope: Scope, *, both: bool) -> Phrase:
        """Return conditions joined by `and`, or by `or`."""
        if len(items) == 1:
            return self.condition(items[0], scope, holds=True)
        texts = []
        spoken: Expr | None = None
        for place, item in enumerate(items):
            subject = _subject(item)
            again = spoken if _is_about(subject, spoken) else None
            phrase = self.condition(item, scope.speaking_of(again), holds=True)
            last = place == len(items) - 1
            if both and phrase.rank == ANY and last:
                texts.append(self.say["either"].format(phrase.text))
            elif phrase.rank < (ALL if both else ANY) or (not both and phrase.rank == ALL):
                open_end = phrase.rank == FOLD and last
                texts.append(phrase.text if open_end else self.grouped(phrase.text, test=True))
            else:
                texts.append(phrase.text)
            spoken = subject
        if both:
            return Phrase(self.grammar.all_of(texts), ALL)
        return Phrase(self.grammar.alternatives(texts), ANY)

    def _statement(
        self, node: Fact | FigureUse | Parameter | Named, scope: Scope, holds: bool
    ) -> Phrase:
        noun = self.nouns.noun(node, scope)
        assert noun is not None
        single = noun.single is not None
        subject = self.grammar.record(noun.single) if noun.single is not None else noun.record
        said = self.grammar.statement(noun.title, subject, single, holds)
        # What is denied as a whole would reach over all that follows.
        whole = self.say["not"].partition("{")[0]
        return Phrase(said, LOOSE if whole and said.startswith(whole) else TEST)

    def _existence(self, node: Expr, scope: Scope, form: str) -> Phrase:
        noun = self.nouns.noun(node, scope)
        if noun is not None and not isinstance(node, TableCell):
            behind = None if noun.row else noun.record
            given = form.startswith("not_")
            return Phrase(self.grammar.existence(noun.title, behind, given), TEST)
        phrase = self.phrase(node, scope)
        return Phrase(self._said(form, self.grouped(phrase.text), "", phrase), TEST)

    def test(
        self, node: Apply, scope: Scope, *, holds: bool, values: tuple[str, str] = ("", "")
    ) -> Phrase:
        """Return a comparison, or its opposite; `values` of its sides stand behind them."""
        operator = node.operator if holds else _OPPOSITE[node.operator]
        left, right = node.arguments
        if isinstance(right, Literal) and isinstance(right.value, bool):
            return self.condition(left, scope, holds=(operator == "equal") is right.value)
        if node.operator == "member":
            left = self.nouns.record_of_key(left)
        first = self.phrase(left, scope)
        scope = scope.speaking_of(None)
        said = self._side(first, values[0])
        if node.operator == "member" and isinstance(right, Literal):
            assert isinstance(right.value, frozenset)
            assert isinstance(right.type, SetOf)
            vocabulary, member = self.rulebook.vocabulary, right.type.member
            members = member_texts(right.value, member, vocabulary, self.grammar)
            words = self._said(f"{operator}.list", said, self.grammar.any_of(members), first)
            return Phrase(words, TEST)
        second = self.phrase(right, scope)
        form = f"{operator}{_suffix(left.type)}"
        form = form if form in self.say else operator
        return Phrase(self._said(form, said, self._side(second, values[1]), first), TEST)

    def _side(self, phrase: Phrase, value: str) -> str:
        text = self.grouped(phrase.text) if phrase.rank < FOLD else phrase.text
        if not value:
            return text
        if phrase.rank < NOUN:
            # Behind a sum or a product the value alone would seem to be that of its last part.
            value = self.say["comes_to"].format(value)
        return f"{text}{self.blank}{self.in_brackets(value)}"

    def _said(self, form: str, first: str, second: str, subject: Phrase) -> str:
        be = self.say["be.many" if subject.plural else "be.one"]
        return self.say[form].format(first, second, be=be)


def flattened(
    node: Expr, kind: type[And] | type[Or], other: type[And] | type[Or], *, holds: bool = True
) -> list[Expr]:
    """Return the items of a chain that joins by `kind`; `other` joins so where it is denied."""
    match node:
        case Not(item=item):
            return flattened(item, kind, other, holds=not holds)
        case And(items=items) | Or(items=items) if isinstance(node, kind if holds else other):
            return [part for item in items for part in flattened(item, kind, other, holds=holds)]
        case _:
            return [node if holds else Not(node.type, node)]


def _subject(node: Expr) -> Expr | None:
    """Return what a test speaks of."""
    match node:
        case Not(item=item):
            return _subject(item)
        case IsNone(item=item):
            return item
        case Apply(arguments=(left, *_)):
            return left
        case _:
            return None


def _is_about(subject: Expr | None, spoken: Expr | None) -> bool:
    return subject is not None and spoken is not None and same_thing(subject, spoken)


def grouped_by_subject(items: Sequence[Expr]) -> Iterator[list[Expr]]:
    """Yield items in order; those that speak of the same thing one after the other together."""
    group: list[Expr] = []
    for item in items:
        if group and not _is_about(_subject(item), _subject(group[-1])):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _suffix(kind: Type) -> str:
    match without_none(kind):
        case Date():
            return ".day"
        case Time() | Instant():
            return ".moment"
        case Duration():
            return ".span"
        case Number():
            return ".number"
        case _:
            return ""
