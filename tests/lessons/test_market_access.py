"""Limits that other systems let an order slip past, under the rule for market access and its kin."""

from __future__ import annotations

import copy
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from tests.lessons.orders import (
    Document,
    access,
    by_market_access,
    gate,
    short_names,
    without,
)

from creditgate import Gate

REJECTED, UNDECIDED = "rejected", "undecided"
AT_MARKET = {"type": "market", "price": None}


def earlier(number: int, at: str = "09:59:30", **changes: Any) -> Document:
    """Return an order entered earlier on the day."""
    return {
        "id": f"E{number}", "entered_at": f"2024-03-04T{at}-05:00", "security": "XYZ",
        "action": "sell", "type": "limit", "quantity": 100 + number, "price": "25.00",
        "stop_price": None, **changes,
    }  # fmt: skip


def test_the_order_from_which_the_lessons_start_is_approved() -> None:
    assert by_market_access(access()).is_approved
    assert Gate.load(["us/market_access", "us/reg_sho"]).decide(access()).is_approved


def test_an_order_is_approved_only_if_every_rulebook_that_governs_it_approves() -> None:
    """Rule 15c3-5(c)(2)(i): what must be complied with before entry is loaded beside it."""
    both = Gate.load(["us/market_access", "us/reg_sho"])
    not_located = access(order={"locates": []})
    assert by_market_access(not_located).is_approved
    decision = both.decide(not_located)
    assert decision.outcome == REJECTED
    assert decision.breached == ("us/reg_sho/locate",)
    unknown = both.decide(without(access(), "order.locates"))
    assert unknown.outcome == UNDECIDED
    assert "order.locates" in unknown.missing
    too_large = both.decide(access(order={"quantity": 2001}))
    assert "us/market_access/quantity_within_cap" in too_large.breached


@pytest.mark.parametrize(
    "left_out", ["order_marking", "short_sale_locate", "pre_borrow", "short_sale_price_test",
                 "regulation_t", "finra_margin"],
)  # fmt: skip
def test_a_short_sale_is_not_entered_where_a_requirement_is_not_checked(left_out: str) -> None:
    document = access()
    document["firm"]["requirements_checked_before_entry"].remove(left_out)
    assert by_market_access(document).outcome == REJECTED


def test_a_market_order_without_a_reference_price_is_refused_for_that_reason() -> None:
    decision = by_market_access(access(order=AT_MARKET, market={"reference_price": None}))
    assert decision.outcome == REJECTED
    reasons = {item.rule: item.fix_103 for item in decision.core.breached}
    assert reasons["us/market_access/reference_price_known"] == 19
    unknown = by_market_access(without(access(order=AT_MARKET), "market.reference_price"))
    assert unknown.outcome == UNDECIDED
    assert unknown.missing == ("market.reference_price",)


def test_a_market_order_meets_the_limits_of_the_firm_at_the_end_of_the_collar() -> None:
    """1,000 shares at 25.00 and a collar of 5 % count 26,250."""
    for limit, approved in (("26250.00", True), ("26249.99", False)):
        document = access(order=AT_MARKET, firm={"largest_order_value": limit})
        assert by_market_access(document).is_approved is approved
    huge = access(order={**AT_MARKET, "quantity": 1_000_000_000})
    assert {"value_within_cap", "quantity_within_cap"} <= short_names(
        by_market_access(huge).breached
    )


def test_a_burst_of_orders_is_stopped_at_the_limit() -> None:
    """Each order is decided with those entered before it; three may be entered in a minute."""
    entered: list[Document] = []
    approved = 0
    for number in range(200):
        document = access(order={"id": f"B{number}", "quantity": 1 + number})
        document["account"]["recent_orders"] = copy.deepcopy(entered)
        if by_market_access(document).is_approved:
            approved += 1
            entered.append(earlier(number, "10:00:00", id=f"B{number}", quantity=1 + number))
    assert approved == 3


