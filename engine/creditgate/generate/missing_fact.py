"""A facts document without one fact, found by its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from creditgate.domain.vocabulary import Entity, Vocabulary

_ROW: Final = "[]"


def without_fact(
    document: Mapping[str, Any], path: str, vocabulary: Vocabulary
) -> dict[str, Any] | None:
    """Return a document without the fact of a path, of a list that of its first row.

    None where the document does not give it.
    """
    root, *steps, last = path.split(".")
    if root not in document:
        return None
    made = dict(document)
    entity = vocabulary.entities[root]
    record: dict[str, Any] | None = dict(made[root])
    made[root] = record
    for step in steps:
        if record is None:
            return None
        record, entity = _below(made, record, entity, step, vocabulary)
    if record is None or last not in record:
        return None
    del record[last]
    return made


def _below(
    made: dict[str, Any], record: dict[str, Any], entity: Entity, step: str, vocabulary: Vocabulary
) -> tuple[dict[str, Any] | None, Entity]:
    """Return the record that a step leads to, copied in its place; None where there is none."""
    name = step.removesuffix(_ROW)
    target = vocabulary.entities[entity.facts[name].target or ""]
    value = record.get(name)
    if step.endswith(_ROW):
        rows, holder, place = value, record, name
        at = 0
    else:
        rows, holder, place = made.get(target.list_name or ""), made, target.list_name or ""
        keys = [row.get(target.key) for row in rows or ()]
        at = keys.index(value) if value in keys else -1
    if not rows or at < 0:
        return None, target
    copied = [dict(row) if number == at else row for number, row in enumerate(rows)]
    holder[place] = copied
    return copied[at], target
