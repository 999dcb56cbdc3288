"""Charges on random US accounts equal those worked out from the terms of the brokers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from tests.oracles import us_charges as terms
from tests.oracles import us_nights as accounts

from creditgate import Gate

BROKERS = ("futu_us", "ibkr_like", "alpaca_like")
SEEDS = range(4)
ACCOUNTS_A_SEED = 80


@cache
def gate_of(broker: str) -> Gate:
    return Gate.load([f"brokers/{broker}/contract"])


def figures(document: accounts.Document, broker: str, *names: str) -> dict[str, Fraction | None]:
    """Return figures as a decision reports them, as exact numbers."""
    values = gate_of(broker).decide(json.dumps(document), figures=names).core.figures
    assert all(value.state != "unknown" for value in values.values()), (document, values)
    return {
        name: None if value.value is None else Fraction(value.value)
        for name, value in values.items()
    }


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("broker", BROKERS)
def test_borrow_fees_of_a_period_and_of_tonight(broker: str, seed: int) -> None:
    random = Random(f"fees {broker} {seed}")
    charged = 0
    for _ in range(ACCOUNTS_A_SEED):
        document = accounts.close_of_day(random)
        expected = terms.fees(document, broker)
        assert figures(document, broker, "fees_of_period", "fees_tonight") == {
            "fees_of_period": expected,
            "fees_tonight": terms.fees_tonight(document, broker),
        }, document
        charged += expected is not None and expected > 0
    assert charged > ACCOUNTS_A_SEED / 4


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("broker", ["futu_us", "alpaca_like"])
def test_interest_of_a_period(broker: str, seed: int) -> None:
    random = Random(f"interest {broker} {seed}")
    for _ in range(ACCOUNTS_A_SEED):
        document = accounts.close_of_day(random)
        assert figures(document, broker, "interest_of_period") == {
            "interest_of_period": terms.interest(document, broker)
        }, document


@pytest.mark.parametrize("seed", SEEDS)
def test_what_cannot_be_paid_is_added_to_the_loan_of_the_next_month(seed: int) -> None:
    random = Random(f"capitalised {seed}")
    for _ in range(ACCOUNTS_A_SEED):
        document = accounts.close_of_day(random)
        assert figures(document, "futu_us", "capitalised", "loan_after_charge") == {
            "capitalised": terms.capitalised(document),
            "loan_after_charge": terms.next_loan(document),
        }, document


@pytest.mark.parametrize("broker", BROKERS)
def test_a_night_left_out_is_never_charged_as_nothing(broker: str) -> None:
    random = Random(f"left out {broker}")
    left_out = 0
    for _ in range(ACCOUNTS_A_SEED):
        document = accounts.close_of_day(random)
        if terms.nights(document) is None and document["account"]["charged_from"] is not None:
            left_out += 1
            decision = gate_of(broker).decide(json.dumps(document))
            assert f"brokers/{broker}/contract/every_night_stated" in decision.breached
    assert left_out > 5


def test_the_example_of_the_article() -> None:
    """收盘价 24.910*102/100=25.4082,向上取整后,结算价为26.000."""
    assert terms.settlement_price(Fraction("24.910")) == 26
    document = _one_short("24.91", "3.65", date(2024, 3, 4))
    assert figures(document, "futu_us", "fees_tonight") == {"fees_tonight": Fraction(26, 100)}


@pytest.mark.parametrize("broker", BROKERS)
def test_nights_until_the_next_settlement_day_on_each_day_of_two_years(broker: str) -> None:
    day, seen = accounts.FIRST_DAY, set()
    while day <= accounts.LAST_DAY:
        document = _one_short("50", "0.05", day)
        assert figures(document, broker, "fees_tonight") == {
            "fees_tonight": terms.fees_tonight(document, broker)
        }, day
        seen.add((day.weekday(), terms.nights_ahead(day)))
        day += timedelta(days=1)
    friday = 4
    assert {(friday, 3), (friday, 4)} <= seen


def _one_short(close: str, rate: str, day: date) -> accounts.Document:
    return {
        "event": "account_close_of_day",
        "account": {
            "type": "margin",
            "valued_on": day.isoformat(),
            "short_positions": [{"security": "S0", "quantity": 1, "annual_rate_today": rate}],
        },
        "securities": [{"id": "S0", "close_price": close}],
    }
