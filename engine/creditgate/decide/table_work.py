"""What is done with a table: the rows that one rulebook decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.columns.compile import ColumnEvent
from creditgate.decide.decision import Core
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days
from creditgate.decide.table_kernels import Compiled
from creditgate.decide.table_outcomes import Bits

#: So many rows are sooner decided one by one than by another kernel.
FEW: Final = 64
OneByOne = Callable[[int], Core]


@dataclass(frozen=True, slots=True)
class Witness:
    """What is said elsewhere of the rows of one rulebook, whose rules have the bits `own`."""

    own: int
    one_by_one: OneByOne
    by_reference: Callable[[int], Bits]


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
    """A table at hand: its arrays, the days of its rows, a row by itself and how it is decided."""

    arrays: Arrays
    days: Days
    document: Callable[[int], dict[str, Any]]
    one_by_one: OneByOne
