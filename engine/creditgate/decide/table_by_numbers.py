"""Rows decided by kernels that go through their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from creditgate.backends.columns.compile import ColumnEvent
from creditgate.backends.columns.kernel import BEYOND
from creditgate.decide.table_events import Events
from creditgate.decide.table_kernels import Compiled, Kernels
from creditgate.decide.table_outcomes import Outcomes
from creditgate.decide.table_proof import Proof
from creditgate.decide.table_shared import SharedValues, fill, pack_of, shared_values
from creditgate.decide.table_threads import in_threads
from creditgate.decide.table_work import FEW, Task, Witness

_NOTHING = SharedValues(())


class ByNumbers:
    """Decide rows of a table by their numbers, for each value of a fact that chooses rules."""

    def __init__(self, events: Events, kernels: Kernels, proof: Proof) -> None:
        self._events, self._kernels, self._proof = events, kernels, proof

    def do(
        self, judged: ColumnEvent, rows: Any, task: Task, outcomes: Outcomes, witness: Witness
    ) -> None:
        """Decide rows that kernels are exact for."""
        for event, group in self._events.groups(judged, task.arrays, rows):
            left = self._sharing(event, group, task, outcomes, witness)
            if not len(left):
                continue
            for kernel, some in self._kernels.exact_for(event, left, task.arrays, task.days):
                self._run(kernel, some, task, outcomes, witness, _NOTHING)

    def _sharing(
        self, judged: ColumnEvent, rows: Any, task: Task, outcomes: Outcomes, witness: Witness
    ) -> Any:  # fmt: skip
        """Decide rows by what they share; return those for which that is not exact."""
        rules = self._kernels.sharing(judged, task.arrays)
        if rules is None:
            return rows
        shared = shared_values(rules, task.arrays, self._kernels, self._proof)
        if shared is None:
            return rows
        exact = list(self._kernels.exact_for_sharing(rules, rows, task.arrays, task.days))
        if sum(len(some) for _, some in exact) < len(rows):
            outcomes.decision[rows] = BEYOND
        for kernel, some in exact:
            self._run(kernel, some, task, outcomes, witness, shared)
        left = rows[outcomes.decision[rows] == BEYOND]
        outcomes.reset(left)
        return left if len(left) > FEW else rows[:0]

    def _run(
        self, kernel: Compiled, rows: Any, task: Task, outcomes: Outcomes, witness: Witness,
        shared: SharedValues,
    ) -> None:  # fmt: skip
        packs = {pack.name: pack_of(pack, task.arrays) for pack in kernel.packs}
        names = kernel.kernel.columns
        held = [packs[n] if n in packs else task.arrays.array(n) for n in names]
        given = (task.days.of_rows(), *held, *outcomes.all)

        def try_one(row: int) -> None:
            kernel.run(0, 1, np.array([row]), *given)

        def again() -> None:
            shared.again()
            for pack in kernel.packs:
                fill(pack, packs[pack.name], task.arrays)

        every = [kernel, *shared.kernels]
        self._proof.of(every, rows, try_one, witness, outcomes, again)
        in_threads(kernel.run, 0, len(rows), (rows, *given))
