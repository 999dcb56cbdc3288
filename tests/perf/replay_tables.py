"""A folder for the benchmark of replays: the orders and accounts of the tables benchmark, as files.

Accounts, clients, members and the market hold from a moment on: one account in ten, and the market,
have a second state with the same facts, so that orders are joined as of their instants and come out as
they do in tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet
from tests.perf.accounts_bench import Tables, drawn_tables
from tests.perf.workload import DAY
from tests.replay.document_tables import replay_tables

from creditgate import Gate

AT_ONCE: Final = 500_000
GROUP: Final = 131_072
BEGUN: Final = datetime.fromisoformat(f"{DAY.isoformat()}T10:00:00+08:00")
CHANGED: Final = BEGUN + timedelta(minutes=45)
ENDED: Final = BEGUN + timedelta(minutes=90)
KIND: Final = pa.timestamp("us", "+08:00")
WORDS: Final = ("action", "security", "type", "session", "purpose", "client", "member")


def write_folder(folder: Path, gate: Gate, orders: int, accounts: int) -> Tables:
    """Write `orders.parquet` and the folder `tables`; return the tables that repeat in them."""
    drawn = drawn_tables(gate, min(orders, AT_ONCE), accounts)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for name, table in replay_tables(drawn.others, gate.vocabulary).items():
        if name in {"account", "client", "member", "market"}:
            table = _with_moments(name, table)
        parquet.write_table(table, folder / "tables" / f"{name}.parquet", compression="zstd")
    tables = _orders(drawn.orders, orders)
    first = next(tables)
    with parquet.ParquetWriter(
        folder / "orders.parquet", first.schema, compression="zstd"
    ) as writer:
        writer.write_table(first, row_group_size=GROUP)
        for table in tables:
            writer.write_table(table, row_group_size=GROUP)
    return drawn


def _with_moments(name: str, table: pa.Table) -> pa.Table:
    begun = table.append_column("as_of", _moments(BEGUN, table.num_rows))
    changed = table.slice(0)
    if name == "account":
        changed = table.take(pa.array(np.arange(0, table.num_rows, 10)))
    elif name != "market":
        return begun
    return pa.concat_tables(
        [begun, changed.append_column("as_of", _moments(CHANGED, len(changed)))]
    )


def _moments(moment: datetime, rows: int) -> Any:
    return pa.array([moment] * rows, KIND)


def _orders(drawn: pa.Table, count: int) -> Iterator[pa.Table]:
    """Yield orders, some at a time, each with an id and an instant of its own."""
    for name in WORDS:
        place = drawn.column_names.index(name)
        drawn = drawn.set_column(place, name, drawn.column(name).dictionary_encode())
    begin, end = (int(moment.timestamp() * 1_000_000) for moment in (BEGUN, ENDED))
    for start in range(0, count, drawn.num_rows):
        some = drawn.slice(0, min(drawn.num_rows, count - start))
        numbers = np.arange(start, start + len(some))
        entered = begin + numbers * ((end - begin) // count or 1)
        instants = pa.array(entered).cast(pa.timestamp("us", "UTC")).cast(KIND)
        ids = pa.array(numbers).cast(pa.string())
        for name, column in (("id", ids), ("entered_at", instants)):
            some = some.set_column(some.column_names.index(name), name, column)
        yield some
