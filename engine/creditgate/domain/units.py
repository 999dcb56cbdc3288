"""Units of exact numbers and how they combine.

A unit is a product of powers of base dimensions (`share`, a currency). Numbers without a
dimension are either plain (counts and decimals) or ratios; the two never mix in sums and
comparisons, so `130` can not stand where `130%` is meant.
"""

from __future__ import annotations

import msgspec

Dimensions = tuple[tuple[str, int], ...]


class Unit(msgspec.Struct, frozen=True):
    """Name what a number measures.

    >>> str(money("CNY") / SHARE)
    'CNY/share'
    >>> str(money("CNY") / money("CNY"))
    'ratio'
    """

    dimensions: Dimensions = ()
    ratio: bool = False

    @property
    def is_plain(self) -> bool:
        """Tell whether this is a count or a plain decimal."""
        return not self.dimensions and not self.ratio

    def __mul__(self, other: Unit) -> Unit:
        dimensions = _combined(self.dimensions, other.dimensions, 1)
        if dimensions:
            return Unit(dimensions)
        cancelled = bool(self.dimensions)
        return Unit((), cancelled or self.ratio or other.ratio)

    def __truediv__(self, other: Unit) -> Unit:
        dimensions = _combined(self.dimensions, other.dimensions, -1)
        if dimensions:
            return Unit(dimensions)
        return Unit((), not (self.is_plain and other.ratio))

    def __str__(self) -> str:
        if not self.dimensions:
            return "ratio" if self.ratio else "number"
        above = [_power(name, power) for name, power in self.dimensions if power > 0]
        below = [_power(name, -power) for name, power in self.dimensions if power < 0]
        top = " x ".join(above) or "1"
        return top if not below else f"{top}/{' x '.join(below)}"


def _combined(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"


PLAIN = Unit()
RATIO = Unit((), True)
SHARE = Unit((("share", 1),))


def money(currency: str) -> Unit:
    """Return the unit of amounts in `currency` (an ISO 4217 code)."""
    return Unit(((currency, 1),))


def price(currency: str) -> Unit:
    """Return the unit of prices: money of `currency` for one share."""
    return money(currency) / SHARE
