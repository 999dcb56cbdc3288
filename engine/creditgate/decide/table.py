"""Decide a table of events: kernels where columns can hold the rules, one by one where not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import RLock
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.compile import ColumnEvent, Run, column_event
from creditgate.backends.columns.frames import Frame, TableRefused, frame_of
from creditgate.backends.columns.kernel import (
    OUT_OF_SCOPE,
    REDO,
    Kernel,
)
from creditgate.backends.columns.kernel_cache import compiled, forget
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.values import Codes, first_codes, values_of
from creditgate.backends.columns.writer import Shape
from creditgate.base.failures import InternalFailure
from creditgate.base.suggest import nearest
from creditgate.decide.decision import Core
from creditgate.decide.engine import Engine
from creditgate.decide.table_columns import Arrays, ArraysMaker
from creditgate.decide.table_outcomes import Outcomes, RuleBits
from creditgate.decide.table_rows import TableDocuments
from creditgate.decide.table_widths import CHUNK, KernelPair, Widths
from creditgate.domain.vocabulary import Vocabulary
from creditgate.lowered.terms import Term

PROBES: Final = 8
Decide = Callable[[dict[str, Any]], Core]
OneByOne = Callable[[int], Core]


@dataclass(slots=True)
class _Compiled:
    run: Run
    kernel: Kernel
    is_proved: bool = False


class TableDecider:
    """Decide tables by some engines of one vocabulary. Safe to share between threads."""

    def __init__(
        self, engines: Sequence[Engine], vocabulary: Vocabulary,
        compile_kernel: Callable[[Kernel], Run] = compiled, widths: Widths | None = None,
    ) -> None:  # fmt: skip
        self._engines, self._vocabulary = engines, vocabulary
        self._compile = compile_kernel
        self._bits = RuleBits([engine.rulebook for engine in engines])
        self._codes = first_codes(vocabulary, set())
        self._events: dict[tuple[int, int, str], ColumnEvent] = {}
        self._chosen: dict[tuple[int, str], ColumnEvent] = {}
        self._widths = widths or Widths()
        self._pairs: dict[tuple[int, Shape], KernelPair | None] = {}
        self._kernels: dict[int, _Compiled] = {}
        self._lock = RLock()

    def decide(
        self, table: pa.Table, tables: Mapping[str, pa.Table], event: str, decide: Decide
    ) -> pa.Table:
        """Return the decisions of a table's rows; `decide` decides one document.

        Errors: TableRefused where a table cannot be read as facts.
        """
        declared = self._vocabulary.events.get(event)
        if declared is None:
            raise TableRefused(event, "there is no event of this name")
        aligned, dated_by = declared.dated_by
        frames = self._frames(aligned, table, tables)
        days = self._days(frames[aligned], dated_by)
        runs = list(_runs(days, self._changes()))
        with self._lock:
            events = {
                (number, begin): self._event(number, int(days[begin]), event)
                for begin, _ in runs
                for number in range(len(self._engines))
            }
            codes = Codes(self._codes)
        arrays = ArraysMaker(self._vocabulary, frames, codes).make(aligned)
        documents = TableDocuments(self._vocabulary, frames, arrays)

        def one_by_one(row: int) -> Core:
            return decide(documents.document(event, row))

        found: list[Outcomes] = []
        for number in range(len(self._engines)):
            outcomes = Outcomes.of(table.num_rows, self._bits)
            for begin, end in runs:
                judged = events[number, begin]
                if judged is None:
                    outcomes.decision[begin:end] = OUT_OF_SCOPE
                    continue
                for some, rows in self._groups(judged, arrays, codes, begin, end):
                    pair = self._pair(some, arrays)
                    pieces = [] if pair is None else list(pair.pieces(rows, days, arrays))
                    for exact, first, last in pieces:
                        kernel = self._kernel(exact)
                        held = [arrays.by_name[name] for name in exact.columns]
                        given = (days, *held, outcomes.decision, *outcomes.words)
                        piece = rows[first:last]
                        self._probe(kernel, piece, given, outcomes, one_by_one, number)
                        _in_threads(kernel.run, (piece, *given))
            found.append(outcomes)
        outcomes = found[0]
        for other in found[1:]:
            outcomes.join(other)
        outcomes.decision[days < 1] = REDO
        claims = frames[aligned].others.get("claims")
        if claims is not None:
            outcomes.decision[pc.is_valid(claims).to_numpy(zero_copy_only=False)] = REDO
        self._redo(outcomes, one_by_one)
        return outcomes.table(self._bits)

    def _frames(
        self, aligned: str, table: pa.Table, tables: Mapping[str, pa.Table]
    ) -> dict[str, Frame]:  # fmt: skip
        entities = self._vocabulary.entities
        by_list = self._vocabulary.tables()
        frames = {aligned: frame_of(entities[aligned], table)}
        for name, other in tables.items():
            entity = by_list.get(name) or entities.get(name)
            if entity is None or entity.kind == "element" or entity.name == aligned:
                raise TableRefused(name, "there is no table of this name")
            frames[entity.name] = frame_of(entity, other)
        orders = frames[aligned]
        for entity_name, frame in frames.items():
            known = {*frames, "claims"} if frame is orders else set(orders.arrays)
            unknown = sorted(set(frame.others) - known)
            if unknown:
                hint = nearest(unknown[0], [*frame.entity.facts, *known])
                raise TableRefused(f"{entity_name}.{unknown[0]}", "no fact is called so", hint)
        return frames

    def _days(self, frame: Frame, fact: str) -> Any:
        """Return the day of each row; below one where it is not given."""
        if fact not in frame.arrays:
            return np.zeros(frame.rows, dtype=np.int64)
        array, declared = frame.arrays[fact], frame.entity.facts[fact]
        place = f"{frame.entity.name}.{fact}"
        days = values_of(declared, array, place, self._vocabulary, Codes({})).copy()
        if array.null_count:
            days[pc.is_null(array).to_numpy(zero_copy_only=False)] = 0
        return days

    def _changes(self) -> list[int]:
        days = {day for engine in self._engines for day in engine.rulebook.change_days()}
        days |= {e.rulebook.end + 1 for e in self._engines if e.rulebook.end is not None}
        return sorted({1, *days})

    def _event(self, number: int, day: int, event: str) -> ColumnEvent | None:
        epoch = self._engines[number].epoch(day) if day > 0 else None
        if epoch is None or event not in epoch.governs:
            return None
        key = (number, epoch.start, event)
        if key not in self._events:
            made = self._events[key] = column_event(epoch, event, self._bits.places)
            for word in sorted(made.words_used):
                self._codes.setdefault(word, len(self._codes))
        return self._events[key]

    def _groups(
        self, judged: ColumnEvent, arrays: Arrays, codes: Codes, begin: int, end: int
    ) -> Iterator[tuple[ColumnEvent, Any]]:  # fmt: skip
        """Yield the rows of each value of the fact that chooses rules, with the rules chosen."""
        fact = judged.chosen_by()
        column = None if fact is None else judged.reader.column(fact)
        if fact is None or column is None or column not in arrays.dense:
            yield judged, np.arange(begin, end)
            return
        found = arrays.by_name[f"of_{column.name}"][begin:end]
        for code in np.unique(found).tolist():
            rows = np.flatnonzero(found == code) + begin
            yield self._where(judged, fact, codes.word(code)), rows

    def _where(self, judged: ColumnEvent, fact: Term, value: str) -> ColumnEvent:
        key = (id(judged), value)
        with self._lock:
            if key not in self._chosen:
                self._chosen[key] = judged.where(fact, value)
            return self._chosen[key]

    def _pair(self, judged: ColumnEvent, arrays: Arrays) -> KernelPair | None:
        """Return the kernels for columns of the shape at hand, or None where there are none."""
        shape = arrays.shape(judged.needs)
        key = (id(judged), shape)
        with self._lock:
            if key not in self._pairs:
                try:
                    kernel = judged.kernel(shape, self._codes, self._bits.words)
                except Unsupported:
                    self._pairs[key] = None
                else:
                    self._pairs[key] = KernelPair.of(kernel, arrays, self._widths)
            return self._pairs[key]

    def _kernel(self, kernel: Kernel) -> _Compiled:
        """Return a kernel that can be run."""
        with self._lock:
            if id(kernel) not in self._kernels:
                self._kernels[id(kernel)] = _Compiled(self._compile(kernel), kernel)
            return self._kernels[id(kernel)]

    def _probe(
        self, kernel: _Compiled, rows: Any, given: tuple[Any, ...], outcomes: Outcomes,
        one_by_one: OneByOne, number: int,
    ) -> None:  # fmt: skip
        """Have some rows decided by the other evaluator too before a kernel is first relied on.

        A kernel that was kept and answers otherwise, or not at all, is made anew.
        """
        if kernel.is_proved:
            return
        some = np.ascontiguousarray(rows[:: max(1, len(rows) // PROBES)])
        own = self._bits.of_rulebook(self._engines[number].rulebook)
        with self._lock:
            for is_last in (False, True):
                try:
                    kernel.run(0, len(some), some, *given)
                    agrees = all(
                        outcomes.decision[row] == REDO
                        or outcomes.agrees(row, one_by_one(row), self._bits, own)
                        for row in some.tolist()
                    )
                except Exception:
                    if is_last:
                        raise
                    agrees = False  # what was kept cannot even be run
                if agrees:
                    kernel.is_proved = True
                    return
                forget(kernel.kernel)
                kernel.run = self._compile(kernel.kernel)
        raise InternalFailure("a kernel answers otherwise than the evaluator of single orders")

    def _redo(self, outcomes: Outcomes, one_by_one: OneByOne) -> None:
        """Decide one by one what kernels could not."""
        for row in np.flatnonzero(outcomes.decision == REDO).tolist():
            outcomes.settle(row, one_by_one(row), self._bits)


def _runs(days: Any, changes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first row and the row after the last of rows whose days no change divides."""
    if not len(days):
        return
    epochs = np.searchsorted(np.array(changes), days, side="right")
    places = np.flatnonzero(np.diff(epochs)) + 1
    ends = [*places.tolist(), len(days)]
    yield from zip([0, *ends], ends, strict=False)


def _in_threads(run: Run, arrays: tuple[Any, ...]) -> None:
    end = len(arrays[0])
    starts = range(0, end, CHUNK)
    workers = min(len(starts), os.cpu_count() or 1)
    if workers <= 1:
        run(0, end, *arrays)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda start: run(start, min(start + CHUNK, end), *arrays), starts))
