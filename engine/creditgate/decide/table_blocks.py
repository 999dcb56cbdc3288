"""What kernels by blocks are given: columns as they came, and how far their numbers may reach."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from creditgate.backends.columns.bounds import Range, largest_number
from creditgate.backends.columns.kernel import BlockKernel, Kernel
from creditgate.backends.columns.layout import bounded
from creditgate.backends.columns.widths import MOST_IN_64_BITS, MOST_IN_128_BITS
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days

#: So many times as far as the numbers at hand reach is tried, until 64 bits are enough.
_SPARE: Final = (16, 4, 2, 1)
_PARTS: Final = {"given": 0, "codes": 1, "own": 2}


def limits_for(
    kernel: BlockKernel, arrays: Arrays, days: Days, known: Any, *, of_all: bool = False
) -> Any:
    """Return the least and greatest of each column with bounds, or None where 64 bits are too few.

    Between these nothing that the kernel computes is too large. Where the bounds of the facts
    allow too much, it is some of the numbers at hand, or all, that say what is to be expected; a
    row with one beyond is decided otherwise. Limits that were `known` to do are tried first.
    """
    bounds = bounded(kernel.forms)
    reached = [arrays.given[name].extremes(of_all=of_all) for name in bounds]
    declared = [(each.low, each.high) for each in bounds.values()]
    fit = partial(_fits, kernel, arrays, days, list(bounds))
    if known is not None:
        old = list(zip(*known.tolist(), strict=True))
        if all(_is_within(*each) for each in zip(reached, old, strict=True)) and fit(old):
            return known
    if fit(declared):
        return _array(declared)
    for spare in _SPARE:
        limits = [
            (max(low, least * spare if least < 0 else low), min(high, max(most, 1) * spare))
            for (low, high), (least, most) in zip(declared, reached, strict=True)
        ]
        if fit(limits):
            for place, own in enumerate(declared):  # wide again wherever that does no harm
                wider = [*limits[:place], own, *limits[place + 1 :]]
                limits = wider if fit(wider) else limits
            return _array(limits)
    return None


def _array(limits: list[Range]) -> Any:
    return np.array(limits, dtype=np.int64).reshape(-1, 2).T.copy()


def _is_within(inner: Range, outer: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def wide_limits(
    kernel: BlockKernel, arrays: Arrays, days: Days, declared: Mapping[str, Range]
) -> Any:
    """Return the bounds of each column with bounds, or None where a kernel is not exact for them.

    Its wide numbers are those that columns of the ranges `declared` ask for.
    """
    bounds = bounded(kernel.forms)
    limits = [(each.low, each.high) for each in bounds.values()]
    ranges = _ranges(kernel, arrays, days, list(bounds), limits)
    read = [name for name in declared if name in ranges]
    is_exact = (
        all(_is_within(ranges[name], declared[name]) for name in read)
        and largest_number(kernel.plain.source, ranges, arrays.longest) < MOST_IN_128_BITS
    )
    return _array(limits) if is_exact else None


def _fits(
    kernel: BlockKernel, arrays: Arrays, days: Days, names: list[str], limits: list[Range]
) -> bool:  # fmt: skip
    ranges = _ranges(kernel, arrays, days, names, limits)
    return largest_number(kernel.plain.source, ranges, arrays.longest) < MOST_IN_64_BITS


def _ranges(
    kernel: BlockKernel, arrays: Arrays, days: Days, names: list[str], limits: list[Range]
) -> dict[str, Range]:  # fmt: skip
    ranges: dict[str, Range] = {"day_of": days.range, **kernel.plain.ranges()}
    ranges |= {n: (min(0, low), max(0, high)) for n, (low, high) in zip(names, limits, strict=True)}
    others = [name for name in kernel.plain.columns if name not in ranges]
    ranges |= {name: arrays.given[name].range() for name in others if name in arrays.given}
    return ranges | arrays.ranges(name for name in others if name not in arrays.given)


def arguments(kernel: Kernel, arrays: Arrays, days: Days) -> list[Any]:
    """Return the arrays that a kernel by blocks takes."""
    found = []
    for taken in kernel.columns:
        kind, _, name = taken.partition("_")
        if kind not in _PARTS:
            found.append(arrays.array(taken))
        elif name == "day_of":
            found.append(days.part())
        elif name in arrays.given:
            found.append(arrays.given[name].parts[_PARTS[kind]])
        else:
            found.append(arrays.array(name))
    return found
