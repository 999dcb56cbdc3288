"""Values in words: facts and figures by their titles, arithmetic, dates, aggregates."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, assert_never

from creditgate.backends.words.chinese import Chinese
from creditgate.backends.words.constants import constant_text
from creditgate.backends.words.english import English, is_plural
from creditgate.backends.words.nouns import Nouns, Scope, same_thing
from creditgate.domain.dsl_types import (
    DATE,
    Boolean,
    Date,
    Instant,
    Number,
    Record,
    Time,
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
    Row,
    TableCell,
    Unpublished,
    Variable,
)
from creditgate.ir.rulebook import Rulebook

# How tightly the words of a phrase hold together; a looser part of a tighter whole is bracketed.
NOUN: Final = 9
PRODUCT: Final = 6
SUM: Final = 5
TEST: Final = 4
ALL: Final = 3
ANY: Final = 2
FOLD: Final = 1
LOOSE: Final = 0

_ARITHMETIC: Final = {
    "add": SUM,
    "subtract": SUM,
    "multiply": PRODUCT,
    "divide": PRODUCT,
    "divide_durations": PRODUCT,
    "negate": PRODUCT,
}
_LATER: Final = frozenset(
    {"add_days", "add_months", "add_trading_days", "add_settlement_days", "add_elapsed"}
)
Titled = Fact | FigureUse | Parameter | Named | TableCell


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, how tightly they hold together, and whether they speak of several things."""

    text: str
    rank: int = NOUN
    plural: bool = False


