"""A kept kernel that was spoilt decides nothing: it is found out by its first rows and made anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.cases import shipped
from tests.perf.workload import RULEBOOK, approved_order, order_document
from tests.tables.order_tables import OrderTables
from tests.tables.test_same_decisions import row_of, rows_of

from creditgate import Gate
from creditgate.backends.columns.compile import Run, uncompiled
from creditgate.backends.columns.kernel import APPROVED, OUTPUTS, Kernel
from creditgate.backends.columns.looked_up import UNKNOWN
from creditgate.base.failures import InternalFailure
from creditgate.decide.table import TableDecider


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


def test_what_orders_share_is_worked_out_again_where_its_kernel_answers_wrongly(
    kernels: Path,
) -> None:
    gate = Gate.load([RULEBOOK])
    random = Random(3)
    documents = [order_document(random, "margin_buy", plain=n % 2 == 0) for n in range(16)]
    tables = OrderTables(documents, gate.vocabulary)
    wanted = [row_of(gate.decide(document).core) for document in documents]
    made: Counter[str] = Counter()

    def compile_(kernel: Kernel) -> Run:
        run, names = uncompiled(kernel), kernel.source.partition(":")[0].split("(")[1].split(", ")
        made[kernel.source] += 1
        if "decision" in names or made[kernel.source] > 1:
            return run

        def wrong(*given: Any) -> None:
            run(*given)
            for name, array in zip(names, given, strict=True):
                if name.startswith("state_") and name not in kernel.columns:
                    array[:] = UNKNOWN

        return wrong

    decider = TableDecider(gate.engines, gate.vocabulary, compile_)
    found = decider.decide(tables.orders, tables.others, "order", lambda d: gate.decide(d).core)
    assert rows_of(found) == wanted
    assert set(made.values()) == {2}


def test_a_kernel_with_which_single_orders_agree_is_found_out_by_the_reference(
    kernels: Path,
) -> None:
    gate = Gate.load([RULEBOOK])
    random = Random(3)
    documents = [order_document(random, "margin_buy", plain=n % 3 == 0) for n in range(16)]
    assert "rejected" in {gate.decide(document).outcome for document in documents}
    tables = OrderTables(documents, gate.vocabulary)

    def approving(kernel: Kernel) -> Run:
        run, names = uncompiled(kernel), kernel.source.partition(":")[0].split("(")[1].split(", ")

        def wrong(*given: Any) -> None:
            run(*given)
            for name, array in zip(names, given, strict=True):
                if name == "decision":
                    array[:] = APPROVED
                elif name in OUTPUTS:
                    array[:] = 0

        return wrong

    decider = TableDecider(gate.engines, gate.vocabulary, approving)
    core = gate.decide(approved_order("margin_buy")).core
    with pytest.raises(InternalFailure, match="answers otherwise"):
        decider.decide(tables.orders, tables.others, "order", lambda _: core)
