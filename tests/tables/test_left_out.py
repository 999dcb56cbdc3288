"""Tables in which a record, a list or a reference is never given: no order is approved for that."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from tests.perf.workload import RULEBOOK, approved_order, order_document
from tests.tables.order_tables import OrderTables
from tests.tables.test_same_decisions import ACTIONS, row_of, rows_of

from creditgate import Gate
from creditgate.backends.columns.compile import uncompiled
from creditgate.decide.table import TableDecider
from creditgate.decide.table_proof import PROBES

KINDS = ACTIONS[:3]
LEFT_OUT = {
    "the accounts": "account",
    "the clients": "client",
    "the securities": "securities",
    "the security of the orders": "order.security",
    "the sources of what is lent": "order.lending_sources",
    "where what is lent comes from": "order.lending_sources.security",
    "the collateral": "account.collateral",
    "the financing contracts and their securities": "account.financing_contracts",
    "the securities of the financing contracts": "account.financing_contracts.security",
    "the securities of the short contracts": "account.short_contracts.security",
    "what clients are insiders of": "client.insider_of",
}


def _without(document: Any, path: list[str]) -> Any:
    """Return a document, or its rows, without what a path names."""
    if isinstance(document, list):
        return [_without(row, path) for row in document]
    name, *rest = path
    left = {key: value for key, value in document.items() if key != name}
    return left | {name: _without(document[name], rest)} if rest else left


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


@pytest.fixture(scope="module")
def documents() -> list[dict[str, Any]]:
    random = Random(19)
    drawn = [order_document(random, action, plain=True) for action in KINDS for _ in range(20)]
    return [*drawn, approved_order("margin_buy"), approved_order("short_sell")]


@pytest.mark.parametrize("case", LEFT_OUT)
def test_no_order_of_a_table_is_decided_otherwise_than_alone_without(
    case: str, gate: Gate, documents: list[dict[str, Any]]
) -> None:
    without = [_without(document, LEFT_OUT[case].split(".")) for document in documents]
    tables = OrderTables(without, gate.vocabulary)
    decider = TableDecider(gate.engines, gate.vocabulary, uncompiled)
    asked: list[Any] = []

    def decide(document: Any) -> Any:
        asked.append(document)
        return gate.decide(document).core

    found = rows_of(decider.decide(tables.orders, tables.others, "order", decide))
    assert found == [row_of(gate.decide(document).core) for document in without]
    # The kernel of each action is proved by a few rows; it alone decides the others.
    assert len(asked) <= 2 * PROBES * len(KINDS) < len(documents)
