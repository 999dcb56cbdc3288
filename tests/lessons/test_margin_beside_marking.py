"""Other systems checked the margin or the mark; here an order passes both rulebooks or none."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.lessons.orders import Document, short_names, us, without

from creditgate import Decision, Gate

RULEBOOKS = ("us/reg_sho", "us/finra_4210")
OWN_SHARES = {
    "mark": "long", "delivers_own_shares": True, "in_possession_or_control": True,
    "expected_by_settlement": True,
}  # fmt: skip


@cache
def both() -> Gate:
    return Gate.load(RULEBOOKS)


def decided(document: Document) -> Decision:
    return both().decide(document)


def position(quantity: int, **facts: Any) -> Document:
    return {"security": "XYZ", "quantity": quantity, **facts}


def order(*, equity: str, account: Document | None = None, **changes: Any) -> Document:
    """Return a short sale of 1,000 XYZ at 25.00 of an account whose equity is cash."""
    facts = {
        "long_positions": [], "short_positions": [], "debit_balance": "0", "credit_balance": "0",
        "free_credit_balance": equity, "special_memorandum": "0",
        "special_memorandum_credited": "0", "special_memorandum_used": "0",
        "deposit_for_order": "0", "good_faith_statement_of_ownership": False,
        "pattern_day_trader": False, "day_trades_in_five_days": 0, "trades_in_five_days": 0,
        "day_trading_call_on": None, "day_trading_calls": "0", **(account or {}),
    }  # fmt: skip
    security: dict[str, Any] = {
        "exempted_security": False, "margin_security": True, "venue_margin_ratio": None,
        "prior_close": "24.80", "convertibles_held": [], "call_rights_held": [],
    }  # fmt: skip
    return us(account=facts, security=security, **changes)


def test_a_short_sale_with_a_locate_and_one_half_of_margin_passes_both() -> None:
    decision = decided(order(equity="12500.00"))
    assert decision.is_approved
    assert {item.id for item in decision.core.rulebooks} == set(RULEBOOKS)


def test_one_cent_of_margin_less_is_refused_though_the_locate_is_there() -> None:
    decision = decided(order(equity="12499.99"))
    assert decision.outcome == "rejected"
    assert short_names(decision.breached) == {"initial_margin"}


def test_margin_does_not_stand_for_a_locate() -> None:
    decision = decided(order(equity="12500.00", order={"locates": []}))
    assert short_names(decision.breached) == {"locate"}


def test_a_short_sale_of_a_billion_on_a_million_of_equity_is_refused_by_its_margin() -> None:
    located = {"id": "L1", **us()["order"]["locates"][0], "quantity": 40_000_000}
    huge = {"quantity": 40_000_000, "locates": [located]}
    decision = decided(order(equity="1000000.00", order=huge))
    assert short_names(decision.breached) == {"initial_margin", "maintenance_of_new_position"}


@pytest.mark.parametrize("equity", ["0", "12500.00"])
def test_a_long_sale_of_what_is_held_needs_no_margin(equity: str) -> None:
    held = [position(1000, quantity_bought_today=0, bought_today_for="0", short_against_the_box=0)]
    account = {"long_positions": held, "debit_balance": "5000000.00"}
    document = order(
        equity=equity, account=account, order=OWN_SHARES, seller={"title_quantity": 1000}
    )
    assert decided(document).is_approved


def test_a_cover_needs_neither_margin_nor_locate() -> None:
    owed = [
        position(1000, sale_price="9", quantity_sold_today=0, sold_today_for="0",
                 long_against_the_box=0)
    ]  # fmt: skip
    account = {"short_positions": owed, "credit_balance": "9000.00"}
    cover: dict[str, Any] = {"action": "buy", "mark": None, "locates": []}
    assert decided(order(equity="0", account=account, order=cover)).is_approved


@pytest.mark.parametrize(
    "fact", ["free_credit_balance", "debit_balance", "short_positions", "special_memorandum"]
)
def test_without_a_fact_of_the_account_a_short_sale_is_undecided(fact: str) -> None:
    decision = decided(without(order(equity="12500.00"), f"account.{fact}"))
    assert decision.outcome == "undecided"
    assert f"account.{fact}" in decision.missing
