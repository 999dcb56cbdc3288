"""The comparisons that decided a condition, and how far each was from its limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final

from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.sentences import Words
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import (
    BOOLEAN,
    DAYS,
    SECONDS,
    Date,
    Duration,
    Instant,
    Number,
    Time,
    Type,
    without_none,
)
from creditgate.explain.shown_values import ShownValue, Speech
from creditgate.explain.tracing import Tracing
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Expr,
    Fact,
    If,
    IsNone,
    Literal,
    Named,
    Not,
    Or,
)
from creditgate.ir.operators import OPERATORS
from creditgate.ir.rulebook import Rulebook
from creditgate.reference.evaluate import Located

# What has to hold where the opposite of an operator is asked for.
_OPPOSITE: Final = {
    "less": ">=",
    "less_or_equal": ">",
    "greater": "<=",
    "greater_or_equal": "<",
    "equal": "is not",
    "not_equal": "is",
    "member": "not in",
    "multiple": "is not a multiple of",
}
_MINUTE: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: where its value comes from, and the value."""

    source: str
    value: ShownValue


@dataclass(frozen=True, slots=True)
class Limit:
    """A comparison that must hold, whether it does, and the distance between its sides.

    `side` says where the left side lies: short of the limit, over it, off it, or with that much to
    spare. `words` are the comparison as a sentence with the values of its sides.
    """

    left: Side
    operator: str
    right: Side
    holds: bool
    side: str | None
    distance: ShownValue | None
    words: Bilingual


def limits_of(evaluation: Tracing, node: Expr, book: Rulebook) -> tuple[Limit, ...]:
    """Return the comparisons that made a known condition true or false, in reading order.

    A false `and` is decided by its first false part, a true `or` by its first true one.
    """
    return tuple(_Limits(evaluation, book).deciding(node, True))


class _Limits:
    def __init__(self, evaluation: Tracing, book: Rulebook) -> None:
        self.evaluation = evaluation
        self.speech = Speech.of(book)
        self.english, self.chinese = Words(book, "en"), Words(book, "zh")

    def deciding(self, node: Expr, wanted: bool) -> Iterator[Limit]:
        """Yield what decided `node`, which ought to be `wanted`."""
        value = self.evaluation.value(node)
        if not isinstance(value, bool):
            return
        match node:
            case And(items=items) | Or(items=items):
                alone = value is isinstance(node, Or)
                for item in items:
                    if self.evaluation.value(item) is value:
                        yield from self.deciding(item, wanted)
                        if alone:
                            return
            case Not(item=item):
                yield from self.deciding(item, not wanted)
            case If(test=test, then=then, otherwise=otherwise):
                taken = then if self.evaluation.value(test) is True else otherwise
                yield from self.deciding(taken, wanted)
            case Named(body=body) if not isinstance(body, Literal):
                yield from self.deciding(body, wanted)
            case Aggregate(kind="any" | "all", element=element) if element is not None:
                yield from self._of_rows(node, element, value, wanted)
            case Apply(operator=operator) if operator in _OPPOSITE:
                yield self._comparison(node, wanted, value is wanted)
            case IsNone(item=item):
                operator = "is" if wanted else "is not"
                none = Side("none", self.speech.value(None, item.type))
                side, words = self._side(item), self._said(node, wanted)
                yield Limit(side, operator, none, value is wanted, None, None, words)
            case _:
                yield self._plain(node, value, wanted)

    def _of_rows(
        self, node: Aggregate, element: Expr, value: bool, wanted: bool
    ) -> Iterator[Limit]:
        """Show the first row that settled the matter; without one, the statement as a whole."""
        settles = node.kind == "any"
        if value is settles:
            for _ in self.evaluation.rows(node):
                if self.evaluation.value(element) is value:
                    yield from self.deciding(element, wanted)
                    return
        yield self._plain(node, value, wanted)

    def _plain(self, node: Expr, value: bool, wanted: bool) -> Limit:
        right = Side("yes" if wanted else "no", self.speech.value(wanted, BOOLEAN))
        words = self._said(node, wanted)
        return Limit(self._side(node), "is", right, value is wanted, None, None, words)

    def _comparison(self, node: Apply, wanted: bool, holds: bool) -> Limit:
        left, right = node.arguments
        operator = OPERATORS[node.operator].symbol if wanted else _OPPOSITE[node.operator]
        side, distance = None, None
        if operator not in {"in", "not in", "is not", "is not a multiple of"}:
            side, distance = self._distance(left, right, operator, holds)
        first, second = self._side(left), self._side(right)
        words = self._compared(node, wanted, first, second)
        return Limit(first, operator, second, holds, side, distance, words)

    def _said(self, node: Expr, wanted: bool) -> Bilingual:
        """Return what ought to hold as a sentence."""
        return Bilingual(
            *(
                str(words.value_or_opposite(node, self._scope(words), holds=wanted))
                for words in (self.english, self.chinese)
            )
        )

    def _compared(self, node: Apply, wanted: bool, left: Side, right: Side) -> Bilingual:
        said = []
        for words in (self.english, self.chinese):
            language = words.grammar.id
            values = (_value_of(left, language), _value_of(right, language))
            scope = self._scope(words)
            said.append(str(words.comparison(node, holds=wanted, values=values, scope=scope)))
        return Bilingual(*said)

    def _scope(self, words: Words) -> Scope:
        """Return what the rows are called of which something is said."""
        named = {
            name: f"{words.nouns.entity_title(entity)} {label}"
            for name, entity, label in self.evaluation.rows_spoken_of
        }
        return Scope(named=named)

    def _side(self, node: Expr) -> Side:
        value = self.evaluation.value(node)
        return Side(self._source(node), self.speech.value(value, node.type))

    def _source(self, node: Expr) -> str:
        """Return the path of a fact, the name of what has one, else the formula."""
        if isinstance(node, Fact):
            holder = self.evaluation.record(node.record)
            if isinstance(holder, Located):
                return f"{holder.path}.{node.name}"
        return formula_text(node)

    def _distance(
        self, left: Expr, right: Expr, operator: str, holds: bool
    ) -> tuple[str | None, ShownValue | None]:
        first, second = self.evaluation.value(left), self.evaluation.value(right)
        unit = _unit_of_distance(left.type)
        if unit is None:
            return None, None
        if operator == "is a multiple of":
            rest = Fraction(first) - floor(Fraction(first) / second) * second
            return (None, None) if holds else ("over", self.speech.value(rest, unit))
        gap = abs(first - second) * (_MINUTE if isinstance(without_none(left.type), Time) else 1)
        if operator == "is":
            side = None if holds else "off"
        elif holds:
            side = "spare"
        else:
            side = "short" if operator in {">", ">="} else "over"
        return side, None if side is None else self.speech.value(gap, unit)


def _value_of(side: Side, language: str) -> str:
    """Return the value of a side where its words do not say it already."""
    words = side.value.words.of(language)
    is_constant = side.source in {words, side.value.exact, side.value.words.en}
    return "" if is_constant or side.source.startswith("{") else words


def _unit_of_distance(kind: Type) -> Type | None:
    match without_none(kind):
        case Number() | Duration() as same:
            return same
        case Date():
            return DAYS
        case Instant() | Time():
            return SECONDS
        case _:
            return None
