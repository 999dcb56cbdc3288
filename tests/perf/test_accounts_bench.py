"""The tables of the benchmark of credit accounts are those of the orders it compares."""

from __future__ import annotations

import pytest

pytest.importorskip("pyarrow")

from tests.perf.accounts_bench import DRAWN, drawn_tables
from tests.perf.workload import RULEBOOK

from creditgate import Gate


def test_each_order_refers_to_an_account_that_was_drawn_with_it() -> None:
    tables = drawn_tables(Gate.load([RULEBOOK]), 500, 2 * DRAWN)
    accounts = tables.others["account"]
    ids = accounts.column("id").to_pylist()
    assert len(set(ids)) == len(ids) == 2 * DRAWN
    place_of = {key: place for place, key in enumerate(ids)}
    given = tables.orders.column("account").to_pylist()
    for row, key in enumerate(given):
        document = tables.documents[int(tables.drawn[row])]
        cash = accounts.column("cash")[place_of[key]].as_py()
        assert cash == document["account"]["cash"]
    assert len(set(given)) > 300
