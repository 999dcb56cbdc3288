"""The rows of tables that each order of a block sees, found by joins as of its moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.replay.held import DATED, TIMELESS, Held
from creditgate.replay.side_records import NotInColumns, Records
from creditgate.tables.columns import Step, key_of

#: The names of the columns of a block that say when its orders were.
INSTANT: Final = "instant"
DAY: Final = "day"
_TEXTS: Final = frozenset({"enum", "text", "reference"})


class BlockJoin:
    """Join blocks of orders with the tables that hold one record for each order.

    The tables are asked in the order in which one leads to the next. Of a table with moments the
    last row of a key at or before the order's is taken. A word that many orders have is looked for
    once, and of what a record of another table leads to always, it is known beforehand.
    """

    def __init__(self, held: Held, singles: Mapping[str, Records]) -> None:
        self._held, self._singles = held, singles
        self._columns = held.columns
        self._driving = held.columns.driving
        self._led: dict[str, tuple[str, Any]] = {}
        self._by_word: dict[str, str] = {}
        self._taken: list[tuple[str, str]] = []
        self._joins: list[str] = []
        self.keys: tuple[str, ...] = tuple(dict.fromkeys(self._keys_of_orders()))
        for step in self._columns.steps:
            self._add(step)

    @property
    def needs_instant(self) -> bool:
        """Tell whether an order must have an instant for its rows to be found by a join."""
        return any(times not in {TIMELESS, DATED} for times in self._held.times.values())

    def rows(self, block: pa.Table) -> dict[str, Any]:
        """Return the row of each order in each table, counted from 0 and below it where none is.

        Shape: `block` has the columns of `keys`, `instant` and `day`. The result has an array for
               each single entity; of a list with moments, one named `entity.list`, of stated lists.
        """
        found: dict[str, Any] = {}
        asked = {"n": pa.array(np.arange(block.num_rows))}
        asked |= {name: block.column(name) for name in (INSTANT, DAY)}
        for key in self.keys:
            words = block.column(key).combine_chunks()
            words = words if pa.types.is_dictionary(words.type) else words.dictionary_encode()
            asked[key] = words
            for name, column in self._by_word.items():
                if column == key:
                    found[name] = self._rows_of_words(name, words)
                    asked[f"r_{name}"] = pa.array(found[name])
        if self._taken:
            found |= self._per_order(pa.table(asked))
        for name, (leader, rows) in self._led.items():
            found[name] = np.append(rows, -1)[found[leader]]
        return found

    def _per_order(self, block: pa.Table) -> dict[str, Any]:
        taken = "".join(f", {expression}" for _, expression in self._taken)
        with self._held.given("block", block):
            table = self._held.table(f"SELECT o.n{taken} FROM block o {' '.join(self._joins)}")
        at = table.column("n").to_numpy()
        found: dict[str, Any] = {}
        for place, (name, _) in enumerate(self._taken, 1):
            found[name] = np.full(block.num_rows, -1, dtype=np.int64)
            found[name][at] = table.column(place).to_numpy(zero_copy_only=False)
        return found

    def _rows_of_words(self, name: str, words: Any) -> Any:
        """Return the row of each order in a table that holds always, by a word that it has."""
        asked = pa.table({"n": np.arange(len(words.dictionary)), "word": words.dictionary})
        key = self._key(name)
        with self._held.given("words", asked):
            table = self._held.table(
                f'SELECT w.n, t.row - 1 AS row FROM words w JOIN "{name}" t ON t."c_{key}" = w.word'
            )
        rows = np.full(len(asked) + 1, -1, dtype=np.int64)
        rows[table.column("n").to_numpy()] = table.column("row").to_numpy()
        return rows[pc.fill_null(words.indices, len(asked)).to_numpy(zero_copy_only=False)]

    def _key(self, name: str) -> str:
        """Return the column of a table by which its rows are known to orders."""
        step = next(step for step in self._columns.steps if step.entity.name == name)
        return key_of(step.entity) if step.leader is not None else step.keys[0]

    def _keys_of_orders(self) -> Iterator[str]:
        """Yield the columns of orders by which rows are found."""
        for step in self._columns.steps:
            led = (step.entity.name,) if step.leader == self._driving.name else ()
            for key in led or step.keys:
                if not led and self._names_single(key):
                    continue
                fact = self._driving.facts.get(key)
                if fact is not None and fact.kind not in _TEXTS:
                    raise NotInColumns(f"{self._driving.name}.{key}")
                yield key

    def _names_single(self, key: str) -> bool:
        known = {step.entity.name for step in self._columns.steps}
        return key in known and key not in self._driving.facts

    def _add(self, step: Step) -> None:
        name, times = step.entity.name, self._held.times[step.entity.name]
        is_timed = bool(self._singles[name].timed)
        if step.leader not in {None, self._driving.name}:
            if times == TIMELESS and not is_timed:
                self._led[name] = (step.leader or "", self._rows_led(step.leader or "", name))
                return
        elif times == TIMELESS and not is_timed:
            column = name if step.leader is not None else step.keys[0] if step.keys else ""
            if column and len(step.keys) <= 1 and not (step.keys and self._names_single(column)):
                self._by_word[name] = column
                return
        self._ask(step, times)

    def _rows_led(self, leader: str, name: str) -> Any:
        """Return the row to which each record of another table leads, which has one for each."""
        key = self._columns.vocabulary.entities[name]
        table = self._held.table(
            f"SELECT coalesce(t.row, 0) - 1 AS row "
            f'FROM "{leader}" l LEFT JOIN "{name}" t ON t."c_{key_of(key)}" = l."c_{name}" '
            "ORDER BY l.row"
        )
        return table.column("row").to_numpy()

    def _ask(self, step: Step, times: str) -> None:
        """Have a table asked for each order."""
        name = step.entity.name
        if step.leader is not None:
            on = [f'"t_{name}"."c_{key_of(step.entity)}" = {self._cell(step.leader, name)}']
        else:
            on = [f'"t_{name}"."c_{key}" = {self._value(key)}' for key in step.keys]
        self._join(name, f"t_{name}", on, times)
        self._taken.append((name, f'coalesce("t_{name}".row, 0) - 1'))
        for lists in self._singles[name].timed:
            alias = f"l_{name}_{lists.fact.name}"
            keyed = [f'"{alias}".owner_key = "t_{name}"."c_{key_of(step.entity)}"']
            self._join(lists.table, alias, keyed, self._held.times[lists.fact.target or ""])
            self._taken.append((f"{name}.{lists.fact.name}", f'coalesce("{alias}".row, 0) - 1'))

    def _join(self, table: str, alias: str, on: list[str], times: str) -> None:
        kind = "LEFT JOIN"
        if times != TIMELESS:
            kind = "ASOF LEFT JOIN"
            on = [*on, f'"{alias}".starts <= o.{DAY if times == DATED else INSTANT}']
        self._joins.append(f'{kind} "{table}" "{alias}" ON {" AND ".join(on) or "true"}')

    def _value(self, key: str) -> str:
        if self._names_single(key):
            return self._cell(key, key_of(self._columns.vocabulary.entities[key]))
        return f'o."{key}"'

    def _cell(self, holder: str, column: str) -> str:
        """Return what a row found before says in a column."""
        if holder == self._driving.name:
            return f'o."{column}"'
        if holder in self._by_word:
            self._show(holder, f'"t_{holder}".row = o."r_{holder}" + 1')
        elif holder in self._led:
            leader, _ = self._led[holder]
            cell = self._cell(leader, holder)
            entity = self._columns.vocabulary.entities[holder]
            self._show(holder, f'"t_{holder}"."c_{key_of(entity)}" = {cell}')
        return f'"t_{holder}"."c_{column}"'

    def _show(self, holder: str, on: str) -> None:
        """Join a table whose rows are known already, for another that hangs on its cells."""
        join = f'LEFT JOIN "{holder}" "t_{holder}" ON {on}'
        if join not in self._joins:
            self._joins.append(join)
