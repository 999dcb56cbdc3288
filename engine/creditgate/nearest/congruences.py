"""Whole numbers that leave a given rest when they are divided: lots and ticks."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple


class Congruence(NamedTuple):
    """The numbers that leave `rest` divided by `modulus`; every number where that is one."""

    modulus: int = 1
    rest: int = 0

    def holds(self, number: int) -> bool:
        """Tell whether a number is one of them."""
        return number % self.modulus == self.rest

    def at_least(self, number: int) -> int:
        """Return the first of them not below a number."""
        return number + (self.rest - number) % self.modulus

    def at_most(self, number: int) -> int:
        """Return the last of them not above a number."""
        return number - (number - self.rest) % self.modulus


def solved(slope: Fraction, rest: Fraction, step: Fraction) -> Congruence | None:
    """Return the whole numbers x for which `slope x + rest` is a whole number of times a step.

    None where there are none. The step is not zero.

    >>> solved(Fraction(1), Fraction(50), Fraction(100))
    Congruence(modulus=100, rest=50)
    """
    below = lcm(slope.denominator, rest.denominator, step.denominator)
    a, b, s = int(slope * below), int(rest * below), abs(int(step * below))
    shared = gcd(a, s)
    if b % shared:
        return None
    modulus = s // shared
    if modulus == 1:
        return Congruence()
    return Congruence(modulus, -(b // shared) * pow(a // shared, -1, modulus) % modulus)


def both(one: Congruence, other: Congruence) -> Congruence | None:
    """Return the numbers that two congruences have in common; None where there are none.

    >>> both(Congruence(4, 2), Congruence(6, 0))
    Congruence(modulus=12, rest=6)
    """
    shared = gcd(one.modulus, other.modulus)
    apart = other.rest - one.rest
    if apart % shared:
        return None
    modulus = lcm(one.modulus, other.modulus)
    steps = other.modulus // shared
    times = apart // shared * pow(one.modulus // shared, -1, steps) % steps if steps > 1 else 0
    return Congruence(modulus, (one.rest + one.modulus * times) % modulus)
