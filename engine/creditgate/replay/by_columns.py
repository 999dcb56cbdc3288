"""Decide blocks of orders as tables: what comes out alike is one outcome of many orders.

The rows that a table cannot say exactly, and orders whose decision names more than its rules, are
left to be decided one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.frames import TableRefused
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import PENDING, REJECTED, UNDECIDED
from creditgate.decide.facts_needed import facts_read
from creditgate.decide.plan import Plans
from creditgate.domain.dsl_types import TEXT
from creditgate.domain.vocabulary import FactDeclaration
from creditgate.pipeline import Gate
from creditgate.replay.block_join import DAY, INSTANT, BlockJoin
from creditgate.replay.cells import Cells
from creditgate.replay.held import Held, quoted
from creditgate.replay.moments import ENTERED_AT
from creditgate.replay.one_rulebook import OneRulebook
from creditgate.replay.row_lists import RowLists
from creditgate.replay.side_records import SideRecords, kinds_held
from creditgate.replay.side_tables import SideTables
from creditgate.replay.typed_columns import decoded, typed, typed_record
from creditgate.tables.columns import CLAIMS, EVENT, key_of, plain_facts

#: So few orders are sooner decided one by one.
FEW: Final = 1_024
_FIRST_DAY: Final = 719_163


@dataclass(frozen=True, slots=True)
class Alike:
    """Orders of a day that come out alike: the bits of their rules, and the first of them."""

    known_as: bytes
    decision: str
    first: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a block: of each order the place of those `alike`, or -1 for none."""

    places: Any
    alike: list[Alike]


