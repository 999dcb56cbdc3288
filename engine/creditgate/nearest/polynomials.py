"""Exact polynomials over the facts that are changed, and between which values they lie.

A fact is a whole number here, as it is held; a polynomial maps the powers of the facts to
coefficients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

Powers: TypeAlias = tuple[int, ...]
#: The lowest and the highest value of each fact.
Ends: TypeAlias = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A sum of products of facts; no coefficient is zero."""

    terms: Mapping[Powers, Fraction]

    @classmethod
    def constant(cls, value: Fraction, facts: int) -> Polynomial:
        """Return a number."""
        return cls({(0,) * facts: value} if value else {})

    @classmethod
    def fact(cls, place: int, unit: Fraction, facts: int) -> Polynomial:
        """Return the fact at a place, whose value is what is held times a unit."""
        return cls({tuple(int(other == place) for other in range(facts)): unit})

    @property
    def value(self) -> Fraction | None:
        """Return the number that it is, whatever the facts; None where it depends on them."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1:
            ((powers, value),) = self.terms.items()
            return None if any(powers) else value
        return None

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self.terms)
        for powers, value in other.terms.items():
            total = terms.get(powers, 0) + value
            if total:
                terms[powers] = total
            else:
                del terms[powers]
        return Polynomial(terms)

    def __neg__(self) -> Polynomial:
        return Polynomial({powers: -value for powers, value in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        terms: dict[Powers, Fraction] = {}
        for left, one in self.terms.items():
            for right, two in other.terms.items():
                powers = tuple([a + b for a, b in zip(left, right, strict=True)])
                terms[powers] = terms.get(powers, Fraction(0)) + one * two
        return Polynomial({powers: value for powers, value in terms.items() if value})

    def at(self, values: Sequence[int]) -> Fraction:
        """Return the number that it is for values of the facts.

        >>> (Polynomial.fact(0, Fraction(1, 2), 1) + Polynomial.constant(Fraction(3), 1)).at([4])
        Fraction(5, 1)
        """
        total = Fraction(0)
        for powers, factor in self.terms.items():
            for value, power in zip(values, powers, strict=True):
                if power:
                    factor *= value**power
            total += factor
        return total

    def between(self, ends: Ends) -> tuple[Fraction, Fraction]:
        """Return two numbers between which it lies; the very ends where no power is above one."""
        involved = [any(powers[place] for powers in self.terms) for place in range(len(ends))]
        if all(power <= 1 for powers in self.terms for power in powers):
            # Along each fact it is a straight line: its ends lie in corners.
            choices = [end if used else end[:1] for end, used in zip(ends, involved, strict=True)]
            found = [self.at(corner) for corner in product(*choices)]
            return min(found), max(found)
        low = high = Fraction(0)
        for powers, factor in self.terms.items():
            least, most = _product_between(powers, ends)
            one, two = factor * least, factor * most
            low, high = low + min(one, two), high + max(one, two)
        return low, high

    def line(self, place: int, corner: Sequence[int]) -> tuple[Fraction, Fraction] | None:
        """Return it as `a x + b` of one fact, the others standing at a corner; None if it bends."""
        slope = rest = Fraction(0)
        for powers, factor in self.terms.items():
            for other, power in enumerate(powers):
                if power and other != place:
                    factor *= corner[other] ** power
            if powers[place] > 1:
                return None
            if powers[place]:
                slope += factor
            else:
                rest += factor
        return slope, rest


def _product_between(powers: Powers, ends: Ends) -> tuple[int, int]:
    least = most = 1
    for (low, high), power in zip(ends, powers, strict=True):
        if power:
            found = [low**power, high**power]
            if power % 2 == 0 and low < 0 < high:
                found.append(0)
            corners = [a * b for a in (least, most) for b in (min(found), max(found))]
            least, most = min(corners), max(corners)
    return least, most
