"""A made-up exchange, a venue and a member that build on it, and a short sale that passes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from creditgate.pipeline import Gate

HERE = Path(__file__).parent
Document = dict[str, Any]


@lru_cache
def _gate(*names: str) -> Gate:
    return Gate.load([HERE / "books" / name for name in names])


@pytest.fixture
def gate() -> Callable[..., Gate]:
    """Return the gate of some of the made-up rulebooks, each loaded once."""
    return _gate


@lru_cache
def _short_sale() -> Document:
    text = (HERE / "short_sale.json").read_text("utf-8")
    document: Document = json.loads(text, parse_float=Decimal)
    return document


@pytest.fixture
def short_sale() -> Callable[..., Document]:
    """Return the short sale with facts changed by path; None takes a fact out."""

    def changed(changes: dict[str, Any] | None = None) -> Document:
        document = copy.deepcopy(_short_sale())
        for path, value in (changes or {}).items():
            entity, _, name = path.partition(".")
            holder = document if not name else document.setdefault(entity, {})
            if value is None:
                del holder[name or entity]
            else:
                holder[name or entity] = value
        return document

    return changed
