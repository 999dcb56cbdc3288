"""The thirty rules: the engine gives the answers of the exact reference on generated orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from tests.perf.orders30.by_hand import failures_by_hand
from tests.perf.orders30.documents import (
    EVENT,
    RULEBOOK,
    document,
    json_document,
    json_record,
    row_of_json,
)
from tests.perf.orders30.exact_reference import exact_failures
from tests.perf.orders30.facts import FACTS, SIDES, Row
from tests.perf.orders30.generator import columns, rows
from tests.perf.orders30.rules import RULES, facts_read, rules_on

from creditgate import Gate

COUNT = 3000
BOTH = ("margin_buy", "short_sell")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


@pytest.fixture(scope="module")
def orders() -> list[Row]:
    return rows(columns(COUNT, seed=30))


@pytest.fixture(scope="module")
def plain(orders: list[Row]) -> dict[str, Row]:
    """An approved order of each side that has rules, its debt not zero and its price banded."""
    found = {}
    for side in BOTH:
        found[side] = next(
            row
            for row in orders
            if row["side"] == side
            and not exact_failures(row)
            and row["total_debt"]
            and row["order_type"] == "limit"
            and row["board"] == "main"
        )
    return found


def test_the_work_has_48_facts_and_30_rules(gate: Gate) -> None:
    declared = {
        (record, name)
        for record in gate.vocabulary.events[EVENT].subjects
        for name in gate.vocabulary.entities[record].facts
    }
    assert declared == {(fact.record, fact.name) for fact in FACTS.values()}
    assert len(declared) == 48
    written = {rule.id for rule in gate.engines[0].rulebook.rules.values()}
    assert written == {rule.id for rule in RULES}
    assert len(written) == 30


def test_the_enums_of_the_generator_are_those_of_the_vocabulary(gate: Gate) -> None:
    for fact in FACTS.values():
        declared = gate.vocabulary.entities[fact.record].facts[fact.name]
        if fact.kind == "enum":
            assert tuple(gate.vocabulary.enums[str(declared.target)].members) == fact.members
        elif fact.kind == "decimal":
            assert declared.scale == fact.places


def test_the_engine_answers_as_the_exact_reference(gate: Gate, orders: list[Row]) -> None:
    found: Counter[str] = Counter()
    for row in orders:
        expected = exact_failures(row)
        decision = gate.decide(json_document(row))
        assert decision.outcome == ("rejected" if expected else "approved"), row
        assert decision.breached == expected, row
        assert not decision.undecided, row
        found.update(expected or ("none",))
    assert found.keys() == {rule.id for rule in RULES} | {"none"}
    assert found["none"] > COUNT // 2


def test_exact_values_from_python_get_the_same_answers(gate: Gate, orders: list[Row]) -> None:
    for row in orders[:200]:
        assert gate.decide(document(row)).breached == exact_failures(row), row


def test_a_flat_record_gives_back_its_row(orders: list[Row]) -> None:
    for row in orders:
        assert row_of_json(json_record(row)) == row


def test_the_checks_by_hand_answer_as_the_exact_reference(orders: list[Row]) -> None:
    for row in orders:
        assert tuple(sorted(failures_by_hand(row))) == exact_failures(row), row


LIMITS: Sequence[tuple[str, str, str, int, int]] = (
    # rule, side, fact, a value that just passes, one that just does not
    ("account_age", "margin_buy", "account_age_days", 180, 179),
    ("average_assets", "short_sell", "average_assets", 50_000_000, 49_999_999),
    ("least_equity_kept", "margin_buy", "equity", 200_000, 199_999),
    ("contract_term", "short_sell", "contract_days", 180, 181),
    ("ratio_of_buy", "margin_buy", "margin_ratio_buy", 8000, 7999),
    ("ratio_of_short", "short_sell", "margin_ratio_short", 10_000, 9999),
    ("contract_in_effect", "margin_buy", "contract_effective_on", 20250115, 20250116),
    ("contract_in_effect", "short_sell", "contract_expires_on", 20250115, 20250114),
)
MEETING: Sequence[tuple[str, str, str, Callable[[Row], int], int]] = (
    # rule, side, fact, the last value that passes in the order, the step that does not
    ("whole_lots", "margin_buy", "quantity", lambda row: row["quantity"], -1),
    ("price_not_below_last", "short_sell", "last_price", lambda row: row["price"], 1),
    ("located", "short_sell", "located_quantity", lambda row: row["quantity"], -1),
    ("price_band", "margin_buy", "limit_up", lambda row: row["price"], -1),
    ("price_band", "short_sell", "limit_down", lambda row: row["price"], 1),
    (
        "margin_covers_buy",
        "margin_buy",
        "available_margin",
        lambda row: -(-row["quantity"] * row["price"] * row["margin_ratio_buy"] // 10**6),
        -1,
    ),
    (
        "margin_covers_short",
        "short_sell",
        "available_margin",
        lambda row: -(-row["quantity"] * row["price"] * row["margin_ratio_short"] // 10**6),
        -1,
    ),
    (
        "financing_share",
        "margin_buy",
        "financing_balance",
        lambda r: (r["float_value"] - 1) // 4,
        1,
    ),
    ("short_share", "short_sell", "short_volume", lambda row: (row["float_shares"] - 1) // 4, 1),
    (
        "concentration",
        "margin_buy",
        "position_value",
        lambda row: row["total_assets"] // 2 - -(-row["quantity"] * row["price"] // 100),
        1,
    ),
    (
        "credit_line_kept",
        "margin_buy",
        "credit_used",
        lambda row: row["credit_line"] - -(-row["quantity"] * row["price"] // 100),
        1,
    ),
)


@pytest.mark.parametrize(("rule", "side", "fact", "last", "first"), LIMITS)
def test_a_fact_on_its_limit_passes_and_one_step_off_does_not(
    gate: Gate, plain: dict[str, Row], rule: str, side: str, fact: str, last: int, first: int
) -> None:
    # Margin is plenty, so that a ratio alone decides.
    row = {**plain[side], "available_margin": 10**11}
    assert_breaks(gate, {**row, fact: last}, {**row, fact: first}, rule)


@pytest.mark.parametrize(("rule", "side", "fact", "last_of", "step"), MEETING)
def test_a_fact_that_meets_another_passes_and_one_step_off_does_not(
    gate: Gate, plain: dict[str, Row], rule: str, side: str, fact: str,
    last_of: Callable[[Row], int], step: int,
) -> None:  # fmt: skip
    row = plain[side]
    last = last_of(row)
    assert_breaks(gate, {**row, fact: last}, {**row, fact: last + step}, rule)


def test_a_price_on_the_bid_does_not_pass_the_price_test(
    gate: Gate, plain: dict[str, Row]
) -> None:  # fmt: skip
    row = {**plain["short_sell"], "breaker_active": True, "short_exempt": False, "mark": "short"}
    met, breached = row["price"] - 1, row["price"]
    rule = "price_above_best_bid"
    assert_breaks(gate, {**row, "best_bid": met}, {**row, "best_bid": breached}, rule)


def test_maintenance_is_exact_to_the_cent(gate: Gate, plain: dict[str, Row]) -> None:
    row = {**plain["margin_buy"], "total_debt": 10**12 + 10}
    asset_limit = (10**12 + 10) // 10 * 13
    for step in (-1, 0, 1):
        changed = {**row, "total_assets": asset_limit + step}
        found = gate.decide(json_document(changed)).breached
        assert found == exact_failures(changed)
        assert ("orders30/maintenance" in found) == (step < 0)


def assert_breaks(gate: Gate, last: Row, first: Row, rule: str) -> None:
    """Assert that the rule is breached in the second order and not in the first."""
    for row, is_breached in ((last, False), (first, True)):
        found = gate.decide(json_document(row)).breached
        assert found == exact_failures(row)
        assert (f"orders30/{rule}" in found) == is_breached, row


def test_the_same_count_and_seed_give_the_same_orders() -> None:
    first, again, other = columns(500, 5), columns(500, 5), columns(500, 6)
    assert list(first) == list(FACTS)
    for name in FACTS:
        assert first[name].dtype == np.int64
        assert (first[name] == again[name]).all()
    assert any((first[name] != other[name]).any() for name in FACTS)
    assert json_document(rows(first)[7]) == json_document(rows(again)[7])


@pytest.mark.parametrize("side", BOTH)
def test_an_approved_order_without_a_fact_that_is_read_is_undecided(
    gate: Gate, plain: dict[str, Row], side: str
) -> None:
    row = plain[side]
    always = {name for rule in rules_on(side) for name in facts_read(rule.require)} - {
        # Not needed where the other part of `or` holds, or where the rule does not apply.
        "locate_exempt", "short_exempt", "preborrowed", "best_bid",
    }  # fmt: skip
    assert len(always) > 15
    for name in sorted(always):
        decision = gate.decide(without(row, name))
        assert decision.outcome == "undecided", name
        assert f"{FACTS[name].record}.{name}" in decision.missing


def test_an_order_whose_side_is_missing_must_meet_the_rules_of_both_sides(
    gate: Gate, orders: list[Row]
) -> None:
    for row in orders[:300]:
        either = {rule for side in BOTH for rule in exact_failures({**row, "side": side})}
        decision = gate.decide(without(row, "side"))
        assert decision.outcome == ("undecided" if either else "approved")
        assert set(decision.undecided) == either


@pytest.mark.parametrize("side", BOTH)
def test_a_fact_missing_never_turns_a_rejection_into_an_approval(
    gate: Gate, orders: list[Row], side: str
) -> None:
    rejected = [row for row in orders if row["side"] == side and exact_failures(row)]
    for row in rejected[:20]:
        for name in FACTS:
            outcome = gate.decide(without(row, name)).outcome
            assert outcome in {"rejected", "undecided"}, (name, row)


def without(row: Row, name: str) -> dict[str, Any]:
    """Return the document of a row without a fact."""
    made = document(row)
    del made[FACTS[name].record][name]
    return made


def test_orders_of_the_other_sides_pass_unasked(gate: Gate, plain: dict[str, Row]) -> None:
    for side in SIDES:
        if side not in BOTH:
            assert not rules_on(side)
            assert gate.decide(document({**plain["margin_buy"], "side": side})).is_approved
