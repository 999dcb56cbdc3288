"""Expressions as the author wrote them: untyped, with offsets into the text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into the expression's text: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NumberLiteral:
    """A number with what stands behind it: `kind` is plain, percent, money, price or shares."""

    place: Place
    kind: str
    number: Fraction
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class DurationLiteral:
    """A span: a count of a unit of `dsl_types.Duration` (seconds in microseconds)."""

    place: Place
    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class DateLiteral:
    """A date as an ordinal; None where there is no such day."""

    place: Place
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class TimeLiteral:
    """A time of day in minutes; None where there is no such time."""

    place: Place
    minutes: int | None


@dataclass(frozen=True, slots=True)
class BooleanLiteral:
    """`yes` or `no`."""

    place: Place
    value: bool


@dataclass(frozen=True, slots=True)
class NoneLiteral:
    """The word `none`."""

    place: Place


@dataclass(frozen=True, slots=True)
class TextLiteral:
    """A text in double quotes: the key of a record, or a code."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """Values in braces."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Names joined by dots; `places` holds one place a name."""

    place: Place
    names: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table at its keys, perhaps one of its columns."""

    place: Place
    table: Path
    keys: tuple[Tree, ...]
    column: str | None
    column_place: Place | None


@dataclass(frozen=True, slots=True)
class AtDateOf:
    """A parameter or table as of another date."""

    place: Place
    item: Path | TableRead
    date: Tree


@dataclass(frozen=True, slots=True)
class AsOfWord:
    """The word `as_of`."""

    place: Place


@dataclass(frozen=True, slots=True)
class ClaimedWord:
    """`claimed(name)`."""

    place: Place
    claim: str
    claim_place: Place


@dataclass(frozen=True, slots=True)
class Opposite:
    """A number with a minus sign."""

    place: Place
    item: Tree


@dataclass(frozen=True, slots=True)
class Operation:
    """Two operands and one of + - * / < <= > >= is, `is not`, `is a multiple of`, in."""

    place: Place
    symbol: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class BetweenTest:
    """Inclusive on both sides."""

    place: Place
    item: Tree
    low: Tree
    high: Tree


@dataclass(frozen=True, slots=True)
class NoneTest:
    """`is none`."""

    place: Place
    item: Tree


@dataclass(frozen=True, slots=True)
class EmptyTest:
    """`is empty`."""

    place: Place
    item: Tree


@dataclass(frozen=True, slots=True)
class NotTest:
    """`not`, or the negative half of a comparison in words."""

    place: Place
    item: Tree


@dataclass(frozen=True, slots=True)
class AndChain:
    """Conditions joined by `and`."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class OrChain:
    """Conditions joined by `or`."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`if ... then ... else ...`."""

    place: Place
    test: Tree
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True)
class OrIfNone:
    """A value, or another where it is none."""

    place: Place
    item: Tree
    other: Tree


@dataclass(frozen=True, slots=True)
class RoundedTo:
    """A number rounded to multiples of a step; `mode` is up, down, half_up or half_even."""

    place: Place
    mode: str
    item: Tree
    step: Tree


@dataclass(frozen=True, slots=True)
class DateWord:
    """A word that takes a date or an instant, such as `open of`; blanks are single."""

    place: Place
    word: str
    item: Tree


@dataclass(frozen=True, slots=True)
class Call:
    """`min` or `max` of several values."""

    place: Place
    function: str
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """An aggregate over a list; `element` is None for `count`."""

    place: Place
    kind: str
    element: Tree | None
    variable: str
    variable_place: Place
    source: Path
    where: Tree | None


@dataclass(frozen=True, slots=True)
class Bracketed:
    """An expression in round brackets."""

    place: Place
    item: Tree


Tree: TypeAlias = (
    NumberLiteral
    | DurationLiteral
    | DateLiteral
    | TimeLiteral
    | BooleanLiteral
    | NoneLiteral
    | TextLiteral
    | SetLiteral
    | Path
    | TableRead
    | AtDateOf
    | AsOfWord
    | ClaimedWord
    | Opposite
    | Operation
    | BetweenTest
    | NoneTest
    | EmptyTest
    | NotTest
    | AndChain
    | OrChain
    | Conditional
    | OrIfNone
    | RoundedTo
    | DateWord
    | Call
    | Fold
    | Bracketed
)


def parts(tree: Tree) -> list[Tree]:
    """Return the trees directly inside a tree."""
    found: list[Tree] = []
    for field in fields(tree):
        value = getattr(tree, field.name)
        values = value if isinstance(value, tuple) else (value,)
        found.extend(item for item in values if hasattr(item, "place"))
    return found


def depth(tree: Tree) -> int:
    """Return how many trees are nested in one another, counting the outermost."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        current, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((part, level + 1) for part in parts(current))
    return deepest
