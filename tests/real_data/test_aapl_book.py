"""Rule 201 against the moving best bid of AAPL on 2012-06-21, as if the circuit breaker were on."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from tests.oracles.price_test import may_be_shown
from tests.real_data.by_reference import outcomes_by_gate, outcomes_by_reference
from tests.real_data.nasdaq_book import TICK, Quote, dollars, quotes, sell_orders

from creditgate import Decision, Gate

PRICE_TEST = "us/reg_sho/price_test"

# A customer without shares sells short with a locate: every other rule is content.
SHORT_SALE: dict[str, Any] = {
    "event": "order",
    "order": {
        "id": "1",
        "action": "short_sell",
        "security": "AAPL",
        "type": "limit",
        "quantity": 100,
        "trade_date": "2012-06-21",
        "entered_at": "2012-06-21T09:30:00-04:00",
        "seller_kind": "customer",
        "mark": "short",
        "long_quantity_alongside": None,
        "short_exempt_ground": None,
        "delivers_own_shares": False,
        "in_possession_or_control": False,
        "expected_by_settlement": False,
        "seller_deemed_to_own": False,
        "from_registered_dealer": False,
        "originator_subject_to_rule": False,
        "duty_taken_by_contract": False,
        "market_maker_in_security": False,
        "borrowed_quantity": 0,
        "arranged_quantity": 0,
        "locates": [
            {
                "id": "L1",
                "security": "AAPL",
                "quantity": 1000000,
                "used": 0,
                "covered_back": 0,
                "method": "lender_confirm",
                "documented": True,
                "obtained_at": "2012-06-21T09:00:00-04:00",
                "valid_until": "2012-06-21T16:00:00-04:00",
                "good_all_day": True,
            }
        ],
        "on_display": False,
        "price_never_changed_on_display": False,
        "price_at_first_display": None,
        "best_bid_at_first_display": None,
    },
    "seller": {
        "id": "S1",
        "aggregation": "person",
        "title_quantity": 0,
        "unsettled_purchases": [],
        "convertibles": [],
        "call_rights": [],
        "security_futures": [],
        "short_quantity": 0,
        "open_orders": [],
    },
    "market": {"best_bid_current": True, "price_tick": "0.01"},
    "participant": {"id": "P1", "penalty_box": [], "threshold_close_out_failed": []},
    "firm": {"id": "F1", "fails_allocated": [], "threshold_fails_allocated": []},
    "securities": [
        {
            "id": "AAPL",
            "exchange": "NASDAQ",
            "class": "stock",
            "equity_security": True,
            "nms_stock": True,
            "threshold": False,
            "borrow_status": "easy",
            "round_lot": 100,
        }
    ],
}


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(["us/reg_sho"])


def _short_sale(
    price: int | None, quote: Quote, *, in_force: bool, quantity: int = 100
) -> dict[str, Any]:
    document = deepcopy(SHORT_SALE)
    document["order"]["type"] = "market" if price is None else "limit"
    document["order"]["price"] = None if price is None else dollars(price)
    document["order"]["quantity"] = quantity
    document["order"]["best_bid_at_submission"] = dollars(quote.bid)
    document["market"] |= {
        "best_bid": dollars(quote.bid),
        "best_offer": dollars(quote.offer),
        "price_test_active": in_force,
    }
    return document


def _agrees(decision: Decision, expected: bool) -> bool:
    wanted = ("approved", ()) if expected else ("rejected", (PRICE_TEST,))
    return (decision.outcome, decision.breached) == wanted


def test_the_recording_holds_a_moving_bid_that_never_crosses_the_offer() -> None:
    book = quotes()
    assert len(book) == 999
    assert len({quote.bid for quote in book}) > 1
    assert all(quote.bid < quote.offer for quote in book)


@pytest.mark.parametrize("in_force", [True, False], ids=["breaker on", "breaker off"])
@pytest.mark.parametrize("ticks", [-1, 0, 1], ids=["a tick below", "at the bid", "a tick above"])
def test_short_sales_around_the_bid_of_every_message(
    gate: Gate, ticks: int, in_force: bool
) -> None:
    for quote in quotes():
        price = quote.bid + ticks * TICK
        expected = may_be_shown(price, quote.bid, quote.offer, in_force=in_force)
        assert expected is (ticks > 0 or not in_force)
        decision = gate.decide(json.dumps(_short_sale(price, quote, in_force=in_force)))
        assert _agrees(decision, expected), (quote, price, decision)


def test_the_sell_orders_of_the_recording_taken_as_short_sales(gate: Gate) -> None:
    taken = list(sell_orders())
    assert len(taken) > 100
    for order in taken:
        expected = may_be_shown(order.price, order.quote.bid, order.quote.offer, in_force=True)
        document = _short_sale(order.price, order.quote, in_force=True, quantity=order.quantity)
        assert _agrees(gate.decide(json.dumps(document)), expected), order


def test_short_sales_at_the_market_are_refused_while_the_breaker_is_on(gate: Gate) -> None:
    for quote in quotes()[::50]:
        assert not may_be_shown(None, quote.bid, quote.offer, in_force=True)
        decision = gate.decide(json.dumps(_short_sale(None, quote, in_force=True)))
        assert _agrees(decision, False), decision


def test_a_price_above_the_first_bid_is_later_at_or_below_the_bid() -> None:
    # So the answer depends on whose bid is taken, and the recording is worth testing with.
    book = quotes()
    price = book[0].bid + TICK
    answers = {may_be_shown(price, q.bid, q.offer, in_force=True) for q in book}
    assert answers == {True, False}


def test_the_reference_agrees_on_sampled_short_sales(gate: Gate) -> None:
    for place, quote in enumerate(quotes()[::10]):
        price = quote.bid + (place % 3 - 1) * TICK
        facts = gate.read(json.dumps(_short_sale(price, quote, in_force=True)))
        assert outcomes_by_gate(gate, facts) == outcomes_by_reference(gate, facts), quote
