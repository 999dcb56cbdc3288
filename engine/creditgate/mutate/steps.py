"""Constants near a constant: one unit of its type away, and a larger step away."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Final

from creditgate.domain.dsl_types import (
    SECONDS,
    Boolean,
    Date,
    Duration,
    Enum,
    Number,
    SetOf,
    Time,
    Type,
    without_none,
)
from creditgate.domain.units import SHARE
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Literal

_HUNDREDTH: Final = Fraction(1, 100)
_BASIS_POINT: Final = Fraction(1, 10_000)
_LARGER: Final = 10
_SECOND: Final = 1_000_000


def neighbours(node: Literal, vocabulary: Vocabulary) -> Iterator[Literal]:
    """Yield constants that stand near: up and down by a unit and by a larger step.

    A number goes by the smallest unit of its type (a share, a cent, a basis point), or by its own
    last decimal place where that is finer, and by a tenth of itself; days by one and by ten. Of a
    set each member is taken out; yes becomes no, and a member of an enum the next one.

    >>> from creditgate.domain.dsl_types import RATIO_NUMBER
    >>> found = neighbours(Literal(RATIO_NUMBER, Fraction(1, 2)), Vocabulary({}, {}, {}, {}, {}))
    >>> [str(item.value * 100) for item in found]
    ['5001/100', '4999/100', '55', '45']
    """
    kind, value = without_none(node.type), node.value
    if value is None:
        return
    match kind:
        case Boolean():
            yield Literal(node.type, not value)
        case Enum(name):
            members = list(vocabulary.enums[name].members)
            if len(members) > 1 and value in members:
                yield Literal(node.type, members[(members.index(str(value)) + 1) % len(members)])
        case SetOf() if isinstance(value, frozenset):
            for member in sorted(value, key=str) if len(value) > 1 else ():
                yield Literal(node.type, value - {member})
        case Number() if isinstance(value, Fraction):
            unit = _unit(kind, value)
            larger = max(_LARGER * unit, ceil(abs(value) / _LARGER / unit) * unit)
            for step in (unit, -unit, larger, -larger):
                yield Literal(node.type, value + step)
        case Date() | Time() | Duration() if isinstance(value, int):
            unit_of = _SECOND if kind == SECONDS else 1
            tenth = abs(value) // _LARGER // unit_of * unit_of if isinstance(kind, Duration) else 0
            larger_of = max(_LARGER * unit_of, tenth)
            for whole in (unit_of, -unit_of, larger_of, -larger_of):
                yield Literal(node.type, value + whole)
        case _:
            return


def _unit(kind: Number, value: Fraction) -> Fraction:
    unit = Fraction(1)
    if kind.unit.ratio:
        unit = _BASIS_POINT
    elif kind.unit.dimensions and kind.unit != SHARE:
        unit = _HUNDREDTH
    while (value / unit).denominator != 1 and unit > Fraction(1, 10**12):
        unit /= 10
    return unit


def neighbour_edges(edge: Fraction, kind: Type) -> Iterator[Fraction]:
    """Yield limits near the limit between two bands of a table."""
    kind = without_none(kind)
    if isinstance(kind, Number):
        unit = _unit(kind, edge)
        yield from (edge + unit, edge - unit)