class ByColumns:
    """Decide blocks of orders by columns, where the tables allow it.

    Orders for which evidence is wanted are left, if they breach something.
    Errors: NotInColumns where no order of these tables can be decided so.
    """

    def __init__(self, held: Held, gate: Gate, *, evidence: bool) -> None:
        self._held, self._evidence = held, evidence
        self._columns = held.columns
        self._vocabulary = gate.vocabulary
        self._dated_by = gate.vocabulary.events[DEFAULT_EVENT].dated_by[1]
        self._plans = Plans(gate.engines, gate.vocabulary)
        # What each rulebook finds is told apart, for a decision names those that govern.
        self._rulebooks = [OneRulebook(each, gate) for each in gate.engines]
        self._plain_days: dict[int, bool] = {}
        read = frozenset().union(*(facts_read(each.rulebook) for each in gate.engines))
        self._read = read
        side = SideRecords(held, read)
        singles, tables = kinds_held(held)
        self._singles = {name: side.of(name) for name in singles}
        self._side = SideTables(held, [side.of(name) for name in tables], self._singles, read)
        self._join = BlockJoin(held, self._singles)
        self._lists = RowLists(held, read)
        self._claimed = self._ids_of_claims()

    def _ids_of_claims(self) -> Any:
        if CLAIMS not in self._held.folder.tables:
            return None
        column = quoted([self._columns.driving.name])
        table = self._held.table(f"SELECT DISTINCT {column} AS id FROM raw_claims")
        return table.column("id").combine_chunks()

    def found(self, cells: Cells) -> Found:
        """Return what is found for a block of orders."""
        places = np.full(cells.count, -1, dtype=np.int32)
        block = _Block(self, cells)
        left = np.flatnonzero(~block.odd)
        seen: dict[str, Any] = {}
        if len(left) >= FEW:
            seen = self._join.rows(block.keys(self._join.keys))
            odd = block.odd | self._side.odd(seen, cells.count)
            left = np.flatnonzero(~odd)
        alike: list[Alike] = []
        for rows, tables in self._side.groups(left, block.moments, seen):
            if len(rows) >= FEW:
                self._decide(block, rows, tables, seen, places, alike)
        return Found(places, alike)

    def _decide(
        self, block: _Block, rows: Any, tables: Mapping[str, Any], seen: Mapping[str, Any],
        places: Any, alike: list[Alike],
    ) -> None:  # fmt: skip
        rows = rows[self._is_plain(block.days[rows])]
        if len(rows) < FEW:
            return
        is_all = len(rows) == block.count
        columns = block.columns
        if not is_all:
            taken = pa.array(rows)
            columns = {name: column.take(taken) for name, column in columns.items()}
        beside, more = self._side.beside(rows, seen)
        table = pa.table({**columns, **more})
        try:
            found = [each.decided(table, {**tables, **beside}) for each in self._rulebooks]
        except TableRefused:
            return  # whichever row it is, it is found when they are read one by one
        self._sort(found, rows, block.days[rows], places, alike)

    def _is_plain(self, days: Any) -> Any:
        """Return which days have rules without deadlines, of which their bits say all."""
        unique, inverse = np.unique(days, return_inverse=True)
        for day in unique.tolist():
            if day not in self._plain_days:
                steps = self._plans.on(DEFAULT_EVENT, day).steps
                self._plain_days[day] = all(step.plain for step in steps)
        return np.array([self._plain_days[day] for day in unique.tolist()], dtype=bool)[inverse]

    def _sort(
        self, found: list[Any], rows: Any, days: Any, places: Any, alike: list[Alike]
    ) -> None:  # fmt: skip
        """Sort orders by what was found; those that need more than that are left."""
        parts = [days.astype("<i4").view(np.uint8).reshape(-1, 4)]
        clear = np.ones(len(rows), dtype=bool)
        rank = np.zeros(len(rows), dtype=np.int64)
        words: list[str] = []
        for each in found:
            decision = each.column("decision").combine_chunks()
            words = decision.dictionary.to_pylist()
            codes = decision.indices.to_numpy()
            breached, undecided, pending = (
                _bytes(each.column(name).combine_chunks())
                for name in ("breached", "undecided", "pending")
            )
            clear &= (_numbers(undecided) == 0) & (_numbers(pending) == 0)
            rank = np.maximum(rank, codes)
            parts += [codes.astype(np.uint8).reshape(-1, 1), breached]
        left = [words.index(UNDECIDED), words.index(PENDING)]
        left += [words.index(REJECTED)] if self._evidence else []
        clear &= ~np.isin(rank, left)
        codes = _alike(parts)
        numbers = np.full(int(codes.max()) + 1, -1, dtype=np.int32)
        firsts = np.full(len(numbers), len(rows), dtype=np.int64)
        chosen = np.flatnonzero(clear)
        firsts[codes[chosen][::-1]] = chosen[::-1]
        for code in np.flatnonzero(firsts < len(rows)).tolist():
            first = int(firsts[code])
            name = b"".join(part[first].tobytes() for part in parts)
            numbers[code] = len(alike)
            alike.append(Alike(name, words[rank[first]], int(rows[first])))
        places[rows[chosen]] = numbers[codes[chosen]]

    def _claims(self, ids: Any) -> Any:
        if self._claimed is None:
            return None
        words = decoded(ids)
        return pc.is_in(words, value_set=self._claimed).to_numpy(zero_copy_only=False)


def _alike(parts: list[Any]) -> Any:
    """Return a number for each row, the same for those whose bytes are the same in all parts."""
    codes = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        own = pa.array(_numbers(part)).dictionary_encode()
        both = codes * len(own.dictionary) + own.indices.to_numpy()
        codes = pa.array(both).dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes


def _numbers(part: Any) -> Any:
    """Return rows of bytes as numbers, zero where all bytes are zero and each its own."""
    width = part.shape[1]
    if width in {1, 2, 4, 8}:
        return np.ascontiguousarray(part).view(f"<u{width}").ravel()
    whole = np.ascontiguousarray(part)
    kind = pa.binary(width)
    array = pa.Array.from_buffers(kind, len(part), [None, pa.py_buffer(whole)])
    # A row without any bit comes first, so that its number is zero.
    zero = pa.array([bytes(width)], kind)
    return pa.concat_arrays([zero, array]).dictionary_encode().indices.to_numpy()[1:]


