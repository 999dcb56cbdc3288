"""The nearest approvals of orders under the shipped rulebooks: values known by hand, and any order."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import yaml
from tests.cases import shipped
from tests.cases.small_facts import changed
from tests.nearest.every_value import assert_as_by_hand
from tests.nearest.planted import said, together

from creditgate.nearest.answers import FOUND, NONE
from creditgate.pipeline import Gate

ORDERS: Final = yaml.safe_load(
    (Path(__file__).parent / "shipped" / "orders.yaml").read_text("utf-8")
)
# Scenarios of each rulebook that are asked about, and how many values near are decided in turn.
CASES: Final = 3
VALUES: Final = 15


def facts_of(stated: dict[str, Any], rulebook: str) -> dict[str, Any]:
    """Return the facts of a scenario, changed as stated."""
    (case,) = (c for c in shipped.cases(rulebook) if c.name == stated["case"])
    document = changed(case.facts, **stated.get("facts", {}))
    return {**document, "lists": stated["lists"]} if "lists" in stated else document


@pytest.mark.parametrize("stated", ORDERS, ids=lambda stated: stated["name"])
def test_an_order_under_shipped_rulebooks(stated: dict[str, Any]) -> None:
    named = stated["rulebook"] if isinstance(stated["rulebook"], list) else [stated["rulebook"]]
    engines = [engine for name in named for engine in shipped.gate(name).engines]
    gate = Gate(engines, shipped.gate(named[0]).vocabulary)
    document = facts_of(stated, named[-1])
    decision = gate.decide(document)
    assert decision.outcome == stated.get("decision", "rejected")
    answer = decision.nearest_approval(stated.get("change"))
    expected = {str(key): str(value) for key, value in stated["expect"].items()}
    if "change" in stated:  # asked for by name, where nothing is marked both directions are tried
        assert {key: said(answer)[key] for key in expected} == expected
    else:
        assert said(answer) == expected
    assert [together(item) for item in answer.together] == [
        {path: str(value) for path, value in item.items()} for item in stated.get("together", [])
    ]
    steps = {c.step.exact for item in answer.alone for c in item.changes if c.step is not None}
    assert steps == {str(step) for step in stated.get("steps", [])}
    stopped = {rule for item in answer.alone for rule in item.stopped_by}
    assert stopped >= set(stated.get("stopped_by", []))
    for item in answer.found:
        assert gate.decide(item.document).is_approved


@pytest.mark.parametrize("name", shipped.IDS)
def test_every_answer_is_the_first_approved_value(name: str) -> None:
    random, gate = Random(name), shipped.gate(name)
    for case in shipped.spread(name)[:CASES]:
        document = dict(case.facts)
        decision = gate.decide(document)
        if decision.is_approved:
            continue
        for item in decision.nearest_approval().alone:
            assert item.state in {FOUND, NONE, "not_decided"}
            if (
                item.until is None
                and "[" not in item.paths[0]
                and item.directions[0] in {"lower", "higher"}
            ):
                assert_as_by_hand(gate, decision, document, item, VALUES, random)
