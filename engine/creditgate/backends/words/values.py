"""Values in words: facts and figures by their titles, arithmetic, dates, aggregates."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, assert_never

from creditgate.backends.words.arithmetic import is_zero, opposites, times_one
from creditgate.backends.words.chinese import Chinese
from creditgate.backends.words.constants import constant_text
from creditgate.backends.words.english import English, is_plural
from creditgate.backends.words.nouns import Nouns, Scope, same_thing
from creditgate.backends.words.passages import CLOSES, OPENS, name_of
from creditgate.domain.dsl_types import (
    DATE,
    Boolean,
    Date,
    Instant,
    Number,
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
_WHOLE: Final = {"multiply", "divide", "divide_durations"}
#: How long what stands in brackets may be before it is told apart from the sentence.
_MOST_IN_BRACKETS: Final = {"en": 100, "zh": 48}
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
        #: What is told apart from the sentence it belongs to: its words, and whether it is a test.
        self.apart: list[tuple[str, bool]] = []

    @abstractmethod
    def condition(self, node: Expr, scope: Scope, *, holds: bool) -> Phrase:
        """Return a condition, or its opposite, in words."""

    @abstractmethod
    def aggregate(self, node: Aggregate, scope: Scope, *, holds: bool) -> Phrase:
        """Return an aggregate, or the opposite of an `any` or `all`."""

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
                first, second = self.within(item, scope, FOLD), self.within(other, scope, SUM)
                return Phrase(self.say["or_else"].format(first, self.brief(second)))
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
        test = isinstance(without_none(node.type), Boolean)
        return self.grouped(phrase.text, test=test) if phrase.rank < rank else phrase.text

    @property
    def blank(self) -> str:
        """Return what stands between a word and a bracket."""
        return " " if self.grammar.id == "en" else ""

    def in_brackets(self, text: str) -> str:
        """Return a value as it stands behind what it is the value of."""
        opening, closing = self.grammar.brackets
        return f"{opening}{text}{closing}"

    def grouped(self, text: str, *, test: bool = False) -> str:
        """Return words in brackets, or a number for them where brackets would nest or be long."""
        brief = self.brief(text, test=test)
        return f"{OPENS}{text}{CLOSES}" if brief == text else brief

    def brief(self, text: str, *, test: bool = False) -> str:
        """Return words, or a number for them where they are long or have brackets of their own."""
        if OPENS not in text and len(text) <= _MOST_IN_BRACKETS[self.grammar.id]:
            return text
        if (text, test) not in self.apart:
            self.apart.append((text, test))
        return name_of(self.apart.index((text, test)))

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
            text = f"{text}{self.blank}{self.in_brackets(known)}"
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
            said = Phrase(self.say["at"].format(self.within(node.item, scope, FOLD), date), FOLD)
        self.day = day
        return said

    def _apply(self, node: Apply, scope: Scope) -> Phrase:
        operator, arguments = node.operator, node.arguments
        if isinstance(without_none(node.type), Boolean):
            return self.condition(node, scope, holds=True)
        if operator in _WHOLE and (plain := times_one(operator, arguments)) is not None:
            return self.phrase(plain, scope)
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
        rest = [item for item in arguments if not is_zero(item)]
        if len(rest) == 1 and len(arguments) == 2:
            (only,) = rest
            if operator == "maximum" and isinstance(only, Apply) and only.operator == "subtract":
                whole, less = (self.within(item, scope, PRODUCT) for item in only.arguments)
                return Phrase(self.say["excess"].format(whole, less), FOLD)
            inside = self.within(only, scope, NOUN)
            return Phrase(self.say[f"{operator}.zero"].format(inside))
        if operator == "maximum" and (either := opposites(arguments)) is not None:
            return Phrase(self.say["absolute"].format(self.within(either, scope, NOUN)), FOLD)
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
        return self.grouped(phrase.text, test=boolean) if isinstance(node, If) else phrase.text
