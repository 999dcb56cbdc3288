"""Of the orders no more than one block is held, and each block goes on where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("duckdb")

import pyarrow
from pyarrow import ipc, parquet

from creditgate import Gate
from creditgate.replay.sources import ArrowSource, opened

BLOCK = 4096
ROWS = 3 * BLOCK + 5
VOCABULARY = Gate.load(["cn/sse"]).vocabulary
ORDER = VOCABULARY.entities["order"]


def orders() -> pyarrow.Table:
    return pyarrow.table({"id": [str(number) for number in range(ROWS)]})


def test_rows_are_read_as_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet.write_table(orders(), tmp_path / "orders.parquet")
    read = 0
    batches_of = ArrowSource._batches

    def counted(self: ArrowSource, skipped: int) -> Iterator[Any]:
        nonlocal read
        for batch in batches_of(self, skipped):
            read += batch.num_rows
            yield batch

    monkeypatch.setattr(ArrowSource, "_batches", counted)
    monkeypatch.setattr("creditgate.replay.sources._ROWS_AT_ONCE", BLOCK)
    source = opened(tmp_path / "orders.parquet", ORDER, VOCABULARY)
    for number, cells in enumerate(source.blocks(repeat(BLOCK)), 1):
        assert read == min(number * BLOCK, ROWS)
        assert cells.count == min(BLOCK, ROWS - (number - 1) * BLOCK)


def test_what_was_read_of_a_file_is_let_go_of(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    random = Random(11)
    ids = [random.randbytes(64).hex() for _ in range(10 * BLOCK)]
    parquet.write_table(pyarrow.table({"id": ids}), path, row_group_size=BLOCK)
    pool = pyarrow.default_memory_pool()
    held = []
    for cells in opened(path, ORDER, VOCABULARY).blocks(repeat(BLOCK)):
        assert cells.count == BLOCK
        held.append(pool.bytes_allocated())
    assert max(held[2:]) < max(held[:2]) + path.stat().st_size / 10


@pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.arrow", "o.ipc"])
@pytest.mark.parametrize("skipped", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, ROWS - 1, ROWS, ROWS + 1])
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
    source = opened(path, ORDER, VOCABULARY)
    blocks = list(source.blocks(repeat(BLOCK), skipped))
    ids = [row.cells["id"] for cells in blocks for row in cells.rows()]
    assert ids == [str(number) for number in range(skipped, ROWS)]
    assert all(cells.count == BLOCK for cells in blocks[:-1])
