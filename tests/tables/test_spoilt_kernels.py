"""A kept kernel that was spoilt decides nothing: it is found out by its first rows and made anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cases import shipped
from tests.tables.order_tables import OrderTables
from tests.tables.test_same_decisions import row_of, rows_of

from creditgate import Gate


def _cut(code: Path) -> None:
    code.write_bytes(code.read_bytes()[:100])


def _empty(code: Path) -> None:
    code.write_bytes(b"")


def _noise(code: Path) -> None:
    code.write_bytes(bytes(range(256)) * 16)


@pytest.mark.parametrize("spoil", [_cut, _empty, _noise])
def test_machine_code_that_was_spoilt_is_compiled_again(
    spoil: Callable[[Path], None], kernels: Path
) -> None:
    gate = Gate.load(["us/reg_nms"])
    cases = [dict(case.facts) for case in shipped.cases("us/reg_nms")]
    documents = [d for d in cases if d.get("event", "order") == "order" and "claims" not in d]
    day = documents[0]["order"]["trade_date"]
    documents = [d for d in documents if d["order"].get("trade_date") == day]
    tables = OrderTables(documents, gate.vocabulary)
    wanted = [row_of(gate.decide(document).core) for document in documents]
    assert rows_of(gate.decide_table(tables.orders, tables.others)) == wanted
    kept = sorted(kernels.rglob("*.nbc"))
    assert kept
    for code in kept:
        spoil(code)
    again = Gate.load(["us/reg_nms"])
    assert rows_of(again.decide_table(tables.orders, tables.others)) == wanted
