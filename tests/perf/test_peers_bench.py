"""The benchmark beside other engines: what it compares and whom it asks, without timing."""

from __future__ import annotations

import pytest
from tests.perf.orders30.documents import RULEBOOK
from tests.perf.orders30.exact_reference import exact_failures
from tests.perf.orders30.facts import Row
from tests.perf.orders30.generator import columns, rows
from tests.perf.peers.ways import Way, by_engine, by_hand, interleaved, lean_document
from tests.perf.peers_bench import chosen_orders, compare_engine

from creditgate import Gate


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


@pytest.fixture(scope="module")
def orders() -> list[Row]:
    return rows(columns(400, seed=32))


def test_it_fails_only_where_an_answer_of_the_engine_is_wrong(
    gate: Gate, orders: list[Row]
) -> None:
    expected = [exact_failures(row) for row in orders]
    compare_engine(gate, orders, expected)
    wrong = [*expected[:-1], (*expected[-1], "orders30/whole_lots")]
    with pytest.raises(SystemExit, match="creditgate answers"):
        compare_engine(gate, orders, wrong)


@pytest.mark.parametrize("kind", ["approved", "rejected"])
def test_the_orders_timed_are_of_both_sides_and_of_one_outcome(
    gate: Gate, orders: list[Row], kind: str
) -> None:
    chosen = chosen_orders(orders, [exact_failures(row) for row in orders], kind)
    assert len(chosen) == 60
    assert [row["side"] for row in chosen[:2]] == ["margin_buy", "short_sell"]
    assert {gate.decide(lean_document(gate, row)).outcome for row in chosen} == {kind}


def test_ways_from_facts_and_from_json_say_the_same(gate: Gate, orders: list[Row]) -> None:
    for replied in (False, True):
        engine = by_engine(gate, orders, replied=replied)
        hand = by_hand(orders, replied=replied)
        for row, asked, given in zip(orders, engine.orders, hand.orders, strict=True):
            ours, theirs = engine.ask(asked), hand.ask(given)
            is_approved = b'"approved"' in ours if replied else ours.is_approved
            assert is_approved == (b'"approved"' in theirs if replied else not theirs)
            assert is_approved == (not exact_failures(row))


def test_each_round_begins_with_another_way_and_asks_about_the_orders_in_turn() -> None:
    asked: list[tuple[str, int]] = []
    ways = {
        "quick": Way(lambda order: asked.append(("quick", order)), range(60)),
        "slow": Way(lambda order: asked.append(("slow", order)), range(60), slowness=60),
    }
    interleaved(ways, rounds=3)
    assert [order for name, order in asked if name == "quick"] == [*range(60)] * 3
    assert [order for name, order in asked if name == "slow"] == [0, 1, 2]
    assert [name for name, _ in asked if name == "slow" or _ == 0][:4] == [
        "quick", "slow", "slow", "quick",
    ]  # fmt: skip
