"""Facts documents with other values: what a remedy or a suggestion proposes, as it would be sent."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from creditgate.decide.values import exact_text
from creditgate.domain.dsl_types import Boolean, Duration, Number, SetOf, Time, Type, without_none


def document_value(value: Any, kind: Type) -> Any:
    """Return a value as it stands in a facts document.

    >>> from creditgate.domain.dsl_types import QUANTITY
    >>> document_value(Fraction(100), QUANTITY)
    '100'
    """
    match without_none(kind):
        case _ if value is None:
            return None
        case Boolean():
            return bool(value)
        case Duration(unit):
            return int(Fraction(value, 1_000_000)) if unit == "seconds" else int(value)
        case SetOf():
            return sorted(map(str, value))
        case Number() as number:
            return exact_text(value, number)
        case Time():
            return f"{exact_text(value, Time())}:00"
        case other:
            return exact_text(value, other)


def with_fact(document: Mapping[str, Any], entity: str, name: str, value: Any) -> dict[str, Any]:
    """Return a document with another value of a fact of a single record."""
    record = document.get(entity)
    return {**document, entity: {**(record if isinstance(record, dict) else {}), name: value}}


def with_row(
    document: Mapping[str, Any], place: tuple[str, str, str], key: str, name: str, value: Any
) -> dict[str, Any]:
    """Return a document with another value of a fact in a row.

    `place` names the entity, its list and the key of the row, which stands in the row as `key`.
    """
    entity, listed, wanted = place
    changed = copy.deepcopy(dict(document))
    for row in changed[entity][listed]:
        if str(row[key]) == wanted:
            row[name] = value
    return changed
