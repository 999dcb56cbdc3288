"""What the benchmark times gives the same answers, or its times would mean nothing."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from tests.perf.contestants import Answer, Contestants
from tests.perf.workload import (
    FINANCING_CONTRACTS,
    POSITIONS,
    SHORT_CONTRACTS,
    approved_order,
    order_document,
)

ACTIONS = ("margin_buy", "short_sell")
# It looks at every action and refuses only what is no trade.
NEVER_BREACHED = "cn/margin_trading/order_is_a_trade"


@pytest.fixture(scope="module")
def contestants() -> Contestants:
    return Contestants()


@pytest.mark.parametrize("action", ACTIONS)
def test_the_timed_order_is_approved_by_all(contestants: Contestants, action: str) -> None:
    document = approved_order(action)
    account = document["account"]
    assert len(account["collateral"]) == POSITIONS
    assert len(account["financing_contracts"]) == FINANCING_CONTRACTS
    assert len(account["short_contracts"]) == SHORT_CONTRACTS
    assert set(contestants.answers(document).values()) == {Answer(())}


@pytest.mark.parametrize("action", ACTIONS)
def test_all_ways_agree_on_orders_that_breach_rules(contestants: Contestants, action: str) -> None:
    random = Random(action)
    found: Counter[str] = Counter()
    for _ in range(400):
        document = order_document(random, action)
        answers = contestants.answers(document)
        assert len(set(answers.values())) == 1, (answers, document)
        found.update(answers["by hand"].breached or ("none",))
        found.update(answers["by hand"].warned)
    asked = contestants.rules_on(action)
    assert asked - found.keys() == {NEVER_BREACHED}, (asked - found.keys(), found)
    assert found["none"] > 40, found
