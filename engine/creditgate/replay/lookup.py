"""What the tables say about a batch of orders, each row as of the moment of its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow

from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration
from creditgate.replay.held import DATED, TIMELESS, Held, cells_of, key_columns, quoted
from creditgate.replay.moments import Moment
from creditgate.tables.columns import CLAIM_COLUMNS, CLAIMS, key_of
from creditgate.tables.csv_rows import CsvRow
from creditgate.tables.join import Key, key_for, rows_within

# The place that stands for every order of a batch, in tables that hold always.
_EVERY: Final = 0
_HOLDS: Final = {
    TIMELESS: "true",
    DATED: "w.day IS NOT NULL AND t.starts <= w.day AND (t.ends IS NULL OR t.ends > w.day)",
    # Of an order without an instant only its day is known: what changes on that day is not known.
    "timed": "CASE WHEN w.instant IS NOT NULL "
    "THEN t.starts <= w.instant AND (t.ends IS NULL OR t.ends > w.instant) "
    "ELSE w.day IS NOT NULL AND t.day < w.day AND (t.next_day IS NULL OR t.next_day > w.day) END",
}


@dataclass(slots=True)
class Found:
    """Rows found for a batch, by the place of the order in it (counted from 1) and by key."""

    records: dict[str, dict[tuple[int, Key], CsvRow]] = field(default_factory=dict)
    lists: dict[str, dict[tuple[int, str, str], list[tuple[str, CsvRow]]]] = field(
        default_factory=dict
    )
    claims: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    daily_lists: dict[str, list[CsvRow]] = field(default_factory=dict)


class Lookup:
    """Ask the held tables about batches of orders."""

    def __init__(self, held: Held) -> None:
        self.held, self.columns = held, held.columns
        self.vocabulary = held.columns.vocabulary
        self._entities = [
            self.vocabulary.entities[name]
            for name in held.folder.tables
            if name not in {CLAIMS, PUBLISHED_LIST}
        ]
        self.is_timed = any(times != TIMELESS for times in held.times.values())
        self._elements = [e for e in self._entities if e.kind == "element"]
        self._records = {e.name for e in self._entities} - {e.name for e in self._elements}
        self._references = {
            name: [
                f for f in e.facts.values() if f.kind == "reference" and f.target in self._records
            ]
            for name, e in self.vocabulary.entities.items()
        }
        self._owners = {
            element.name: {owner.name: key_of(owner) for owner in self.columns.owners(element)}
            for element in self._elements
        }
        self._lists_named = {
            (element.name, owner, name)
            for element in self._elements
            for owner, name in held.asked(f'SELECT DISTINCT owner, list FROM "{element.name}"')
        }
        self._common_lists = self._daily_lists(None)

    def found(self, rows: Sequence[CsvRow], moments: Sequence[Moment]) -> Found:
        """Return what the tables say about orders at their moments."""
        found = Found()
        self._show_moments(moments)
        waiting = self._singles(rows, found)
        for place, name, row in tuple(waiting):
            waiting += [(place, *each) for each in rows_within(row, name, self.vocabulary)]
        seen = {(place, name, row.place) for place, name, row in waiting}
        while waiting:
            reached = [*self._lists_of(waiting, found), *self._references_of(waiting, found)]
            waiting = []
            for place, name, row in reached:
                if (place, name, row.place) not in seen:
                    seen.add((place, name, row.place))
                    waiting.append((place, name, row))
        ids = (row.cells.get(key_of(self.columns.driving)) for row in rows)
        self._add_by_order({id for id in ids if id is not None}, found)
        return found

    def _show_moments(self, moments: Sequence[Moment]) -> None:
        numbers = pyarrow.array(range(1, len(moments) + 1), pyarrow.int64())
        named = {"place": numbers}
        for name in ("instant", "day"):
            named[name] = pyarrow.array([getattr(m, name) for m in moments], pyarrow.int64())
        self.held.put("moments", pyarrow.table(named))

    def _singles(self, rows: Sequence[CsvRow], found: Found) -> list[tuple[int, str, CsvRow]]:
        """Find the single records of each order, step by step; return all rows known so far."""
        driving = self.columns.driving.name
        chains: list[dict[str, CsvRow]] = [{driving: row} for row in rows]
        for step in self.columns.steps:
            name = step.entity.name
            keys = [key_for(step, chain, self.columns)[0] for chain in chains]
            wanted = {(self._at(name, n), key) for n, key in enumerate(keys, 1) if key is not None}
            held = self._find_records(step.entity, wanted, found)
            for number, key in enumerate(keys, 1):
                row = None if key is None else held.get((self._at(name, number), key))
                if row is not None:
                    chains[number - 1][name] = row
        reached = [
            (number if self.is_timed else _EVERY, name, row)
            for number, chain in enumerate(chains, 1)
            for name, row in chain.items()
        ]
        return list({(place, name, row.place): (place, name, row) for place, name, row in reached}.values())  # fmt: skip

    def _at(self, name: str, place: int) -> int:
        return _EVERY if self.held.times[name] == TIMELESS else place

    def _lists_of(
        self, holders: Sequence[tuple[int, str, CsvRow]], found: Found
    ) -> list[tuple[int, str, CsvRow]]:
        reached: list[tuple[int, str, CsvRow]] = []
        for element in self._elements:
            owners = self._owners[element.name]
            asked = [
                (place, name, row.cells[owners[name]])
                for place, name, row in holders
                if name in owners and owners[name] in row.cells
            ]
            wanted = {(self._at(element.name, place), name, key) for place, name, key in asked}
            held = self._find_lists(element, wanted, found)
            for place, name, key in asked:
                rows = held.get((self._at(element.name, place), name, key), [])
                reached += [(place, element.name, row) for _, row in rows]
        return reached

    def _references_of(
        self, holders: Sequence[tuple[int, str, CsvRow]], found: Found
    ) -> list[tuple[int, str, CsvRow]]:
        asked: dict[str, list[tuple[int, str]]] = {}
        for place, name, row in holders:
            for fact in self._references[name]:
                cell = row.cells.get(fact.name)
                if cell is not None:
                    asked.setdefault(fact.target or "", []).append((place, cell))
        reached: list[tuple[int, str, CsvRow]] = []
        for name, cells in asked.items():
            wanted: set[tuple[int, Key]] = {(self._at(name, n), (cell,)) for n, cell in cells}
            held = self._find_records(self.vocabulary.entities[name], wanted, found)
            for place, cell in cells:
                target = held.get((self._at(name, place), (cell,)))
                if target is not None:
                    reached.append((place, name, target))
        return reached

    def _find_records(
        self, entity: Entity, wanted: set[tuple[int, Key]], found: Found
    ) -> Mapping[tuple[int, Key], CsvRow]:
        held = found.records.setdefault(entity.name, {})
        asked = sorted(key for key in wanted if key not in held)
        if not asked:
            return held
        keyed = key_columns(self.columns, entity)
        wanted_keys = {f"k{n}": [key[n] for _, key in asked] for n in range(len(keyed))}
        on = " AND ".join(f"t.{quoted([column])} = w.k{n}" for n, column in enumerate(keyed))
        names = self.columns.files[entity.name].columns
        for number, place, *cells in self._joined(
            entity.name, [place for place, _ in asked], wanted_keys, on, quoted(names, "t")
        ):
            held[asked[number]] = self.held.row(entity.name, place, names, cells)
        return held

    def _find_lists(
        self, entity: Entity, wanted: set[tuple[int, str, str]], found: Found
    ) -> Mapping[tuple[int, str, str], list[tuple[str, CsvRow]]]:
        held = found.lists.setdefault(entity.name, {})
        asked = sorted(key for key in wanted if key not in held)
        if not asked:
            return held
        keys = {"k0": [owner for _, owner, _ in asked], "k1": [key for *_, key in asked]}
        names = self.columns.files[entity.name].columns
        held.update({key: [] for key in asked})
        for number, place, listed, *cells in self._joined(
            entity.name, [place for place, _, _ in asked], keys,
            "t.owner = w.k0 AND t.owner_key = w.k1", f"t.list, {quoted(names, 't')}",
        ):  # fmt: skip
            held[asked[number]].append((listed, self.held.row(entity.name, place, names, cells)))
        return held

    def _joined(
        self, name: str, places: list[int], keys: Mapping[str, list[str]], on: str, taken: str
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a table that hold for keys, each with the number of its key."""
        numbers = pyarrow.array(range(len(places)), pyarrow.int64())
        asked = pyarrow.table({"number": numbers, "place": pyarrow.array(places, pyarrow.int64()), **keys})  # fmt: skip
        times = self.held.times[name]
        window = ""
        if times != TIMELESS:
            # Only rows that hold at some time of the batch take part in the join.
            moment = "day" if times == DATED else "instant"
            span = f"min({moment}), max({moment}), count(*) FILTER ({moment} IS NULL)"
            low, high, unknown = self.held.asked(f"SELECT {span} FROM moments")[0]
            if low is not None and not unknown:
                window = f"WHERE starts <= {high} AND (ends IS NULL OR ends > {low})"
        with self.held.given("asked", asked):
            return self.held.asked(
                f'SELECT w.number, t.place, {taken} FROM (SELECT * FROM "{name}" {window}) t '
                "JOIN (SELECT a.*, m.instant, m.day FROM asked a "
                "LEFT JOIN moments m USING (place)) w "
                f"ON {on or 'true'} AND {_HOLDS[times]} ORDER BY w.number, t.row"
            )

    def _add_by_order(self, ids: set[str], found: Found) -> None:
        """Add the claims and daily lists that are made for single orders."""
        driving = self.columns.driving.name
        asked = pyarrow.table({"id": pyarrow.array(sorted(ids), pyarrow.string())})
        with self.held.given("asked", asked):
            if CLAIMS in self.held.folder.tables:
                for id, *cells in self.held.asked(
                    f"SELECT a.id, {quoted(CLAIM_COLUMNS, 't')} FROM raw_claims t "
                    f"JOIN asked a ON t.{quoted([driving])} = a.id ORDER BY t.rowid"
                ):
                    found.claims.setdefault(id, []).append(cells_of(CLAIM_COLUMNS, cells))
            source = self.held.folder.tables.get(PUBLISHED_LIST)
            if source is not None and driving in source.columns:
                for id, row in self._daily_lists("asked") or ():
                    found.daily_lists.setdefault(id or "", []).append(row)

    def _daily_lists(self, asked: str | None) -> list[tuple[str | None, CsvRow]] | None:
        """Return the daily lists for all orders, or those for the orders asked about."""
        source = self.held.folder.tables.get(PUBLISHED_LIST)
        if source is None:
            return None
        driving, table = self.columns.driving.name, f'"raw_{PUBLISHED_LIST}"'
        own = driving in source.columns
        column = f"t.{quoted([driving])}" if own else "NULL"
        which = f"WHERE {column} IS NULL" if asked is None else f"JOIN {asked} a ON {column} = a.id"
        rows = self.held.asked(
            f"SELECT {column}, t.place, {quoted(source.columns, 't')} FROM {table} t {which} "
            "ORDER BY t.rowid"
        )
        row, names = self.held.row, source.columns
        return [(id, row(PUBLISHED_LIST, number, names, cells)) for id, number, *cells in rows]

    def seen_by(self, found: Found, place: int) -> Seen:
        """Return the tables as the order at a place of the batch, counted from 1, sees them."""
        return Seen(self, found, place)


