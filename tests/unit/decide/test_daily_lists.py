"""Daily lists in facts documents: the list of another day is unknown, and the decision says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import jsonschema
import pytest
from tests.lessons.orders import cn, gate, us

from creditgate import Decision
from creditgate.decide.read import FactsRefused
from creditgate.explain.again import again
from creditgate.explain.record import record, record_bytes
from creditgate.explain.schemas import facts_schema
from creditgate.pipeline import catalogue

VOCABULARY = catalogue().vocabulary()
DAY, EVE = "2026-01-20", "2026-01-19"
# A document reads the same from bytes, from text and from a map; with a fact that no rule reads
# it takes another way than without.
FORMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bytes": lambda document: json.dumps(document).encode(),
    "text": json.dumps,
    "map": lambda document: document,
    "bytes with other facts": lambda document: json.dumps(_with_more(document)).encode(),
}


def _with_more(document: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["securities"][0]["holders"] = 5000
    return changed


def stated(name: str, day: str | None = DAY, **changes: Any) -> dict[str, Any]:
    row = {
        "id": name,
        "day": day,
        "source": "a file of the exchange",
        "checksum": "sha256:9f86d081",
    }
    return {key: value for key, value in {**row, **changes}.items() if value is not None}


def with_lists(document: Mapping[str, Any], *rows: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "lists": [dict(row) for row in rows]}


def by_sse(document: Any, **asked: Any) -> Decision:
    return gate("cn/sse").decide(document, **asked)


@pytest.mark.parametrize("form", FORMS)
def test_the_list_of_the_day_changes_nothing(form: str) -> None:
    every = [stated(name) for name in VOCABULARY.lists]
    plain, listed = by_sse(FORMS[form](cn())), by_sse(FORMS[form](with_lists(cn(), *every)))
    assert plain.is_approved
    assert listed.core_bytes() == plain.core_bytes()
    assert by_sse(FORMS[form](with_lists(cn()))).core_bytes() == plain.core_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_what_the_list_of_another_day_carries_is_unknown(form: str) -> None:
    document = with_lists(cn(), stated("financing_targets", EVE), stated("haircuts"))
    decision = by_sse(FORMS[form](document))
    assert decision.outcome == "undecided"
    (undecided,) = decision.core.undecided
    assert undecided.rule == "cn/margin_trading/financing_target"
    assert undecided.missing == ("order.security.financing_target_of_exchange",)
    assert undecided.because == (
        "the list `financing_targets` is of 2026-01-19, not of 2026-01-20",
    )


def test_a_later_list_is_no_better() -> None:
    decision = by_sse(with_lists(cn(), stated("financing_targets", "2026-01-21")))
    assert decision.core.undecided[0].because == (
        "the list `financing_targets` is of 2026-01-21, not of 2026-01-20",
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_fact_of_the_market_is_carried_as_well(form: str) -> None:
    below_bid = us(order={"price": "20.00"})
    document = FORMS[form](with_lists(below_bid, stated("circuit_breakers", "2024-03-01")))
    assert gate("us/reg_sho").decide(FORMS[form](below_bid)).is_approved
    decision = gate("us/reg_sho").decide(document)
    assert decision.outcome == "undecided"
    assert "market.price_test_active" in decision.missing


def test_a_figure_says_why_it_is_unknown() -> None:
    decision = by_sse(with_lists(cn(), stated("haircuts", EVE)), figures=["collateral_counted"])
    assert decision.core.figures["collateral_counted"].state == "value"
    held = cn(account={"collateral": [{"security": "600036", "quantity": 100}]})
    decision = by_sse(with_lists(held, stated("haircuts", EVE)), figures=["collateral_counted"])
    found = decision.core.figures["collateral_counted"]
    assert (found.state, found.because) == (
        "unknown",
        ("the list `haircuts` is of 2026-01-19, not of 2026-01-20",),
    )


def test_the_day_of_the_event_counts_whatever_law_is_asked_for() -> None:
    right, wrong = stated("financing_targets"), stated("financing_targets", EVE)
    assert by_sse(with_lists(cn(), right), on=date.fromisoformat(EVE)).is_approved
    assert by_sse(with_lists(cn(), wrong), on=date.fromisoformat(EVE)).outcome == "undecided"


def test_without_the_day_of_the_event_no_list_is_known_to_be_right() -> None:
    document = with_lists(cn(), stated("financing_targets"))
    del document["order"]["trade_date"]
    decision = by_sse(document, on=date.fromisoformat(DAY))
    assert decision.core.undecided[0].because == (
        "the list `financing_targets` is of 2026-01-20, and the day of the event is not known",
    )


def test_a_list_that_carries_no_fact_of_the_document_is_good() -> None:
    decision = by_sse(with_lists(cn(), stated("threshold_list", EVE)))
    assert decision.is_approved


def test_a_fact_that_decides_without_the_list_still_decides() -> None:
    suspended = cn()
    suspended["securities"][0]["trading_suspended"] = True
    decision = by_sse(with_lists(suspended, stated("financing_targets", EVE)))
    assert decision.outcome == "rejected"


BAD: dict[str, tuple[Any, str]] = {
    "an unknown list": ([stated("targets")], "CG9021"),
    "no day": ([stated("haircuts", day=None)], "CG9021"),
    "no source": ([stated("haircuts", source=None)], "CG9021"),
    "no checksum": ([stated("haircuts", checksum=None)], "CG9021"),
    "a blank source": ([stated("haircuts", source=" ")], "CG9021"),
    "a checksum without algorithm": ([stated("haircuts", checksum="9f86d081")], "CG9021"),
    "a checksum in words": ([stated("haircuts", checksum="sha256:same as yesterday")], "CG9021"),
    "no name": ([{k: v for k, v in stated("haircuts").items() if k != "id"}], "CG9008"),
    "a list twice": ([stated("haircuts"), stated("haircuts", EVE)], "CG9008"),
    "a day that is none": ([stated("haircuts", "2026-02-30")], "CG9003"),
    "a null": ([{**stated("haircuts"), "source": None}], "CG9009"),
    "something else beside": ([{**stated("haircuts"), "rows": 5}], "CG9002"),
    "a text for a row": (["haircuts"], "CG9003"),
    "a text for the table": ("haircuts", "CG9003"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", BAD)
def test_a_list_that_is_not_stated_as_needed_is_refused(case: str, form: str) -> None:
    rows, code = BAD[case]
    document = FORMS[form]({**cn(), "lists": rows})
    decision = by_sse(document)
    assert decision.outcome == "undecided"
    assert code in [refusal.code for refusal in decision.core.refusals]
    with pytest.raises(FactsRefused):
        gate("cn/sse").read(document)


def test_a_near_name_is_offered() -> None:
    with pytest.raises(FactsRefused) as refused:
        gate("cn/sse").read(with_lists(cn(), stated("financing_target")))
    (found,) = refused.value.diagnostics
    assert found.hint == "did you mean `financing_targets`?"


def test_the_schema_of_facts_takes_and_refuses_the_same_lists() -> None:
    checked = jsonschema.Draft202012Validator(facts_schema(VOCABULARY))
    assert checked.is_valid(with_lists(cn(), *[stated(name) for name in VOCABULARY.lists]))
    for case, (rows, _) in BAD.items():
        if case not in {"a list twice", "a day that is none"}:  # a schema cannot say these
            assert not checked.is_valid({**cn(), "lists": rows}), case


def test_a_record_holds_the_lists_and_is_made_again_with_them() -> None:
    rows = [stated("haircuts"), stated("financing_targets", EVE)]
    made = record(by_sse(json.dumps(with_lists(cn(), *rows))))
    assert list(made["lists"]) == [
        {
            "id": "financing_targets",
            "title": {"en": "Financing targets of the exchange", "zh": "交易所融资标的证券名单"},
            "day": EVE, "source": "a file of the exchange", "checksum": "sha256:9f86d081",
            "of_the_day": False,
        },
        {
            "id": "haircuts",
            "title": {"en": "Haircuts of the member", "zh": "会员折算率表"},
            "day": DAY, "source": "a file of the exchange", "checksum": "sha256:9f86d081",
            "of_the_day": True,
        },
    ]  # fmt: skip
    compared = again(json.loads(record_bytes(made)))
    assert compared.verdict == "same"
    assert [(item.id, item.of_the_day) for item in compared.lists] == [
        ("financing_targets", False),
        ("haircuts", True),
    ]
    assert record(by_sse(cn()))["lists"] == ()
    assert again(json.loads(record_bytes(record(by_sse(cn()))))).lists == ()


def test_a_list_of_another_event_is_dated_by_that_event() -> None:
    document = {
        "event": "withdrawal",
        "withdrawal": {
            "id": "W1", "requested_on": DAY, "cash": "1.00", "collateral_value": "0",
            "collateral_value_after_haircut": "0", "collateral_value_received": "0",
        },
        "account": {**cn()["account"], "collateral": [{"security": "600036", "quantity": 100, "quantity_withdrawn": 0}]},
        "securities": cn()["securities"],
    }  # fmt: skip
    assert by_sse(with_lists(document, stated("haircuts"))).is_approved
    decision = by_sse(with_lists(document, stated("haircuts", EVE)))
    assert decision.outcome == "undecided"
    assert "the list `haircuts` is of 2026-01-19, not of 2026-01-20" in (
        decision.core.undecided[0].because
    )


def test_every_fact_of_a_list_is_read_by_name() -> None:
    for item in VOCABULARY.lists.values():
        assert item.title.en
        assert item.title.zh
        for entity, fact in item.carries:
            assert VOCABULARY.fact(entity, fact) is not None
