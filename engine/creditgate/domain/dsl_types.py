"""The types of the expression language.

Equality is structural: two number types are the same exactly when their units are.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from creditgate.domain.units import PLAIN, RATIO, SHARE, Unit


class Boolean(msgspec.Struct, frozen=True):
    """Yes or no."""


class Number(msgspec.Struct, frozen=True):
    """An exact number with a unit."""

    unit: Unit


class Date(msgspec.Struct, frozen=True):
    """A calendar day."""


class Time(msgspec.Struct, frozen=True):
    """A time of day."""


class Instant(msgspec.Struct, frozen=True):
    """A moment, the same everywhere."""


class Duration(msgspec.Struct, frozen=True):
    """A span counted in one unit: days, months, trading_days, settlement_days or seconds.

    Spans in seconds are held in microseconds; the others as whole counts.
    """

    unit: str


class Text(msgspec.Struct, frozen=True):
    """A name or code that is only compared for equality."""


class Enum(msgspec.Struct, frozen=True):
    """A member of a closed list of the vocabulary."""

    name: str


class SetOf(msgspec.Struct, frozen=True):
    """A set of values of one type."""

    member: Type


class Record(msgspec.Struct, frozen=True):
    """One record of an entity, compared by its key."""

    entity: str


class ListOf(msgspec.Struct, frozen=True):
    """The records of a keyed list."""

    entity: str


class Nothing(msgspec.Struct, frozen=True):
    """The type of the word `none` alone."""


class Optional(msgspec.Struct, frozen=True):
    """A value of a type, or none."""

    of: Type


class Failed(msgspec.Struct, frozen=True):
    """The type of what has already been reported as a mistake; it goes with everything."""


Type: TypeAlias = (
    Boolean
    | Number
    | Date
    | Time
    | Instant
    | Duration
    | Text
    | Enum
    | SetOf
    | Record
    | ListOf
    | Nothing
    | Optional
    | Failed
)

BOOLEAN = Boolean()
COUNT = Number(PLAIN)
RATIO_NUMBER = Number(RATIO)
QUANTITY = Number(SHARE)
DATE = Date()
TIME = Time()
INSTANT = Instant()
TEXT = Text()
NOTHING = Nothing()
FAILED = Failed()
DAYS = Duration("days")
SECONDS = Duration("seconds")

DURATION_UNITS = ("days", "months", "trading_days", "settlement_days", "seconds")


def describe(kind: Type) -> str:
    """Return the type in the words of a message.

    >>> describe(Optional(COUNT))
    'number or none'
    """
    match kind:
        case Boolean():
            return "yes or no"
        case Number(unit):
            return "quantity of shares" if unit == SHARE else str(unit)
        case Date():
            return "date"
        case Time():
            return "time of day"
        case Instant():
            return "instant"
        case Duration(unit):
            return unit.replace("_", " ")
        case Text():
            return "text"
        case Enum(name):
            return f"enum {name}"
        case SetOf(member):
            return f"set of {describe(member)}"
        case Record(entity):
            return entity
        case ListOf(entity):
            return f"list of {entity}"
        case Nothing():
            return "none"
        case Optional(of):
            return f"{describe(of)} or none"
        case Failed():
            return "mistaken expression"


def without_none(kind: Type) -> Type:
    """Return the type with the possibility of none taken away."""
    return kind.of if isinstance(kind, Optional) else kind


def is_ordered(kind: Type) -> bool:
    """Tell whether `<` and `>` mean something for values of this type."""
    return isinstance(kind, Number | Date | Time | Instant | Duration)
