"""What open values may be over a region: certain, between bounds, one of some answers, or anything.

Beside the values it notes where a region is worth dividing: where along one fact a comparison turns
whatever the others are (`turns`), where along one it turns for the others in a corner (`crossings`),
and which steps decide something (`choices`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeAlias

from creditgate.ir.operators import OPERATORS
from creditgate.nearest.bounded_numbers import Arithmetic, Bounded, Quotient
from creditgate.nearest.congruences import Congruence
from creditgate.nearest.open_values import FACT, Open
from creditgate.nearest.regions import Region
from creditgate.reference.evaluate import Unknown
from creditgate.reference.operators import PLAIN, WITH_CALENDAR

TRUE: Final = 1
FALSE: Final = 2
UNKNOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """A condition that may be some of true, false and unknown, as bits."""

    bits: int


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is certain, not even that it is known."""


ANYTHING: Final = Anything()
EVERY_ANSWER: Final = Answers(TRUE | FALSE | UNKNOWN)
#: A value, None for none, `Unknown`, or one of the classes above.
Found: TypeAlias = Any
Build: TypeAlias = Callable[["PossibleValues", Open, "list[Found]"], Found]


def bits_of(found: Found) -> int:
    """Return what a condition may be, as bits."""
    if found is True:
        return TRUE
    if found is False:
        return FALSE
    if isinstance(found, Answers):
        return found.bits
    return UNKNOWN if found is None or isinstance(found, Unknown) else EVERY_ANSWER.bits


def answers(bits: int) -> Found:
    """Return a condition that may be what the bits say."""
    if bits == UNKNOWN:
        return Unknown()
    return Answers(bits) if bits not in (TRUE, FALSE) else bits == TRUE


class PossibleValues:
    """Evaluate open values over one region; each of them once."""

    def __init__(
        self, region: Region, units: tuple[Fraction, ...], builds: Mapping[str, Build]
    ) -> None:
        self.region = region
        self.units = units
        self._builds = builds
        self.numbers = Arithmetic(region.ends)
        self.turns: list[set[int]] = [set() for _ in region.spans]
        self.crossings: list[set[int]] = [set() for _ in region.spans]
        self.choices: set[tuple[int, Congruence]] = set()
        self._found: dict[int, Found] = {}

    def of(self, value: Any) -> Found:
        """Return what a value may be."""
        if not isinstance(value, Open):
            return value
        key = id(value)
        if key not in self._found:
            self._found[key] = self._evaluated(value)
        return self._found[key]

    @property
    def computed(self) -> int:
        """Return how many open values were evaluated."""
        return len(self._found)

    def bits(self, value: Any) -> int:
        """Return what a condition may be, as bits."""
        return bits_of(self.of(value))

    def _evaluated(self, value: Open) -> Found:
        if value.operation == FACT:
            return self.numbers.fact(value.own, self.units[value.own])
        parts = [self.of(part) for part in value.parts]
        if value.operation in OPERATORS and not any(
            isinstance(part, Bounded | Answers | Anything) for part in parts
        ):
            return _computed(value, parts)
        build = self._builds.get(value.operation)
        return ANYTHING if build is None else build(self, value, parts)

    def number(self, found: Found) -> Bounded | None:
        """Return a found value as a number; None where it may be none, unknown or no number."""
        if isinstance(found, Bounded):
            return found
        if isinstance(found, Fraction | int) and not isinstance(found, bool):
            return self.numbers.number(found)
        return None

    def signs(self, difference: Bounded) -> tuple[bool, bool, bool]:
        """Tell whether a number may be below, at, or above zero, noting where that turns."""
        low, high = self.numbers.between(difference)
        if low <= 0 <= high and low != high:
            self._note_turns(difference)
        may_be_zero = low <= 0 <= high
        return low < 0, may_be_zero, high > 0

    def _note_turns(self, difference: Bounded) -> None:
        spans = self.region.spans
        quotients = (difference.low,) if difference.is_exact else (difference.low, difference.high)
        for quotient in quotients:
            free = [
                place
                for place, span in enumerate(spans)
                if span.low != span.high and any(powers[place] for powers in quotient.above.terms)
            ]
            noted = self.turns if len(free) == 1 else self.crossings
            for corner in (self.region.nearest, self.region.farthest)[: len(free)]:
                for place in free:
                    self._note_turn(quotient, place, corner, noted[place])

    def _note_turn(
        self, quotient: Quotient, place: int, corner: tuple[int, ...], noted: set[int]
    ) -> None:
        line = quotient.above.line(place, corner)
        if line is None or not line[0]:
            return
        root = -line[1] / line[0]
        span = self.region.spans[place]
        noted.update(a for a in (ceil(root) - 1, floor(root)) if span.low <= a < span.high)


def _computed(value: Open, parts: list[Found]) -> Found:
    """Return what an operator gives for values that are certain here, as the reference computes it."""
    if is_unfit(parts):
        return Unknown()
    if value.own is None:
        found = PLAIN[value.operation](*parts)
    else:
        whole = [int(part) for part in parts]
        found = WITH_CALENDAR[value.operation](value.own, *whole)
    return Unknown() if found is None else found


def is_unfit(parts: list[Found]) -> bool:
    """Tell whether a part is certainly none or unknown, so that nothing can be computed of it."""
    return any(part is None or isinstance(part, Unknown) for part in parts)
