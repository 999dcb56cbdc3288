"""Write an expression as a sentence: the one renderer of both languages.

It knows the typed IR and the titles of vocabulary and rulebook; words and grammar come from the
language it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, assert_never

from creditgate.backends.words.chinese import Chinese
from creditgate.backends.words.constants import constant_text, member_texts
from creditgate.backends.words.english import English, is_plural
from creditgate.backends.words.nouns import Noun, Nouns, Scope, same_thing
from creditgate.domain.dsl_types import (
    Boolean,
    Date,
    Duration,
    Instant,
    Number,
    Record,
    SetOf,
    Time,
    Type,
    without_none,
)
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AsOf,
    AtDate,
    Base,
    Claimed,
    Dated,
    Expr,
    Fact,
    FigureUse,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    OrElse,
    Parameter,
    Root,
    TableCell,
    Variable,
)
from creditgate.ir.rulebook import Rulebook

# How tightly the words of a phrase hold together; a looser part of a tighter whole is bracketed.
_NOUN: Final = 9
_PRODUCT: Final = 6
_SUM: Final = 5
_TEST: Final = 4
_ALL: Final = 3
_FOLD: Final = 2
_LOOSE: Final = 1

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
_ARITHMETIC: Final = {
    "add": _SUM,
    "subtract": _SUM,
    "multiply": _PRODUCT,
    "divide": _PRODUCT,
    "divide_durations": _PRODUCT,
    "negate": _PRODUCT,
}
_LATER: Final = frozenset(
    {"add_days", "add_months", "add_trading_days", "add_settlement_days", "add_elapsed"}
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, how tightly they hold together, and whether they speak of several things."""

    text: str
    rank: int = _NOUN
    plural: bool = False


