"""The facts document of a decision as it was given, and documents as stable bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import msgspec

from creditgate.decide.decision import Source

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_MOST_DIGITS: Final = 18
_LARGE: Final = 10**_MOST_DIGITS


class _NotADocument(Exception):
    """Text that cannot be written again as a document: it stays text."""


def document_of(source: Source) -> dict[str, Any] | str | None:
    """Return the facts document that a decision was asked with.

    Numbers are as they were written. What is not a JSON document is returned as its text; None
    where the facts were not read by a gate.
    """
    given = source.refused if source.facts is None else source.facts.given
    if isinstance(given, bytes | str):
        # Bytes that are no UTF-8 are written out, which leaves a text that is no document.
        text = (
            given.decode("utf-8", "backslashreplace") if isinstance(given, bytes) else _text(given)
        )
        try:
            found = json.loads(
                text, parse_float=Decimal, parse_int=_whole, parse_constant=_refused,
                object_pairs_hook=_unique,
            )  # fmt: skip
            if source.facts is None:
                # Refused facts may hold what cannot be written inside a record.
                stable_bytes([[[[found]]]])
        except (ValueError, ArithmeticError, RecursionError, _NotADocument):
            return text
        return found if isinstance(found, dict) else text
    return plain_document(given) if isinstance(given, Mapping) else None


def plain_document(document: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a document of values that JSON has; those of other kinds become their text."""
    return {_text(str(key)): _plain(value) for key, value in document.items()}


def stable_bytes(value: Any) -> bytes:
    """Return a value as JSON; the keys of maps are sorted, numbers stay as written.

    >>> stable_bytes({"b": Decimal("10.10"), "a": None})
    b'{"a":null,"b":10.10}'
    """
    return _ENCODER.encode(value)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | Decimal():
            return value
        case str():
            return _text(value)
        case int():
            return value if abs(value) < _LARGE else Decimal(value)
        case float():
            return Decimal(repr(value)) if isfinite(value) else repr(value)
        case Mapping():
            return plain_document(value)
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted(_text(str(item)) for item in value)
        case _:
            return value.isoformat() if hasattr(value, "isoformat") else _text(str(value))


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _MOST_DIGITS else Decimal(text)


def _refused(text: str) -> Any:
    raise _NotADocument(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotADocument
    return found
