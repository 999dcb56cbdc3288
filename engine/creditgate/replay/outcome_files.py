"""Files of decisions: Parquet, Arrow IPC or CSV, one row an order."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow
from pyarrow import ipc, parquet

from creditgate.replay.decided import Outcome

OUT_SUFFIXES: Final = (".parquet", ".arrow", ".csv")
_TEXTS: Final = pyarrow.list_(pyarrow.string())
_COLUMNS: Final = (
    ("row", "row", pyarrow.int64()),
    ("id", "id", pyarrow.string()),
    ("decision", "decision", pyarrow.string()),
    ("event", "event", pyarrow.string()),
    ("as_of", "day", pyarrow.string()),
    ("breached", "breached", _TEXTS),
    ("undecided", "undecided", _TEXTS),
    ("pending", "pending", _TEXTS),
    ("missing", "missing", _TEXTS),
    ("diagnostics", "diagnostics", _TEXTS),
    ("rulebooks", "rulebooks", _TEXTS),
    ("decision_digest", "digest", pyarrow.string()),
)


def schema_of(*, evidence: bool) -> Any:
    """Return the columns of a file of decisions."""
    more = [("evidence", pyarrow.string())] if evidence else []
    return pyarrow.schema([*((name, kind) for name, _, kind in _COLUMNS), *more])


def table_of(outcomes: Sequence[Outcome], *, evidence: bool) -> Any:
    """Return outcomes as a table of Arrow."""
    named: dict[str, list[Any]] = {
        name: [getattr(item, attribute) for item in outcomes] for name, attribute, _ in _COLUMNS
    }
    if evidence:
        named["evidence"] = [item.evidence for item in outcomes]
    return pyarrow.table(named, schema=schema_of(evidence=evidence))


def write_out(path: Path, suffix: str, schema: Any, tables: Iterable[Any]) -> None:
    """Write tables one after the other into a file of the format that a suffix names.

    The same tables in the same pieces make the same bytes. In CSV, rules, paths and rulebooks
    stand between spaces and diagnostics between ` | `.
    """
    if suffix == ".parquet":
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for table in tables:
                writer.write_table(table)
    elif suffix == ".arrow":
        with pyarrow.OSFile(str(path), "wb") as sink, ipc.new_file(sink, schema) as writer:
            for table in tables:
                writer.write_table(table)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(schema.names)
            for table in tables:
                columns = [_csv_cells(name, table.column(name)) for name in schema.names]
                lines.writerows(zip(*columns, strict=True))


def _csv_cells(name: str, column: Any) -> list[Any]:
    values = column.to_pylist()
    if column.type != _TEXTS:
        return values  # type: ignore[no-any-return]  # values of Arrow have no types
    between = " | " if name == "diagnostics" else " "
    return [between.join(value) for value in values]