def _bytes(array: Any) -> Any:
    width = array.type.byte_width
    found = np.frombuffer(array.buffers()[1], dtype=np.uint8)[array.offset * width :]
    return found[: len(array) * width].reshape(-1, width)


class _Block:
    """The orders of a block as values: which can be decided by columns, their days and moments."""

    def __init__(self, by: ByColumns, cells: Cells) -> None:
        self._by, self.count = by, cells.count
        driving, vocabulary = by._columns.driving, by._vocabulary
        header = by._columns.files[driving.name].columns
        plain = {name: cells.column(name) for name in header if name in plain_facts(driving)}
        none = {name: cells.none(name) for name in plain if cells.none(name) is not None}
        self._facts = typed_record(plain, none, cells.count, driving, vocabulary)
        self._links = {
            name: typed(cells.column(name), FactDeclaration(name, "text", TEXT, driving.title), vocabulary)
            for name in header
            if name not in plain
        }  # fmt: skip
        self.odd = self._facts.odd | cells.unread()
        for link in self._links.values():
            if link.odd is not None:
                self.odd |= link.odd
        self._set_moments()
        self._find_odd()
        lists, odd = by._lists.of(cells, self._key())
        self.odd |= odd
        read = self._facts.columns(lambda name: (driving.name, name) in by._read)
        self.columns = {**read, **lists}

    def _key(self) -> Any:
        found = self._facts.facts.get(key_of(self._by._columns.driving))
        return None if found is None else found.values

    def _set_moments(self) -> None:
        dated = self._facts.facts.get(self._by._dated_by)
        entered = self._facts.facts.get(ENTERED_AT)
        none = pa.nulls(self.count, pa.int64())
        days = none if dated is None else dated.values.cast(pa.int32()).cast(pa.int64())
        self.instants = none if entered is None else entered.values.cast(pa.int64())
        if pa.types.is_timestamp(getattr(entered, "values", none).type):
            assert entered is not None
            self.instants = entered.values.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
        self.odd |= pc.is_null(days).to_numpy(zero_copy_only=False)
        if self._by._join.needs_instant:
            self.odd |= pc.is_null(self.instants).to_numpy(zero_copy_only=False)
        self.days = pc.fill_null(days, 0).to_numpy(zero_copy_only=False) + _FIRST_DAY

    def _find_odd(self) -> None:
        """Note the orders of other events, those with claims, and what no table holds."""
        event, key = self._links.get(EVENT), self._key()
        if event is not None:
            words = decoded(event.values)
            other = pc.fill_null(pc.not_equal(words, DEFAULT_EVENT), False)
            self.odd |= other.to_numpy(zero_copy_only=False)
        claims = None if key is None else self._by._claims(key)
        if claims is not None:
            self.odd |= claims
        for name, fact in self._by._columns.driving.facts.items():
            found = self._facts.facts.get(name)
            if fact.kind == "reference" and found is not None:
                dangling = self._by._side.dangling(fact.target or "", found.values)
                if dangling is not None:
                    self.odd |= dangling

    @property
    def moments(self) -> Mapping[str, Any]:
        """Return when the orders were, by instants and by days; odd ones have any."""
        instants = pc.fill_null(self.instants, 0).to_numpy(zero_copy_only=False)
        return {INSTANT: instants, DAY: self.days}

    def keys(self, names: tuple[str, ...]) -> pa.Table:
        """Return the columns by which the rows of tables are found."""
        columns: dict[str, Any] = {}
        for name in names:
            held = self._links.get(name) or self._facts.facts[name]
            columns[name] = held.values
        columns[INSTANT], columns[DAY] = self.instants, pa.array(self.days)
        return pa.table(columns)
