"""Numbers that are known to lie between two formulas, over a region of the open facts.

Where a number is linear, or a quotient of such numbers, both formulas are the same and say exactly
what it is. Rounding and choices leave room between them. Nothing here is ever rounded itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from creditgate.nearest.polynomials import Ends, Polynomial


@dataclass(frozen=True, slots=True)
class Quotient:
    """A polynomial over the product of others, of each of which all bounds lie above zero."""

    above: Polynomial
    below: tuple[Polynomial, ...] = ()

    def __neg__(self) -> Quotient:
        return Quotient(-self.above, self.below)

    def __add__(self, other: Quotient) -> Quotient:
        if self.below == other.below:
            return Quotient(self.above + other.above, self.below)
        one, two = _product(self.above, other.below), _product(other.above, self.below)
        return Quotient(one + two, self.below + other.below)

    def __mul__(self, other: Quotient) -> Quotient:
        return Quotient(self.above * other.above, self.below + other.below)

    @property
    def value(self) -> Fraction | None:
        """Return the number that it is everywhere; None where that is not plain."""
        return None if self.below else self.above.value

    def between(self, ends: Ends) -> tuple[Fraction, Fraction]:
        """Return two numbers between which it lies."""
        low, high = self.above.between(ends)
        least = most = Fraction(1)
        for factor in self.below:
            # Bounds of the product itself might be wider, and reach below zero.
            smallest, largest = factor.between(ends)
            least, most = least * smallest, most * largest
        return min(low / least, low / most), max(high / least, high / most)


def _product(one: Polynomial, factors: tuple[Polynomial, ...]) -> Polynomial:
    for factor in factors:
        one = one * factor
    return one


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number that is known, at least `low` and at most `high` wherever in the region."""

    low: Quotient
    high: Quotient

    @classmethod
    def exactly(cls, quotient: Quotient) -> Bounded:
        """Return a number whose formula is known."""
        return cls(quotient, quotient)

    @property
    def is_exact(self) -> bool:
        """Tell whether its formula is known."""
        return self.low is self.high

    @property
    def value(self) -> Fraction | None:
        """Return the number that it is everywhere, where that is plain."""
        return self.low.value if self.is_exact else None


class Arithmetic:
    """Compute with bounded numbers over one region; a result that may be unknown is None."""

    def __init__(self, ends: Ends) -> None:
        self.ends = ends

    def number(self, value: Fraction | int) -> Bounded:
        """Return a number that is the same everywhere."""
        constant = Polynomial.constant(Fraction(value), len(self.ends))
        return Bounded.exactly(Quotient(constant))

    def fact(self, place: int, unit: Fraction) -> Bounded:
        """Return an open fact."""
        return Bounded.exactly(Quotient(Polynomial.fact(place, unit, len(self.ends))))

    def between(self, number: Bounded) -> tuple[Fraction, Fraction]:
        """Return two plain numbers between which a number lies."""
        if number.is_exact:
            return number.low.between(self.ends)
        return number.low.between(self.ends)[0], number.high.between(self.ends)[1]

    def spread(self, low: Fraction, high: Fraction) -> Bounded:
        """Return what lies between two plain numbers."""
        if low == high:
            return self.number(low)
        return Bounded(self.number(low).low, self.number(high).low)

    def add(self, one: Bounded, other: Bounded) -> Bounded:
        """Return the sum."""
        low = one.low + other.low
        exact = one.is_exact and other.is_exact
        return Bounded(low, low if exact else one.high + other.high)

    def negate(self, one: Bounded) -> Bounded:
        """Return the opposite."""
        high = -one.low
        return Bounded(high if one.is_exact else -one.high, high)

    def subtract(self, one: Bounded, other: Bounded) -> Bounded:
        """Return the difference."""
        return self.add(one, self.negate(other))

    def multiply(self, one: Bounded, other: Bounded) -> Bounded:
        """Return the product."""
        if one.is_exact and other.is_exact:
            return Bounded.exactly(one.low * other.low)
        if other.value is not None:
            one, other = other, one
        if one.value is not None:
            low, high = one.low * other.low, one.low * other.high
            return Bounded(low, high) if one.value >= 0 else Bounded(high, low)
        corners = [a * b for a in self.between(one) for b in self.between(other)]
        return self.spread(min(corners), max(corners))

    def divide(self, one: Bounded, other: Bounded) -> Bounded | None:
        """Return the quotient; None where the divisor may be zero."""
        low, high = self.between(other)
        if low <= 0 <= high:
            return None
        if one.is_exact and other.is_exact:
            divisor = other.low if low > 0 else -other.low
            above = one.low if low > 0 else -one.low
            constant = divisor.value
            if constant is not None:
                inverse = Polynomial.constant(1 / constant, len(self.ends))
                return Bounded.exactly(Quotient(above.above * inverse, above.below))
            turned = _product(above.above, divisor.below)
            return Bounded.exactly(Quotient(turned, (*above.below, divisor.above)))
        corners = [a / b for a in self.between(one) for b in (low, high)]
        return self.spread(min(corners), max(corners))

    def rounded(self, one: Bounded, step: Fraction, mode: str) -> Bounded:
        """Return a number rounded to a step above zero."""
        rounds = ROUNDINGS[mode]
        low, high = self.between(one)
        first, last = rounds(low / step) * step, rounds(high / step) * step
        if first == last:
            return self.number(first)
        down, up = ROOM[mode]
        lower = self.add(one, self.number(-down * step)).low
        higher = self.add(one, self.number(up * step)).high
        return Bounded(lower, higher)


def _half_up(value: Fraction) -> int:
    size = floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


ROUNDINGS: Final[Mapping[str, Callable[[Fraction], int]]] = {
    "round_down": floor,
    "round_up": ceil,
    "round_half_up": _half_up,
    "round_half_even": round,
}
HALF: Final = Fraction(1, 2)
# By how many steps, downwards and upwards, each rounding may move a number.
ROOM: Final = {
    "round_down": (Fraction(1), Fraction(0)),
    "round_up": (Fraction(0), Fraction(1)),
    "round_half_up": (HALF, HALF),
    "round_half_even": (HALF, HALF),
}
