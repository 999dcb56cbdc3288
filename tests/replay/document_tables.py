"""Tables of orders, as the gate decides them at once, as the tables that a replay reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from creditgate.domain.vocabulary import Entity, Vocabulary

Tables = Mapping[str, pa.Table]


def replay_tables(others: Tables, vocabulary: Vocabulary) -> dict[str, pa.Table]:
    """Return tables with the rows of lists in tables of their own, by the name of their file."""
    found: dict[str, list[pa.Table]] = {}
    for name, table in others.items():
        entity = vocabulary.entities[name]
        for inner, rows in _split(entity, table, vocabulary):
            found.setdefault(inner.list_name or inner.name, []).append(rows)
    return {
        name: pa.concat_tables(parts, promote_options="default") for name, parts in found.items()
    }


def _split(
    entity: Entity, table: pa.Table, vocabulary: Vocabulary
) -> Iterator[tuple[Entity, pa.Table]]:
    lists = [n for n in table.column_names if n in entity.facts and entity.facts[n].kind == "list"]
    for name in lists:
        inner = vocabulary.entities[entity.facts[name].target or ""]
        column = _whole(table.column(name))
        values = _whole(column.flatten())
        if not pa.types.is_struct(values.type):
            continue
        owners = table.column(entity.key or "id").take(pc.list_parent_indices(column))
        fields = [values.type.field(n).name for n in range(values.type.num_fields)]
        rows = pa.table({field: pc.struct_field(values, [field]) for field in fields})
        key = inner.key
        if key is not None and inner.facts[key].kind == "text":
            own = pc.binary_join_element_wise(owners, rows.column(key), "#")
            rows = rows.set_column(rows.column_names.index(key), key, own)
        rows = rows.append_column(entity.name, owners)
        same = [f for f in entity.facts.values() if f.kind == "list" and f.target == inner.name]
        if len(same) > 1:
            rows = rows.append_column("list", pa.array([name] * rows.num_rows, pa.string()))
        yield from _split(inner, rows, vocabulary)
    yield entity, table.drop_columns(lists)


def _whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found
