"""Figures and decisions on random United States margin accounts equal those of the text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from tests.oracles import us_accounts as accounts
from tests.oracles import us_margin as law

from creditgate import Gate

SEEDS = range(6)
ACCOUNTS_A_SEED = 100
CENT = Fraction(1, 100)


@cache
def gate() -> Gate:
    return Gate.load(["us/finra_4210"])


def drawn(seed: int, what: str) -> Iterator[tuple[accounts.Document, date]]:
    """Yield orders of random accounts with their days."""
    random = Random(f"{what} {seed}")
    for _ in range(ACCOUNTS_A_SEED):
        day = accounts.day_of_judgement(random)
        yield accounts.order_document(random, day), day


def figures(document: accounts.Document, *names: str) -> dict[str, Fraction | None]:
    """Return figures as a decision reports them, as exact numbers."""
    values = gate().decide(json.dumps(document), figures=names).core.figures
    assert all(value.state != "unknown" for value in values.values()), (document, values)
    return {
        name: None if value.value is None else Fraction(value.value)
        for name, value in values.items()
    }


def kept(document: accounts.Document) -> dict[str, bool]:
    """Tell which of the margin rules are kept, by the decision of the generated code."""
    decision = gate().decide(json.dumps(document))
    assert not decision.undecided, (document, decision)
    return {
        "initial": "us/reg_t/initial_margin" not in decision.breached,
        "maintenance": "us/finra_4210/maintenance_of_new_position" not in decision.breached,
        "minimum": "us/finra_4210/minimum_equity_to_open" not in decision.breached,
    }


def by_the_text(document: accounts.Document, day: date) -> dict[str, bool]:
    """Tell which of the margin rules are kept, by the text."""
    return {
        "initial": law.initial_margin_is_there(document, day),
        "maintenance": law.maintenance_is_there(document, day),
        "minimum": law.minimum_equity_is_there(document),
    }


def with_deposit(document: accounts.Document, deposit: Fraction) -> accounts.Document | None:
    """Return a document with another deposit, or None if it is not a sum in cents above zero."""
    cents = deposit * 100
    if cents.denominator != 1 or cents < 0:
        return None
    exact = f"{int(cents) // 100}.{int(cents) % 100:02}"
    return {**document, "account": {**document["account"], "deposit_for_order": exact}}


@pytest.mark.parametrize("seed", SEEDS)
def test_equity_and_the_margins_of_an_account(seed: int) -> None:
    for document, day in drawn(seed, "accounts"):
        equity = law.equity(document)
        required, maintenance = law.required_margin(document, day), law.maintenance(document, day)
        assert figures(
            document, "margin_equity", "required_margin", "margin_excess", "special_memorandum",
            "buying_power", "maintenance_required", "maintenance_excess", "maintenance_call_amount",
            "intraday_margin_level",
        ) == {
            "margin_equity": equity,
            "required_margin": required,
            "margin_excess": equity - required,
            "special_memorandum": law.special_memorandum(document, day),
            "buying_power": 2 * law.special_memorandum(document, day),
            "maintenance_required": maintenance,
            "maintenance_excess": equity - maintenance,
            "maintenance_call_amount": max(0, maintenance - equity),
            "intraday_margin_level": equity - maintenance,
        }, document  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_margins_and_deposits_of_an_order(seed: int) -> None:
    for document, day in drawn(seed, "orders"):
        bought, sold = law.opened(document)
        assert figures(
            document, "opened_long", "opened_short", "order_margin", "order_maintenance",
            "opening_deposit", "deposit_needed",
        ) == {
            "opened_long": bought,
            "opened_short": sold,
            "order_margin": law.order_margin(document, day),
            "order_maintenance": law.order_maintenance(document, day),
            "opening_deposit": law.opening_deposit(document, day),
            "deposit_needed": law.deposit_needed(document, day),
        }, document  # fmt: skip


def test_orders_are_refused_as_the_text_says() -> None:
    outcomes: Counter[tuple[str, bool]] = Counter()
    for seed in SEEDS:
        for document, day in drawn(seed, "decisions"):
            wanted = by_the_text(document, day)
            assert kept(document) == wanted, document
            outcomes.update(wanted.items())
    assert all(outcomes[rule, met] > 10 for rule in wanted for met in (True, False))


def test_the_deposit_needed_is_the_least_with_which_an_order_passes() -> None:
    tried = 0
    for seed in SEEDS:
        for document, day in drawn(seed, "deposits"):
            needed = law.deposit_needed(document, day)
            for change in (-CENT, Fraction(0), CENT):
                tuned = with_deposit(document, needed + change)
                if tuned is not None:
                    assert all(kept(tuned).values()) is (change >= 0), tuned
                    tried += 1
    assert tried > 100


def test_closing_is_approved_however_deep_the_account_stands() -> None:
    closed: Counter[str] = Counter()
    for seed in SEEDS:
        for document, _ in drawn(seed, "closing"):
            account = {**document["account"], "debit_balance": "900000000.00"}
            for side, action, mark in (
                ("long_positions", "sell", "long"),
                ("long_positions", "sell_to_repay", "long"),
                ("short_positions", "buy", None),
                ("short_positions", "buy_to_return", None),
            ):
                for position in account[side]:
                    if position["quantity"]:
                        order = {
                            **document["order"], "action": action, "mark": mark,
                            "security": position["security"], "quantity": position["quantity"],
                        }  # fmt: skip
                        decision = gate().decide(
                            json.dumps({**document, "account": account, "order": order})
                        )
                        assert decision.is_approved, (order, decision)
                        closed[action] += 1
    assert min(closed.values()) > 50
    assert len(closed) == 4


def test_the_maintenance_margin_of_a_share_sold_short_switches_at_its_prices() -> None:
    document, _ = next(drawn(0, "switches"))
    share = {
        **document["securities"][0], "class": "stock", "equity_security": True,
        "exempted_security": False,
    }  # fmt: skip
    order = {**document["order"], "action": "short_sell", "mark": "short", "security": share["id"]}
    around = [n for at in (25_000, 50_000, 166_667) for n in range(at - 3, at + 4)]
    for ten_thousandths in (*around, *range(2_500, 300_000, 2_500)):
        text = str(Decimal(ten_thousandths).scaleb(-4))
        found = figures(
            {
                **document,
                "order": {**order, "price": text},
                "market": {"last_price": text, "previous_close": text},
                "securities": [share],
                "account": {**document["account"], "long_positions": [], "short_positions": []},
            },
            "short_maintenance_per_share",
        )
        assert found == {
            "short_maintenance_per_share": law.short_maintenance_per_share(Fraction(text))
        }


def test_the_switch_points_are_exact() -> None:
    each = law.short_maintenance_per_share
    nothing = Fraction(1, 10**12)
    assert each(Fraction(5, 2)) == Fraction(5, 2) == each(Fraction(5, 2) - nothing)
    assert each(Fraction(5, 2) + nothing) == Fraction(5, 2) + nothing
    assert each(Fraction(5) - nothing) == Fraction(5) - nothing
    assert each(Fraction(5)) == 5 == each(Fraction(50, 3)) == each(Fraction(50, 3) - nothing)
    assert each(Fraction(50, 3) + nothing) == 5 + nothing * 3 / 10


@pytest.mark.parametrize(
    "credit", ["2.49", "2.5", "4.99", "5", "9.99", "10", "21.66", "21.67", "75"]
)
def test_at_the_call_price_of_a_short_account_equity_is_its_maintenance_margin(credit: str) -> None:
    document, _ = next(drawn(1, "call prices"))
    share = {
        **document["securities"][0], "class": "stock", "equity_security": True,
        "exempted_security": False,
    }  # fmt: skip
    held = {
        "security": share["id"], "quantity": 100, "sale_price": "1", "quantity_sold_today": 0,
        "sold_today_for": "0", "long_against_the_box": 0,
    }  # fmt: skip
    account = {
        **document["account"], "long_positions": [], "short_positions": [held], "debit_balance": "0",
        "free_credit_balance": "0", "credit_balance": str(Decimal(credit) * 100),
    }  # fmt: skip
    order = {**document["order"], "security": share["id"]}
    short = {**document, "account": account, "securities": [share], "order": order}
    price = figures(short, "short_call_price")["short_call_price"]
    assert price is not None
    lacking = Fraction(credit) - price - law.short_maintenance_per_share(price)
    assert lacking == 0 or (price == 0 and lacking < 0)
