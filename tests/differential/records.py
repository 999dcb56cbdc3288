"""Classes of records, one for each entity of a vocabulary, every fact missing by default."""

from __future__ import annotations

from typing import Any

import msgspec

from creditgate.domain.dsl_types import Record, without_none
from creditgate.domain.facts import MISSING, attribute, record_attribute
from creditgate.domain.vocabulary import Vocabulary

_CLASSES: dict[tuple[int, str | None], tuple[Vocabulary, Any]] = {}


def record_class(vocabulary: Vocabulary, entity: str | None) -> Any:
    """Return the class of an entity's records; without an entity, that of the root of facts."""
    key = (id(vocabulary), entity)
    if key not in _CLASSES:
        _CLASSES[key] = (vocabulary, _made(vocabulary, entity))
    return _CLASSES[key][1]


def _made(vocabulary: Vocabulary, entity: str | None) -> Any:
    if entity is None:
        names = [attribute(each.name) for each in vocabulary.entities.values()]
        return msgspec.defstruct("root", [(name, Any, MISSING) for name in names])
    declared = vocabulary.entities[entity]
    fields: list[tuple[str, Any, Any]] = []
    for fact in declared.facts.values():
        fields.append((attribute(fact.name), Any, MISSING))
        if isinstance(without_none(fact.type), Record):
            fields.append((record_attribute(fact.name), Any, MISSING))
    return msgspec.defstruct(entity, fields, namespace={"RECORD_KEY": declared.key or "id"})