class ValueWords(ABC):
    """Values of one rulebook in one language; conditions are the matter of `sentences`.

    With a `day`, parameters stand with the value they have on it.
    """

    def __init__(self, rulebook: Rulebook, language: str, day: int | None = None) -> None:
        self.rulebook = rulebook
        self.grammar: English | Chinese = Chinese() if language == "zh" else English()
        self.day = day
        self.nouns = Nouns(rulebook, self.grammar)
        self.say = self.grammar.phrases

    @abstractmethod
    def condition(self, node: Expr, scope: Scope, *, holds: bool) -> Phrase:
        """Return a condition, or its opposite, in words."""

    def parameter_value(self, name: str) -> str | None:
        """Return the constant that a parameter is on the day, or None where it is none."""
        definition = self.rulebook.parameters.get(name)
        entry = None if definition is None or self.day is None else definition.history.at(self.day)
        if entry is None or not isinstance(entry.value, Literal):
            return None
        return constant_text(entry.value, self.rulebook.vocabulary, self.grammar)

    def phrase(self, node: Expr, scope: Scope) -> Phrase:
        """Return an expression in words."""
        match node:
            case Literal():
                return self._literal(node)
            case Root() | Variable() | Row():
                return Phrase(self.nouns.record(node, scope))
            case AsOf():
                return Phrase(self.say["as_of"])
            case Base():
                return Phrase(self.say["base"])
            case Fact() | FigureUse() | Parameter() | Named() | TableCell():
                return self._titled(node, scope)
            case AtDate():
                return self.at_date(node, scope, holds=True)
            case Apply():
                return self._apply(node, scope)
            case If():
                return self.choice(node, scope, holds=True)
            case OrElse(item=item, other=other):
                first, second = self.phrase(item, scope), self.within(other, scope, SUM)
                return Phrase(self.say["or_else"].format(first.text, second), LOOSE)
            case Aggregate():
                return self.aggregate(node, scope, holds=True)
            case And() | Or() | Not() | IsNone() | IsEmpty() | Claimed():
                return self.condition(node, scope, holds=True)
            case Unpublished(known_on=day):
                shown = constant_text(Literal(DATE, day), self.rulebook.vocabulary, self.grammar)
                return Phrase(self.say["unpublished"].format(shown), LOOSE)
            case Lookup(rows=rows):
                return self._literal(rows[0][1])
            case Dated(entries=entries):
                return self.phrase(entries[-1][1], scope)
            case _:
                assert_never(node)

    def within(self, node: Expr, scope: Scope, rank: int) -> str:
        """Return a part in words, in brackets where it is looser than `rank`."""
        phrase = self.phrase(node, scope)
        return self.bracketed(phrase.text) if phrase.rank < rank else phrase.text

    def bracketed(self, text: str) -> str:
        """Return words in brackets."""
        opening, closing = self.grammar.brackets
        return f"{opening}{text}{closing}"

    def _literal(self, node: Literal) -> Phrase:
        if isinstance(node.type, Number) and node.value == 0:
            return Phrase(self.say["zero"])
        return Phrase(constant_text(node, self.rulebook.vocabulary, self.grammar))

    def _titled(self, node: Titled, scope: Scope) -> Phrase:
        if isinstance(without_none(node.type), Boolean):
            return self.condition(node, scope, holds=True)
        noun = self.nouns.noun(node, scope)
        assert noun is not None
        if scope.spoken is not None and same_thing(node, scope.spoken):
            word = self.grammar.pronoun(noun.title)
            return Phrase(word, plural=word == "they")
        text, rank = self.nouns.text(noun, scope), NOUN
        if isinstance(node, TableCell):
            keys = self.grammar.listed([self.phrase(key, scope).text for key in node.keys])
            column = self.nouns.column(node)
            form = "cell.column" if column is None else "cell.titled"
            form = "cell" if node.column == "value" and column is None else form
            titled = node.column.replace("_", " ") if column is None else column
            text = self.say[form].format(text, keys, titled)
            rank = FOLD
        elif isinstance(node, Parameter) and (known := self.parameter_value(node.name)):
            blank = " " if self.grammar.id == "en" else ""
            text = f"{text}{blank}{self.bracketed(known)}"
        return Phrase(text, rank, is_plural(noun.title))

    def at_date(self, node: AtDate, scope: Scope, *, holds: bool) -> Phrase:
        """Return what another day's law says, or for a condition its opposite."""
        date = self.within(node.date, scope.of_tests(), TEST)
        # The value in brackets is that of the day judged, not of the date asked for.
        day, self.day = self.day, None
        if isinstance(without_none(node.type), Boolean):
            item = self.condition(node.item, scope, holds=holds).text
            said = Phrase(self.say["at.statement"].format(item, date), LOOSE)
        else:
            said = Phrase(self.say["at"].format(self.within(node.item, scope, NOUN), date), FOLD)
        self.day = day
        return said

    def _apply(self, node: Apply, scope: Scope) -> Phrase:
        operator, arguments = node.operator, node.arguments
        if isinstance(without_none(node.type), Boolean):
            return self.condition(node, scope, holds=True)
        if operator in _ARITHMETIC:
            rank = _ARITHMETIC[operator]
            # What stands behind a minus or a division sign is one thing, whatever its rank.
            last = rank if operator in {"add", "multiply"} else rank + 1
            ranks = [*[rank] * (len(arguments) - 1), last]
            texts = [self.within(a, scope, r) for a, r in zip(arguments, ranks, strict=True)]
            return Phrase(self.say[operator].format(*texts), rank)
        if operator in {"minimum", "maximum"}:
            return self._extreme(operator, arguments, scope)
        if operator in _LATER:
            return self._later(node, scope)
        texts = [self.within(item, scope, NOUN) for item in arguments]
        return Phrase(self.say[operator].format(*texts), FOLD)

    def _extreme(self, operator: str, arguments: tuple[Expr, ...], scope: Scope) -> Phrase:
        rest = [item for item in arguments if not _is_zero(item)]
        if len(rest) == 1 and len(arguments) == 2:
            inside = self.within(rest[0], scope, PRODUCT)
            rank = LOOSE if self.grammar.id == "en" else NOUN
            return Phrase(self.say[f"{operator}.zero"].format(inside), rank)
        texts = [self.within(item, scope, PRODUCT) for item in arguments]
        end = ".day" if isinstance(without_none(rest[0].type), Date | Time | Instant) else ""
        if len(texts) == 2:
            return Phrase(self.say[f"{operator}.two{end}"].format(*texts), FOLD)
        return Phrase(self.say[f"{operator}{end}"].format(self.grammar.listed(texts)), FOLD)

    def _later(self, node: Apply, scope: Scope) -> Phrase:
        start, count = node.arguments
        form, shown = "later", count
        if isinstance(count, Apply) and count.operator == "negate":
            form, shown = "earlier", count.arguments[0]
        if not isinstance(shown, Literal):
            form, shown = node.operator, count
        first, second = self.within(start, scope, SUM), self.within(shown, scope, PRODUCT)
        return Phrase(self.say[form].format(first, second), SUM)

    def choice(self, node: If, scope: Scope, *, holds: bool) -> Phrase:
        """Return an `if` with all that follow it in its `else`."""
        said, current, form = "", node, "if"
        boolean = isinstance(without_none(node.type), Boolean)
        end = ".test" if boolean else ""
        while True:
            test = self.condition(current.test, scope, holds=True).text
            then = self._branch(current.then, scope, boolean, holds)
            said += self.say[form + end].format(test, then)
            rest = current.otherwise
            if not isinstance(rest, If):
                last = self._branch(rest, scope, boolean, holds)
                return Phrase(said + self.say[f"if.end{end}"].format(last), LOOSE)
            current, form = rest, "if.next"

    def _branch(self, node: Expr, scope: Scope, boolean: bool, holds: bool) -> str:
        phrase = self.condition(node, scope, holds=holds) if boolean else self.phrase(node, scope)
        return self.bracketed(phrase.text) if isinstance(node, If) else phrase.text

    def aggregate(self, node: Aggregate, scope: Scope, *, holds: bool) -> Phrase:
        """Return an aggregate, or the opposite of an `any` or `all`."""
        kind, element = node.kind, node.element
        record = node.variable.type
        title = self.nouns.entity_title(record.entity) if isinstance(record, Record) else ""
        inside = scope.over(node.variable, title)
        element_holds = True
        if not holds:
            kind, element_holds = ("not_any", True) if kind == "any" else ("any", False)
        source, said = self.phrase(node.source, scope.speaking_of(None)).text, ""
        if element is not None and kind in {"any", "not_any", "all"}:
            said = self.condition(element, inside, holds=element_holds).text
        elif element is not None:
            # Where the sum is named after its parts, as in Chinese, a product is one part.
            rank = SUM if kind == "sum" and self.grammar.id == "en" else NOUN
            said = self.within(element, inside, rank)
            said = said.removeprefix("the ") if kind in {"min", "max"} else said
        form = kind
        if kind in {"min", "max"} and isinstance(without_none(node.type), Date | Time | Instant):
            form = f"{kind}.day"
        if node.where is None:
            return Phrase(self.say[form].format(source, said), FOLD)
        where = self.condition(node.where, inside, holds=True).text
        where = where.removeprefix(self.say["row.understood"])
        return Phrase(self.say[f"{form}.where"].format(source, said, where), FOLD)


def _is_zero(node: Expr) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, Fraction) and node.value == 0
