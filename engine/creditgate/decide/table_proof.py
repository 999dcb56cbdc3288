"""Some rows of a kernel are judged by the evaluator of single orders and by the reference too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Any, Final

from creditgate.backends.columns.kernel import BEYOND, REDO
from creditgate.backends.columns.kernel_cache import forget
from creditgate.base.failures import InternalFailure
from creditgate.decide.table_kernels import Compiled, Kernels
from creditgate.decide.table_outcomes import Outcomes, RuleBits
from creditgate.decide.table_work import Witness

#: So many rows prove a kernel.
PROBES: Final = 8


class Proof:
    """Prove kernels before they are relied on. Safe to share between threads, under one `lock`."""

    def __init__(self, kernels: Kernels, bits: RuleBits, lock: RLock) -> None:
        self._kernels, self._bits, self._lock = kernels, bits, lock

    def of(
        self, kernels: Sequence[Compiled], rows: Any, try_one: Callable[[int], None],
        witness: Witness, outcomes: Outcomes, again: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Have some rows decided by the other evaluators too, where a kernel is not proved yet.

        Kernels that were kept and answer otherwise, or not at all, are made anew; then what they
        have filled is filled `again`.
        """
        if all(kernel.is_proved for kernel in kernels):
            return
        some = rows[:: max(1, len(rows) // PROBES)].tolist()

        def agrees(row: int) -> bool:
            try_one(row)
            if outcomes.decision[row] in {REDO, BEYOND}:
                return True
            alone = self._bits.of(witness.one_by_one(row))
            return all(
                outcomes.agrees(row, others, witness.own)
                for others in (alone, witness.by_reference(row))
            )

        with self._lock:
            for is_last in (False, True):
                try:
                    found = all(agrees(row) for row in some)
                except Exception:
                    if is_last:
                        raise
                    found = False  # what was kept cannot even be run
                if found:
                    for kernel in kernels:
                        kernel.is_proved = True
                    return
                for kernel in kernels:
                    self.make_anew(kernel)
                again()
                outcomes.reset(some)
        raise InternalFailure("a kernel answers otherwise than the evaluators of single orders")

    def make_anew(self, kernel: Compiled) -> None:
        """Compile a kernel again, whatever was kept of it."""
        forget(kernel.kernel)
        kernel.run = self._kernels.compile(kernel.kernel)
