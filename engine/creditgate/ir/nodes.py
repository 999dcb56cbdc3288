"""Typed, resolved nodes of expressions.

Nodes are compared by identity; `ir.specialise` makes equal ones the same object. Number values
are `Fraction`, dates are ordinals, instants are microseconds since 1970-01-01T00:00Z, durations
are whole counts of their unit (seconds are held in microseconds), times of day are minutes, enum
members and texts are strings, sets are frozensets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from creditgate.domain.dsl_types import Type

Value: TypeAlias = bool | Fraction | int | str | frozenset[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A constant; the value None is the word `none`."""

    type: Type
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """The single record of an entity in the facts; unknown if it was not given."""

    type: Type
    entity: str


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """The record bound by an aggregate, or the subject of a figure before it is specialised."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The row of a list with a key, unknown if there is none; asked for, never in a rulebook."""

    type: Type
    source: Expr
    key: str | int


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """Read a fact of a record; unknown if the record or the fact is missing.

    `scale` is the number of decimals in which the fact is held.
    """

    type: Type
    record: Expr
    name: str
    scale: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class AsOf:
    """The day that is judged."""

    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Claimed:
    """Whether a claim was made; never unknown."""

    type: Type
    claim: str


@dataclass(frozen=True, slots=True, eq=False)
class Apply:
    """Apply a strict operator: every argument is evaluated, an unknown one makes it unknown.

    `calendar` names the calendar of the operators that need one.
    """

    type: Type
    operator: str
    arguments: tuple[Expr, ...]
    calendar: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """False if one item is false, else unknown if one is unknown, else true."""

    type: Type
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    """True if one item is true, else unknown if one is unknown, else false."""

    type: Type
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The opposite; unknown stays unknown."""

    type: Type
    item: Expr


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """Evaluate one branch; an unknown test makes the whole unknown."""

    type: Type
    test: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True, eq=False)
class IsNone:
    """Whether the value is none; unknown if it is unknown."""

    type: Type
    item: Expr


@dataclass(frozen=True, slots=True, eq=False)
class OrElse:
    """The item, or the other where the item is none; an unknown item is unknown."""

    type: Type
    item: Expr
    other: Expr


@dataclass(frozen=True, slots=True, eq=False)
class IsEmpty:
    """Whether a list or a set has no member; unknown if it is missing."""

    type: Type
    item: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Aggregate:
    """Fold a list: sum, count, any, all, min or max of `element` where `where` is true.

    An unknown list, an unknown `where`, or an unknown element makes the whole unknown. `min` and
    `max` of nothing are none; `sum` and `count` of nothing are zero.
    """

    type: Type
    kind: str
    variable: Variable
    source: Expr
    where: Expr | None
    element: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A dated constant, by name; replaced by `Named` when specialised."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class TableCell:
    """A dated table read at keys, by name; replaced by `Named` when specialised."""

    type: Type
    name: str
    keys: tuple[Expr, ...]
    column: str


@dataclass(frozen=True, slots=True, eq=False)
class FigureUse:
    """A figure, of a record or of the whole event; replaced by `Named` when specialised."""

    type: Type
    name: str
    subject: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class AtDate:
    """A parameter or table cell as of another date; unknown before its first entry."""

    type: Type
    item: Expr
    date: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """In an overlay's formula: the meaning that is replaced."""

    type: Type


@dataclass(frozen=True, slots=True)
class Band:
    """A range of a number in a table: at least `low`, below `high`; None leaves a side open."""

    low: Fraction | None
    high: Fraction | None

    def covers(self, value: Fraction) -> bool:
        """Tell whether a value lies in the band."""
        return (self.low is None or self.low <= value) and (self.high is None or value < self.high)


Key: TypeAlias = str | Band | None


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """Choose the cell whose keys match; every key is evaluated and an unknown one is unknown.

    Each row holds one key a dimension (an enum member, a band, or None for the value none) and
    the constant of the cell. Rows do not overlap and leave no gap.
    """

    type: Type
    keys: tuple[Expr, ...]
    rows: tuple[tuple[tuple[Key, ...], Literal], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """Choose by a date among entries that each hold from a day on; unknown before the first."""

    type: Type
    entries: tuple[tuple[int, Expr], ...]
    date: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """An expression that bears a name: its value is that of `body`.

    `kind` is parameter, table or figure; `subject` the record a figure is read of.
    """

    type: Type
    kind: str
    name: str
    subject: Expr | None
    body: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Unpublished:
    """What was not published by the day of knowledge (ordinal); always unknown."""

    type: Type
    name: str
    known_on: int


Expr: TypeAlias = (
    Literal
    | Root
    | Variable
    | Row
    | Fact
    | AsOf
    | Claimed
    | Apply
    | And
    | Or
    | Not
    | If
    | IsNone
    | OrElse
    | IsEmpty
    | Aggregate
    | Parameter
    | TableCell
    | FigureUse
    | AtDate
    | Base
    | Lookup
    | Dated
    | Named
    | Unpublished
)
