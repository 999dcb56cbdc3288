"""Batches and readers of orders are decided as a table of them is, in bounded memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.cases import shipped
from tests.perf.workload import RULEBOOK, order_document
from tests.tables.order_tables import OrderTables
from tests.tables.test_same_decisions import row_of, rows_of

from creditgate import Gate
from creditgate.backends.columns.compile import Run, uncompiled
from creditgate.backends.columns.frames import TableRefused
from creditgate.backends.columns.kernel import Kernel
from creditgate.decide.table import TableDecider
from creditgate.decide.table_beside import Beside
from creditgate.decide.table_stream import ROWS_TOGETHER, decided

Case = tuple[Gate, TableDecider, OrderTables]


@pytest.fixture(scope="module")
def case() -> Case:
    gate = Gate.load(["us/reg_nms"])
    cases = [dict(case.facts) for case in shipped.cases("us/reg_nms")]
    documents = [d for d in cases if d.get("event", "order") == "order" and "claims" not in d]
    day = documents[0]["order"]["trade_date"]
    documents = [d for d in documents if d["order"].get("trade_date") == day]
    tables = OrderTables(documents, gate.vocabulary)
    return gate, TableDecider(gate.engines, gate.vocabulary, uncompiled), tables


def _decided(case: Case, given: Any) -> Any:
    gate, decider, tables = case

    def decide(table: pa.Table) -> pa.Table:
        return decider.decide(table, tables.others, "order", lambda d: gate.decide(d).core)

    return decided(given, decide, decider.schema)


def test_a_batch_gives_a_batch_and_a_reader_a_reader_of_the_same_decisions(case: Case) -> None:
    orders = case[2].orders.combine_chunks()
    whole = _decided(case, orders)
    (batch,) = orders.to_batches()
    found = _decided(case, batch)
    assert isinstance(found, pa.RecordBatch)
    assert pa.Table.from_batches([found]).equals(whole, check_metadata=True)
    reader = pa.RecordBatchReader.from_batches(orders.schema, orders.to_batches(max_chunksize=3))
    found = _decided(case, reader)
    assert isinstance(found, pa.RecordBatchReader)
    assert found.read_all().combine_chunks().equals(whole.combine_chunks(), check_metadata=True)


def test_a_reader_without_rows_gives_decisions_without_rows(case: Case) -> None:
    orders = case[2].orders
    nothing: list[pa.RecordBatch] = []
    for batches in (nothing, orders.slice(0, 0).to_batches()):
        found = _decided(case, pa.RecordBatchReader.from_batches(orders.schema, batches)).read_all()
        assert found.num_rows == 0
        assert found.schema.equals(_decided(case, orders).schema, check_metadata=True)


def test_decided_rows_are_let_go_of_without_the_garbage_collector(case: Case) -> None:
    orders = case[2].orders.combine_chunks()
    _decided(case, orders)
    pool = pa.default_memory_pool()
    gc.collect()
    gc.disable()
    try:
        before = pool.bytes_allocated()
        for _ in range(3):
            copied = pa.concat_tables([orders] * 2).combine_chunks()
            _decided(case, copied)
            del copied
        assert pool.bytes_allocated() == before
    finally:
        gc.enable()


def test_no_more_of_a_reader_is_read_than_its_next_decisions_need(case: Case) -> None:
    orders = case[2].orders
    times = ROWS_TOGETHER // orders.num_rows + 1
    (small,) = orders.combine_chunks().to_batches()
    large = pa.concat_tables([orders] * times).combine_chunks().to_batches()[0]
    read: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate((small, large, small)):
            read.append(number)
            yield batch

    found = _decided(case, pa.RecordBatchReader.from_batches(orders.schema, batches()))
    assert read == []
    first = found.read_next_batch()
    assert first.num_rows == small.num_rows + large.num_rows
    assert read == [0, 1]
    assert found.read_next_batch().num_rows == small.num_rows
    with pytest.raises(StopIteration):
        found.read_next_batch()


def test_a_batch_that_cannot_be_read_is_refused_when_its_turn_comes(case: Case) -> None:
    orders = case[2].orders
    wrong = orders.append_column("quantitty", pa.array([1] * orders.num_rows))
    reader = pa.RecordBatchReader.from_batches(wrong.schema, wrong.to_batches())
    found = _decided(case, reader)
    with pytest.raises(TableRefused, match="no fact is called so"):
        found.read_next_batch()


@pytest.mark.parametrize("rows", [1, 7])
def test_batches_of_orders_share_what_was_worked_out_for_their_accounts(rows: int) -> None:
    gate = Gate.load([RULEBOOK])
    random = Random(7)
    actions = ("margin_buy", "short_sell")
    documents = [order_document(random, actions[n % 5 > 2], plain=n % 3 == 0) for n in range(24)]
    tables = OrderTables(documents, gate.vocabulary)
    asked: list[Any] = []
    filled: list[Kernel] = []

    def compile_(kernel: Kernel) -> Run:
        run = uncompiled(kernel)

        def noted(*given: Any) -> Any:
            filled.extend([kernel] if "decision" not in kernel.source else [])
            return run(*given)

        return noted

    decider = TableDecider(gate.engines, gate.vocabulary, compile_)
    kept = Beside()

    def decide(table: pa.Table) -> pa.Table:
        def alone(document: Any) -> Any:
            asked.append(document)
            return gate.decide(document).core

        return decider.decide(table, tables.others, "order", alone, kept)

    found = []
    orders = tables.orders.combine_chunks()
    for begin in range(0, orders.num_rows, rows):
        found += rows_of(decide(orders.slice(begin, rows)))
    assert found == [row_of(gate.decide(document).core) for document in documents]
    assert len(filled) == len({id(kernel) for kernel in filled}) > 0