class Seen:
    """The rows that one order sees: the `Rows` of a join."""

    def __init__(self, lookup: Lookup, found: Found, place: int) -> None:
        self._lookup, self._found, self._place = lookup, found, place

    def _at(self, entity: str) -> int:
        return _EVERY if self._lookup.held.times[entity] == TIMELESS else self._place

    def row(self, entity: str, key: Key) -> CsvRow | None:
        """Return the row of a record as of the order, or None."""
        if entity not in self._lookup._records:
            return None
        return self._found.records.get(entity, {}).get((self._at(entity), key))

    def is_known(self, entity: str, key: Key) -> bool:
        """Tell whether a table has the key; of one with moments, that may be at another."""
        if entity not in self._lookup._records or self._lookup.held.times[entity] != TIMELESS:
            return True
        return (_EVERY, key) in self._found.records.get(entity, {})

    def listed(self, owner: Entity, key: str, fact: FactDeclaration) -> list[CsvRow] | None:
        """Return the rows of a list, or None where they are not known as of the order."""
        element = self._lookup.vocabulary.entities[fact.target or ""]
        times = self._lookup.held.times.get(element.name)
        if times is None or owner.name not in self._lookup._owners[element.name]:
            return None
        rows = self._found.lists.get(element.name, {}).get((self._at(element.name), owner.name, key), [])  # fmt: skip
        named = [row for name, row in rows if name == fact.name]
        if times != TIMELESS:
            # A list that nobody has stated by then is not known; a row without a key says empty.
            kept = [row for row in named if key_of(element) in row.cells]
            return kept if named else None
        alone = sum(f.target == fact.target for f in self._lookup.columns.lists[owner.name]) == 1
        if not alone and (element.name, owner.name, fact.name) not in self._lookup._lists_named:
            return None
        return named

    def claims_of(self, key: str) -> list[dict[str, str]] | None:
        """Return the claims made for the order, or None where there are none."""
        return self._found.claims.get(key)

    def lists_for(self, key: str | None) -> list[CsvRow] | None:
        """Return the daily lists stated for the order, or None where there is no table of them."""
        common = self._lookup._common_lists
        if common is None:
            return None
        return [*(row for _, row in common), *self._found.daily_lists.get(key or "", [])]
