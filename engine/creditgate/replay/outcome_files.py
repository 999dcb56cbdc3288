"""Files of decisions: Parquet, Arrow IPC or CSV, one row an order."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow
from pyarrow import ipc, parquet, types

from creditgate.replay.outcomes import Outcomes

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
_OF_ORDERS: Final = 2
_ALIKE: Final = [name for name, _, kind in _COLUMNS[_OF_ORDERS:] if kind != _TEXTS]
# Numbers and ids are all different, and stand as they are.
_PARQUET: Final[dict[str, Any]] = {
    "compression": "zstd", "store_schema": False, "write_statistics": ["row", "decision", "as_of"],
    "use_dictionary": [*_ALIKE, *(f"{n}.list.element" for n, _, k in _COLUMNS if k == _TEXTS)],
    "column_encoding": {"row": "DELTA_BINARY_PACKED"},
}  # fmt: skip
_WORDS: Final = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())


def schema_of(*, evidence: bool) -> Any:
    """Return the columns of a file of decisions."""
    more = [("evidence", pyarrow.string())] if evidence else []
    return pyarrow.schema([*((name, kind) for name, _, kind in _COLUMNS), *more])


def table_of(outcomes: Outcomes, *, evidence: bool) -> Any:
    """Return outcomes as a table of Arrow, in which each text stands once."""
    named: dict[str, Any] = {"row": outcomes.numbers, "id": outcomes.ids}
    met, places = _as_met(outcomes)
    for name, attribute, kind in _COLUMNS[_OF_ORDERS:]:
        values = [getattr(outcomes.kinds[place], attribute) for place in met]
        held = _words(values) if kind == pyarrow.string() else _lists(values)
        named[name] = held.take(places)
    if evidence:
        texts: list[str | None] = [None] * len(outcomes)
        for place, item in outcomes.alone.items():
            texts[place] = item.evidence
        named["evidence"] = pyarrow.array(texts, pyarrow.string())
    return pyarrow.table(named)


def _as_met(outcomes: Outcomes) -> tuple[list[int], Any]:
    """Return the kinds in the order in which orders meet them, and the place there of each order.

    Texts then stand in an order that does not depend on how their outcomes were found.
    """
    count = len(outcomes)
    first = np.full(len(outcomes.kinds), count)
    first[outcomes.places[::-1]] = np.arange(count)[::-1]
    order = np.argsort(first, kind="stable")
    order = order[first[order] < count]
    place = np.zeros(len(first), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return order.tolist(), pyarrow.array(place[outcomes.places])


def _words(values: Sequence[str | None]) -> Any:
    return pyarrow.array(values, pyarrow.string()).dictionary_encode()


def _lists(values: Sequence[Sequence[str]]) -> Any:
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int32)
    words = _words([word for value in values for word in value])
    return pyarrow.ListArray.from_arrays(pyarrow.array(offsets), words)


def write_out(path: Path, suffix: str, schema: Any, tables: Iterable[Any]) -> None:
    """Write tables one after the other into a file of the format that a suffix names.

    The same tables in the same pieces make the same bytes. In CSV, rules, paths and rulebooks
    stand between spaces and diagnostics between ` | `.
    """
    if suffix == ".parquet":
        # Texts are written as they are held; who reads them gets texts all the same.
        held = pyarrow.schema([(field.name, _held(field.type, field.name)) for field in schema])
        with parquet.ParquetWriter(path, held, **_PARQUET) as writer:
            for table in tables:
                writer.write_table(table)
    elif suffix == ".arrow":
        with pyarrow.OSFile(str(path), "wb") as sink, ipc.new_file(sink, schema) as writer:
            for table in tables:
                writer.write_table(_plain(table, schema))
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(schema.names)
            for table in tables:
                columns = [_csv_cells(name, table.column(name)) for name in schema.names]
                lines.writerows(zip(*columns, strict=True))


def _held(kind: Any, name: str) -> Any:
    if kind == _TEXTS:
        return pyarrow.list_(_WORDS)
    return _WORDS if kind == pyarrow.string() and name not in {"id", "evidence"} else kind


def _plain(table: Any, schema: Any) -> Any:
    columns = []
    for field in schema:
        column = table.column(field.name).combine_chunks()
        if types.is_dictionary(column.type):
            column = column.cast(pyarrow.string())
        elif types.is_list(column.type):
            words = column.values.cast(pyarrow.string())
            column = pyarrow.ListArray.from_arrays(column.offsets, words)
        columns.append(column)
    return pyarrow.table(columns, schema=schema)


def _csv_cells(name: str, column: Any) -> list[Any]:
    values = column.to_pylist()
    if not types.is_list(column.type):
        return values  # type: ignore[no-any-return]  # values of Arrow have no types
    between = " | " if name == "diagnostics" else " "
    return [between.join(value) for value in values]
