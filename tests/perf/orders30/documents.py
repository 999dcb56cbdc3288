"""Rows as the engines take them: facts documents for the gate, flat records for the peers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
from tests.perf.orders30.facts import FACTS, Row

RULEBOOK: Final = Path(__file__).parent / "world" / "orders30"
EVENT: Final = "measured_order"

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final = msgspec.json.Decoder()
_SCALES: Final = tuple(
    (fact.name, 10**fact.places) for fact in FACTS.values() if fact.kind == "decimal"
)


def document(row: Row) -> dict[str, Any]:
    """Return the facts document of a row: exact decimals, days in ISO form."""
    made: dict[str, Any] = {"event": EVENT}
    for name, value in row.items():
        fact = FACTS[name]
        made.setdefault(fact.record, {})[name] = _stated(name, value)
    return made


def json_document(row: Row) -> bytes:
    """Return the facts document of a row as JSON, its decimals as numbers."""
    return _ENCODER.encode(document(row))


def json_record(row: Row) -> bytes:
    """Return a row as one flat JSON object: decimals as numbers, days as the number yyyymmdd."""
    plain = {
        name: _stated(name, value) if FACTS[name].kind == "decimal" else value
        for name, value in row.items()
    }
    return _ENCODER.encode(plain)


def row_of_json(raw: bytes) -> Row:
    """Return the row of a flat JSON object.

    No amount of the generator has more than fifteen digits, so that doubles give them back.
    """
    row: Row = _DECODER.decode(raw)
    for name, scale in _SCALES:
        row[name] = round(row[name] * scale)
    return row


def _stated(name: str, value: Any) -> Any:
    fact = FACTS[name]
    if fact.kind == "decimal":
        return Decimal(value).scaleb(-fact.places)
    if fact.kind == "day":
        text = str(value)
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return value
