"""Time replays from Parquet beside reading and joining the same columns.

    python -m tests.perf.replay_bench            a million orders of ten thousand accounts
    python -m tests.perf.replay_bench --full     fifty million orders of a hundred thousand accounts
    python -m tests.perf.replay_bench --orders 10000000 --full
    python -m tests.perf.replay_bench --write    keep the results for docs/performance.md

An embedded database reads orders and tables and joins them as of the instants of the orders; the
replay does the same and decides and writes as well. The most memory is that of processes of their
own, with all orders and with a tenth of them, or as many as fill blocks. Decisions are compared with
single ones; only a difference fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import duckdb
import pyarrow as pa
from pyarrow import parquet
from tests.docs.generate import parts
from tests.docs.pages import with_generated
from tests.perf.accounts_bench import Tables
from tests.perf.bench import machine
from tests.perf.peers_bench import PAGE
from tests.perf.replay_results import Peak, Results, keep, report
from tests.perf.replay_tables import AT_ONCE, write_folder
from tests.perf.workload import RULEBOOK, json_bytes

from creditgate import Gate
from creditgate.replay.parts import MOST_SIZE
from creditgate.replay.run import replay

ORDERS, ACCOUNTS = 1_000_000, 10_000
FULL_ORDERS, FULL_ACCOUNTS = 50_000_000, 100_000
#: With fewer orders the blocks that are held are smaller.
LEAST_ORDERS: Final = 3 * MOST_SIZE
#: Once all kernels are compiled and kept, these many orders are replayed and nothing is timed.
FIRST_ORDERS: Final = 500_000
COMPARED: Final = 500
ROWS_AT_ONCE: Final = 100_000
RECORDS: Final = {
    "account": "ASOF JOIN account a ON a.id = o.account AND a.as_of <= o.entered_at",
    "client": "ASOF JOIN client c ON c.id = o.client AND c.as_of <= o.entered_at",
    "member": "ASOF JOIN member m ON m.id = o.member AND m.as_of <= o.entered_at",
    "market": "ASOF JOIN market k ON k.security = o.security AND k.as_of <= o.entered_at",
}
NUMBERS: Final = "o.*, a.row, c.row, m.row, k.row"
# The database holds all that it joins as of instants, which is more than the memory of a machine.
MOST_JOINED: Final = 5_000_000
COLUMNS: Final = "o.*, a.*, c.*, m.*, k.*"


def joined(folder: Path, columns: str) -> float:
    """Return the seconds in which orders are read and joined, and handed over as Arrow."""
    with duckdb.connect() as database:
        for name in RECORDS:
            path = folder / "tables" / f"{name}.parquet"
            numbered = f"SELECT row_number() OVER () AS row, * FROM read_parquet('{path}')"
            database.execute(f"CREATE TABLE {name} AS {numbered}")
        start = perf_counter()
        every = f"read_parquet('{folder / 'orders.parquet'}')"
        orders = f"(SELECT * FROM {every} LIMIT {MOST_JOINED}) o"
        found = database.sql(f"SELECT {columns} FROM {orders} {' '.join(RECORDS.values())}")
        rows = sum(batch.num_rows for batch in found.to_arrow_reader(ROWS_AT_ONCE))
        taken = perf_counter() - start
    expected = min(MOST_JOINED, parquet.read_metadata(folder / "orders.parquet").num_rows)
    if rows != expected:
        raise SystemExit(f"{rows:,} of {expected:,} orders were joined")
    return taken


def replayed(folder: Path, out: Path, gate: Gate) -> dict[str, Any]:
    """Replay a folder; return the seconds of the tables, of the orders and of all, and more.

    Shape: `tables_s`, `orders_s`, `in_all_s`, `decisions`, `mb`, as values of JSON.
    """
    begun = perf_counter()
    seen: list[float] = []

    def watch(_done: int, _in_all: int | None) -> None:
        seen.append(perf_counter() - begun)

    done = replay(
        folder / "orders.parquet", folder / "tables", out, gate, restart=True, watch=watch
    )
    in_all = perf_counter() - begun
    return {
        "tables_s": seen[0], "orders_s": in_all - seen[0], "in_all_s": in_all,
        "decisions": dict(done.counts.decisions), "mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def by_itself(folder: Path, out: Path) -> dict[str, Any]:
    """Replay a folder in a process of its own."""
    given = [sys.executable, "-m", "tests.perf.replay_bench", "--replay", str(folder), str(out)]
    done = subprocess.run(given, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measured(orders: int, accounts: int) -> Results:
    """Return the results of a run.

    Errors: SystemExit where a decision is not that of the order alone.
    """
    gate = Gate.load([RULEBOOK])
    peaks: list[Peak] = []
    with TemporaryDirectory() as made:
        folder = Path(made)
        write_folder(folder, gate, min(orders, FIRST_ORDERS), accounts)
        by_itself(folder, folder / "out.parquet")
        for count in (max(LEAST_ORDERS, orders // 10), orders):
            drawn = write_folder(folder, gate, count, accounts)
            found = by_itself(folder, folder / "out.parquet")
            peaks.append(Peak(count, found["mb"]))
            _compare(gate, drawn, folder / "out.parquet")
        rows = min(orders, MOST_JOINED)
        whole, numbers = (rows / 1e3 / joined(folder, each) for each in (COLUMNS, NUMBERS))
    return Results(
        machine(), orders, accounts, whole, numbers, orders / 1e3 / found["orders_s"],
        found["tables_s"], found["in_all_s"], peaks, found["decisions"],
    )  # fmt: skip


def _compare(gate: Gate, drawn: Tables, out: Path) -> None:
    """Compare some decisions with those of the orders alone."""
    file = parquet.ParquetFile(out)
    decisions = pa.chunked_array(
        [batch.column(0) for batch in file.iter_batches(columns=["decision"])]
    )
    step = max(1, len(decisions) // COMPARED)
    for row in range(0, len(decisions), step):
        alone = gate.decide(json_bytes(drawn.documents[int(drawn.drawn[row % AT_ONCE])])).outcome
        if decisions[row].as_py() != alone:
            raise SystemExit(f"row {row} is {decisions[row].as_py()}, alone {alone}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time, print; with `--write` keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="fifty million orders")
    parser.add_argument("--orders", type=int, help="so many orders")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md anew")
    parser.add_argument("--replay", nargs=2, type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.replay:
        folder, out = chosen.replay
        print(json.dumps(replayed(folder, out, Gate.load([RULEBOOK]))))
        return
    orders, accounts = (FULL_ORDERS, FULL_ACCOUNTS) if chosen.full else (ORDERS, ACCOUNTS)
    results = measured(chosen.orders or orders, accounts)
    print(report(results), end="")
    if chosen.write:
        keep(results)
        PAGE.write_text(with_generated(PAGE, parts()), "utf-8")


if __name__ == "__main__":
    main()
