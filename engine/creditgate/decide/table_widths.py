"""For which rows of a table a kernel is exact with numbers of 64 bits, or with wide ones, or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from creditgate.backends.columns.bounds import Range, largest_number
from creditgate.backends.columns.kernel import Kernel
from creditgate.backends.columns.needs import Column
from creditgate.backends.columns.widths import MOST_IN_64_BITS, MOST_IN_128_BITS
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.vocabulary import FactDeclaration

CHUNK: Final = 1 << 16
#: So few rows that are not proved together are left to the evaluator of single orders.
FEW: Final = 1 << 10
_CODES: Final = (-1, 2**31)
_PLACES: Final = (-1, 2**40)
_DAYS: Final = (-(2**32), 2**32)
_BY_PREFIX: Final[Mapping[str, Range]] = {
    "is": (0, 2), "in": _CODES, "from": _PLACES, "to": _PLACES, "at": _PLACES,
}  # fmt: skip
_BY_KIND: Final[Mapping[str, Range]] = {
    "boolean": (0, 1), "enum": _CODES, "text": _CODES, "reference": _CODES, "date": _DAYS,
    "time": (0, 24 * 60), "instant": (-(2**58), 2**58),
}  # fmt: skip
_ANY: Final = (-MOST_IN_64_BITS, MOST_IN_64_BITS)
_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Widths:
    """How wide the numbers of kernels are.

    Numbers that may reach `wide_from` are wide. Where `always_wide` no kernel of 64 bits is chosen;
    both are there to measure and to test what would be rare.
    """

    wide_from: int = MOST_IN_64_BITS
    always_wide: bool = False


@dataclass(slots=True)
class Exactness:
    """Tell for which rows a kernel is exact as it is, and for which with wide numbers.

    `plain` is the kernel with none; where there are, they are as many as the ranges `declared` for
    columns ask for. These are the same for all tables of a shape, so that it is compiled once.
    """

    plain: Kernel
    declared: Mapping[str, Range]
    widths: Widths
    _largest: dict[Any, int] = field(default_factory=dict)

    def stretches(self, rows: Any, days: Days, arrays: Arrays) -> Iterator[tuple[bool, int, int]]:
        """Yield whether wide numbers are needed, with the stretches of `rows` for which that is so.

        A stretch that is left out has to be decided one by one.
        """
        ranges = arrays.ranges(self.plain.columns) | {"day_of": days.range}
        whole = self.is_wide(ranges, arrays.longest)
        if whole is False or (whole is not None and self.widths.always_wide):
            yield whole, 0, len(rows)
            return
        own = {
            f"of_{Column(entity, fact).name}"
            for entity in arrays.in_rows
            for fact in arrays.frames[entity].facts
        }
        own &= set(self.plain.columns)
        per_row = {name: arrays.array(name) for name in own} | {"day_of": days.of_rows()}
        last: tuple[bool, int, int] | None = None
        for found in self._parts(rows, ranges, per_row, arrays.longest):
            if last is not None and last[0] is found[0] and last[2] == found[1]:
                last = last[0], last[1], found[2]
                continue
            if last is not None:
                yield last
            last = found
        if last is not None:
            yield last

    def _parts(
        self, rows: Any, ranges: Mapping[str, Range], per_row: Mapping[str, Any], longest: int
    ) -> Iterator[tuple[bool, int, int]]:  # fmt: skip
        waiting = [(b, min(b + CHUNK, len(rows))) for b in range(0, len(rows), CHUNK)][::-1]
        while waiting:
            begin, end = waiting.pop()
            first, last = int(rows[begin]), int(rows[end - 1])
            own = {name: _range(array[first : last + 1]) for name, array in per_row.items()}
            found = self.is_wide({**ranges, **own}, longest)
            if found is not None:
                yield found, begin, end
            elif end - begin > FEW:
                middle = (begin + end) // 2
                waiting += [(middle, end), (begin, middle)]

    def is_wide(self, ranges: Mapping[str, Range], longest: int) -> bool | None:
        """Tell whether columns of such ranges need wide numbers; None where these are not enough."""
        largest = self._of({name: _rounded(found) for name, found in ranges.items()}, longest)
        if largest < MOST_IN_64_BITS and not self.widths.always_wide:
            return False
        within = all(_is_within(found, self.declared[name]) for name, found in ranges.items())
        return True if within and largest < MOST_IN_128_BITS else None

    def _of(self, ranges: Mapping[str, Range], longest: int) -> int:
        """Return how large numbers get, remembered for ranges that come again."""
        key = longest, tuple(ranges.values())
        if key not in self._largest:
            if len(self._largest) >= _REMEMBERED:
                self._largest.clear()
            found = largest_number(self.plain.source, {**self.plain.ranges(), **ranges}, longest)
            self._largest[key] = found
        return self._largest[key]


def declared_ranges(kernel: Kernel, arrays: Arrays) -> dict[str, Range]:
    """Return what the arrays that a kernel takes may hold, by the declarations of their facts."""
    by_name = {
        f"of_{Column(frame, fact.name).name}": _declared(fact)
        for frame, entity in arrays.frames.items()
        for fact in entity.facts.values()
    }
    found = {
        name: by_name.get(name) or _BY_PREFIX.get(name.partition("_")[0], _ANY)
        for name in kernel.columns
    }
    return found | {"day_of": _DAYS}


def _declared(fact: FactDeclaration) -> Range:
    known = _BY_KIND.get(fact.kind)
    if known is not None or fact.low is None or fact.high is None:
        return known or _ANY
    factor = 10**fact.scale
    if fact.kind == "duration":
        factor = 1_000_000 if without_none(fact.type) == SECONDS else 1
    low, high = floor(Fraction(fact.low) * factor), ceil(Fraction(fact.high) * factor)
    return min(low, 0), max(high, 0)


def _range(array: Any) -> Range:
    if not len(array):
        return 0, 0
    return min(int(array.min()), 0), max(int(array.max()), 0)


def _rounded(found: Range) -> Range:
    """Return a range a little wider, of which there are few."""
    return -_up(-found[0]), _up(found[1])


def _up(size: int) -> int:
    step = 1 << max(0, size.bit_length() - 4)
    return -(-size // step) * step


def _is_within(found: Range, declared: Range) -> bool:
    return declared[0] <= found[0] and found[1] <= declared[1]