def test_the_count_of_orders_says_what_it_counts() -> None:
    """Orders entered within the window, this one included; older ones no longer count."""
    rows = [earlier(1), earlier(2, "09:58:59"), earlier(3, "09:59:00")]
    document = access(account={"recent_orders": rows})
    figures = ("orders_in_burst", "quantity_in_burst", "identical_orders")
    found = gate("us/market_access").decide(document, figures=figures).core.figures
    assert {name: int(Fraction(str(value.value))) for name, value in found.items()} == {
        "orders_in_burst": 3,
        "quantity_in_burst": 1000 + 101 + 103,
        "identical_orders": 0,
    }
    assert by_market_access(document).is_approved
    too_short = access(account={"recent_orders_since": "2024-03-04T09:59:01-05:00"})
    assert short_names(by_market_access(too_short).breached) == {"earlier_orders_known"}


def test_an_order_number_is_used_once() -> None:
    again = access(account={"recent_orders": [earlier(1, "09:31:00", id="1")]})
    decision = by_market_access(again)
    assert short_names(decision.breached) == {"order_number_is_new"}
    assert decision.core.breached[0].fix_103 == 6


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [earlier(1), earlier(2, quantity=1000, at="09:59:57"), earlier(3, security="XYZ")]
    decisions = {
        by_market_access(access(account={"recent_orders": list(order)})).breached
        for order in permutations(rows)
    }
    assert len(decisions) == 1
    assert "us/market_access/no_duplicates" in decisions.pop()


def alpaca(**changes: Any) -> Document:
    """Return a short sale of a client of a broker with protections of its own."""
    account = {
        "equity": "10000.00", "buying_power": "50000.00", "closing_only": False,
        "long_positions": [], "short_positions": [], "open_orders": [],
        "day_trades_in_five_days": 0, "equity_at_previous_close": "30000.00",
    }  # fmt: skip
    order = {"closes_position_opened_today": False, "borrow_fee_quote": "0.003"}
    document = access(account=account, order=order, security={"price": "25.00"})
    document["order"]["locates"][0]["for_order"] = "1"
    for name, change in changes.items():
        document[name].update(change)
    return document


def test_an_order_against_an_open_order_of_the_other_side_is_refused() -> None:
    house = gate("brokers/alpaca_like")
    assert house.decide(alpaca()).is_approved
    for row, approved in (
        ({"type": "limit", "price": "24.99"}, True),
        ({"type": "limit", "price": "25.00"}, False),
        ({"type": "market", "price": None}, False),
    ):
        bid = {"id": "9", "security": "XYZ", "action": "buy", "mark": None, "open_quantity": 1}
        decision = house.decide(alpaca(account={"open_orders": [{**bid, **row}]}))
        assert decision.is_approved is approved
        assert approved or short_names(decision.breached) == {"no_opposite_order"}


def test_a_position_above_six_times_the_equity_leaves_closing_orders_only() -> None:
    """Equity of 10,000 times six; 2,400 shares at 25.00 are exactly that."""
    house = gate("brokers/alpaca_like")
    for quantity, approved in ((2400, True), (2401, False)):
        short = {"short_positions": [{"security": "XYZ", "quantity": quantity}]}
        assert house.decide(alpaca(account=short)).is_approved is approved
        cover = alpaca(account=short, order={"action": "buy", "mark": None, "quantity": quantity})
        assert house.decide(cover).is_approved


@pytest.mark.parametrize(
    ("rulebook", "rate", "year"),
    [("brokers/futu_us/contract", "0.048", 365), ("brokers/alpaca_like/contract", "0.036", 360)],
)
def test_interest_is_simple_and_counts_natural_days(rulebook: str, rate: str, year: int) -> None:
    """Seven nights, a weekend among them, cost seven times one night, on either divisor."""
    nights = [
        {"lent_on": f"2024-03-{day:02}", "overnight_balance": "1000.00", "annual_rate": rate,
         "shorts": []}
        for day in range(1, 8)
    ]  # fmt: skip
    document = {
        "event": "account_close_of_day",
        "account": {"type": "margin", "valued_on": "2024-03-07", "charged_from": "2024-03-01",
                    "loan_days": nights},
    }  # fmt: skip
    name = "interest_of_period"
    found = gate(rulebook).decide(document, figures=(name,)).core.figures[name]
    assert Fraction(str(found.value)) == 1000 * Fraction(rate) * 7 / year
