"""The folder of the benchmark of replays comes out as the orders that it repeats, without timing."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("duckdb")

from pyarrow import parquet
from tests.perf.accounts_bench import DRAWN
from tests.perf.replay_bench import COLUMNS, NUMBERS, RECORDS, joined
from tests.perf.replay_tables import write_folder
from tests.perf.workload import RULEBOOK, json_bytes

from creditgate import Gate
from creditgate.replay.run import replay

ORDERS = 60


def test_each_order_is_joined_once_and_decided_as_it_is_alone(tmp_path: Path) -> None:
    gate = Gate.load([RULEBOOK])
    drawn = write_folder(tmp_path, gate, ORDERS, DRAWN)
    for columns in (COLUMNS, NUMBERS):
        assert joined(tmp_path, columns) > 0
    out = tmp_path / "out.parquet"
    done = replay(tmp_path / "orders.parquet", tmp_path / "tables", out, gate)
    assert not done.diagnostics
    assert not done.counts.unread
    alone = [gate.decide(json_bytes(drawn.documents[int(n)])).outcome for n in drawn.drawn]
    assert parquet.read_table(out).column("decision").to_pylist() == alone


def test_records_hold_from_moments_on(tmp_path: Path) -> None:
    write_folder(tmp_path, Gate.load([RULEBOOK]), 10, DRAWN)
    for name in RECORDS:
        table = parquet.read_table(tmp_path / "tables" / f"{name}.parquet")
        moments = set(table.column("as_of").to_pylist())
        assert len(moments) == (2 if name in {"account", "market"} else 1)
