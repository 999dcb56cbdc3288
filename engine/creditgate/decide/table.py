"""Decide a table of events: kernels where columns can hold the rules, one by one where not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.compile import ColumnEvent, Run
from creditgate.backends.columns.frames import TableRefused
from creditgate.backends.columns.kernel import BEYOND, OUT_OF_SCOPE, REDO, BlockKernel, Kernel
from creditgate.backends.columns.kernel_cache import compiled
from creditgate.backends.columns.layout import Form
from creditgate.backends.columns.values import Codes, first_codes
from creditgate.decide.decision import Core
from creditgate.decide.engine import Engine
from creditgate.decide.table_beside import Beside
from creditgate.decide.table_blocks import arguments, limits_for, wide_limits
from creditgate.decide.table_by_numbers import ByNumbers
from creditgate.decide.table_columns import ArraysMaker
from creditgate.decide.table_days import days_of
from creditgate.decide.table_events import Events
from creditgate.decide.table_frames import frames_of
from creditgate.decide.table_kernels import Compiled, Kernels
from creditgate.decide.table_outcomes import Bits, Outcomes, RuleBits
from creditgate.decide.table_proof import PROBES, Proof
from creditgate.decide.table_reference import Reference
from creditgate.decide.table_rows import TableDocuments
from creditgate.decide.table_threads import in_threads
from creditgate.decide.table_widths import Widths
from creditgate.decide.table_work import FEW, OneByOne, Task, Witness, Work
from creditgate.domain.vocabulary import Vocabulary

Decide = Callable[[dict[str, Any]], Core]


class TableDecider:
    """Decide tables by some engines of one vocabulary. Safe to share between threads."""

    def __init__(
        self, engines: Sequence[Engine], vocabulary: Vocabulary,
        compile_kernel: Callable[[Kernel], Run] = compiled, widths: Widths | None = None,
    ) -> None:  # fmt: skip
        self._engines, self._vocabulary = engines, vocabulary
        self._bits = RuleBits([engine.rulebook for engine in engines])
        self._codes = first_codes(vocabulary, set())
        self._lock = RLock()
        self._events = Events(engines, self._bits.places, self._codes, self._lock)
        self._kernels = Kernels(
            self._codes, self._bits.words, widths or Widths(), compile_kernel, self._lock
        )
        self._proof = Proof(self._kernels, self._bits, self._lock)
        self._reference = Reference(vocabulary, self._bits)
        self._by_numbers = ByNumbers(self._events, self._kernels, self._proof)

    @property
    def schema(self) -> pa.Schema:
        """Return the schema of decisions."""
        return Outcomes.of(0, self._bits).table(self._bits).schema

    def decide(
        self, table: pa.Table, tables: Mapping[str, pa.Table], event: str, decide: Decide,
        kept: Beside | None = None,
    ) -> pa.Table:  # fmt: skip
        """Return the decisions of a table's rows; `decide` decides one document.

        What is made of the other tables is `kept` for the next batch, where they are the same.

        Errors: TableRefused where a table cannot be read as facts.
        """
        declared = self._vocabulary.events.get(event)
        if declared is None:
            raise TableRefused(event, "there is no event of this name")
        aligned, dated_by = declared.dated_by
        frames, beside = frames_of(self._vocabulary, declared, table, tables)
        days = days_of(frames[aligned], dated_by, self._vocabulary)
        runs = list(days.runs(self._changes()))
        with self._lock:
            events = {
                (number, begin): self._events.of(number, days.of(begin), event)
                for begin, _ in runs
                for number in range(len(self._engines))
            }
            first = len(self._codes)
            known = kept if kept and kept.serves(beside | {aligned}, first) else None
            codes = Codes(self._codes) if known is None else known.codes()
        maker = ArraysMaker(self._vocabulary, frames, codes, beside, known)
        arrays = maker.make(aligned)
        documents = TableDocuments(self._vocabulary, frames, arrays)
        document = partial(documents.document, event)
        task = Task(arrays, days, document, lambda row: decide(document(row)))
        works = [
            self._work(number, begin, end, events[number, begin], task)
            for number in range(len(self._engines))
            for begin, end in runs
        ]
        arrays.check(set(arrays.given) - _checked_by_kernels(works))
        found = [Outcomes.of(table.num_rows, self._bits) for _ in self._engines]
        for work in works:
            self._do(work, task, found[work.number])
        outcomes = found[0]
        for other in found[1:]:
            outcomes.join(other)
        for begin, end in runs:
            if days.of(begin) < 1:
                outcomes.decision[begin:end] = REDO
        claims = frames[aligned].others.get("claims")
        if claims is not None:
            outcomes.decision[pc.is_valid(claims).to_numpy(zero_copy_only=False)] = REDO
        self._redo(outcomes, task.one_by_one)
        if known is not None:
            known.note(arrays)
        elif kept is not None:
            kept.keep(arrays, maker.keys, first)
        return outcomes.table(self._bits)

    def _work(
        self, number: int, begin: int, end: int, judged: ColumnEvent | None, task: Task
    ) -> Work:  # fmt: skip
        plain = Work(number, begin, end, judged)
        if judged is None or self._events.choice(judged, task.arrays) is not None:
            return plain
        for wide in (False, True):
            found = self._kernels.by_blocks(judged, task.arrays, task.days, wide=wide)
            if found is None or found.blocks is None:
                return plain
            limits = self._limits(found, found.blocks, judged, task, wide=wide)
            if limits is not None:
                found.limits = limits
                return replace(plain, by_blocks=found, limits=limits)
        return plain

    def _limits(
        self, found: Compiled, blocks: BlockKernel, judged: ColumnEvent, task: Task, *, wide: bool
    ) -> Any:  # fmt: skip
        """Return between which limits a kernel by blocks is exact, or None where it may not be."""
        if wide:
            exact = self._kernels.exactness(judged, task.arrays)
            return exact and wide_limits(blocks, task.arrays, task.days, exact.declared)
        if self._kernels.widths.always_wide:
            return None
        return limits_for(blocks, task.arrays, task.days, found.limits)

    def _do(self, work: Work, task: Task, outcomes: Outcomes) -> None:
        begin, end = work.begin, work.end
        if work.judged is None:
            outcomes.decision[begin:end] = OUT_OF_SCOPE
            return
        if work.by_blocks is None:
            self._do_by_numbers(work, np.arange(begin, end), task, outcomes)
            return
        if not self._do_by_blocks(work, work.by_blocks, task, outcomes):
            outcomes.reset(slice(begin, end))
            self._do_by_numbers(work, np.arange(begin, end), task, outcomes)

    def _do_by_blocks(
        self, work: Work, kernel: Compiled, task: Task, outcomes: Outcomes
    ) -> bool:  # fmt: skip
        """Decide rows by a kernel by blocks; return whether all columns have the forms they seem to."""
        assert kernel.blocks is not None
        begin, end, arrays = work.begin, work.end, task.arrays
        given = (work.limits, *arguments(kernel.kernel, arrays, task.days), *outcomes.all)

        def try_one(row: int) -> None:
            if kernel.run(row, row + 1, *given):
                outcomes.decision[row] = BEYOND

        witness = self._witness(work, task)
        self._proof.of([kernel], _some(begin, end), try_one, witness, outcomes)
        if any(in_threads(kernel.run, begin, end, given)):
            for name in set(kernel.blocks.forms) & set(arrays.given):
                arrays.array(name)  # whichever is not as it seems is refused, read or not
            return False
        if outcomes.decision[begin:end].max(initial=BEYOND - 1) < BEYOND:
            return True
        beyond = np.flatnonzero(outcomes.decision[begin:end] == BEYOND) + begin
        for name in kernel.blocks.forms:
            if name in arrays.given:
                arrays.given[name].refuse_outside(beyond, self._vocabulary)
        outcomes.decision[beyond] = REDO
        if len(beyond) <= FEW:
            return True
        if not kernel.kernel.wide:
            kernel.limits = limits_for(kernel.blocks, arrays, task.days, None, of_all=True)
        if kernel.limits is None or bool((kernel.limits == work.limits).all()):
            self._do_by_numbers(work, beyond, task, outcomes)
            return True
        return self._do_by_blocks(replace(work, limits=kernel.limits), kernel, task, outcomes)

    def _do_by_numbers(self, work: Work, rows: Any, task: Task, outcomes: Outcomes) -> None:
        assert work.judged is not None
        self._by_numbers.do(work.judged, rows, task, outcomes, self._witness(work, task))

    def _witness(self, work: Work, task: Task) -> Witness:
        engine = self._engines[work.number]

        def by_reference(row: int) -> Bits:
            return self._reference.bits(engine, task.document(row), task.days.of(row))

        return Witness(self._bits.of_rulebook(engine.rulebook), task.one_by_one, by_reference)

    def _changes(self) -> list[int]:
        days = {day for engine in self._engines for day in engine.rulebook.change_days()}
        days |= {e.rulebook.end + 1 for e in self._engines if e.rulebook.end is not None}
        return sorted({1, *days})

    def _redo(self, outcomes: Outcomes, one_by_one: OneByOne) -> None:
        """Decide one by one what kernels could not."""
        if outcomes.decision.max(initial=REDO - 1) < REDO:
            return
        for row in np.flatnonzero(outcomes.decision == REDO).tolist():
            outcomes.settle(row, one_by_one(row), self._bits)


def _checked_by_kernels(works: Sequence[Work]) -> set[str]:
    """Return the columns that some kernel checks in every row."""
    checked: dict[int, set[str]] = {}
    for work in works:
        read = set() if work.by_blocks is None else set(_forms(work.by_blocks))
        checked.setdefault(work.begin, set()).update(read)
    return set.intersection(*checked.values()) if checked else set()


def _forms(kernel: Compiled) -> Mapping[str, Form]:
    return {} if kernel.blocks is None else kernel.blocks.forms


def _some(begin: int, end: int) -> Any:
    return np.arange(begin, end, max(1, (end - begin) // PROBES))
