"""Arrow tables as frames: the records of one entity, one array a fact, with the rows of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.domain.vocabulary import Entity, Vocabulary

#: A column of this ending says of which rows the fact before it is none.
NONE = ".none"


class TableRefused(Exception):
    """A table that cannot be used: what is wrong, and where."""

    def __init__(self, place: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{place}: {message}")
        self.place, self.message, self.hint = place, message, hint


@dataclass(frozen=True, slots=True)
class Frame:
    """Records of an entity: an array a fact, and another for those that are none."""

    entity: Entity
    rows: int
    arrays: Mapping[str, Any]
    none: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Children:
    """The rows of a list: where those of each record begin, and which records have no list."""

    offsets: Any
    missing: Any
    frame: Frame


def frame_of(entity: Entity, table: pa.Table) -> Frame:
    """Return a table as a frame; columns that are no facts of the entity are kept apart."""
    arrays: dict[str, Any] = {}
    none: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for name in table.column_names:
        if table.column_names.count(name) > 1:
            raise TableRefused(f"{entity.name}.{name}", "two columns have this name")
        array = _one(table.column(name))
        fact = name.removesuffix(NONE)
        if name in entity.facts:
            arrays[name] = array
        elif fact != name and fact in entity.facts:
            none[fact] = array
        else:
            others[name] = array
    return Frame(entity, table.num_rows, arrays, none, others)


def inner_tables(table: pa.Table, entities: Iterable[Entity]) -> Iterator[tuple[Entity, pa.Table]]:
    """Yield the records of other entities that stand in the rows of a table.

    Their columns are named after the entity and the fact: `account.cash`.
    """
    for entity in entities:
        before = f"{entity.name}."
        names = [name for name in table.column_names if name.startswith(before)]
        if names:
            yield (
                entity,
                table.select(names).rename_columns([n.removeprefix(before) for n in names]),
            )


def children_of(frame: Frame, fact: str, vocabulary: Vocabulary) -> Children:
    """Return the rows of a list of records."""
    declared = frame.entity.facts[fact]
    array = frame.arrays[fact]
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise TableRefused(f"{frame.entity.name}.{fact}", "a list of rows is expected")
    entity = vocabulary.entities[declared.target or ""]
    offsets, values = _listed(array)
    if pa.types.is_null(values.type) and not len(values):
        return Children(offsets, _missing(array), Frame(entity, 0, {}))
    if not pa.types.is_struct(values.type):
        raise TableRefused(f"{frame.entity.name}.{fact}", "the rows of a list are records")
    if values.null_count:
        raise TableRefused(f"{frame.entity.name}.{fact}", "a row of a list is null")
    fields = [values.type.field(place).name for place in range(values.type.num_fields)]
    inner = pa.table({name: values.field(name) for name in fields}) if fields else pa.table({})
    found = frame_of(entity, inner)
    found = Frame(entity, len(values), found.arrays, found.none, found.others)
    if found.others:
        raise TableRefused(f"{frame.entity.name}.{fact}", f"no fact is called {min(found.others)}")
    return Children(offsets, _missing(array), found)


def members_of(frame: Frame, fact: str) -> tuple[Any, Any, Any]:
    """Return where the members of a set begin in each record, which have no set, and the members."""
    array = frame.arrays[fact]
    if not (pa.types.is_list(array.type) or pa.types.is_large_list(array.type)):
        raise TableRefused(f"{frame.entity.name}.{fact}", "a list of members is expected")
    offsets, members = _listed(array)
    if members.null_count:
        raise TableRefused(f"{frame.entity.name}.{fact}", "a member of a set is null")
    return offsets, _missing(array), members


def _one(column: pa.ChunkedArray) -> Any:
    """Return a column as one array; only its own bits say what is null in it."""
    found = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    found = found.chunk(0) if isinstance(found, pa.ChunkedArray) else found
    if pa.types.is_dictionary(found.type) and found.dictionary.null_count:
        return found.cast(found.type.value_type)
    return found


def _listed(array: Any) -> tuple[Any, Any]:
    """Return where the lists of an array begin among the values that are in them, and these.

    A part of a longer array holds the values of all of it.
    """
    offsets = array.offsets.to_numpy().astype(np.int64)
    if not len(offsets):
        return np.zeros(1, dtype=np.int64), array.values.slice(0, 0)
    first, last = int(offsets[0]), int(offsets[-1])
    return offsets - first, array.values.slice(first, last - first)


def _missing(array: Any) -> Any:
    return pc.is_null(array).to_numpy(zero_copy_only=False)
