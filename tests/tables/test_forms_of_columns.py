"""Columns are decided the same in every form in which Arrow can hold them, or are refused the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.perf.orders30.documents import EVENT, RULEBOOK, document
from tests.perf.orders30.facts import FACTS
from tests.perf.orders30.generator import columns, rows
from tests.perf.orders30.tables import name_of, order_table
from tests.tables.test_same_decisions import Row, row_of, rows_of

from creditgate import Gate
from creditgate.backends.columns.compile import uncompiled
from creditgate.backends.columns.frames import TableRefused
from creditgate.decide.table import TableDecider

COUNT = 240
DRAWN = columns(COUNT, seed=48)
TABLE = order_table(DRAWN)


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


@pytest.fixture(scope="module")
def one_by_one(gate: Gate) -> list[Row]:
    return [row_of(gate.decide(document(row)).core) for row in rows(DRAWN)]


def decided(gate: Gate, table: pa.Table) -> list[Row]:
    """Return what kernels that are not compiled find; few rows are decided otherwise."""
    asked: list[Any] = []

    def decide(given: Any) -> Any:
        asked.append(given)
        return gate.decide(given).core

    found = TableDecider(gate.engines, gate.vocabulary, uncompiled).decide(table, {}, EVENT, decide)
    assert len(asked) < COUNT
    return rows_of(found)


def changed(change: Callable[[str, Any], Any], table: pa.Table = TABLE) -> pa.Table:
    """Return a table with every column changed."""
    names = table.column_names
    return pa.table({name: change(name, table.column(name)) for name in names})


def _wide(_: str, column: Any) -> Any:
    if pa.types.is_decimal(column.type):
        return column.cast(pa.decimal128(38, column.type.scale))
    return column


def _narrow(name: str, column: Any) -> Any:
    """Return counts in 32 bits, those of few digits in 16, prices as decimals of 32."""
    if pa.types.is_integer(column.type):
        most = max(column.to_pylist())
        return column.cast(
            pa.int16() if most < 2**15 else pa.int32() if most < 2**31 else pa.int64()
        )
    if pa.types.is_decimal(column.type) and "ratio" in name:
        return column.cast(pa.decimal32(9, 4))
    return column


def _indexes(kind: pa.DataType) -> Callable[[str, Any], Any]:
    def change(_: str, column: Any) -> Any:
        if not pa.types.is_dictionary(column.type):
            return column
        (array,) = column.chunks
        return pa.DictionaryArray.from_arrays(array.indices.cast(kind), array.dictionary)

    return change


def _turned(_: str, column: Any) -> Any:
    """Return members in another order, with one that no row has before them twice over."""
    if not pa.types.is_dictionary(column.type):
        return column
    members = column.chunk(0).dictionary.to_pylist()[::-1]
    places = {member: place for place, member in enumerate(members)}
    codes = pa.array([places[each] for each in column.to_pylist()], pa.int8())
    return pa.DictionaryArray.from_arrays(codes, pa.array(members))


def _texts(_: str, column: Any) -> Any:
    if pa.types.is_dictionary(column.type) or pa.types.is_date32(column.type):
        return column.cast(pa.string())
    return column


def _shifted(_: str, column: Any) -> Any:
    """Return a slice that begins in the middle of a byte of bits."""
    (array,) = column.chunks
    return pa.concat_arrays([array.slice(0, 3), array, array.slice(0, 2)]).slice(3, len(array))


def _in_pieces(_: str, column: Any) -> Any:
    (array,) = column.chunks
    return pa.chunked_array([array.slice(0, 7), array.slice(7, 64), array.slice(71)])


FORMS: dict[str, Callable[[str, Any], Any]] = {
    "decimals of 64 bits": lambda _, column: column,
    "decimals of 128 bits": _wide,
    "narrow integers": _narrow,
    "indexes of 16 bits": _indexes(pa.int16()),
    "indexes of 32 bits": _indexes(pa.int32()),
    "indexes without a sign": _indexes(pa.uint8()),
    "members in another order": _turned,
    "texts": _texts,
    "slices": _shifted,
    "pieces": _in_pieces,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_decided_as_its_rows_are(form: str, gate: Gate, one_by_one: list[Row]) -> None:
    assert decided(gate, changed(FORMS[form])) == one_by_one


def test_machine_code_reads_columns_as_plain_code_does(gate: Gate, one_by_one: list[Row]) -> None:
    for form in ("decimals of 64 bits", "slices"):
        found = rows_of(gate.decide_table(changed(FORMS[form]), event=EVENT))
        assert found == one_by_one


def test_many_blocks_are_decided_as_one(gate: Gate, one_by_one: list[Row]) -> None:
    times = 90  # rows in three blocks and in two threads' parts, the last block not full
    found = gate.decide_table(pa.concat_tables([TABLE] * times), event=EVENT)
    assert rows_of(found) == one_by_one * times


@pytest.mark.parametrize("form", ["decimals of 64 bits", "decimals of 128 bits", "slices"])
def test_a_null_is_a_fact_that_is_missing(form: str, gate: Gate) -> None:
    lacking = {name: place for place, name in enumerate(TABLE.column_names) if name != "trade_date"}

    def without(name: str, column: Any) -> Any:
        rows_without = range(lacking[name], COUNT, 48) if name in lacking else range(0)
        mask = np.isin(np.arange(COUNT), list(rows_without))
        return pa.array(column.to_pylist(), column.type, mask=mask)

    kept = changed(without)
    wanted = []
    for place, row in enumerate(rows(DRAWN)):
        made = document(row)
        for name, fact in FACTS.items():
            if not kept.column(name_of(fact))[place].is_valid:
                del made[fact.record][name]
        wanted.append(row_of(gate.decide(made).core))
    assert decided(gate, changed(FORMS[form], kept)) == wanted
    assert {decision for decision, _ in wanted} == {"approved", "rejected", "undecided"}


def _with(name: str, row: int, value: Any) -> Callable[[str, Any], Any]:
    def change(own: str, column: Any) -> Any:
        values = column.to_pylist()
        if own == name:
            values[row] = value
        return pa.array(values, column.type)

    return change


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantity", 0),
        ("quantity", 10_000_001),
        ("quantity", -100),
        ("quantity", 20_000_000),
        ("measured_account.cash", Decimal("-0.01")),  # no rule reads it
        ("measured_account.equity", Decimal("-100000000000.01")),
        ("measured_account.total_assets", Decimal("100000000000.01")),
        ("measured_security.listing_days", -1),
    ],
)
@pytest.mark.parametrize("form", ["decimals of 64 bits", "decimals of 128 bits", "slices"])
def test_a_number_beyond_its_bounds_is_refused_with_its_row(
    form: str, name: str, value: Any, gate: Gate
) -> None:
    table = changed(FORMS[form], changed(_with(name, 117, value)))
    with pytest.raises(TableRefused, match="the number in row 117 is not between") as refused:
        decided(gate, table)
    place = name if "." in name else f"{EVENT}.{name}"
    assert refused.value.place == place


@pytest.mark.parametrize("value", [-(2**63), 1 - 2**63, 2**63 - 1, 10_000_001, 0])
def test_machine_code_lets_no_number_pass_that_wraps(value: int, gate: Gate) -> None:
    with pytest.raises(TableRefused, match=r"in row 3 is not between|a number is too large"):
        gate.decide_table(changed(_with("quantity", 3, value)), event=EVENT)


@pytest.mark.parametrize(
    ("name", "value"),
    [("quantity", 10_000_000), ("quantity", 1), ("measured_security.haircut", Decimal(1))],
)
def test_a_number_on_its_bounds_is_taken(name: str, value: Any, gate: Gate) -> None:
    table = changed(_with(name, 5, value))
    row = rows(DRAWN)[5]
    fact = name.rpartition(".")[2]
    row[fact] = int(value * 10 ** FACTS[fact].places)
    assert decided(gate, table)[5] == row_of(gate.decide(document(row)).core)


def test_an_index_of_no_text_is_refused(gate: Gate) -> None:
    def beyond(name: str, column: Any) -> Any:
        if name != "measured_security.security_class":
            return column
        codes = column.chunk(0).indices.to_numpy().copy()
        codes[200] = 99
        return pa.DictionaryArray.from_arrays(
            pa.array(codes), column.chunk(0).dictionary, safe=False
        )

    with pytest.raises(TableRefused, match="an index is of no text"):
        decided(gate, changed(beyond))


def test_a_null_among_the_texts_of_a_dictionary_is_a_fact_that_is_missing(gate: Gate) -> None:
    def change(name: str, column: Any) -> Any:
        if name != "side":
            return column
        words = [None if w == "margin_buy" else w for w in column.chunk(0).dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(column.chunk(0).indices, pa.array(words))

    found = decided(gate, changed(change))
    for row, (decision, _) in zip(rows(DRAWN), found, strict=True):
        made = document(row)
        if row["side"] == "margin_buy":
            del made[EVENT]["side"]
        assert decision == gate.decide(made).outcome


def test_other_records_stand_in_a_table_or_in_the_rows_but_not_in_both(gate: Gate) -> None:
    twice = {"measured_account": pa.table({"cash": [Decimal("1.00")]})}
    with pytest.raises(TableRefused, match="no table of this name"):
        gate.decide_table(TABLE, twice, event=EVENT)
    misspelt = TABLE.append_column("measured_account.cassh", TABLE.column("measured_account.cash"))
    with pytest.raises(TableRefused, match="no fact is called so"):
        gate.decide_table(misspelt, event=EVENT)
