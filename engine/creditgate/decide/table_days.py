"""The days of the rows of a table, and the rows between two changes of the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.frames import Frame
from creditgate.backends.columns.layout import Form
from creditgate.backends.columns.passes import FIRST_DAY_OF_EPOCH
from creditgate.backends.columns.values import Codes, values_of
from creditgate.decide.table_given import Given, given
from creditgate.domain.vocabulary import Vocabulary

_PLAIN = Form()


class Days:
    """The day of each row, zero where it is not given."""

    def __init__(self, column: Given | None, numbers: Any, range_: Range) -> None:
        self._column, self._numbers = column, numbers
        self.range = range_

    @property
    def form(self) -> Form:
        """Return the form in which kernels by blocks are given them."""
        return _PLAIN if self._column is None else self._column.form

    def part(self) -> Any:
        """Return the array that holds them in this form."""
        return self.of_rows() if self._column is None else self._column.parts[0]

    def of_rows(self) -> Any:
        """Return the day of each row, counted from the first day of the year one."""
        if self._numbers is None:
            assert self._column is not None
            self._numbers = self._column.parts[0].astype(np.int64) + FIRST_DAY_OF_EPOCH
        return self._numbers

    def of(self, row: int) -> int:
        """Return the day of a row."""
        if self._column is None:
            return int(self._numbers[row])
        return int(self._column.parts[0][row]) + FIRST_DAY_OF_EPOCH

    def runs(self, changes: list[int]) -> Iterator[tuple[int, int]]:
        """Yield the first row and the row after the last of rows whose days no change divides."""
        count = len(self.part())
        if not count:
            return
        first, last = np.searchsorted(np.array(changes), self.range, side="right").tolist()
        if first == last:
            yield 0, count
            return
        epochs = np.searchsorted(np.array(changes), self.of_rows(), side="right")
        places = np.flatnonzero(np.diff(epochs)) + 1
        ends = [*places.tolist(), count]
        yield from zip([0, *ends], ends, strict=False)


def days_of(frame: Frame, fact: str, vocabulary: Vocabulary) -> Days:
    """Return the days of the rows of a frame by a fact of its records.

    Errors: TableRefused where its column holds no days.
    """
    if fact not in frame.arrays:
        return Days(None, np.zeros(frame.rows, dtype=np.int64), (0, 0))
    array, declared = frame.arrays[fact], frame.entity.facts[fact]
    place = f"{frame.entity.name}.{fact}"
    column = given(declared, array, place, vocabulary, Codes({}))
    if column is not None:
        reached = pc.min_max(array.cast(pa.int32())).as_py()
        first, last = (reached[end] + FIRST_DAY_OF_EPOCH for end in ("min", "max"))
        return Days(column, None, (first, last))
    days = values_of(declared, array, place, vocabulary, Codes({})).copy()
    if array.null_count:
        days[pc.is_null(array).to_numpy(zero_copy_only=False)] = 0
    return Days(None, days, (int(days.min(initial=0)), int(days.max(initial=0))))
