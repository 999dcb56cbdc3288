"""The recorded trades of SSE 600000 on 2020-01-02 as short sales and margin buys."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from docs.examples.sse_600000.documents import Desk, read_desk
from docs.examples.sse_600000.tape import TapeOrder, orders_of, read_trades
from tests.real_data.by_reference import outcomes_by_gate, outcomes_by_reference

from creditgate import Decision, Gate

PRICE_RULE = "cn/margin_trading/short_price_not_below_last"
LOT_RULE = "cn/margin_trading/whole_lots"


@pytest.fixture(scope="module")
def orders() -> list[TapeOrder]:
    return list(orders_of(read_trades()))


@pytest.fixture(scope="module")
def short_sales(orders: list[TapeOrder]) -> list[TapeOrder]:
    return [order for order in orders if order.action == "short_sell"]


@pytest.fixture(scope="module")
def desk() -> Desk:
    return read_desk()


@pytest.fixture(scope="module")
def exchange() -> Gate:
    return Gate.load(["cn/sse"])


@pytest.fixture(scope="module")
def short_sale_decisions(
    short_sales: list[TapeOrder], desk: Desk, exchange: Gate
) -> list[tuple[TapeOrder, Decision]]:
    rich = _rich(desk)
    return [
        (order, exchange.decide(json.dumps(rich.document(order, rich.accounts[0]))))
        for order in short_sales
    ]


def _rich(desk: Desk) -> Desk:
    """Return a desk whose first account has cash for any order, so that only the order counts."""
    first = desk.accounts[0]
    account: dict[str, Any] = {
        **first.account,
        "cash": "1000000000.00",
        "credit_line": "1000000000.00",
    }
    return replace(desk, accounts=(replace(first, account=account),))


def test_the_tape_holds_the_orders_that_were_counted_on_it(orders: list[TapeOrder]) -> None:
    assert len(read_trades()) == 26_169
    assert Counter(order.action for order in orders) == {"short_sell": 12_939, "margin_buy": 13_746}


def test_first_fills_of_sell_orders_stand_above_at_or_below_the_trade_before(
    short_sales: list[TapeOrder],
) -> None:
    after_a_trade = [o for o in short_sales if o.last_price is not None]
    not_below = [o for o in after_a_trade if o.last_price is not None and o.price >= o.last_price]
    below = [o for o in after_a_trade if o.last_price is not None and o.price < o.last_price]
    assert (len(not_below), len(below)) == (10_417, 2_521)
    assert [o.number for o in short_sales if o.last_price is None] == [short_sales[0].number]


def test_exactly_the_sales_below_the_trade_before_breach_the_short_price_rule(
    short_sale_decisions: list[tuple[TapeOrder, Decision]],
) -> None:
    breaching = {o.number for o, d in short_sale_decisions if PRICE_RULE in d.breached}
    below = {
        o.number
        for o, _ in short_sale_decisions
        if o.last_price is not None and o.price < o.last_price
    }
    assert breaching == below
    assert len(breaching) == 2_521


def test_exactly_the_odd_quantities_breach_the_lot_rule(
    short_sale_decisions: list[tuple[TapeOrder, Decision]],
) -> None:
    breaching = {o.number for o, d in short_sale_decisions if LOT_RULE in d.breached}
    assert breaching == {o.number for o, _ in short_sale_decisions if o.quantity % 100}
    assert len(breaching) == 125


def test_every_other_sale_of_a_rich_account_is_approved(
    short_sale_decisions: list[tuple[TapeOrder, Decision]],
) -> None:
    for order, decision in short_sale_decisions:
        stopped = set(decision.breached)
        assert stopped <= {PRICE_RULE, LOT_RULE}, (order, stopped)
        assert decision.is_approved is not bool(stopped), (order, decision)
        assert decision.outcome == ("rejected" if stopped else "approved"), (order, decision)


@pytest.mark.parametrize("rulebook", ["cn/sse", "brokers/example_cn_member"])
def test_the_reference_agrees_on_orders_sampled_across_accounts(
    rulebook: str, orders: list[TapeOrder], desk: Desk
) -> None:
    gate = Gate.load([rulebook])
    asked = set()
    # A step without a common factor with the turns of the accounts, so that each is met.
    for place in range(0, len(orders), 67):
        account = desk.account_for(place)
        asked.add(account.name)
        facts = gate.read(json.dumps(desk.document(orders[place], account)))
        assert outcomes_by_gate(gate, facts) == outcomes_by_reference(gate, facts), orders[place]
    assert asked == {account.name for account in desk.accounts}


def test_accounts_without_gaps_leave_no_order_of_the_tape_undecided(
    orders: list[TapeOrder], desk: Desk, exchange: Gate
) -> None:
    for place in range(0, len(orders), 19):
        account = desk.account_for(place)
        decision = exchange.decide(json.dumps(desk.document(orders[place], account)))
        if "accrued_interest_and_fees" in account.account:
            assert not decision.undecided, decision
        else:
            assert not decision.is_approved, decision
            assert decision.missing == ("account.accrued_interest_and_fees",), decision
