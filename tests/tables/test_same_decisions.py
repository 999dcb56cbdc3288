"""A table of orders gets the decisions that its rows get one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.cases import shipped
from tests.perf.workload import RULEBOOK, approved_order, order_document
from tests.tables.order_tables import Document, OrderTables

from creditgate import Gate
from creditgate.backends.columns.compile import uncompiled
from creditgate.backends.columns.kernel_cache import compiled
from creditgate.decide.decision import Core
from creditgate.decide.table import TableDecider
from creditgate.decide.table_proof import PROBES

ACTIONS = ("margin_buy", "short_sell", "buy_to_return", "collateral_sell", "cash_repay")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


def _one_by_one(gate: Gate, document: Any) -> Core:
    return gate.decide(document).core


Row = tuple[str, list[list[str]]]


def rows_of(result: pa.Table) -> list[Row]:
    """Return the decision of each row with the ids of its rules."""
    rules = json.loads(result.schema.metadata[b"rules"])

    def named(bits: bytes) -> list[str]:
        whole = int.from_bytes(bits, "little")
        return sorted(rule for place, rule in enumerate(rules) if whole >> place & 1)

    bits = [result.column(name).to_pylist() for name in ("breached", "undecided", "pending")]
    decisions = result.column("decision").to_pylist()
    return [
        (decision, [named(each) for each in found])
        for decision, *found in zip(decisions, *bits, strict=True)
    ]


def row_of(core: Core) -> Row:
    """Return what a table says of a decision."""
    found = []
    for name in ("breached", "undecided", "pending"):
        warned = [item.rule for item in core.warnings if item.outcome == name]
        found.append(sorted([item.rule for item in getattr(core, name)] + warned))
    return core.decision, found


def _without(document: Document, random: Random) -> Document:
    """Return a document in which some facts are left out."""
    left = {name: dict(part) if isinstance(part, dict) else part for name, part in document.items()}
    for name in ("order", "account", "client", "market", "member"):
        facts = sorted(set(left[name]) - {"security", "id", "trade_date"})
        for fact in random.sample(facts, min(len(facts), random.choice((0, 0, 1, 2)))):
            del left[name][fact]
    return left


def _documents(count: int, seed: int) -> Sequence[Document]:
    random = Random(seed)
    return [_without(order_document(random, random.choice(ACTIONS)), random) for _ in range(count)]


def test_rows_with_facts_missing_are_decided_as_they_are_one_by_one(gate: Gate) -> None:
    documents = [*_documents(240, 3), approved_order("margin_buy"), approved_order("short_sell")]
    tables = OrderTables(documents, gate.vocabulary)
    decider = TableDecider(gate.engines, gate.vocabulary, uncompiled)
    asked: list[Any] = []

    def decide(document: Any) -> Core:
        asked.append(document)
        return _one_by_one(gate, document)

    found = rows_of(decider.decide(tables.orders, tables.others, "order", decide))
    assert found == [row_of(_one_by_one(gate, document)) for document in documents]
    assert {decision for decision, _ in found} == {"approved", "rejected", "undecided"}
    # The kernel of each action is proved by a few rows; it alone decides the others.
    assert len(asked) <= 2 * PROBES * len(ACTIONS) < len(documents)


@pytest.mark.parametrize("name", ["cn/sse", "us/reg_sho", "us/rule_10a1", "us/market_access"])
def test_the_scenarios_of_a_rulebook_are_decided_the_same_in_a_table(name: str) -> None:
    gate = Gate.load([name])
    cases = [dict(case.facts) for case in shipped.cases(gate.engines[0].rulebook.id)]
    documents = [d for d in cases if d.get("event", "order") == "order" and "lists" not in d]
    documents = [d for d in documents if gate.decide(d).core.refusals == () and "order" in d]
    plain = [{k: v for k, v in d.items() if k != "claims"} for d in documents]
    days = sorted({str(d["order"].get("trade_date")) for d in plain})
    # Each day costs kernels of its own; a few say as much as all of them.
    kept = set(days[:: max(1, len(days) // 6)])
    plain = [d for d in plain if str(d["order"].get("trade_date")) in kept]
    tables = OrderTables(plain, gate.vocabulary)
    decider = TableDecider(gate.engines, gate.vocabulary, uncompiled)
    result = decider.decide(
        tables.orders, tables.others, "order", lambda document: _one_by_one(gate, document)
    )
    assert rows_of(result) == [row_of(_one_by_one(gate, document)) for document in plain]


def test_machine_code_decides_as_plain_code_does() -> None:
    gate = Gate.load(["us/rule_10a1"])
    cases = [dict(case.facts) for case in shipped.cases(gate.engines[0].rulebook.id)]
    documents = [d for d in cases if d.get("event", "order") == "order" and "claims" not in d]
    days = Counter(str(d["order"].get("trade_date")) for d in documents)
    (day, _), *_ = days.most_common(1)
    tables = OrderTables(
        [d for d in documents if d["order"].get("trade_date") == day], gate.vocabulary
    )
    found = [
        rows_of(
            TableDecider(gate.engines, gate.vocabulary, way).decide(
                tables.orders, tables.others, "order", lambda d: _one_by_one(gate, d)
            )
        )
        for way in (compiled, uncompiled)
    ]
    assert found[0] == found[1]
    assert rows_of(gate.decide_table(tables.orders, tables.others)) == found[0]
