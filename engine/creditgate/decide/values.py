"""Values of figures and determinations as they stand in a decision."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from creditgate.decide.decision import Value
from creditgate.domain.dsl_types import (
    Boolean,
    Date,
    Duration,
    Instant,
    Number,
    SetOf,
    Time,
    Type,
    describe,
    without_none,
)
from creditgate.domain.instants import instant_text
from creditgate.reference.evaluate import Unknown


def value_of(value: Any, kind: Type) -> Value:
    """Return an exact value as text with its unit.

    Numbers are decimals where they end, else `numerator/denominator`.

    >>> from creditgate.domain.dsl_types import RATIO_NUMBER
    >>> value_of(Fraction(13, 10), RATIO_NUMBER).value
    '1.3'
    """
    kind = without_none(kind)
    unit = describe(kind) if isinstance(kind, Number | Duration) else None
    if isinstance(value, Unknown):
        missing, because = tuple(sorted(value.missing)), tuple(sorted(value.reasons))
        return Value("unknown", None, unit, missing, because)
    if value is None:
        return Value("none", None, unit)
    return Value("value", exact_text(value, kind), unit)


def exact_text(value: Any, kind: Type) -> str:
    """Return the exact text of a known value."""
    match kind:
        case Number():
            return fraction_text(value)
        case Boolean():
            return "true" if value else "false"
        case Date():
            return date.fromordinal(value).isoformat()
        case Time():
            return f"{value // 60:02}:{value % 60:02}"
        case Instant():
            return instant_text(value)
        case Duration("seconds"):
            return fraction_text(Fraction(value, 1_000_000))
        case SetOf():
            return ",".join(sorted(map(str, value)))
        case _:
            return str(value)


def due_text(due: int, kind: Type, zone: str) -> str:
    """Return a deadline: a date, or an instant with the offset of a zone.

    >>> from creditgate.domain.dsl_types import INSTANT
    >>> due_text(1_709_735_400_000_000, INSTANT, "America/New_York")
    '2024-03-06T09:30:00-05:00'
    """
    return instant_text(due, zone) if isinstance(kind, Instant) else exact_text(due, kind)


def fraction_text(value: Fraction) -> str:
    """Return a number as a decimal that ends, or as numerator/denominator.

    >>> fraction_text(Fraction(-1, 8)), fraction_text(Fraction(1, 3))
    ('-0.125', '1/3')
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