class Words:
    """Expressions of one rulebook in one language.

    With a `day`, parameters stand with the value they have on it. `base` is what the word `base`
    of an overlay's formula is called.
    """

    def __init__(
        self, rulebook: Rulebook, language: str, day: int | None = None, base: str = ""
    ) -> None:
        self.rulebook = rulebook
        self.grammar: English | Chinese = Chinese() if language == "zh" else English()
        self.day = day
        self.base = base
        self.nouns = Nouns(rulebook, self.grammar)
        self._say = self.grammar.phrases

    def value(self, node: Expr, scope: Scope | None = None) -> str:
        """Return an expression in words."""
        return self._phrase(node, scope or Scope()).text

    def clauses(self, node: Expr, scope: Scope | None = None) -> tuple[str, ...]:
        """Return the parts of a condition that must all hold, each in words."""
        return tuple(item.text for item in self._grouped(_flat(node, And), scope or Scope()))

    def opposite(self, node: Expr, scope: Scope | None = None) -> str:
        """Return in words that a condition does not hold."""
        return self._condition(node, scope or Scope(), holds=False).text

    def message(self, parts: Sequence[str | Expr]) -> str:
        """Return a message with its values named in square brackets."""
        shown = (part if isinstance(part, str) else f"[{self.value(part)}]" for part in parts)
        return "".join(shown)

    def parameter_value(self, name: str) -> str | None:
        """Return the constant that a parameter is on the day, or None where it is none."""
        definition = self.rulebook.parameters.get(name)
        entry = None if definition is None or self.day is None else definition.history.at(self.day)
        if entry is None or not isinstance(entry.value, Literal):
            return None
        return constant_text(entry.value, self.rulebook.vocabulary, self.grammar)

    # Values

    def _phrase(self, node: Expr, scope: Scope) -> Phrase:
        match node:
            case Literal():
                return self._literal(node)
            case Root() | Variable():
                return Phrase(self.nouns.record(node, scope))
            case AsOf():
                return Phrase(self._say["as_of"])
            case Base():
                return Phrase(self._say["base"].format(self.base))
            case Fact() | FigureUse() | Parameter() | Named() | TableCell():
                return self._titled(node, scope)
            case AtDate(item=item, date=date):
                silent = Words(self.rulebook, self.grammar.id, None, self.base)
                inside, when = silent._phrase(item, scope), self._phrase(date, scope)
                if isinstance(without_none(node.type), Boolean):
                    said = self._say["at.statement"].format(inside.text, when.text)
                    return Phrase(said, _LOOSE)
                return Phrase(self._say["at"].format(inside.text, when.text), _FOLD)
            case Apply():
                return self._apply(node, scope)
            case If():
                return self._if(node, scope, holds=True)
            case OrElse(item=item, other=other):
                first, second = self._phrase(item, scope), self._within(other, scope, _SUM)
                return Phrase(self._say["or_else"].format(first.text, second), _LOOSE)
            case Aggregate():
                return self._aggregate(node, scope, holds=True)
            case And() | Or() | Not() | IsNone() | IsEmpty() | Claimed():
                return self._condition(node, scope, holds=True)
            case Lookup(rows=rows):
                return self._literal(rows[0][1])
            case Dated(entries=entries):
                return self._phrase(entries[-1][1], scope)
            case _:
                assert_never(node)

    def _literal(self, node: Literal) -> Phrase:
        if isinstance(node.type, Number) and node.value == 0:
            return Phrase(self._say["zero"])
        return Phrase(constant_text(node, self.rulebook.vocabulary, self.grammar))

    def _titled(
        self, node: Fact | FigureUse | Parameter | Named | TableCell, scope: Scope
    ) -> Phrase:
        if isinstance(without_none(node.type), Boolean):
            return self._condition(node, scope, holds=True)
        noun = self.nouns.noun(node, scope)
        assert noun is not None
        if scope.spoken is not None and same_thing(node, scope.spoken):
            word = self.grammar.pronoun(noun.title)
            return Phrase(word, plural=word == "they")
        text, rank = self.nouns.text(noun), _NOUN
        if isinstance(node, TableCell):
            keys = self.grammar.all_of([self._phrase(key, scope).text for key in node.keys])
            form = "cell" if node.column == "value" else "cell.column"
            column = node.column.replace("_", " ")
            text, rank = self._say[form].format(text, keys, column), _FOLD
        elif isinstance(node, Parameter) and (known := self.parameter_value(node.name)):
            opening, closing = self.grammar.brackets
            blank = " " if opening == "(" else ""
            text = f"{text}{blank}{opening}{known}{closing}"
        return Phrase(text, rank, is_plural(noun.title))

    def _within(self, node: Expr, scope: Scope, rank: int) -> str:
        phrase = self._phrase(node, scope)
        return self._bracketed(phrase) if phrase.rank < rank else phrase.text

    def _bracketed(self, phrase: Phrase) -> str:
        opening, closing = self.grammar.brackets
        return f"{opening}{phrase.text}{closing}"

    def _apply(self, node: Apply, scope: Scope) -> Phrase:
        operator, arguments = node.operator, node.arguments
        if isinstance(without_none(node.type), Boolean):
            return self._condition(node, scope, holds=True)
        if operator in _ARITHMETIC:
            rank = _ARITHMETIC[operator]
            # What stands behind a minus or a division sign is one thing, whatever its rank.
            last = rank if operator in {"add", "multiply"} else rank + 1
            ranks = [rank] * (len(arguments) - 1) + [last]
            texts = [self._within(a, scope, r) for a, r in zip(arguments, ranks, strict=True)]
            return Phrase(self._say[operator].format(*texts), rank)
        if operator in {"minimum", "maximum"}:
            return self._extreme(operator, arguments, scope)
        if operator in _LATER:
            return self._later(node, scope)
        texts = [self._within(item, scope, _SUM + 1) for item in arguments]
        return Phrase(self._say[operator].format(*texts), _FOLD)

    def _extreme(self, operator: str, arguments: tuple[Expr, ...], scope: Scope) -> Phrase:
        rest = [item for item in arguments if not _is_zero(item)]
        if len(rest) == 1 and len(arguments) == 2:
            inside = self._within(rest[0], scope, _FOLD)
            return Phrase(self._say[f"{operator}.zero"].format(inside), _LOOSE)
        texts = [self._within(item, scope, _PRODUCT) for item in arguments]
        if len(texts) == 2:
            return Phrase(self._say[f"{operator}.two"].format(*texts), _FOLD)
        return Phrase(self._say[operator].format(self.grammar.all_of(texts)), _FOLD)

    def _later(self, node: Apply, scope: Scope) -> Phrase:
        start, count = node.arguments
        form, shown = "later", count
        if isinstance(count, Apply) and count.operator == "negate":
            form, shown = "earlier", count.arguments[0]
        if not isinstance(shown, Literal):
            form, shown = node.operator, count
        first, second = self._within(start, scope, _SUM), self._within(shown, scope, _PRODUCT)
        return Phrase(self._say[form].format(first, second), _SUM)

    def _if(self, node: If, scope: Scope, *, holds: bool) -> Phrase:
        said, current, form = "", node, "if"
        boolean = isinstance(without_none(node.type), Boolean)
        while True:
            test = self._condition(current.test, scope, holds=True).text
            said += self._say[form].format(test, self._branch(current.then, scope, boolean, holds))
            rest = current.otherwise
            if not isinstance(rest, If):
                end = self._branch(rest, scope, boolean, holds)
                return Phrase(said + self._say["if.end"].format(end), _LOOSE)
            current, form = rest, "if.next"

    def _branch(self, node: Expr, scope: Scope, boolean: bool, holds: bool) -> str:
        if boolean:
            phrase = self._condition(node, scope, holds=holds)
        else:
            phrase = self._phrase(node, scope)
        return self._bracketed(phrase) if isinstance(node, If) else phrase.text

    def _aggregate(self, node: Aggregate, scope: Scope, *, holds: bool) -> Phrase:
        kind, element = node.kind, node.element
        record = node.variable.type
        title = self.nouns.entity_title(record.entity) if isinstance(record, Record) else ""
        inside = scope.over(node.variable, title)
        inner_holds = True
        if not holds:
            kind, inner_holds = ("not_any", True) if kind == "any" else ("any", False)
        source = self._phrase(node.source, scope.speaking_of(None)).text
        said = ""
        if kind in {"any", "not_any", "all"}:
            assert element is not None
            said = self._condition(element, inside, holds=inner_holds).text
        elif element is not None:
            said = self._within(element, inside, _SUM if kind == "sum" else _NOUN)
            said = said.removeprefix("the ") if kind in {"min", "max"} else said
        form = kind
        if kind in {"min", "max"} and isinstance(without_none(node.type), Date | Time | Instant):
            form = f"{kind}.day"
        if node.where is None:
            return Phrase(self._say[form].format(source, said), _FOLD)
        where = self._condition(node.where, inside, holds=True).text
        return Phrase(self._say[f"{form}.where"].format(source, said, where), _FOLD)

    # Conditions

    def _condition(self, node: Expr, scope: Scope, *, holds: bool) -> Phrase:
        match node:
            case Not(item=item):
                return self._condition(item, scope, holds=not holds)
            case And():
                return self._joined(_flat(node, And), scope, both=holds, holds=holds)
            case Or():
                return self._joined(_flat(node, Or), scope, both=not holds, holds=holds)
            case IsNone(item=item):
                return self._existence(item, scope, "none" if holds else "not_none")
            case IsEmpty(item=item):
                return self._existence(item, scope, "empty" if holds else "not_empty")
            case Claimed(claim=claim):
                title = self.rulebook.vocabulary.claims[claim].title.of(self.grammar.id)
                return Phrase(self._say["claimed" if holds else "not_claimed"].format(title), _TEST)
            case Apply():
                return self._test(node, scope, holds)
            case If():
                return self._if(node, scope, holds=holds)
            case Aggregate():
                return self._aggregate(node, scope, holds=holds)
            case Literal(value=value):
                return Phrase(self._say["always" if bool(value) is holds else "never"], _TEST)
            case Fact() | FigureUse() | Parameter() | Named():
                return self._statement(node, scope, holds)
            case _:
                phrase = self._phrase(node, scope)
                if holds:
                    return phrase
                return Phrase(self._say["never"] + self._bracketed(phrase), _LOOSE)

    def _statement(
        self, node: Fact | FigureUse | Parameter | Named, scope: Scope, holds: bool
    ) -> Phrase:
        noun = self.nouns.noun(node, scope)
        assert noun is not None
        single = noun.single is not None
        subject = self.grammar.record(noun.single) if noun.single is not None else noun.record
        return Phrase(self.grammar.statement(noun.title, subject, single, holds), _TEST)

    def _existence(self, node: Expr, scope: Scope, form: str) -> Phrase:
        noun = self.nouns.noun(node, scope)
        if noun is not None and not isinstance(node, TableCell):
            behind = None if noun.row else noun.record
            given = form.startswith("not_")
            return Phrase(self.grammar.existence(noun.title, behind, given), _TEST)
        phrase = self._phrase(node, scope)
        be = self._say["be.many" if phrase.plural else "be.one"]
        return Phrase(self._say[form].format(self._bracketed(phrase), be=be), _TEST)

    def _test(self, node: Apply, scope: Scope, holds: bool) -> Phrase:
        operator = node.operator if holds else _OPPOSITE[node.operator]
        left, right = node.arguments
        if isinstance(right, Literal) and isinstance(right.value, bool):
            return self._condition(left, scope, holds=(operator == "equal") is right.value)
        first = self._phrase(self.nouns.member_of_key(left) if "member" in operator else left, scope)
        scope = scope.speaking_of(None)
        said = first.text if first.rank >= _FOLD else self._bracketed(first)
        be = self._say["be.many" if first.plural else "be.one"]
        if not scope.row or not isinstance(left, Fact):
            pass
        said = self._with_article(left, said, scope)
        if "member" in operator and isinstance(right, Literal) and isinstance(right.type, SetOf):
            assert isinstance(right.value, frozenset)
            members = member_texts(
                right.value, right.type.member, self.rulebook.vocabulary, self.grammar
            )
            form = operator if len(members) > 1 else operator.replace("member", "equal")
            words = self._say.get(f"{operator}.list", self._say[operator])
            del form
            return Phrase(words.format(said, self.grammar.any_of(members), be=be), _TEST)
        second = self._phrase(right, scope)
        other = second.text if second.rank >= _FOLD else self._bracketed(second)
        other = self._with_article(right, other, scope)
        words = self._say.get(f"{operator}{_suffix(left.type)}", self._say[operator])
        return Phrase(words.format(said, other, be=be), _TEST)

    def _with_article(self, node: Expr, text: str, scope: Scope) -> str:
        """Return the words of a row's fact with the article that formulas leave out."""
        noun: Noun | None = self.nouns.noun(node, scope)
        if noun is None or not noun.row or text != self.nouns.text(noun):
            return text
        return self.grammar.definite(noun.title)

    def _joined(self, items: list[Expr], scope: Scope, *, both: bool, holds: bool) -> Phrase:
        return Phrase("")


def _flat(node: Expr, kind: type[And] | type[Or]) -> list[Expr]:
    if isinstance(node, kind):
        return [part for item in node.items for part in _flat(item, kind)]
    return [node]


def _is_zero(node: Expr) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, Fraction) and node.value == 0


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
