"""Figures and decisions on random Chinese credit accounts equal those worked out from the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.oracles import chinese_accounts as accounts
from tests.oracles import chinese_margin as law
from tests.oracles.chinese_gates import gate_of, value_of

EXCHANGES = ("SSE", "SZSE")
SEEDS = range(8)
ACCOUNTS_A_SEED = 120
CENT = Fraction(1, 100)
BASE = "cn/margin_trading"
# Since when bonds are traded in lots of their own is not settled.
BONDS = ("treasury", "bond", "convertible_bond")


def rulebook_of(document: accounts.Document) -> str:
    """Return the rulebook of the exchange of an account."""
    return f"cn/{document['account']['exchange'].lower()}"


def drawn(seed: int, what: str) -> Iterator[tuple[Random, str, date]]:
    """Yield for each account to draw: the source of chance, the exchange and the day."""
    random = Random(f"{what} {seed}")
    for _ in range(ACCOUNTS_A_SEED):
        yield random, random.choice(EXCHANGES), accounts.day_of_judgement(random)


def figures(document: accounts.Document, *names: str) -> dict[str, Fraction | None]:
    """Return figures as a decision reports them, as exact numbers."""
    gate = gate_of(rulebook_of(document))
    values = gate.decide(json.dumps(document), figures=names).core.figures
    assert all(value.state != "unknown" for value in values.values()), (document, values)
    return {
        name: None if value.value is None else Fraction(value.value)
        for name, value in values.items()
    }


def asked(document: accounts.Document, day: date, formula: str) -> Any:
    """Return the value of a formula on a document, from the reference."""
    return value_of(rulebook_of(document), document, day.toordinal(), formula)


def kept(document: accounts.Document, *rules: str) -> tuple[bool, ...]:
    """Tell which rules of the base are kept, by the decision of the generated code."""
    decision = gate_of(rulebook_of(document)).decide(json.dumps(document))
    named = [f"{BASE}/{rule}" for rule in rules]
    assert not set(named).intersection(decision.undecided), (document, decision)
    return tuple(rule not in decision.breached for rule in named)


def holds(document: accounts.Document, rule: str) -> bool:
    """Tell whether one rule is kept."""
    (answer,) = kept(document, rule)
    return answer


def with_more_cash(document: accounts.Document, more: Fraction) -> accounts.Document | None:
    """Return a document whose account has more cash, or None if it is not a sum in cents."""
    cents = (law.number(document["account"]["cash"]) + more) * 100
    if cents.denominator != 1:
        return None
    sign = "-" if cents < 0 else ""
    exact = f"{sign}{abs(int(cents)) // 100}.{abs(int(cents)) % 100:02}"
    return {**document, "account": {**document["account"], "cash": exact}}


@pytest.mark.parametrize("seed", SEEDS)
def test_margin_of_orders(seed: int) -> None:
    for random, exchange, day in drawn(seed, "orders"):
        document = accounts.order_document(random, exchange, day)
        expected: dict[str, Fraction | None] = {
            "margin_available": law.margin_available(document, day),
            "order_ratio": law.order_ratio(document, day),
            "margin_required": law.margin_required(document, day),
        }
        if law.security_of(document, document["order"])["class"] not in BONDS:
            expected["largest_quantity"] = law.largest_quantity(document, day)
        assert figures(document, *expected) == expected, document
        assert holds(document, "margin_covers_order") == law.order_is_covered(document, day), (
            document
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_orders_a_cent_around_the_margin_available(seed: int) -> None:
    changes = set()
    for random, exchange, day in drawn(seed, "cents"):
        document = accounts.order_document(random, exchange, day)
        lacking = law.margin_required(document, day) - law.margin_available(document, day)
        for change in (-CENT, Fraction(0), CENT):
            tuned = with_more_cash(document, lacking + change)
            if tuned is not None:
                assert law.order_is_covered(tuned, day) is (change >= 0)
                assert holds(tuned, "margin_covers_order") is (change >= 0), tuned
                changes.add(change)
    assert len(changes) == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_maintenance_ratio_and_minimum_line(seed: int) -> None:
    for random, exchange, day in drawn(seed, "maintenance"):
        document = accounts.close_of_day_document(random, exchange, day)
        assert figures(document, "debt", "assets_in_account", "maintenance_ratio") == {
            "debt": law.debt(document),
            "assets_in_account": law.cash_and_securities(document),
            "maintenance_ratio": law.maintenance_ratio(document, day),
        }, document
        called = holds(document, "client_called_below_minimum")
        assert called is not law.below_minimum(document, day), document


@pytest.mark.parametrize("seed", SEEDS)
def test_withdrawals(seed: int) -> None:
    for random, exchange, day in drawn(seed, "withdrawals"):
        document = accounts.withdrawal_document(random, exchange, day)
        assert figures(document, "withdrawn_value", "largest_cash_withdrawal") == {
            "withdrawn_value": law.withdrawn(document),
            "largest_cash_withdrawal": law.largest_cash_withdrawal(document, day),
        }, document
        assert kept(
            document,
            "withdrawal_above_line", "withdrawal_within_margin", "withdrawal_within_free_cash",
        ) == (
            law.withdrawal_keeps_the_line(document),
            law.withdrawal_keeps_the_margin(document, day),
            law.number(document["withdrawal"]["cash"]) <= law.free_cash(document),
        ), document  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_withdrawals_from_exactly_the_line_and_down_to_it(seed: int) -> None:
    changes = set()
    for random, exchange, day in drawn(seed, "line"):
        document = accounts.withdrawal_document(random, exchange, day)
        if law.debt(document) == 0:
            continue
        above = law.cash_and_securities(document) - law.WITHDRAWAL_LINE * law.debt(document)
        for change in (-CENT, Fraction(0), CENT):
            # What stands exactly on the line gives no right, even to a withdrawal of nothing.
            started = with_more_cash(document, change - above)
            # What ends exactly on it is allowed.
            ended = with_more_cash(document, change - above + law.withdrawn(document))
            for tuned in (started, ended):
                if tuned is not None:
                    allowed = law.withdrawal_keeps_the_line(tuned)
                    assert holds(tuned, "withdrawal_above_line") is allowed, tuned
                    changes.add((change, allowed))
    assert {allowed for _, allowed in changes} == {True, False}
    assert {change for change, _ in changes} == {-CENT, 0, CENT}


@pytest.mark.parametrize("seed", SEEDS)
def test_haircuts(seed: int) -> None:
    for random, exchange, day in drawn(seed, "haircuts"):
        document = accounts.order_document(random, exchange, day)
        security = law.security_of(document, document["order"])
        assert asked(document, day, "order.security.haircut") == law.haircut(security, day), (
            day,
            security,
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_ratios_of_contracts(seed: int) -> None:
    for random, exchange, day in drawn(seed, "contracts"):
        document = accounts.order_document(random, exchange, day)
        for side, worked_out in (("financing", law.financing_ratio), ("short", law.short_ratio)):
            contracts = f"{side}_contracts"
            for contract in document["account"][contracts]:
                alone = {**document["account"], contracts: [contract]}
                found = asked(
                    {**document, "account": alone},
                    day,
                    f"max(c.{side}_ratio for c in account.{contracts})",
                )
                assert found == worked_out(contract), (day, contract)


@pytest.mark.parametrize(
    ("opened", "agreed_on", "floor"),
    [
        ("2014-05-05", "2023-11-01", Fraction(1, 2)),
        ("2014-05-05", "2026-02-02", Fraction(1, 2)),
        ("2017-05-05", "2023-09-10", Fraction(1)),
        ("2017-05-05", "2023-09-11", Fraction(4, 5)),
        ("2017-05-05", "2026-02-02", Fraction(1)),
        ("2024-03-04", "2026-02-02", Fraction(4, 5)),
    ],
)
def test_an_agreement_never_raises_the_floor_of_a_financing_contract(
    opened: str, agreed_on: str, floor: Fraction
) -> None:
    document = accounts.order_document(Random(1), "SSE", date(2026, 3, 2))
    contract = {
        "id": "F1",
        "security": document["order"]["security"],
        "quantity": 100,
        "financed_amount": "1000.00",
        "opened_on": opened,
        "agreed_ratio": "0",
        "ratio_reset_by_agreement_on": agreed_on,
        "rollovers": [],
    }
    document["account"]["financing_contracts"] = [contract]
    formula = "max(c.financing_ratio for c in account.financing_contracts)"
    assert law.financing_ratio(contract) == floor
    assert asked(document, date(2026, 3, 2), formula) == floor


def test_the_caps_of_haircuts_stand_on_their_days() -> None:
    share = {
        "class": "stock", "exchange": "SSE", "in_sse_180": False, "risk_warning": False,
        "listing_suspended": False, "in_delisting_period": False, "static_pe": "300",
        "member_haircut": "1",
    }  # fmt: skip
    assert law.haircut(share, date(2016, 12, 11)) == Fraction(65, 100)
    assert law.haircut(share, date(2016, 12, 12)) == 0
    assert law.haircut({**share, "static_pe": "299.99"}, date(2016, 12, 12)) == Fraction(65, 100)
    assert law.haircut({**share, "risk_warning": True}, date(2010, 3, 31)) == 0
    fund = {"class": "money_market_fund", "member_haircut": "1"}
    assert law.haircut(fund, date(2015, 6, 30)) == Fraction(80, 100)
    assert law.haircut(fund, date(2015, 7, 1)) == Fraction(95, 100)
