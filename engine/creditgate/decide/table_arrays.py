"""The arrays of a table, by the names that kernels give them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.layout import Form
from creditgate.backends.columns.needs import Column, Needs
from creditgate.backends.columns.packing import Pack
from creditgate.backends.columns.values import Codes
from creditgate.backends.columns.writer import Shape
from creditgate.decide.table_given import Given, parts
from creditgate.domain.vocabulary import Entity, Vocabulary

#: What the names of arrays with a place for each row begin with; `from` has one more.
ROW_BY_ROW: Final = ("of", "is", "to", "from")


@dataclass(slots=True)
class Arrays:
    """Arrays by the names that kernels give them, and what is true of them.

    Records of the entities `in_rows` stand in the rows that are decided. Columns of these may be
    `given` in a form that only kernels by blocks read; others ask for them by `array`. Those that
    are `late` are made when they are asked for. What is `nowhere` are the places of records of
    which there is no table.
    """

    vocabulary: Vocabulary
    codes: Codes
    aligned: str
    in_rows: frozenset[str]
    rows: int
    by_name: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    late: dict[str, Callable[[], Any]] = field(default_factory=dict)
    row_by_row: set[str] = field(default_factory=set)
    nowhere: set[str] = field(default_factory=set)
    dense: set[Column] = field(default_factory=set)
    sparse: set[Column] = field(default_factory=set)
    loose: set[Column | str] = field(default_factory=set)
    longest: int = 0
    frames: dict[str, Entity] = field(default_factory=dict)
    rows_of: dict[str, int] = field(default_factory=dict)
    packs: dict[Pack, Any] = field(default_factory=dict)
    _ranges: dict[str, Range] = field(default_factory=dict)

    def array(self, name: str) -> Any:
        """Return the integers of a column, made where they are not there yet.

        Errors: TableRefused.
        """
        if name not in self.by_name:
            if name in self.nowhere:
                self.by_name[name] = np.full(self.rows, -1, dtype=np.int64)
            elif name in self.late:
                self.by_name[name] = self.late[name]()
            else:
                self.by_name[name] = self.given[name].values(self.vocabulary, self.codes)
        return self.by_name[name]

    def take(self, other: Arrays) -> None:
        """Take over what another has made."""
        self.by_name |= other.by_name
        self._ranges |= other._ranges

    def without(self, names: Collection[str]) -> Arrays:
        """Return these arrays without those of some names, and without what is still to be made."""
        left = {name: array for name, array in self.by_name.items() if name not in names}
        ranges = {name: found for name, found in self._ranges.items() if name in left}
        return replace(self, by_name=left, _ranges=ranges, given={}, late={})

    def form(self, name: str) -> Form | None:
        """Return the form of a column for kernels by blocks; None for one of other rows."""
        if name in self.given:
            return self.given[name].form
        return Form() if name in self.row_by_row else None

    def shape(self, needs: Needs) -> Shape:
        """Return what a kernel of some needs has to know of the columns."""
        columns = {*needs.values, *needs.lists, *needs.references}
        return Shape(
            self.aligned,
            frozenset(columns & self.dense),
            frozenset(columns & self.sparse),
            frozenset(each for each in (*needs.references, *needs.singles) if each in self.loose),
            self.in_rows - {self.aligned},
        )

    def ranges(self, names: Iterable[str]) -> dict[str, Range]:
        """Return the least and greatest value of arrays, zero among them."""
        kept = list(names)
        for name in kept:
            if name not in self._ranges:
                array = self.array(name)
                lows, highs = [0], [0]
                for begin, end in parts(0, len(array)):
                    lows.append(int(array[begin:end].min()))
                    highs.append(int(array[begin:end].max()))
                self._ranges[name] = min(lows), max(highs)
        return {name: self._ranges[name] for name in kept}

    def check(self, names: Iterable[str]) -> None:
        """Look through columns that no kernel checks.

        Errors: TableRefused where one holds what its fact cannot be.
        """
        for name in names:
            column = self.given[name]
            if not all(column.is_within(*part) for part in parts(0, len(column.array))):
                self.array(name)
