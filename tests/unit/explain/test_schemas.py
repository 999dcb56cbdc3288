"""JSON Schemas: they accept what the reader accepts, and describe every part of a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.unit.explain.shipped_scenarios import RULEBOOKS, schema_of_facts, told

from creditgate.decide.read import FactsRefused
from creditgate.explain.schemas import DIALECT, decision_schema
from creditgate.pipeline import Gate

Gates = Callable[..., Gate]
Sales = Callable[..., dict[str, Any]]


def as_sent(document: Any) -> Any:
    """Return a document as JSON gives it to a validator."""
    return json.loads(json.dumps(document, default=str))


def test_both_are_schemas_of_the_dialect_they_name() -> None:
    for schema in (schema_of_facts(), decision_schema()):
        assert schema["$schema"] == DIALECT
        Draft202012Validator.check_schema(schema)
        json.dumps(schema)


def test_titles_stand_in_both_languages() -> None:
    schema = schema_of_facts()
    assert schema["$defs"]["order"]["properties"]["price"]["title"] == "Limit price / 委托价格"
    assert schema["$defs"]["order"]["properties"]["price"]["x-aliases"]["fix"] == "Price(44)"
    assert (
        decision_schema()["properties"]["missing"]["title"] == "Facts that are missing / 缺少的事实"
    )


def _titles(schema: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *schema["$defs"].values()):
        yield part["title"]
        yield from (item["title"] for item in part["properties"].values())


def test_every_part_of_a_decision_has_a_title() -> None:
    for title in _titles(decision_schema()):
        english, _, chinese = title.partition(" / ")
        assert english
        assert chinese


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_the_facts_and_decisions_of_the_shipped_scenarios_are_valid(rulebook: str) -> None:
    facts = Draft202012Validator(schema_of_facts())
    decisions = Draft202012Validator(decision_schema())
    assert told(rulebook)
    for case, decision, _ in told(rulebook)[::5]:
        facts.validate(as_sent(case.facts))
        decisions.validate(json.loads(decision.core_bytes()))


@pytest.mark.parametrize(
    "changes",
    [
        {"order.quantity": -1},
        {"order.quantity": "1.5"},
        {"order.quantity": "12abc"},
        {"order.price": "12.47123456789"},
        {"order.action": "shortsell"},
        {"order.nothing": 1},
        {"order.trade_date": "01/07/2020"},
        {"order.entered_at": "2020-07-01T10:31:00"},
        {"order.type": "market"},
        {"account.collateral": [{"quantity": 1}]},
        {"account.financing_contracts": {}},
        {"claims": [{"claim": "bona_fide_market_making"}]},
        {"event": "nothing"},
    ],
    ids=str,
)
def test_what_the_schema_refuses_the_reader_refuses_too(
    gate: Gates, short_sale: Sales, changes: dict[str, Any]
) -> None:
    validator = Draft202012Validator(schema_of_facts())
    assert validator.is_valid(as_sent(short_sale()))
    document = short_sale(changes)
    assert not validator.is_valid(as_sent(document))
    if "event" not in changes:
        with pytest.raises(FactsRefused):
            gate("exchange").read(document)
