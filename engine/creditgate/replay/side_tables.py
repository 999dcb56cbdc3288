"""The tables beside a block of orders: the records that these see, as of their moments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.decide.conversion import FactNames
from creditgate.replay.block_join import DAY, INSTANT
from creditgate.replay.held import DATED, TIMELESS, Held
from creditgate.replay.side_records import MOST_LISTED, NotInColumns, Records
from creditgate.replay.typed_columns import decoded
from creditgate.tables.columns import ID

_MOST_STATES: Final = 8


class SideTables:
    """Records for tables of orders: `singles` one for each order, `tables` by reference.

    A single record is handed over once, under a key of its own, and orders say which they see. One
    that has no key stands in the rows of the orders themselves. Of tables that change, orders
    between two changes are decided together.
    """

    def __init__(
        self, held: Held, tables: Sequence[Records], singles: Mapping[str, Records], read: FactNames
    ) -> None:  # fmt: skip
        self._held, self._read = held, read
        self._tables = {each.entity.name: each for each in tables}
        self._singles = singles
        self._changes = {
            name: np.unique(each.starts)
            for name, each in self._tables.items()
            if each.starts is not None
        }
        self._states: OrderedDict[tuple[str, int], pa.Table] = OrderedDict()
        self._whole = {
            name: each.table() for name, each in self._tables.items() if each.starts is None
        }
        if any(bool(each.odd.any()) for each in tables):
            raise NotInColumns("a table with cells that are not plain")
        driving = held.columns.driving.facts
        self._keyed = {
            name for name, each in singles.items()
            if ID in each.columns and name not in driving and each.keys.null_count == 0
        }  # fmt: skip
        self._dictionaries: dict[str, Any] = {}
        for name in sorted(self._keyed):
            if not singles[name].timed:
                self._whole[name], self._dictionaries[name] = self._named(
                    name, singles[name].columns
                )

    def _named(self, name: str, columns: Mapping[str, Any]) -> tuple[pa.Table, Any]:
        """Return records under keys of their own, and these keys."""
        own = columns[ID]
        words = decoded(own)
        if len(pc.unique(words)) < len(words):
            if (name, ID) in self._read or self._is_referred_to(name):
                raise NotInColumns(f"{name}.{ID}")
            words = pa.array(np.arange(len(words))).cast(pa.string())
        return pa.table({**columns, ID: words}), words

    def _is_referred_to(self, name: str) -> bool:
        entities = self._held.columns.vocabulary.entities.values()
        return any(
            fact.kind == "reference" and fact.target == name
            for entity in entities for fact in entity.facts.values()
        )  # fmt: skip

    def dangling(self, target: str, values: Any) -> Any:
        """Return which references lead to no record, where there is a table without moments."""
        records = self._tables.get(target) or self._singles.get(target)
        if records is None or self._held.times[target] != TIMELESS or records.keys is None:
            return None
        given = pc.is_valid(values).to_numpy(zero_copy_only=False)
        if not pa.types.is_dictionary(values.type):
            values = values.dictionary_encode()
        known = pc.is_in(values.dictionary, value_set=records.keys)
        codes = pc.fill_null(values.indices, 0).to_numpy(zero_copy_only=False)
        held = np.append(known.to_numpy(zero_copy_only=False), False)
        return given & ~held[codes]

    def odd(self, seen: Mapping[str, Any], count: int) -> Any:
        """Return which orders see a record that only the reader can read, or do not see one."""
        found = np.zeros(count, dtype=bool)
        for name, records in self._singles.items():
            rows = seen[name]
            found |= rows < 0
            if len(records.odd):
                found |= records.odd[rows]
            sizes = records.sizes[rows] if len(records.sizes) else np.zeros(count, dtype=np.int64)
            for lists in records.timed:
                at = seen[f"{name}.{lists.fact.name}"]
                if len(lists.odd):
                    found |= (at >= 0) & lists.odd[at]
                    sizes = sizes + np.where(at >= 0, lists.sizes[at], 0)
            found |= sizes > MOST_LISTED
        return found

    def groups(
        self, rows: Any, moments: Mapping[str, Any], seen: Mapping[str, Any]
    ) -> Iterator[tuple[Any, Mapping[str, pa.Table]]]:
        """Yield orders that see tables of the same state, with these tables."""
        del seen
        if not len(rows):
            return
        names = list(self._changes)
        states = [
            np.searchsorted(
                self._changes[name],
                moments[DAY if self._held.times[name] == DATED else INSTANT][rows], side="right",
            )
            for name in names
        ]  # fmt: skip
        if not names:
            yield rows, self._tables_in({})
            return
        every, inverse = np.unique(np.stack(states, axis=1), axis=0, return_inverse=True)
        order = np.argsort(inverse.ravel(), kind="stable")
        ends = np.cumsum(np.bincount(inverse.ravel(), minlength=len(every)))
        for state, end, begin in zip(every.tolist(), ends, [0, *ends], strict=False):
            yield rows[order[begin:end]], self._tables_in(dict(zip(names, state, strict=True)))

    def _tables_in(self, states: Mapping[str, int]) -> dict[str, pa.Table]:
        found = {name: table for name, table in self._whole.items() if name in self._tables}
        for name, state in states.items():
            if (name, state) not in self._states:
                self._states[name, state] = self._stated(name, state)
                while len(self._states) > _MOST_STATES:
                    self._states.popitem(last=False)
            found[name] = self._states[name, state]
        return found

    def _stated(self, name: str, state: int) -> pa.Table:
        records = self._tables[name]
        if not state:
            return records.table().slice(0, 0)
        moment = self._changes[name][state - 1]
        ends = np.nan_to_num(records.ends, nan=np.inf)
        return records.table().take(
            pa.array(np.flatnonzero((records.starts <= moment) & (ends > moment)))
        )

    def beside(
        self, rows: Any, seen: Mapping[str, Any]
    ) -> tuple[dict[str, pa.Table], dict[str, Any]]:
        """Return the tables of single records for some orders, and what these add to the orders."""
        tables: dict[str, pa.Table] = {}
        columns: dict[str, Any] = {}
        for name, records in self._singles.items():
            at = seen[name][rows]
            if name in self._dictionaries:
                tables[name] = self._whole[name]
                columns[name] = _said(at, self._dictionaries[name])
                continue
            if name not in self._keyed:
                for fact, column in self._gathered(name, at, seen, rows).items():
                    columns[f"{name}.{fact}"] = column
                continue
            wanted = [at, *(seen[f"{name}.{each.fact.name}"][rows] for each in records.timed)]
            every, inverse = np.unique(np.stack(wanted, axis=1), axis=0, return_inverse=True)
            firsts = np.zeros(len(every), dtype=np.int64)
            firsts[inverse.ravel()[::-1]] = rows[::-1]
            gathered = self._gathered(name, every[:, 0], seen, firsts)
            tables[name], words = self._named(name, gathered)
            columns[name] = _said(inverse.ravel(), words)
        return tables, columns

    def _gathered(self, name: str, at: Any, seen: Mapping[str, Any], rows: Any) -> dict[str, Any]:
        """Return the facts of records for rows, with the lists that these see."""
        records, taken = self._singles[name], pa.array(at)
        found = {fact: column.take(taken) for fact, column in records.columns.items()}
        for lists in records.timed:
            if (name, lists.fact.name) in self._read:
                which = seen[f"{name}.{lists.fact.name}"][rows]
                found[lists.fact.name] = lists.arrays.take(pa.array(which, mask=which < 0))
        return found


def _said(at: Any, words: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), words)
