"""Traps of counters and data feeds: what is empty, stale, doubled or beyond a calendar."""

from __future__ import annotations

from datetime import date

import pytest
from tests.fuzz.answers import subject
from tests.lessons.orders import (
    by_sse,
    cn,
    codes,
    financing_contract,
    gate,
    short_contract,
    short_names,
    us,
    without,
)

from creditgate.base.collector import Collector
from creditgate.base.spans import NOWHERE
from creditgate.pipeline import catalogue

LISTS = ("collateral", "financing_contracts", "short_contracts")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_missing_is_not_an_empty_one(name: str) -> None:
    assert by_sse(cn(account={name: []})).is_approved
    decision = by_sse(without(cn(), f"account.{name}"))
    assert decision.outcome == "undecided"
    assert decision.missing == (f"account.{name}",)
    assert codes(by_sse(cn(account={name: None}))) == {"CG9009"}


def test_an_account_without_detail_is_unknown_and_not_an_account_of_zeros() -> None:
    document = cn()
    document["account"] = {"id": "A1", "type": "credit"}
    decision = by_sse(document)
    assert decision.outcome == "undecided"
    assert {f"account.{name}" for name in (*LISTS, "cash")} <= set(decision.missing)


def test_an_account_of_zeros_with_debts_opens_nothing_and_is_called() -> None:
    zeros = {"cash": "0.00", "financing_contracts": [financing_contract(quantity=0)]}
    for action in ("margin_buy", "short_sell"):
        decision = by_sse(cn(order={"action": action}, account=zeros))
        assert "margin_covers_order" in short_names(decision.breached)
    close = cn(event="account_close_of_day", account={
        **zeros, "minimum_line": "1.3", "top_up_line": "1.5", "top_up_term": 2,
        "call_made_on": None, "call_notified": True, "valued_on": "2026-01-20",
    })  # fmt: skip
    assert by_sse(close).core.determinations["maintenance_status"].value == "call"


@pytest.mark.parametrize(
    "rows",
    [
        {"collateral": [{"security": "600036", "quantity": 500}] * 2},
        {"collateral": [{"security": "600036", "quantity": n} for n in (500, 700)]},
        {"short_contracts": [short_contract(), short_contract(security="600036")]},
        {"financing_contracts": [financing_contract(), financing_contract(quantity=2)]},
    ],
)
def test_a_row_given_twice_is_refused_and_never_counted_twice(rows: dict[str, object]) -> None:
    decision = by_sse(cn(account=rows))
    assert decision.outcome == "undecided"
    assert codes(decision) == {"CG9008"}


def test_a_record_given_twice_is_refused() -> None:
    document = cn()
    document["securities"].append({**document["securities"][0], "price": "1000.00"})
    assert codes(by_sse(document)) == {"CG9008"}


def test_a_position_in_a_security_without_a_record_is_named_and_counts_for_nothing() -> None:
    decision = by_sse(cn(account={"collateral": [{"security": "600519", "quantity": 500}]}))
    assert decision.outcome == "undecided"
    assert "account.collateral[600519].security (600519)" in decision.missing


def test_the_least_equity_for_a_short_sale_is_a_number_of_the_rulebook() -> None:
    house = gate("brokers/firstrade")
    assert house.decide(us(account={"equity": "2000.00"})).is_approved
    decision = house.decide(us(account={"equity": "1999.99"}))
    assert short_names(decision.breached) == {"short_sale_needs_equity"}
    assert gate("us/reg_sho").decide(us(account={"equity": "1999.99"})).is_approved


@pytest.mark.parametrize(
    ("house", "regulator"),
    [
        ("brokers/example_cn_member", "cn/sse"),
        ("brokers/firstrade", "us/reg_sho"),
        ("brokers/futu_us", "us/reg_sho"),
        ("brokers/alpaca_like", "us/reg_sho"),
        ("brokers/firstrade/cash_account", "us/reg_t"),
    ],
)
def test_a_house_refuses_more_than_the_regulator_and_never_approves_more(
    house: str, regulator: str
) -> None:
    """Both decide every scenario of either on its own day, some on a day of the house's own rules."""
    by_house, by_regulator = subject(house).gate, subject(regulator).gate
    stricter = 0
    documents = (*subject(house).documents, *subject(regulator).documents)
    for place, document in enumerate(documents):
        for on in (None, date(2026, 1, 20)) if place % 3 == 0 else (None,):
            approved = by_house.decide(document, on=on).is_approved
            regular = by_regulator.decide(document, on=on)
            assert regular.is_approved or not approved
            stricter += regular.is_approved and not approved
    assert stricter > 5


@pytest.mark.parametrize(
    ("calendar", "closed", "open_days"),
    [
        ("XSHG", ("2020-01-31", "2022-09-12", "2023-10-06", "2024-02-09", "2025-01-28"), ("2020-02-03",)),
        ("XSHE", ("2020-01-31", "2022-09-12", "2023-10-06", "2024-02-09", "2025-01-28"), ("2020-02-03",)),
        ("XNYS", ("2012-10-29", "2018-12-05", "2022-06-20", "2025-01-09"), ("2012-10-31",)),
    ],
)  # fmt: skip
def test_holidays_that_calendars_of_others_lacked_for_months_are_closed_days(
    calendar: str, closed: tuple[str, ...], open_days: tuple[str, ...]
) -> None:
    found = catalogue().calendar(calendar, NOWHERE, Collector())
    assert found is not None
    for day in closed:
        assert found.is_session(date.fromisoformat(day).toordinal()) is False, day
    for day in open_days:
        assert found.is_session(date.fromisoformat(day).toordinal()) is True, day


@pytest.mark.parametrize("day", ["2040-01-03", "9999-12-30"])
def test_a_day_beyond_the_calendar_is_unknown_and_said(day: str) -> None:
    owed = {"short_contracts": [short_contract(opened_on=day)]}
    order = {"action": "stock_return", "closes_contract": "S1", "trade_date": day}
    decision = by_sse(cn(order=order, account=owed))
    assert decision.outcome == "undecided"
    said = " ".join(reason for item in decision.core.undecided for reason in item.because)
    assert "XSHG" in said
