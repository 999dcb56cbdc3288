"""What a way to decide a table is: given drawn orders once, asked about all of them at a time."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tests.perf.orders30.documents import EVENT, RULEBOOK
from tests.perf.orders30.facts import FACTS
from tests.perf.orders30.generator import Columns
from tests.perf.orders30.rules import RULES, facts_read
from tests.perf.orders30.tables import name_of

from creditgate import Gate, __version__
from creditgate.decide.table import TableDecider
from creditgate.decide.table_widths import Widths

Bits = NDArray[np.uint64]

#: The facts that the rules read.
READ: Final = tuple(
    fact
    for fact in FACTS
    if fact == "side"
    or any(fact in facts_read(tree) for rule in RULES for tree in (rule.when, rule.require))
)


class Way(ABC):
    """A way to decide every row of a table of orders.

    `distribution` is what a package registry calls the engine. Making one takes in the orders; that
    is not timed.
    """

    title: ClassVar[str]
    distribution: ClassVar[str] = "creditgate"
    is_peer: ClassVar[bool] = True

    @abstractmethod
    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        """Take in drawn orders, which are given as a table of the gate too."""

    @classmethod
    def installed(cls) -> str | None:
        """Return the version that is installed, or None."""
        try:
            return version(cls.distribution)
        except PackageNotFoundError:
            return None

    @abstractmethod
    def decide(self) -> Any:
        """Decide all orders; the result says for each which rules are breached."""

    def breached(self, result: Any, rows: int) -> Bits:
        """Return what was found for the first rows: bit 0 for the first of the listed rules."""
        raise NotImplementedError


class Creditgate(Way):
    """The gate itself: decisions, and the bits of rules breached, undecided and pending."""

    title = "creditgate"
    is_peer = False

    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        self._gate, self._table = Gate.load([RULEBOOK]), table

    @classmethod
    def installed(cls) -> str:
        """Return the version at hand."""
        return __version__

    def decide(self) -> Any:
        """Decide all orders."""
        return self._gate.decide_table(self._table, event=EVENT)

    def breached(self, result: Any, rows: int) -> Bits:
        """Return what was found; an order that is not breached must be approved."""
        some = result.slice(0, rows).combine_chunks()
        ids = [rule.id for rule in self._gate.engines[0].rulebook.rules.values()]
        places = [ids.index(rule.id) for rule in RULES]
        words = some.column("breached").to_pylist()
        decisions = some.column("decision").to_pylist()
        found = np.zeros(len(words), dtype=np.uint64)
        for row, (word, decision) in enumerate(zip(words, decisions, strict=True)):
            whole = int.from_bytes(word, "little")
            found[row] = sum((whole >> own & 1) << bit for bit, own in enumerate(places))
            if decision != ("rejected" if whole else "approved"):
                found[row] = 2**63  # no listed rule
        return found


class WideCreditgate(Creditgate):
    """The gate as it decides where 64 bits may be too few: numbers that may be larger are wide."""

    title = "creditgate, wide numbers"

    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        super().__init__(drawn, table)
        gate = self._gate
        self._wide = TableDecider(gate.engines, gate.vocabulary, widths=Widths(always_wide=True))

    def decide(self) -> Any:
        """Decide all orders with the kernel for numbers of 128 bits."""
        return self._wide.decide(
            self._table, {}, EVENT, lambda facts: self._gate.decide(facts).core
        )


class Sum(Way):
    """A sum of each column that the rules read, as they lie in memory: the limit of reading them."""

    title = "numba, the sum of the same columns"
    distribution = "numba"
    is_peer = False

    def __init__(self, drawn: Columns, table: pa.Table) -> None:
        from numba import njit

        @njit(nogil=True)
        def total(values: Any) -> Any:
            found = 0
            for each in values:
                found += each
            return found

        self._total, self._rows = total, table.num_rows
        self._held = [buffer_of(table.column(name_of(FACTS[fact])).chunk(0)) for fact in READ]
        for each in self._held:
            total(each[:1])

    def decide(self) -> Any:
        """Add every column up, in parts, by as many threads as the gate has."""
        workers = os.cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            return sum(pool.map(self._of_part, _parts(workers * 6)))

    def _of_part(self, part: tuple[float, float]) -> int:
        return sum(
            int(self._total(each[int(part[0] * len(each)) : int(part[1] * len(each))]))
            for each in self._held
        )

    @property
    def bytes_a_row(self) -> float:
        """Return how many bytes an order takes in the columns that the rules read."""
        return float(sum(each.nbytes for each in self._held) / self._rows)


def _parts(count: int) -> Iterator[tuple[float, float]]:
    return ((part / count, (part + 1) / count) for part in range(count))


def buffer_of(array: Any) -> Any:
    """Return the integers that a column is held as; of booleans the bytes of eight of them."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return buffer_of(array.indices)
    if pa.types.is_boolean(kind):
        return np.frombuffer(array.buffers()[1], dtype=np.uint8)[: -(-len(array) // 8)]
    width = np.dtype(f"int{kind.bit_width}")
    return np.frombuffer(array.buffers()[1], dtype=width)[: len(array)]
