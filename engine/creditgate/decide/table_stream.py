"""Decide what comes as a table, as one batch of rows, or as a stream of batches in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import pyarrow as pa

#: Small batches of a stream are decided together until they have so many rows.
ROWS_TOGETHER: Final = 1 << 16


def decided(given: Any, decide: Callable[[pa.Table], pa.Table], schema: pa.Schema) -> Any:
    """Return the decisions of a table, a record batch or a reader of batches, in the same shape.

    A reader is read as its decisions are: no more of it is held than `ROWS_TOGETHER` rows and one
    batch. `schema` is that of decisions.
    """
    match given:
        case pa.RecordBatch():
            return _one(decide(pa.Table.from_batches([given])))
        case pa.RecordBatchReader():
            tables = (pa.Table.from_batches(some, given.schema) for some in _together(given))
            batches = (_one(decide(table)) for table in tables)
            return pa.RecordBatchReader.from_batches(schema, batches)
        case _:
            return decide(given)


def _together(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_TOGETHER:
            yield held
            held, rows = [], 0
    if held:
        yield held


def _one(table: pa.Table) -> pa.RecordBatch:
    columns = [column.combine_chunks() for column in table.columns]
    arrays = [c.chunk(0) if isinstance(c, pa.ChunkedArray) and c.num_chunks else c for c in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=table.schema)
