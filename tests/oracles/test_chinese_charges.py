"""Charges, compensation and largest quantities equal those worked out from the wording."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.oracles import chinese_accounts as accounts
from tests.oracles import chinese_charges as charges
from tests.oracles import chinese_contracts as contracts
from tests.oracles import chinese_margin as law
from tests.oracles.chinese_gates import gate_of, value_of

from creditgate.base.collector import Collector
from creditgate.explain.computed import asked_for, computed

MEMBER = "brokers/example_cn_member"
SEEDS = range(4)
ACCOUNTS_A_SEED = 100


def by_decision(
    rulebook: str, document: contracts.Document, *names: str
) -> dict[str, Fraction | None]:
    """Return figures as a decision reports them."""
    values = gate_of(rulebook).decide(json.dumps(document), figures=names).core.figures
    assert all(value.state != "unknown" for value in values.values()), (document, values)
    return {
        name: None if value.value is None else Fraction(value.value)
        for name, value in values.items()
    }


def by_compute(rulebook: str, document: contracts.Document, asked: str) -> Fraction:
    """Return what `creditgate compute` reports."""
    gate = gate_of(rulebook)
    question = asked_for(gate.engines[0].rulebook, asked, Collector())
    assert question is not None
    result = computed(gate.engines[0], question, gate.read(json.dumps(document)))
    assert result.value.exact is not None, (document, result)
    return Fraction(result.value.exact)


def drawn(seed: int, what: str) -> list[tuple[str, date, contracts.Document]]:
    """Return accounts with contracts, each with its exchange's rulebook and the day."""
    random = Random(f"{what} {seed}")
    found = []
    for _ in range(ACCOUNTS_A_SEED):
        exchange, day = random.choice(("SSE", "SZSE")), contracts.any_day(random)
        found.append((f"cn/{exchange.lower()}", day, contracts.close_of_day(random, exchange, day)))
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_interest_and_short_fees(seed: int) -> None:
    for rulebook, day, document in drawn(seed, "charges"):
        account = document["account"]
        year, rounding = account["day_count"], account["charge_rounding"]
        interest = [
            charges.interest(c, day, charges.agreed(c), year)
            for c in account["financing_contracts"]
        ]
        fees = [
            charges.short_fee(c, day, charges.agreed(c), year) for c in account["short_contracts"]
        ]
        paid = sum(
            Fraction(c[f"{name}_paid"])
            for name, side in (("interest", "financing"), ("fees", "short"))
            for c in account[f"{side}_contracts"]
        )
        charged = [
            sum((charges.charged(amount, rounding) for amount in amounts), Fraction(0))
            for amounts in (interest, fees)
        ]
        unpaid = sum(charged) - paid
        assert by_decision(
            rulebook, document, "financing_interest_accrued", "financing_interest",
            "short_fees_accrued", "short_fees", "interest_and_fees_unpaid",
            "reported_charges_above_computed",
        ) == {
            "financing_interest_accrued": sum(interest),
            "financing_interest": charged[0],
            "short_fees_accrued": sum(fees),
            "short_fees": charged[1],
            "interest_and_fees_unpaid": unpaid,
            "reported_charges_above_computed": (
                Fraction(account["accrued_interest_and_fees"]) - unpaid
            ),
        }, document  # fmt: skip
        assert by_compute(rulebook, document, "short_fees") == charged[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_charges_at_the_member_follow_its_list_and_its_roundings(seed: int) -> None:
    year, rounding = charges.MEMBER_DAY_COUNT, charges.MEMBER_ROUNDING
    for _, day, document in drawn(seed, "member"):
        document["account"]["exchange"] = "SSE"
        wanted = [
            sum(
                (
                    charges.charged(work(c, day, charges.member_rate(c, side), year), rounding)
                    for c in document["account"][f"{side}_contracts"]
                ),
                Fraction(0),
            )
            for side, work in (("financing", charges.interest), ("short", charges.short_fee))
        ]
        assert by_decision(MEMBER, document, "financing_interest", "short_fees") == {
            "financing_interest": wanted[0],
            "short_fees": wanted[1],
        }, document


@pytest.mark.parametrize("seed", SEEDS)
def test_compensation_of_the_lender(seed: int) -> None:
    for rulebook, _, document in drawn(seed, "compensation"):
        account = document["account"]
        owed = [charges.cash_compensation(c) for c in account["short_contracts"]]
        in_security = document["security_day"]["security"]
        if all(amount >= 0 for amount in owed):
            rounded = sum(charges.charged(a, account["charge_rounding"]) for a in owed)
            assert by_decision(rulebook, document, "compensation_in_cash") == {
                "compensation_in_cash": rounded
            }, document
        assert by_decision(
            rulebook, document, "compensation_accrued", "compensation_in_shares"
        ) == {
            "compensation_accrued": sum(owed),
            "compensation_in_shares": sum(
                charges.shares_owed(c)
                for c in account["short_contracts"]
                if c["security"] == in_security
            ),
        }, document  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_value_of_an_order_is_the_margin_by_the_ratio(seed: int) -> None:
    random = Random(f"largest value {seed}")
    for _ in range(ACCOUNTS_A_SEED):
        exchange, day = random.choice(("SSE", "SZSE")), accounts.day_of_judgement(random)
        document = accounts.order_document(random, exchange, day)
        margin, ratio = law.margin_available(document, day), law.order_ratio(document, day)
        found = by_decision(f"cn/{exchange.lower()}", document, "largest_value", "largest_quantity")
        assert found["largest_value"] == max(Fraction(0), margin) / ratio
        quantity, price = found["largest_quantity"], law.number(document["order"]["price"])
        assert quantity is not None
        # A lot more is worth more than the largest value.
        assert quantity * price <= found["largest_value"] < (quantity + law.LOT) * price or (
            law.security_of(document, document["order"])["class"] in {"treasury", "bond", "convertible_bond"}
        )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_transfer_keeps_the_rules_and_one_share_more_does_not(seed: int) -> None:
    random = Random(f"largest transfer {seed}")
    limited = 0
    for _ in range(ACCOUNTS_A_SEED):
        exchange, day = random.choice(("SSE", "SZSE")), accounts.day_of_judgement(random)
        document = accounts.withdrawal_document(random, exchange, day)
        document["withdrawal"]["cash"] = "0"
        for lot in document["account"]["collateral"]:
            lot["quantity_withdrawn"] = 0
        for place, lot in enumerate(document["account"]["collateral"]):
            document["order"] = {"security": lot["security"]}
            asked = (
                "max(p.largest_transfer_out for p in account.collateral "
                "where p.security is order.security) or if none 0 shares"
            )
            rulebook = f"cn/{exchange.lower()}"
            largest = value_of(rulebook, document, day.toordinal(), asked)
            # The report of a value takes longer than the value: one an account is compared.
            assert place or largest == by_compute(rulebook, document, asked)
            assert largest.denominator == 1
            assert 0 <= largest <= lot["quantity"]
            if largest > 0:
                assert _may_leave(document, lot, int(largest), day), (document, lot)
            if largest < lot["quantity"]:
                limited += 1
                assert not _may_leave(document, lot, int(largest) + 1, day), (document, lot)
    assert limited > 10


def _may_leave(document: dict[str, Any], lot: dict[str, Any], quantity: int, day: date) -> bool:
    """Tell whether the wording of the rules lets a quantity of a position leave the account."""
    before = lot["quantity_withdrawn"]
    lot["quantity_withdrawn"] = quantity
    kept = law.withdrawal_keeps_the_line(document) and law.withdrawal_keeps_the_margin(
        document, day
    )
    lot["quantity_withdrawn"] = before
    return kept
