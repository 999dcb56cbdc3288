"""What a look-up or a membership test compares with, as terms hold it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Any

from creditgate.domain.facts import MISSING
from creditgate.ir.nodes import Band, Key


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of keys and the constants of their cells; the first row that matches counts.

    `bounds` holds, for each dimension, the ascending numbers at which a band begins or ends, or
    None where the dimension is an enum.
    """

    rows: tuple[tuple[tuple[Key, ...], Any], ...]
    bounds: tuple[tuple[Fraction, ...] | None, ...]

    def __hash__(self) -> int:
        return hash((len(self.rows), self.bounds, self.rows[:1]))

    @classmethod
    def of(cls, rows: tuple[tuple[tuple[Key, ...], Any], ...], dimensions: int) -> Table:
        """Make a table from the rows of a look-up."""
        bounds = []
        for place in range(dimensions):
            column = [keys[place] for keys, _ in rows]
            bands = [key for key in column if isinstance(key, Band)]
            ends = {end for band in bands for end in (band.low, band.high) if end is not None}
            bounds.append(tuple(sorted(ends)) if bands else None)
        return cls(rows, tuple(bounds))

    @property
    def unit(self) -> int:
        """Return the least common denominator of the cells that are numbers."""
        return lcm(*[cell.denominator for _, cell in self.rows if isinstance(cell, Fraction)])

    def cell(self, keys: tuple[Any, ...]) -> Any:
        """Return the cell at known keys, MISSING where no row matches."""
        return self.cells().get(tuple(map(self._place, self.bounds, keys)), MISSING)

    @staticmethod
    def _place(bounds: tuple[Fraction, ...] | None, key: Any) -> Any:
        return key if bounds is None or key is None else bisect_right(bounds, key)

    def cells(self) -> dict[tuple[Any, ...], Any]:
        """Return the cells by key, a band being the numbers of the intervals it covers."""
        found: dict[tuple[Any, ...], Any] = {}
        for keys, cell in self.rows:
            choices = [
                _intervals(key, bounds) for key, bounds in zip(keys, self.bounds, strict=True)
            ]
            for place in product(*choices):
                found.setdefault(place, cell)
        return found


def _intervals(key: Key, bounds: tuple[Fraction, ...] | None) -> tuple[Any, ...]:
    if not isinstance(key, Band) or bounds is None:
        return (key,)
    first = 0 if key.low is None else bisect_right(bounds, key.low)
    last = len(bounds) if key.high is None else bisect_right(bounds, key.high) - 1
    return tuple(range(first, last + 1))
