"""A cell is read as a document would have it read, or it is left to the reader of documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("duckdb")

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from creditgate import Gate
from creditgate.decide.read import FactsRefused
from creditgate.domain.facts import attribute
from creditgate.domain.vocabulary import FactDeclaration
from creditgate.replay.typed_columns import Typed, typed, typed_record
from creditgate.tables.csv_rows import CsvRow
from creditgate.tables.join import facts_of_row

VOCABULARY = Gate.load(["cn/sse"]).vocabulary
READER = Gate.load(["cn/sse"])
ODDITIES = (
    "none", "null", "{}", "{a}", "a;b", "a;a", "a;", " a", "1_000", "1e3", "-0", "-0.0", "007", "+1",
    "50%", "1.00", "1.00005", "0.1", "٣", "true", "yes", "TRUE", "2026-01-20", "2026-W04-2",
    "20260120", "2026-02-30", "09:30", "9:30", "09:30:00", "2026-01-20T09:30:00+08:00",
    "2026-01-20T09:30:00Z", "2026-01-20T09:30:00", "2026-01-20 09:30:00+08:00", "0001-01-01",
    "2026-01-20T09:30:00.1234567+08:00", "9" * 17, "9" * 19, "9" * 40, "x" * 1001, "limit", "SSE",
)  # fmt: skip
FACTS = [
    ("order", name)
    for name in (
        "id", "security", "type", "quantity", "price", "trade_date", "entered_at", "mark",
        "credit_flag", "closes_contract", "repay_amount",
    )
] + [("client", "insider_of"), ("security", "static_pe"), ("account", "id")]  # fmt: skip


def read(entity: str, name: str, cell: str) -> Any:
    """Return what a document with the cell says: a value, None for none, or its refusal."""
    facts = facts_of_row(CsvRow("", {name: cell}), VOCABULARY.entities[entity], VOCABULARY)
    key = VOCABULARY.entities[entity].key
    record = facts if key is None or key in facts else {**facts, key: "1"}
    listed = VOCABULARY.entities[entity].list_name
    document: dict[str, Any] = {entity: record} if listed is None else {listed: [record]}
    try:
        root = READER.read(document).root
    except FactsRefused as refused:
        return refused
    held = getattr(root, attribute(entity)) if listed is None else getattr(root, listed)[0]
    return getattr(held, attribute(name))


def plain(value: Any, fact: FactDeclaration) -> Any:
    """Return a value of a column as documents hold it."""
    match value:
        case Decimal():
            return int(value.scaleb(fact.scale))
        case datetime():
            return (value - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution)
        case date():
            return value.toordinal()
        case time():
            return value.hour * 60 + value.minute
        case list():
            return frozenset(value)
        case _:
            return value


def same(found: Typed, fact: FactDeclaration, place: int, right: Any) -> bool:
    """Tell whether a cell that is not odd says what a document does."""
    if found.odd is not None and found.odd[place]:
        return True
    if found.none is not None and found.none[place]:
        return right is None
    return not isinstance(right, FactsRefused) and plain(found.values[place].as_py(), fact) == right


@pytest.mark.parametrize(("entity", "name"), FACTS)
@settings(max_examples=30, deadline=None)
@example(cells=list(ODDITIES))
@given(
    cells=st.lists(
        st.sampled_from(ODDITIES) | st.text(min_size=1, max_size=5), min_size=1, max_size=6
    )
)
def test_a_text_says_what_a_document_says_or_is_odd(
    entity: str, name: str, cells: Sequence[str]
) -> None:
    fact = VOCABULARY.entities[entity].facts[name]
    stripped = [cell.strip() for cell in cells if cell.strip()]
    found = typed(pa.array(stripped, pa.string()), fact, VOCABULARY)
    for place, cell in enumerate(stripped):
        assert same(found, fact, place, read(entity, name, cell)), cell


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(
        st.decimals(-(10**17), 10**17, places=6, allow_nan=False, allow_infinity=False)
        | st.decimals(0, 10**7, places=4, allow_nan=False, allow_infinity=False),
        min_size=1, max_size=5,
    )
)  # fmt: skip
@pytest.mark.parametrize("name", ["price", "quantity", "repay_amount"])
def test_a_decimal_says_what_a_document_says_or_is_odd(name: str, numbers: list[Decimal]) -> None:
    fact = VOCABULARY.entities["order"].facts[name]
    found = typed(pa.array(numbers, pa.decimal128(38, 6)), fact, VOCABULARY)
    for place, number in enumerate(numbers):
        assert same(found, fact, place, read("order", name, format(number, "f"))), number


def test_what_is_said_to_be_none_and_has_a_value_is_odd() -> None:
    order = VOCABULARY.entities["order"]
    columns = {
        "type": pa.array(["limit", "market", "limit"]),
        "price": pa.array(["1.00", None, "1.00"]),
    }
    none = {"price": pa.array([False, True, True])}
    record = typed_record(columns, none, 3, order, VOCABULARY)
    assert record.odd.tolist() == [False, False, True]


def test_what_may_be_none_only_with_a_sibling_is_odd_without_it() -> None:
    order = VOCABULARY.entities["order"]
    columns = {"type": pa.array(["limit", "market", None, "market"]),
               "price": pa.array(["none", "none", "none", "1.00"])}  # fmt: skip
    record = typed_record(columns, {}, 4, order, VOCABULARY)
    assert record.odd.tolist() == [True, False, False, True]
