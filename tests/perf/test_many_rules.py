"""Rulebooks of many rules by security and account give the answers of the reference."""

from __future__ import annotations

import gc
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from tests.perf.many_rules import ACTIONS, APPLYING, DAY, Group, order, whole_groups, write
from tests.perf.scale_bench import differences
from tests.perf.workload import json_bytes

from creditgate import Gate
from creditgate.base.failures import RulebookRejected

RULES: Final = 600


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate.load([write(tmp_path_factory.mktemp("books"), RULES, seed=1)])


def applying(gate: Gate, document: dict[str, Any]) -> int:
    """Return how many rules apply to an order."""
    compiled = gate.engines[0].compiled(DAY.toordinal(), "order")
    assert compiled is not None
    assert compiled.event is not None
    facts = gate.read(json_bytes(document))
    outcomes = compiled.event.outcomes(facts.root, facts.claims, DAY.toordinal())
    return len([outcome for outcome in outcomes if outcome != "not_applicable"])


def test_a_rulebook_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    first, again, other = (
        {path.name: path.read_bytes() for path in write(tmp_path / name, 90, seed=seed).iterdir()}
        for name, seed in (("first", 3), ("again", 3), ("other", 4))
    )
    assert first == again != other


@pytest.mark.parametrize("rules", [APPLYING, RULES])
def test_thirty_rules_apply_to_each_plain_order_and_approve_it(tmp_path: Path, rules: int) -> None:
    gate = Gate.load([write(tmp_path, rules)])
    for place in range(whole_groups(rules)):
        document = order(Random(place), Group.of(place), plain=True)
        assert gate.decide(json_bytes(document)).is_approved
        assert applying(gate, document) == APPLYING


def test_orders_of_every_group_get_the_answers_of_the_reference(gate: Gate) -> None:
    random = Random(RULES)
    found = set()
    for place in range(whole_groups(RULES)):
        for _ in range(4):
            document = order(random, Group.of(place))
            assert not differences(gate, document), document
            found.add(gate.decide(json_bytes(document)).outcome)
    assert found == {"approved", "rejected"}


def test_orders_between_the_groups_get_the_answers_of_the_reference(gate: Gate) -> None:
    random = Random(RULES)
    securities = [Group.of(place).security for place in range(0, 24, 3)]
    accounts = ["A", "A1", "A10", "A01", "a1", "A1 ", "600001", "A'1", "甲", *["A2", "A3"]]
    for security in (*securities, "60000", "6000010", "600999", "x\\y"):
        for account in accounts:
            document = order(random, Group(random.choice(ACTIONS), security, account))
            assert not differences(gate, document), document


@pytest.mark.parametrize("path", ["order.security", "account.id", "order.action", "account"])
def test_without_a_key_the_answers_are_those_of_the_reference(gate: Gate, path: str) -> None:
    document = order(Random(path), Group.of(3))
    entity, _, fact = path.partition(".")
    if fact:
        del document[entity][fact]
    else:
        del document[entity]
    assert not differences(gate, document)
    assert gate.decide(json_bytes(document)).outcome != "approved"


def test_a_rulebook_beside_it_that_does_not_govern_changes_nothing(tmp_path: Path) -> None:
    folders = [
        write(tmp_path / "one", 90),
        write(tmp_path / "two", 90, name="beside", exchange="SZSE"),
    ]
    alone, both = Gate.load(folders[:1]), Gate.load(folders)
    for place in range(whole_groups(90)):
        document = json_bytes(order(Random(place), Group.of(place)))
        first, second = alone.decide(document), both.decide(document)
        assert (first.outcome, first.breached) == (second.outcome, second.breached)
        words = [item.governs for item in second.core.rulebooks]
        assert words == ["yes", "no"]


def test_loading_leaves_the_collection_of_garbage_as_it_was(tmp_path: Path) -> None:
    folder = write(tmp_path, APPLYING)
    assert gc.isenabled()
    Gate.load([folder])
    assert gc.isenabled()
    (folder / "chapter_1.yaml").unlink()
    with pytest.raises(RulebookRejected):
        Gate.load([folder])
    assert gc.isenabled()
    gc.disable()
    try:
        Gate.load(["cn/sse"])
        assert not gc.isenabled()
    finally:
        gc.enable()
