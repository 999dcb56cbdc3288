"""Which kernel is exact for which rows of a table: one of 64 bits, one with wider numbers, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from creditgate.backends.columns.bounds import Range, largest_number
from creditgate.backends.columns.kernel import Kernel
from creditgate.backends.columns.needs import Column
from creditgate.backends.columns.widths import MOST_IN_64_BITS, MOST_IN_128_BITS, widened
from creditgate.decide.records import MOST_ROWS
from creditgate.decide.table_columns import Arrays
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.vocabulary import FactDeclaration

CHUNK: Final = 1 << 16
#: So few rows that are not proved together are left to the evaluator of single orders.
FEW: Final = 1 << 10
_CODES: Final = (-1, 2**31)
_PLACES: Final = (-1, 2**40)
_DAYS: Final = (0, 2**22)
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
class KernelPair:
    """A kernel, and the same with as many wide numbers as the declared bounds of facts ask for.

    The second is the same for all tables of a shape, so that it is compiled once.
    """

    plain: Kernel
    wide: Kernel
    declared: Mapping[str, Range]
    widths: Widths
    _largest: dict[Any, int] = field(default_factory=dict)
    _is_wide_exact: bool = False

    @classmethod
    def of(cls, plain: Kernel, arrays: Arrays, widths: Widths) -> KernelPair:
        """Return a kernel with its wide one."""
        declared = declared_ranges(plain, arrays)
        wide = widened(plain, declared, MOST_ROWS, widths.wide_from)
        pair = cls(plain, wide, declared, widths)
        pair._is_wide_exact = pair._of(declared, MOST_ROWS) < MOST_IN_128_BITS
        return pair

    def pieces(self, rows: Any, days: Any, arrays: Arrays) -> Iterator[tuple[Kernel, int, int]]:
        """Yield kernels with the stretches of `rows` for which each is exact.

        A stretch that is left out has to be decided one by one.
        """
        ranges = arrays.ranges(self.plain.columns) | {"day_of": _range(days)}
        whole = self._exact(ranges, arrays.longest)
        if whole is self.plain or (whole is not None and self.widths.always_wide):
            yield whole, 0, len(rows)
            return
        own = {
            f"of_{Column(arrays.aligned, fact).name}"
            for fact in arrays.frames[arrays.aligned].facts
        }
        own &= set(self.plain.columns)
        per_row = {name: arrays.by_name[name] for name in own} | {"day_of": days}
        last: tuple[Kernel, int, int] | None = None
        for found in self._stretches(rows, ranges, per_row, arrays.longest):
            if last is not None and last[0] is found[0] and last[2] == found[1]:
                last = last[0], last[1], found[2]
                continue
            if last is not None:
                yield last
            last = found
        if last is not None:
            yield last

    def _stretches(
        self, rows: Any, ranges: Mapping[str, Range], per_row: Mapping[str, Any], longest: int
    ) -> Iterator[tuple[Kernel, int, int]]:  # fmt: skip
        waiting = [(b, min(b + CHUNK, len(rows))) for b in range(0, len(rows), CHUNK)][::-1]
        while waiting:
            begin, end = waiting.pop()
            first, last = int(rows[begin]), int(rows[end - 1])
            own = {name: _range(array[first : last + 1]) for name, array in per_row.items()}
            kernel = self._exact({**ranges, **own}, longest)
            if kernel is not None:
                yield kernel, begin, end
            elif end - begin > FEW and per_row:
                middle = (begin + end) // 2
                waiting += [(middle, end), (begin, middle)]

    def _exact(self, ranges: Mapping[str, Range], longest: int) -> Kernel | None:
        """Return the narrowest kernel that is exact for columns of such ranges."""
        largest = self._of({name: _rounded(found) for name, found in ranges.items()}, longest)
        if largest < MOST_IN_64_BITS and not self.widths.always_wide:
            return self.plain
        within = all(_is_within(found, self.declared[name]) for name, found in ranges.items())
        if within and (self._is_wide_exact or largest < MOST_IN_128_BITS):
            return self.wide
        return None

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
