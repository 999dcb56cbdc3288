"""Work on a table in as many threads as there are processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from creditgate.backends.columns.compile import Run
from creditgate.backends.columns.layout import BLOCK
from creditgate.decide.table_widths import CHUNK

#: Parts for each thread, so that none waits long for another.
SHARES: Final = 6


def in_threads(run: Run, begin: int, end: int, given: tuple[Any, ...]) -> list[Any]:
    """Run a kernel from a row to another, in parts that are whole blocks."""
    workers = os.cpu_count() or 1
    share = max(CHUNK, -(-(end - begin) // (workers * SHARES)))
    size = -(-share // BLOCK) * BLOCK
    starts = range(begin - begin % BLOCK, end, size)
    parts = [(max(begin, start), min(start + size, end)) for start in starts]
    if min(workers, len(parts)) <= 1:
        return [run(*part, *given) for part in parts]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda part: run(*part, *given), parts))


def together(jobs: Sequence[Callable[[], Any]], rows: int) -> list[Any]:
    """Return what jobs that do not ask each other give, in order; they are over so many rows.

    Errors: that of the first job that has one.
    """
    workers = os.cpu_count() or 1
    if rows < CHUNK or min(workers, len(jobs)) <= 1:
        return [job() for job in jobs]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda job: job(), jobs))
