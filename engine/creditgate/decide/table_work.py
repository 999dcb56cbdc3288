"""What is done with a table: rows that one rulebook decides, by kernels in threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.columns.compile import ColumnEvent, Run
from creditgate.backends.columns.layout import BLOCK
from creditgate.decide.decision import Core
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days
from creditgate.decide.table_kernels import Compiled
from creditgate.decide.table_widths import CHUNK

#: Parts for each thread, so that none waits long for another.
SHARES: Final = 6
#: So many rows are sooner decided one by one than by another kernel.
FEW: Final = 64
OneByOne = Callable[[int], Core]


@dataclass(frozen=True, slots=True)
class Work:
    """Rows that one rulebook decides: of an event of an epoch, or out of its scope.

    `limits` are those of the numbers that a kernel by blocks is to meet.
    """

    number: int
    begin: int
    end: int
    judged: ColumnEvent | None
    by_blocks: Compiled | None = None
    limits: Any = None


@dataclass(frozen=True, slots=True)
class Task:
    """A table at hand: its arrays, the days of its rows, how a row is decided by itself."""

    arrays: Arrays
    days: Days
    one_by_one: OneByOne


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
