"""Documents are read in the form of those before them, and mean what they mean by themselves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.golden.decide import asked

from creditgate import Gate

DOCUMENTS = [
    json.dumps(order["facts"])
    for order in map(json.loads, asked())
    if order["rulebook"] == "cn/sse"
]
ALONE = {"order": {"trade_date": "2026-01-20", "action": "margin_buy", "quantity": 100}}


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(["cn/sse"])


def test_threads_that_share_a_gate_get_the_answers_of_one(gate: Gate) -> None:
    alone = [Gate(gate.engines, gate.vocabulary).decide(raw).core_bytes() for raw in DOCUMENTS]
    shared = Gate(gate.engines, gate.vocabulary)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda raw: shared.decide(raw).core_bytes(), DOCUMENTS * 3))
    assert found == alone * 3


@pytest.mark.parametrize(
    "more",
    [{"account": {}}, {"securities": []}, {"client": {"insider_of": []}}, {"claims": []}],
    ids=["a record without facts", "a table without rows", "a set without members", "no claim"],
)
def test_what_is_empty_is_read_in_the_usual_form(gate: Gate, more: dict[str, Any]) -> None:
    shared = Gate(gate.engines, gate.vocabulary)
    raw = json.dumps({**ALONE, **more})
    plain = shared.decide({**ALONE, **more}).core_bytes()
    assert shared.decide(raw).core_bytes() == shared.decide(raw).core_bytes() == plain
    last = shared._reader._last
    assert last is not None
    assert last.form is not None
    last.form.decoded(raw.encode())
