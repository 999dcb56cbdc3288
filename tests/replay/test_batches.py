"""Of the orders no more than one batch is held, and each batch goes on where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("duckdb")

import pyarrow
from pyarrow import ipc, parquet

from creditgate import Gate
from creditgate.replay.arranged import arrange
from creditgate.replay.cases import BATCH, batches
from creditgate.replay.folder import opened_folder
from creditgate.replay.held import Held
from creditgate.replay.lookup import Lookup
from creditgate.replay.sources import Source, opened
from creditgate.tables.csv_rows import CsvRow

ROWS = 3 * BATCH + 5


def orders() -> pyarrow.Table:
    return pyarrow.table({"id": [str(number) for number in range(ROWS)]})


def test_rows_are_read_as_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet.write_table(orders(), tmp_path / "orders.parquet")
    folder = opened_folder(
        tmp_path / "orders.parquet", None, Gate.load(["cn/sse"]).vocabulary
    )  # fmt: skip
    read = 0
    rows_of = type(folder.orders).rows

    def counted(self: Source, skipped: int = 0) -> Iterator[CsvRow]:
        nonlocal read
        for row in rows_of(self, skipped):
            read += 1
            yield row

    monkeypatch.setattr(type(folder.orders), "rows", counted)
    held = Held(folder, tmp_path / "tables.duckdb")
    held.load()
    arrange(held)
    for number, batch in enumerate(batches(Lookup(held)), 1):
        assert read == min(number * BATCH, ROWS)
        assert len(batch) == min(BATCH, ROWS - (number - 1) * BATCH)
    held.close()


@pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.arrow", "o.ipc"])
@pytest.mark.parametrize("skipped", [0, 1, BATCH - 1, BATCH, BATCH + 1, ROWS - 1, ROWS, ROWS + 1])
def test_reading_goes_on_after_any_row(tmp_path: Path, name: str, skipped: int) -> None:
    path, table = tmp_path / name, orders()
    if name == "o.csv":
        path.write_text("id\n" + "\n".join(table.column("id").to_pylist()), "utf-8")
    elif name == "o.parquet":
        parquet.write_table(table, path, row_group_size=1000)
    else:
        # One file is of the file format, the other of the stream format.
        made = ipc.new_file if name == "o.arrow" else ipc.new_stream
        with pyarrow.OSFile(str(path), "wb") as sink, made(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=5000)
    ids = [row.cells["id"] for row in opened(path, {}).rows(skipped)]
    assert ids == [str(number) for number in range(skipped, ROWS)]
