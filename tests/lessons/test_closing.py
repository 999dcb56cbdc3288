"""Other systems refused orders that reduce risk; what guards opening never meets closing here."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.fuzz.answers import subject
from tests.lessons.orders import (
    by_sse,
    cn,
    dated_list,
    financing_contract,
    gate,
    short_contract,
    short_names,
)

from creditgate.explain.remedies import remedies_of

CLOSING = ("sell_to_repay", "buy_to_return", "stock_return")


@pytest.mark.parametrize("cash", ["0.00", "-1.00", "-1000000.00"])
@pytest.mark.parametrize("action", ["sell_to_repay", "collateral_sell"])
def test_selling_what_is_held_never_needs_cash(action: str, cash: str) -> None:
    held = {"cash": cash, "collateral": [{"security": "600000", "quantity": 1000}]}
    assert by_sse(cn(order={"action": action}, account=held)).is_approved


@pytest.mark.parametrize("cash", ["0.00", "-1000000.00"])
def test_returning_borrowed_shares_needs_no_margin(cash: str) -> None:
    owed = {"cash": cash, "short_contracts": [short_contract()]}
    order = {"action": "stock_return", "closes_contract": "S1"}
    assert by_sse(cn(order=order, account=owed)).is_approved
    assert by_sse(cn(order={**order, "action": "buy_to_return"}, account=owed)).is_approved


def test_without_free_margin_the_largest_quantity_to_open_is_zero_and_closing_stays_free() -> None:
    negative = {"cash": "-50000.00", "short_contracts": [short_contract()]}
    decision = by_sse(cn(account=negative), figures=("largest_quantity", "margin_available"))
    assert decision.core.figures["largest_quantity"].value == "0"
    assert str(decision.core.figures["margin_available"].value).startswith("-")
    assert "margin_covers_order" in short_names(decision.breached)
    for action in CLOSING:
        order = {"action": action, "closes_contract": None}
        assert by_sse(cn(order=order, account=negative)).is_approved, action


def test_a_proposed_change_never_enlarges_an_order_or_turns_its_side() -> None:
    sides = {
        "sell": {"collateral_sell", "sell_to_repay", "sell", "short_sell"},
        "buy": {"margin_buy"},
    }
    proposed = 0
    for rulebook in ("cn/sse", "us/reg_sho", "brokers/example_cn_member"):
        found = subject(rulebook)
        for document in found.documents:
            decision = found.gate.decide(document)
            if decision.outcome != "rejected" or document["event"] != "order":
                continue
            asked = Fraction(document["order"]["quantity"])
            for remedy in remedies_of(decision):
                proposed += 1
                total = Fraction(0)
                for part in remedy.parts:
                    changes = {change.path: change.value.exact for change in part}
                    quantity = Fraction(changes.get("order.quantity") or asked)
                    assert quantity > 0
                    total += quantity
                    action = changes.get("order.action", document["order"]["action"])
                    before = document["order"]["action"]
                    assert (
                        any({action, before} <= side for side in sides.values()) or action == before
                    )
                assert total <= asked
    assert proposed > 10


def test_eligibility_of_a_security_is_asked_for_opening_only() -> None:
    off_the_lists = {
        "financing_target_of_exchange": False, "financing_target_of_member": False,
        "short_target_of_exchange": False, "short_target_of_member": False,
        "collateral_of_exchange": False, "collateral_of_member": False,
        "financing_suspended": True, "short_suspended": True, "risk_warning": True,
    }  # fmt: skip
    debts = {"financing_contracts": [financing_contract(security="600036")],
             "short_contracts": [short_contract()]}  # fmt: skip
    for action in ("margin_buy", "short_sell", "collateral_buy"):
        order = {"action": action}
        assert not by_sse(cn(order=order, account=debts, security=off_the_lists)).is_approved
    for action in ("collateral_sell", *CLOSING):
        order = {"action": action}
        assert by_sse(cn(order=order, account=debts, security=off_the_lists)).is_approved, action


@pytest.mark.parametrize("quantity", [1, 57, 99, 101, 1_001])
def test_an_odd_lot_is_closed_though_it_could_not_be_opened(quantity: int) -> None:
    owed = {"short_contracts": [short_contract(quantity_owed=quantity)]}
    for action in CLOSING:
        order = {"action": action, "quantity": quantity}
        assert by_sse(cn(order=order, account=owed)).is_approved, action
    for action in ("margin_buy", "short_sell"):
        decision = by_sse(cn(order={"action": action, "quantity": quantity}))
        assert "whole_lots" in short_names(decision.breached)


@pytest.mark.parametrize("action", [*CLOSING, "collateral_sell"])
def test_lists_of_another_day_stop_no_closing(action: str) -> None:
    held = {
        "collateral": [{"security": "600000", "quantity": 1000}],
        "short_contracts": [short_contract()],
    }
    order = cn(order={"action": action, "closes_contract": None}, account=held)
    before = by_sse(order)
    assert before.is_approved
    # Whether the security trades at all is asked of every trade.
    names = [name for name in gate("cn/sse").vocabulary.lists if name != "trading_suspensions"]
    lists = [dated_list(name, "2026-01-19") for name in names]
    assert by_sse({**order, "lists": lists}).core_bytes() == before.core_bytes()
