"""The records of the tables beside the orders as tables of values, with the rows of their lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.decide.conversion import FactNames
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration
from creditgate.replay.cells import whole
from creditgate.replay.held import TIMELESS, Held, quoted
from creditgate.replay.typed_columns import ordinals, typed_record
from creditgate.tables.columns import CLAIMS, key_of, lists_of

#: A document with so many rows in the lists of one record is left to its reader, who counts them.
MOST_LISTED: Final = 1_000


class NotInColumns(Exception):
    """Tables of a kind whose orders are decided one by one."""


@dataclass(slots=True)
class Lists:
    """The rows of one list of an entity, an array a stated list, whoever's and whenever it was.

    `keys` are those of the owners; `starts` says from when each holds, or is None where always.
    `odd` and `sizes` are of each list.
    """

    fact: FactDeclaration
    arrays: Any
    keys: Any
    odd: Any
    sizes: Any
    starts: Any = None
    table: str = ""


@dataclass(slots=True)
class Records:
    """The records of an entity, one a row of its table as it is held, in the order of `row`.

    `columns` are the facts that are read, with lists that hold always; `timed` are the others.
    `odd` says which records only the reader of documents can read. `keys` are None where the
    table has no column for them.
    """

    entity: Entity
    rows: int
    columns: dict[str, Any]
    odd: Any
    sizes: Any
    keys: Any
    starts: Any = None
    ends: Any = None
    timed: list[Lists] = field(default_factory=list)

    def table(self) -> Any:
        """Return all records as a table."""
        return pa.table(self.columns)


class SideRecords:
    """Read the records of held tables. `read` are the facts that some rule reads."""

    def __init__(self, held: Held, read: FactNames) -> None:
        self._held, self._read = held, read
        self._columns = held.columns
        self._vocabulary = held.columns.vocabulary

    def of(self, name: str) -> Records:
        """Return the records of an entity that has a table.

        Errors: NotInColumns.
        """
        entity = self._vocabulary.entities[name]
        times = self._held.times[name]
        facts = [c for c in self._columns.files[name].columns if c in entity.facts]
        more = [] if times == TIMELESS else ["starts", "ends"]
        taken = ", ".join(["row", *more, quoted(facts)]) if facts else ", ".join(["row", *more])
        table = self._held.table(f'SELECT {taken} FROM "{name}" ORDER BY row')
        found = self._records(entity, facts, table)
        if more:
            found.starts, found.ends = (
                table.column(column).to_numpy(zero_copy_only=False) for column in more
            )
        return found

    def _records(self, entity: Entity, facts: list[str], table: Any) -> Records:
        columns = {fact: whole(table.column(f"c_{fact}")) for fact in facts}
        record = typed_record(columns, {}, table.num_rows, entity, self._vocabulary)
        key = key_of(entity)
        read = record.columns(lambda fact: (entity.name, fact) in self._read or fact == key)
        keys = columns.get(key)
        sizes = np.zeros(table.num_rows, dtype=np.int64)
        found = Records(entity, table.num_rows, read, record.odd.copy(), sizes, keys)
        for fact in self._columns.lists[entity.name]:
            self._attach(fact, found)
        found.odd |= found.sizes > MOST_LISTED
        return found

    def _attach(self, fact: FactDeclaration, records: Records) -> None:
        """Add a list to the records that it belongs to."""
        element = self._vocabulary.entities[fact.target or ""]
        owner = records.entity
        if owner not in self._columns.owners(element) or records.keys is None:
            return
        lists = self.lists(owner, fact)
        if lists is None:
            return
        if lists.starts is not None:
            if owner.kind != "single":
                raise NotInColumns(f"{owner.name}.{fact.name}")
            records.timed.append(lists)
            return
        at = pc.index_in(records.keys, value_set=lists.keys)
        rows = pc.fill_null(at, -1).to_numpy(zero_copy_only=False)
        has = rows >= 0
        records.odd[has] |= lists.odd[rows[has]]
        records.sizes[has] += lists.sizes[rows[has]]
        if (owner.name, fact.name) in self._read:
            records.columns[fact.name] = _taken_or_empty(lists.arrays, at, records.keys)

    def lists(self, owner: Entity, fact: FactDeclaration) -> Lists | None:
        """Return the rows of a list of an entity, or None where no list is known."""
        element = self._vocabulary.entities[fact.target or ""]
        times, key = self._held.times[element.name], quoted([key_of(element)])
        timed = times != TIMELESS
        by = "owner_key, starts" if timed else "owner_key"
        ours = f"owner = '{owner.name}' AND list = '{fact.name}'"
        stated = self._held.table(
            f'SELECT {by}, count({key}) AS rows FROM "{element.name}" WHERE {ours} '
            f"GROUP BY {by} ORDER BY {by}"
        )
        alone = len([f for f in self._columns.lists[owner.name] if f.target == fact.target]) == 1
        if not stated.num_rows and not timed and not alone:
            return None
        facts = [c for c in self._columns.files[element.name].columns if c in element.facts]
        table = self._held.table(
            f'SELECT {quoted(facts)} FROM "{element.name}" WHERE {ours} AND {key} IS NOT NULL '
            f"ORDER BY {by}, row"
        )
        inner = self._records(element, facts, table)
        if inner.timed:
            raise NotInColumns(element.name)
        sizes = stated.column("rows").to_numpy(zero_copy_only=False).astype(np.int64)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        own_key = key_of(element)
        if element.facts[own_key].kind == "text" and (element.name, own_key) not in self._read:
            # Ids that nobody reads are as many as there are rows.
            inner.columns[own_key] = ordinals(sizes)
        struct = pa.StructArray.from_arrays(
            [whole(column) for column in inner.columns.values()], names=list(inner.columns)
        )
        arrays = pa.ListArray.from_arrays(pa.array(offsets), struct)
        numbers = np.repeat(np.arange(len(sizes)), sizes)
        odd = np.zeros(len(sizes), dtype=bool)
        odd[numbers[inner.odd]] = True
        within = sizes + np.bincount(numbers, inner.sizes, len(sizes)).astype(np.int64)
        keys = whole(stated.column("owner_key"))
        found = Lists(fact, arrays, keys, odd, within)
        if timed:
            found.starts = stated.column("starts").to_numpy(zero_copy_only=False)
            found.table = f"stated_{owner.name}_{fact.name}"
            number = pa.array(np.arange(1, len(sizes) + 1))
            self._held.put(found.table, stated.append_column("row", number))
        return found


def _taken_or_empty(arrays: Any, at: Any, keys: Any) -> Any:
    """Return the lists of owners: empty where no row is theirs, unknown where they have no key."""
    empty = pa.array([[]], arrays.type)
    every = pa.concat_arrays([arrays, empty])
    places = pc.if_else(pc.is_null(keys), None, pc.fill_null(at, len(arrays)))
    return every.take(places)


def changes_of(records: Iterable[Records]) -> Mapping[str, Any]:
    """Return, of each entity whose rows hold from some moment, the moments at which any change."""
    return {each.entity.name: np.unique(each.starts) for each in records if each.starts is not None}


def kinds_held(held: Held) -> tuple[list[str], list[str]]:
    """Return the entities with tables: those with one record a case, and those of tables.

    Errors: NotInColumns where orders may be told of something else.
    """
    entities = held.columns.vocabulary.entities
    names = [name for name in held.folder.tables if name not in {CLAIMS, PUBLISHED_LIST}]
    if PUBLISHED_LIST in held.folder.tables:
        raise NotInColumns(PUBLISHED_LIST)
    singles = [name for name in names if entities[name].kind == "single"]
    return singles, [name for name in names if entities[name].kind == "table"]


def lists_of_orders(held: Held) -> list[FactDeclaration]:
    """Return the lists of orders whose rows stand in a table."""
    driving = held.columns.driving
    return [f for f in held.columns.lists[driving.name] if lists_of(driving, f.target or "")]
