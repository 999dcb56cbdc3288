"""Other systems let an order pass when a fact was absent; each of these orders is refused."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from tests.bad_input.house_rulebooks import RULE, write
from tests.fuzz.answers import subject
from tests.lessons.orders import (
    CN_DAY,
    by_reg_sho,
    by_sse,
    cn,
    codes,
    dated_list,
    facts_of,
    gate,
    short_names,
    taken_out,
    us,
    without,
)

from creditgate import Gate
from creditgate.base.failures import RulebookRejected

REJECTED, UNDECIDED, PENDING = "rejected", "undecided", "pending"


def test_the_orders_from_which_the_lessons_start_are_approved() -> None:
    assert by_sse(cn()).is_approved
    assert by_sse(cn(order={"action": "short_sell"})).is_approved
    assert by_reg_sho(us()).is_approved


@pytest.mark.parametrize(
    "action",
    ["margin_buy", "short_sell", "collateral_buy", "collateral_sell", "sell_to_repay",
     "buy_to_return", "cash_repay", "stock_return"],
)  # fmt: skip
def test_an_order_of_an_unknown_account_is_not_approved(action: str) -> None:
    decision = by_sse(without(cn(order={"action": action}), "account"))
    assert not decision.is_approved
    assert "account" in decision.missing


def test_a_short_sale_of_a_thousand_times_the_equity_is_refused() -> None:
    decision = by_sse(cn(order={"action": "short_sell", "quantity": 100_000_000}))
    assert decision.outcome == REJECTED
    reasons = {item.rule: item.fix_103 for item in decision.core.breached}
    assert reasons["cn/margin_trading/margin_covers_order"] == 25


def test_an_account_without_a_cash_balance_buys_nothing_on_margin() -> None:
    decision = by_sse(without(cn(), "account.cash"))
    assert decision.outcome == UNDECIDED
    assert decision.missing == ("account.cash",)


def test_a_market_order_without_a_price_to_value_it_is_not_approved() -> None:
    market_order = cn(order={"type": "market", "price": None})
    assert by_sse(market_order).is_approved
    no_limit = cn(order={"type": "market", "price": None}, market={"limit_up": None})
    decision = by_sse(no_limit)
    assert decision.outcome == REJECTED
    assert "margin_covers_order" in short_names(decision.breached)
    unknown = by_sse(without(market_order, "market.limit_up"))
    assert unknown.outcome == UNDECIDED
    assert "market.limit_up" in unknown.missing


def test_a_market_short_order_is_refused_and_so_is_one_without_a_reference_price() -> None:
    at_market = cn(order={"action": "short_sell", "type": "market", "price": None})
    assert "short_sale_has_limit_price" in short_names(by_sse(at_market).breached)
    none = {"traded_today": True, "last_price": None}
    no_reference = by_sse(cn(order={"action": "short_sell"}, market=none))
    assert no_reference.outcome == REJECTED
    assert "short_price_not_below_last" in short_names(no_reference.breached)
    for fact in ("last_price", "traded_today"):
        not_known = by_sse(without(cn(order={"action": "short_sell"}), f"market.{fact}"))
        assert not_known.outcome == UNDECIDED
        assert not_known.missing == (f"market.{fact}",)


@pytest.mark.parametrize("kind", ["cash", "ordinary"])
def test_an_account_that_is_no_credit_account_sells_nothing_short(kind: str) -> None:
    decision = by_sse(cn(order={"action": "short_sell"}, account={"type": kind}))
    assert decision.outcome == REJECTED
    assert "credit_order_in_credit_account" in short_names(decision.breached)


def test_a_cash_account_of_a_house_sells_nothing_short() -> None:
    assert gate("brokers/firstrade").decide(us()).is_approved
    decision = gate("brokers/firstrade").decide(us(account={"type": "cash"}))
    assert "short_sale_in_margin_account" in short_names(decision.breached)


def test_a_sale_marked_long_is_covered_by_what_is_held_to_the_share() -> None:
    long = {"mark": "long", "delivers_own_shares": True, "in_possession_or_control": True,
            "locates": []}  # fmt: skip
    assert by_reg_sho(us(order=long, seller={"title_quantity": 1000})).is_approved
    decision = by_reg_sho(us(order=long, seller={"title_quantity": 999}))
    assert decision.outcome == REJECTED


def test_a_short_sale_without_a_locate_is_refused_and_without_the_list_undecided() -> None:
    decision = by_reg_sho(us(order={"locates": []}, security={"borrow_status": "hard"}))
    assert decision.outcome == REJECTED
    assert "locate" in short_names(decision.breached)
    unknown = by_reg_sho(without(us(), "order.locates"))
    assert unknown.outcome == UNDECIDED
    assert "order.locates" in unknown.missing


def test_a_security_without_a_row_of_facts_is_not_easy_to_borrow() -> None:
    decision = by_reg_sho({**us(), "securities": []})
    assert decision.outcome == UNDECIDED
    assert "order.security (XYZ)" in decision.missing


def test_a_market_order_of_any_size_meets_the_limits_of_value() -> None:
    huge = cn(order={"type": "market", "price": None, "quantity": 1_000_000_000})
    assert by_sse(huge).outcome == REJECTED
    assert codes(by_sse(cn(order={"type": "market", "price": 0}))) >= {"CG9004"}
    assert codes(by_sse(cn(order={"price": 0}))) == {"CG9004"}


@pytest.mark.parametrize(
    ("fact", "text", "code"),
    [
        ("price", "NaN", "CG9006"), ("price", "Infinity", "CG9006"), ("price", "-10.00", "CG9004"),
        ("price", "0", "CG9004"), ("quantity", "NaN", "CG9006"), ("quantity", "-1000", "CG9004"),
        ("quantity", "0", "CG9004"), ("quantity", "0.5", "CG9005"), ("quantity", "1e30", "CG9004"),
    ],
)  # fmt: skip
def test_a_price_or_quantity_that_cannot_be_is_refused_before_any_rule(
    fact: str, text: str, code: str
) -> None:
    decision = by_sse(cn(order={fact: text}))
    assert decision.outcome == UNDECIDED
    assert code in codes(decision)
    assert not decision.core.rulebooks


@pytest.mark.parametrize("mistake", ["rules: [", RULE.replace("order.quantity", "order.qty")])
def test_rulebooks_load_all_together_or_not_at_all(mistake: str, tmp_path: Path) -> None:
    broken = write(tmp_path, "broken", mistake)
    with pytest.raises(RulebookRejected) as refused:
        Gate.load(["cn/sse", broken])
    assert "house/broken/limits.yaml" in str(refused.value)


def test_a_price_limit_that_is_no_number_is_refused_and_a_missing_one_is_named() -> None:
    market_order = cn(order={"type": "market", "price": None})
    for fact in ("limit_up", "last_price", "previous_close"):
        spoilt = copy.deepcopy(market_order)
        spoilt["market"][fact] = "NaN"
        assert codes(by_sse(spoilt)) == {"CG9006"}
    assert by_sse(without(market_order, "market.limit_up")).missing == ("market.limit_up",)


def test_a_rule_that_only_warns_is_listed_in_each_decision_that_it_would_have_refused() -> None:
    found = subject("brokers/example_cn_member")
    core = [found.gate.decide(document).core for document in found.documents]
    warned = [item for item in core if item.warnings]
    assert warned
    assert all(warning.rule.startswith("brokers/") for item in warned for warning in item.warnings)


@pytest.mark.parametrize("rulebook", ["cn/sse", "us/reg_sho"])
def test_a_fact_left_out_of_an_approved_order_never_matters_in_silence(rulebook: str) -> None:
    """Without it the order is still approved, or undecided for want of this very fact.

    Of what has a deadline, a duty that cannot be judged yet may be pending as well.
    """
    found = subject(rulebook)
    approved = [d for d in found.documents if found.gate.decide(d).is_approved]
    mattered = 0
    for document in approved[::7]:
        for path in facts_of(dict(document)):
            decision = found.gate.decide(taken_out(dict(document), path))
            if decision.is_approved or decision.outcome == PENDING:
                continue
            mattered += 1
            assert decision.outcome == UNDECIDED, path
            if path[0] == "lists":  # a row says all four things or is refused
                assert decision.core.refusals
                continue
            assert any(path[-1] in missing.split(".") for missing in decision.missing), (
                path,
                decision.missing,
            )
    assert mattered > 100


def test_an_action_that_is_not_stated_is_asked_for_and_never_assumed() -> None:
    decision = by_sse(without(cn(order={"action": "sell_to_repay"}), "order.action"))
    assert decision.outcome == UNDECIDED
    assert "order.action" in decision.missing


@pytest.mark.parametrize("code", ["", "40", "23", "sell_repay", "SHORT_SELL", "buy ", 5, None, []])
def test_a_code_of_some_counter_is_not_taken_for_an_action(code: object) -> None:
    decision = by_sse(cn(order={"action": code}))
    assert decision.outcome == UNDECIDED
    assert codes(decision) & {"CG9007", "CG9009"}


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("financing_targets", "margin_buy"),
        ("member_financing_targets", "margin_buy"),
        ("financing_suspensions", "margin_buy"),
        ("short_targets", "short_sell"),
        ("member_short_targets", "short_sell"),
        ("short_suspensions", "short_sell"),
        ("collateral_list", "collateral_buy"),
        ("member_collateral_list", "collateral_buy"),
        ("risk_warnings", "margin_buy"),
    ],
)
def test_the_list_of_yesterday_opens_nothing_today(name: str, action: str) -> None:
    today, yesterday = CN_DAY, "2026-01-19"
    order = cn(order={"action": action})
    assert by_sse({**order, "lists": [dated_list(name, today)]}).is_approved
    decision = by_sse({**order, "lists": [dated_list(name, yesterday)]})
    assert decision.outcome == UNDECIDED
    why = {words for item in decision.core.undecided for words in item.because}
    assert why == {f"the list `{name}` is of {yesterday}, not of {today}"}


@pytest.mark.parametrize("name", ["circuit_breakers", "easy_to_borrow", "threshold_list"])
def test_the_american_list_of_yesterday_opens_nothing_today(name: str) -> None:
    today, yesterday = "2024-03-04", "2024-03-01"
    # At the bid, and by a locate that was used up and covered back: each list is asked.
    located = {**us()["order"]["locates"][0], "used": 1000, "covered_back": 1000}
    sale = us(order={"price": "24.99", "locates": [located]})
    assert by_reg_sho({**sale, "lists": [dated_list(name, today)]}).is_approved
    decision = by_reg_sho({**sale, "lists": [dated_list(name, yesterday)]})
    assert decision.outcome == UNDECIDED
    why = {words for item in decision.core.undecided for words in item.because}
    assert why == {f"the list `{name}` is of {yesterday}, not of {today}"}
