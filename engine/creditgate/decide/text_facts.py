"""Facts written as text (YAML, CSV) to the plain values of a facts document.

Numbers stay text, which is read exactly; `none` is the value none where a fact may be none.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

_WORDS = {"yes": True, "true": True, "no": False, "false": False}


def document_from_text(document: Any, vocabulary: Vocabulary) -> Any:
    """Return a facts document of text with booleans, whole numbers and none put in."""
    if not isinstance(document, Mapping):
        return document
    tables = vocabulary.tables()
    found: dict[str, Any] = {}
    for key, value in document.items():
        entity = vocabulary.entities.get(key)
        if entity is not None and entity.kind == "single":
            found[key] = record_from_text(value, entity, vocabulary)
        elif key in tables:
            found[key] = _rows(value, tables[key], vocabulary)
        else:
            found[key] = value
    return found


def record_from_text(value: Any, entity: Entity, vocabulary: Vocabulary) -> Any:
    """Return one record of text with its values put in."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: item if (fact := entity.facts.get(name)) is None else value_from_text(item, fact, vocabulary)
        for name, item in value.items()
    }  # fmt: skip


def _rows(value: Any, entity: Entity, vocabulary: Vocabulary) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return [record_from_text(row, entity, vocabulary) for row in value]


def value_from_text(value: Any, fact: FactDeclaration, vocabulary: Vocabulary) -> Any:
    """Return one value; what does not fit is left as it is, for the reader to refuse."""
    if fact.kind == "list":
        return _rows(value, vocabulary.entities[fact.target or ""], vocabulary)
    if not isinstance(value, str):
        return value
    if value in {"none", "null"} and fact.may_be_none:
        return None
    if fact.kind == "boolean":
        return _WORDS.get(value, value)
    if fact.kind == "duration":
        digits = value.replace("_", "")
        return int(digits) if digits.lstrip("-").isdecimal() and len(digits) < 20 else value
    if fact.kind in {"count", "number", "ratio", "quantity", "money", "price"}:
        return _number_text(value)
    return value


def _number_text(value: str) -> str:
    text = value.replace("_", "")
    if text.endswith("%") and text[:-1].lstrip("-").replace(".", "", 1).isdecimal():
        return format(Decimal(text[:-1]).scaleb(-2), "f")
    return text
