"""Columns of what is none and of lists are taken where they fit, and refused where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")

import pyarrow as pa
from pyarrow import parquet

from creditgate import Gate
from creditgate.base.codes import Code
from creditgate.replay.folder import opened_folder
from creditgate.replay.sources import InputRefused

VOCABULARY = Gate.load(["cn/sse"]).vocabulary


def opened(folder: Path, orders: dict[str, Any], **tables: dict[str, Any]) -> Any:
    (folder / "tables").mkdir()
    parquet.write_table(pa.table(orders), folder / "orders.parquet")
    for name, table in tables.items():
        parquet.write_table(pa.table(table), folder / "tables" / f"{name}.parquet")
    return opened_folder(folder / "orders.parquet", folder / "tables", VOCABULARY)


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ({"quantity.none": [True]}, Code.NONE_NOT_ALLOWED, "`quantity` is never none"),
        ({"price.none": ["yes"]}, Code.WRONG_TYPE, "where true or false is wanted"),
        ({"lending_sources": [[{"id": "L1", "made_up": 1}]]}, Code.UNKNOWN_FACT,
         "there is no such fact as `lending_sources.made_up`"),
        ({"lending_sources": [[{"id": "L1", "quantity": True}]]}, Code.WRONG_TYPE,
         "`lending_sources.quantity` holds bool"),
    ],
)  # fmt: skip
def test_a_column_that_cannot_be_meant_is_refused(
    tmp_path: Path, columns: dict[str, Any], code: Code, words: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        opened(tmp_path, {"id": ["1"], **columns})
    (problem,) = refused.value.diagnostics
    assert problem.code is code
    assert words in problem.message


def test_a_list_stands_in_the_rows_or_in_a_table(tmp_path: Path) -> None:
    sources = [[{"id": "L1", "quantity": 100}]]
    with pytest.raises(InputRefused, match="stands in the rows, and in `lending_source"):
        opened(
            tmp_path, {"id": ["1"], "lending_sources": sources},
            lending_source={"order": ["1"], "id": ["L1"]},
        )  # fmt: skip


def test_rows_say_what_is_none_and_hold_their_lists(tmp_path: Path) -> None:
    sources = [
        [{"id": "L1", "borrowed_on.none": True}, {"id": " L2 ", "borrowed_on.none": False}],
        None,
    ]
    orders = {"id": ["1", "2"], "price.none": [True, None], "lending_sources": sources}
    (cells,) = opened(tmp_path, orders).orders.blocks([10])
    first, second = cells.rows()
    assert first.cells == {"id": "1", "price": "none"}
    assert [row.cells for row in first.lists["lending_sources"]] == [
        {"id": "L1", "borrowed_on": "none"}, {"id": "L2"},
    ]  # fmt: skip
    assert (second.cells, second.lists) == ({"id": "2"}, {})
