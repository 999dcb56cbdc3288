"""The arrays that kernels read, made from the tables at hand once and used for every epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.frames import (
    Children,
    Frame,
    TableRefused,
    children_of,
    members_of,
)
from creditgate.backends.columns.needs import Column
from creditgate.backends.columns.values import (
    KNOWN,
    MISSING,
    NONE,
    Codes,
    lengths_checked,
    looked_up,
    values_of,
)
from creditgate.decide.records import MOST_ROWS
from creditgate.decide.table_arrays import ROW_BY_ROW, Arrays
from creditgate.decide.table_beside import Beside
from creditgate.decide.table_given import given
from creditgate.decide.table_keys import is_any_twice
from creditgate.decide.table_threads import together
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary


class ArraysMaker:
    """Make the arrays of a table of events and of the tables of other entities."""

    def __init__(
        self, vocabulary: Vocabulary, frames: Mapping[str, Frame], codes: Codes,
        beside: frozenset[str] = frozenset(), kept: Beside | None = None,
    ) -> None:  # fmt: skip
        self._vocabulary, self._frames, self._codes = vocabulary, frames, codes
        self._beside, self._kept = beside, kept
        self.keys: dict[str, Any] = {} if kept is None else kept.keys
        self._values: dict[str, Callable[[], Any]] = {}
        self._checks: list[Callable[[], None]] = []

    def make(self, aligned: str) -> Arrays:
        """Return all arrays; every value is checked, whether or not a rule reads it.

        Those of columns that are left as given are checked by whoever reads them, or by `check`.

        Errors: TableRefused.
        """
        in_rows = self._beside | {aligned}
        rows = self._frames[aligned].rows
        arrays = Arrays(self._vocabulary, self._codes, aligned, in_rows, rows)
        frames = self._frames
        if self._kept is not None:
            self._kept.give(arrays)
            frames = {name: frame for name, frame in frames.items() if name in in_rows}
        before = set(arrays.frames)
        for name, frame in frames.items():
            self._facts(name, frame, arrays)
        most = max(frame.rows for frame in frames.values())
        made = together(list(self._values.values()), most)
        arrays.by_name |= dict(zip(self._values, made, strict=True))
        self.keys |= {n: self._keys(f, arrays) for n, f in frames.items() if n not in in_rows}
        jobs: list[Callable[[], None]] = [*self._checks]
        for name, entity in arrays.frames.items():
            if name not in before:
                jobs.append(partial(self._references, name, entity, arrays, self.keys))
        for other in self._vocabulary.entities.values():
            if other.kind == "single" and other.name not in in_rows:
                jobs.append(partial(self._single, other.name, arrays, self.keys))
        together(jobs, most)
        for name in in_rows:
            own = [Column(name, fact).name for fact in self._frames[name].entity.facts]
            arrays.row_by_row |= {f"{kind}_{fact}" for fact in own for kind in ROW_BY_ROW}
        places = {name for name in arrays.by_name if name.startswith("at_")}
        arrays.row_by_row |= places | arrays.nowhere
        # What is done holds this maker and its columns, until the garbage collector comes by.
        self._values, self._checks = {}, []
        return arrays

    def _facts(self, own: str, frame: Frame, arrays: Arrays) -> None:
        arrays.frames[own], arrays.rows_of[own] = frame.entity, frame.rows
        unknown = set(frame.none) - set(frame.entity.facts)
        if unknown:
            raise TableRefused(frame.entity.name, f"no fact is called {min(unknown)}")
        for name, fact in frame.entity.facts.items():
            if name not in frame.arrays:
                if name in frame.none:
                    self._state(own, frame, fact, None, arrays)
                    arrays.by_name[f"of_{Column(own, name).name}"] = self._blank(frame, fact)
                continue
            column, place = Column(own, name), f"{own}.{name}"
            array = frame.arrays[name]
            if fact.kind == "list":
                children = children_of(frame, name, self._vocabulary)
                self._several(column, children.offsets, children.missing, arrays)
                arrays.by_name[f"in_{column.name}"] = np.zeros(1, dtype=np.int64)
                self._facts(place, children.frame, arrays)
                self._checks.append(partial(self._check_keys, place, children, arrays))
                continue
            if fact.kind == "set":
                offsets, missing, members = members_of(frame, name)
                self._several(column, offsets, missing, arrays)
                self._values[f"in_{column.name}"] = partial(self._codes.of, members, place)
                continue
            self._state(own, frame, fact, array, arrays)
            if own in arrays.in_rows and column in arrays.dense:
                kept = given(fact, array, place, self._vocabulary, self._codes)
                if kept is not None:
                    arrays.given[f"of_{column.name}"] = kept
                    continue
            read = partial(values_of, fact, array, place, self._vocabulary, self._codes)
            if own in arrays.in_rows and fact.kind == "text":
                # Such texts are many, and seldom asked for.
                self._checks.append(partial(lengths_checked, array, place))
                arrays.late[f"of_{column.name}"] = read
                continue
            self._values[f"of_{column.name}"] = read
        self._checks.append(partial(self._check_none_when, own, frame, arrays))

    @staticmethod
    def _blank(frame: Frame, fact: FactDeclaration) -> Any:
        return np.zeros(frame.rows, dtype=np.uint8 if fact.kind == "boolean" else np.int64)

    def _check_keys(self, place: str, children: Children, arrays: Arrays) -> None:
        """Refuse a list in which two rows have one key, or a row has none."""
        key, frame = children.frame.entity.key, children.frame
        if key is None or not frame.rows:
            return
        if key not in frame.arrays or frame.arrays[key].null_count:
            raise TableRefused(f"{place}.{key}", "a row has no key")
        first, last = int(children.offsets[0]), int(children.offsets[-1])
        codes = arrays.by_name[f"of_{Column(place, key).name}"][first:last]
        if is_any_twice(codes, np.diff(children.offsets)):
            raise TableRefused(f"{place}.{key}", "two rows of a list have the same key")

    def _several(self, column: Column, offsets: Any, missing: Any, arrays: Arrays) -> None:
        if len(offsets) > 1:
            longest = int(np.diff(offsets).max())
            if longest > MOST_ROWS:
                place = f"{column.frame}.{column.fact}"
                raise TableRefused(place, f"a list has more than {MOST_ROWS} rows")
            arrays.longest = max(arrays.longest, longest)
        arrays.by_name[f"from_{column.name}"] = offsets
        if bool(missing.any()):
            arrays.by_name[f"is_{column.name}"] = missing.astype(np.uint8)
            arrays.sparse.add(column)
        else:
            arrays.dense.add(column)

    def _state(
        self, own: str, frame: Frame, fact: FactDeclaration, array: Any, arrays: Arrays
    ) -> None:  # fmt: skip
        column, place = Column(own, fact.name), f"{own}.{fact.name}"
        said = frame.none.get(fact.name)
        if said is None and array is not None and not array.null_count:
            arrays.dense.add(column)
            return
        state = np.full(frame.rows, MISSING if array is None else KNOWN, dtype=np.uint8)
        if array is not None and array.null_count:
            state[pc.is_null(array).to_numpy(zero_copy_only=False)] = MISSING
        if said is not None:
            if not fact.may_be_none:
                raise TableRefused(place, "this fact is never none")
            none = said.fill_null(False).to_numpy(zero_copy_only=False)
            if bool((none & (state == KNOWN)).any()):
                raise TableRefused(place, "a row has a value and says that there is none")
            state[none] = NONE
        if bool(state.any()):
            arrays.by_name[f"is_{column.name}"] = state
            arrays.sparse.add(column)
        else:
            arrays.dense.add(column)

    def _check_none_when(self, entity: str, frame: Frame, arrays: Arrays) -> None:
        """Refuse a fact that is not none exactly when its sibling says so."""
        for fact in frame.entity.facts.values():
            if fact.none_when is None:
                continue
            column, sibling = Column(entity, fact.name), Column(entity, fact.none_when.fact)
            if not {column, sibling} <= arrays.dense | arrays.sparse:
                continue
            states = [
                arrays.by_name.get(f"is_{c.name}", np.zeros(frame.rows, dtype=np.uint8))
                for c in (column, sibling)
            ]
            codes = arrays.array(f"of_{sibling.name}")
            named = self._codes.among(codes, fact.none_when.members)
            wrong = ((states[0] == NONE) != named) & (states[0] != MISSING) & (states[1] != MISSING)
            if bool(wrong.any()):
                row = int(wrong.argmax())
                message = (
                    f"in row {row} it must be none exactly where {fact.none_when.fact} says so"
                )
                raise TableRefused(f"{entity}.{fact.name}", message)

    def _keys(self, frame: Frame, arrays: Arrays) -> Any:
        """Return the row of each code among the keys of a table, below zero where it has none."""
        key = frame.entity.key or "id"
        if key not in frame.arrays:
            return None
        array = frame.arrays[key]
        if array.null_count:
            raise TableRefused(f"{frame.entity.name}.{key}", "a row has no key")
        codes = arrays.by_name[f"of_{Column(frame.entity.name, key).name}"]
        rows = np.full(len(self._codes), -1, dtype=np.int64)
        rows[codes] = np.arange(len(codes))
        if len(np.unique(codes)) != len(codes):
            raise TableRefused(f"{frame.entity.name}.{key}", "two rows have the same key")
        return rows

    def _found(self, codes: Any, rows: Any) -> Any:
        if rows is None:
            return np.full(len(codes), -1, dtype=np.int64)
        # Texts that came after the keys are of no record.
        later = np.full(len(self._codes) - len(rows), -1, dtype=np.int64)
        return np.concatenate([rows, later])[codes]

    def _references(
        self, name: str, entity: Entity, arrays: Arrays, keys: Mapping[str, Any]
    ) -> None:  # fmt: skip
        for fact in entity.facts.values():
            if fact.kind != "reference":
                continue
            column = Column(name, fact.name)
            values = arrays.by_name.get(f"of_{column.name}")  # a reference is never left as given
            if values is None:
                continue
            rows = self._found(values, keys.get(fact.target or ""))
            state = arrays.by_name.get(f"is_{column.name}")
            if state is not None:
                rows = np.where(state == KNOWN, rows, -1)
            arrays.by_name[f"to_{column.name}"] = rows
            if bool((rows < 0).any()):
                arrays.loose.add(column)

    def _single(self, name: str, arrays: Arrays, keys: Mapping[str, Any]) -> None:
        orders = self._frames[arrays.aligned]
        frame = self._frames.get(name)
        rows: Any = _NOWHERE
        if frame is not None:
            said = orders.others.get(name)
            shared = sorted(set(frame.others) & set(orders.arrays))
            if said is not None:
                rows = self._referred(said, name, keys[name])
                if said.null_count:
                    rows[pc.is_null(said).to_numpy(zero_copy_only=False)] = -1
            elif shared:
                rows = self._joined(frame, shared[0], orders, arrays)
            elif frame.rows == 1:
                rows = np.zeros(orders.rows, dtype=np.int64)
        if rows is _NOWHERE:
            arrays.nowhere.add(f"at_{name}")
        else:
            arrays.by_name[f"at_{name}"] = rows
        if bool((rows < 0).any()):
            arrays.loose.add(name)

    def _referred(self, array: Any, place: str, rows: Any) -> Any:
        """Return the rows to which keys refer; what stands for a null means nothing."""
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            array = pc.dictionary_encode(array)
        if not pa.types.is_dictionary(array.type) or not len(array.dictionary):
            return self._found(self._codes.of(array, place), rows)
        words = self._found(self._codes.of(array.dictionary, place), rows)
        return looked_up(words, array.indices, place)

    def _joined(self, frame: Frame, shared: str, orders: Frame, arrays: Arrays) -> Any:
        """Return the row of a table for each event, by a fact of the event that both have."""
        place = f"{frame.entity.name}.{shared}"
        own = self._codes.of(frame.others[shared], place)
        if len(np.unique(own)) != len(own):
            raise TableRefused(place, "two rows are for the same key")
        given = orders.arrays[shared]
        known = arrays.by_name.get(f"of_{Column(arrays.aligned, shared).name}")
        wanted = self._codes.of(given, shared) if known is None else known
        rows = np.full(len(self._codes), -1, dtype=np.int64)
        rows[own] = np.arange(len(own))
        found = rows[wanted]
        found[pc.is_null(given).to_numpy(zero_copy_only=False)] = -1
        return found


_NOWHERE = np.full(1, -1, dtype=np.int64)
