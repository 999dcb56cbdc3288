"""Columns of orders as a table of the gate, every fact in a narrow and exact Arrow type."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from tests.perf.orders30.documents import EVENT
from tests.perf.orders30.facts import FACTS, Fact
from tests.perf.orders30.generator import Columns, Integers

_FIRST_DAY: Final = np.datetime64("1970-01-01")
_DIGITS: Final = 18  # of decimals in 64 bits


def name_of(fact: Fact) -> str:
    """Return the name of a column: those of other records than the order's have two parts."""
    return fact.name if fact.record == EVENT else f"{fact.record}.{fact.name}"


def order_table(drawn: Columns) -> pa.Table:
    """Return the table of drawn orders: one row an order, with its account, security and market."""
    return pa.table({name_of(FACTS[name]): arrow(FACTS[name], drawn[name]) for name in drawn})


def arrow(fact: Fact, values: Integers) -> Any:
    """Return a column: members by their place in 8 bits, decimals as integers of 64 bits."""
    match fact.kind:
        case "enum":
            codes = pa.array(values.astype(np.int8))
            return pa.DictionaryArray.from_arrays(codes, pa.array(fact.members))
        case "boolean":
            return pa.array(values != 0)
        case "day":
            return pa.array(_days(values), pa.date32())
        case "count":
            return pa.array(values)
        case "decimal":
            kind = pa.decimal64(_DIGITS, fact.places)
            held = pa.py_buffer(np.ascontiguousarray(values))
            return pa.Array.from_buffers(kind, len(values), [None, held])


def _days(values: Integers) -> Any:
    """Return days since 1970 of numbers yyyymmdd."""
    known, places = np.unique(values, return_inverse=True)
    texts = [f"{day:08}" for day in known.tolist()]
    dates = np.array([f"{t[:4]}-{t[4:6]}-{t[6:]}" for t in texts], dtype="datetime64[D]")
    return (dates - _FIRST_DAY).astype(np.int32)[places]
