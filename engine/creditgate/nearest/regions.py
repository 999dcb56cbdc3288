"""Sets of values of the facts that are changed: a range of each, in steps, with steps left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, lcm
from typing import Final

from creditgate.nearest.congruences import Congruence, both

#: After so many steps in vain an end of a span may be a number that is left out.
MOST_STEPS: Final = 200
EVERY: Final = Congruence()


@dataclass(frozen=True, slots=True)
class Span:
    """Values of one fact: `low` to `high`, both among them, in the steps of a congruence.

    `sign` is +1 where the fact as given lies below them, -1 where it lies above. Numbers of the
    congruences `without` are left out.
    """

    low: int
    high: int
    sign: int
    steps: Congruence = EVERY
    without: frozenset[Congruence] = frozenset()

    @property
    def nearest(self) -> int:
        """Return the value nearest to the fact as given."""
        return self.low if self.sign > 0 else self.high

    @property
    def farthest(self) -> int:
        """Return the value farthest from it."""
        return self.high if self.sign > 0 else self.low

    def within(self, low: int, high: int) -> Span | None:
        """Return the values from `low` to `high`; None where there are none."""
        first = self._first(max(low, self.low), +1, min(high, self.high))
        last = None if first is None else self._first(min(high, self.high), -1, first)
        if first is None or last is None:
            return None
        return Span(first, last, self.sign, self.steps, self.without)

    def only(self, steps: Congruence) -> Span | None:
        """Return the values that fit a congruence; None where there are none."""
        found = both(self.steps, steps)
        if found is None:
            return None
        return Span(self.low, self.high, self.sign, found, self.without).within(self.low, self.high)

    def but(self, steps: Congruence) -> Span | None:
        """Return the values that do not fit a congruence; None where there are none."""
        without = self.without | {steps}
        span = Span(self.low, self.high, self.sign, self.steps, without)
        return span.within(self.low, self.high)

    def fits(self, steps: Congruence) -> bool | None:
        """Tell whether all values fit a congruence, or none does; None where some do."""
        if self.low == self.high:
            return steps.holds(self.low)
        if steps in self.without or (self.steps.rest - steps.rest) % gcd(
            self.steps.modulus, steps.modulus
        ):
            return False
        if self.steps.modulus % steps.modulus == 0:
            return True
        return None

    def _first(self, start: int, sign: int, end: int) -> int | None:
        """Return the first value from `start` on, upwards or downwards, up to `end`."""
        at = self.steps.at_least(start) if sign > 0 else self.steps.at_most(start)
        if not self.without:
            return at if (at - end) * sign <= 0 else None
        # What is left out repeats after so many steps.
        period = lcm(*[item.modulus for item in self.without])
        for _ in range(min(period, MOST_STEPS)):
            if (at - end) * sign > 0:
                return None
            if not any(item.holds(at) for item in self.without):
                return at
            at += sign * self.steps.modulus
        return None if period <= MOST_STEPS else at


@dataclass(frozen=True, slots=True)
class Region:
    """Values of several facts, any of each with any of the others."""

    spans: tuple[Span, ...]

    @property
    def ends(self) -> list[tuple[int, int]]:
        """Return the lowest and the highest value of each fact."""
        return [(span.low, span.high) for span in self.spans]

    @property
    def nearest(self) -> tuple[int, ...]:
        """Return the values nearest to the facts as given."""
        return tuple([span.nearest for span in self.spans])

    @property
    def farthest(self) -> tuple[int, ...]:
        """Return the values farthest from them."""
        return tuple([span.farthest for span in self.spans])

    @property
    def is_point(self) -> bool:
        """Tell whether there is one value of each fact."""
        return all(span.low == span.high for span in self.spans)

    def with_span(self, place: int, span: Span | None) -> Region | None:
        """Return the region with other values of one fact; None where there are none."""
        if span is None:
            return None
        return Region((*self.spans[:place], span, *self.spans[place + 1 :]))

    def halves(self, place: int, after: int) -> tuple[Region | None, Region | None]:
        """Return the parts up to a value of a fact and beyond it."""
        span = self.spans[place]
        lower, upper = span.within(span.low, after), span.within(after + 1, span.high)
        return self.with_span(place, lower), self.with_span(place, upper)


def distances(values: Sequence[int], given: Sequence[int]) -> tuple[int, ...]:
    """Return how far values lie from the facts as given, fact by fact."""
    return tuple([abs(value - origin) for value, origin in zip(values, given, strict=True)])
