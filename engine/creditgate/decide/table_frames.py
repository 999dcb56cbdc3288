"""Which of the tables at hand holds which records."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from creditgate.backends.columns.frames import Frame, TableRefused, frame_of, inner_tables
from creditgate.base.suggest import nearest
from creditgate.domain.vocabulary import Event, Vocabulary


def frames_of(
    vocabulary: Vocabulary, event: Event, table: pa.Table, tables: Mapping[str, pa.Table]
) -> tuple[dict[str, Frame], frozenset[str]]:
    """Return the frames, and the entities whose records stand in the rows themselves."""
    aligned = event.dated_by[0]
    entities = vocabulary.entities
    by_list = vocabulary.tables()
    singles = [e for e in entities.values() if e.kind == "single" and e.name in event.subjects]
    others = [entity for entity in singles if entity.name != aligned]
    inner = {entity.name: found for entity, found in inner_tables(table, others)}
    named = [
        name for entity in inner for name in table.column_names if name.startswith(f"{entity}.")
    ]
    frames = {aligned: frame_of(entities[aligned], table.drop_columns(named))}
    frames |= {entity: frame_of(entities[entity], found) for entity, found in inner.items()}
    beside = frozenset(inner)
    for name, other in tables.items():
        entity = by_list.get(name) or entities.get(name)
        if entity is None or entity.kind == "element" or entity.name in {aligned, *beside}:
            raise TableRefused(name, "there is no table of this name")
        frames[entity.name] = frame_of(entity, other)
    orders = frames[aligned]
    for entity_name, frame in frames.items():
        if frame is orders:
            known = {*frames, "claims"} - beside
        else:
            known = set() if entity_name in beside else set(orders.arrays)
        unknown = sorted(set(frame.others) - known)
        if unknown:
            hint = nearest(unknown[0], [*frame.entity.facts, *known])
            raise TableRefused(f"{entity_name}.{unknown[0]}", "no fact is called so", hint)
    return frames, beside
