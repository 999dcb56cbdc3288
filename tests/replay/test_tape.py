"""The recorded day of SSE 600000 comes out of a replay as it does out of the demo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.replay.tape_tables import tape_orders, write_tape

pytest.importorskip("duckdb")

from pyarrow import parquet

from creditgate import Gate
from creditgate.replay.run import replay


@pytest.mark.parametrize("rulebook", ["cn/sse", "brokers/example_cn_member"])
def test_the_tape_is_decided_as_the_demo_decides_it(rulebook: str, tmp_path: Path) -> None:
    # The beginning of the day, which fills several parts and meets every rule that the whole does.
    orders = tape_orders(9_000 if rulebook == "cn/sse" else 3_000)
    desk = write_tape(tmp_path, orders)
    gate = Gate.load([rulebook])
    out = tmp_path / "out.parquet"
    done = replay(tmp_path / "orders.csv", tmp_path / "tables", out, gate)
    assert done.diagnostics == ()
    rows = parquet.read_table(out).to_pylist()
    assert [row["id"] for row in rows] == [order.number for order in orders]
    for place, (order, row) in enumerate(zip(orders, rows, strict=True)):
        document = desk.document(order, desk.account_for(place))
        decision = gate.decide(json.dumps(document).encode())
        found = (row["decision"], row["breached"], row["undecided"], row["missing"])
        assert found == (
            decision.outcome, list(decision.breached), list(decision.undecided),
            list(decision.missing),
        ), order  # fmt: skip
    assert done.counts.orders == len(rows)
    assert len({row["decision"] for row in rows}) == 3
