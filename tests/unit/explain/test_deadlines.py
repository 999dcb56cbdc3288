"""Decisions on rules with deadlines: what is pending, what is shown, what a record keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from creditgate.decide.decision import BreachedRule, Decision, PendingRule, WarnedRule
from creditgate.explain.again import SAME, again
from creditgate.explain.evidence import evidence_of
from creditgate.explain.record import record, record_bytes
from creditgate.explain.report import report_of
from creditgate.explain.schemas import decision_schema
from creditgate.explain.text import text_of
from creditgate.pipeline import Gate

Gates = Callable[..., Gate]
HERE = Path(__file__).parent
OPENING = "2024-03-07T09:30:00-05:00"


def fail(**facts: Any) -> dict[str, Any]:
    """Return a fail with facts changed; MISSING takes one out."""
    document: dict[str, Any] = json.loads((HERE / "fail.json").read_text("utf-8"))
    document["fail"] = {k: v for k, v in {**document["fail"], **facts}.items() if v != "MISSING"}
    return document


@pytest.mark.parametrize(
    ("facts", "decision", "due"),
    [
        ({}, "pending", OPENING),
        ({"judged_at": "2024-03-07T09:30:00-05:00"}, "rejected", OPENING),
        ({"judged_at": "2024-03-07T14:30:00Z"}, "rejected", OPENING),
        ({"judged_at": "2024-03-07T14:29:59.999999Z"}, "pending", OPENING),
        # Clocks go forward between the trade and the deadline.
        ({"trade_date": "2024-03-08", "judged_at": "2024-03-14T09:29:00-04:00"}, "pending", "2024-03-14T09:30:00-04:00"),
        ({"open_quantity": 0}, "approved", None),
        ({"open_quantity": 0, "judged_at": "2024-04-01T12:00:00Z"}, "approved", None),
        ({"open_quantity": 0, "judged_at": "MISSING"}, "approved", None),
        ({"open_quantity": "MISSING"}, "pending", OPENING),
        ({"open_quantity": "MISSING", "judged_at": OPENING}, "undecided", None),
        ({"judged_at": "MISSING"}, "undecided", None),
        ({"trade_date": "MISSING"}, "undecided", None),
        # Past the horizon of the calendar nobody knows when the market opens.
        ({"trade_date": "2199-03-01"}, "undecided", None),
    ],
)  # fmt: skip
def test_an_instant_is_due_when_it_comes(
    gate: Gates, facts: dict[str, Any], decision: str, due: str | None
) -> None:
    decided = gate("clearing").decide(fail(**facts))
    assert decided.outcome == decision
    assert decided.is_approved is (decision == "approved")
    shown = [item.due for item in decided.core.breached]
    shown += [item.due for item in decided.core.pending]
    assert shown == ([] if due is None else [due])


@pytest.mark.parametrize(
    ("day", "allocated", "decision"),
    [
        ("2024-03-02", False, "pending"),
        ("2024-03-03", False, "rejected"),
        ("2024-03-04", False, "rejected"),
        ("2024-03-02", True, "approved"),
        ("2024-03-03", True, "approved"),
        ("2024-03-02", "MISSING", "pending"),
        ("2024-03-03", "MISSING", "undecided"),
    ],
)
def test_on_the_day_itself_a_date_is_due(
    gate: Gates, day: str, allocated: bool | str, decision: str
) -> None:
    facts = {"judged_on": day, "open_quantity": 0, "allocated_to_dealer": allocated}
    assert gate("clearing").decide(fail(**facts)).outcome == decision


def test_a_rule_that_may_not_apply_waits_as_well(gate: Gates) -> None:
    facts = {"judged_on": "2024-03-02", "open_quantity": 0, "allocated_to_dealer": False}
    decided = gate("clearing").decide(fail(**facts, quantity="MISSING"))
    assert decided.core.pending == (PendingRule("clearing/allocated", "2024-03-03"),)
    assert gate("clearing").decide(fail(**facts, quantity=100)).is_approved


def test_what_is_breached_or_unknown_says_more_than_what_waits(gate: Gates) -> None:
    both = gate("clearing").decide(fail(allocated_to_dealer=False))
    assert both.outcome == "rejected"
    assert both.core.breached == (
        BreachedRule("clearing/allocated", "close_out_due", 99, "2024-03-03"),
    )
    assert both.core.pending == (PendingRule("clearing/closed_out", OPENING),)
    assert both.pending == ("clearing/closed_out",)
    unknown = gate("clearing").decide(fail(allocated_to_dealer="MISSING"))
    assert (unknown.outcome, len(unknown.core.pending)) == ("undecided", 1)


def test_a_warning_waits_and_decides_nothing(gate: Gates) -> None:
    done = gate("dealer").decide(fail(open_quantity=0, borrowed_quantity=0))
    assert (done.outcome, done.core.warnings) == ("approved", ())
    facts: dict[str, Any] = {"borrowed_quantity": 0, "judged_on": "2024-03-01"}
    early = gate("dealer").decide(fail(**facts))
    assert WarnedRule("dealer/borrowed_by_the_desk", "pending", "2024-03-02") in early.core.warnings
    late = gate("dealer").decide(fail(**{**facts, "judged_on": "2024-03-02"}))
    assert late.outcome == "pending"
    assert late.core.warnings == (
        WarnedRule("dealer/borrowed_by_the_desk", "breached", "2024-03-02"),
    )


def test_what_is_not_governed_does_not_wait(gate: Gates) -> None:
    decided = gate("clearing").decide(fail(at_clearing_agency=False))
    assert (decided.outcome, decided.core.pending) == ("out_of_scope", ())


def test_another_day_asked_for_is_the_day_judged(gate: Gates) -> None:
    facts = fail(open_quantity=0, allocated_to_dealer=False)
    assert gate("clearing").decide(facts, on=date(2024, 3, 2)).outcome == "pending"
    assert gate("clearing").decide(facts).outcome == "rejected"


def said(decided: Decision, language: str) -> list[str]:
    return text_of(report_of(decided), language).splitlines()


def test_a_deadline_is_told_in_both_languages(gate: Gates) -> None:
    decided = gate("clearing").decide(fail(allocated_to_dealer=False))
    english, chinese = said(decided, "en"), said(decided, "zh")
    assert english[0].startswith("REJECTED ")
    assert english[2].endswith("; due by 2024-03-03; [clearing/allocated]")
    assert english[3].endswith(f": due by {OPENING}")
    assert chinese[3].endswith(f"：期限 {OPENING}")
    waiting = gate("clearing").decide(fail())
    assert said(waiting, "en")[0].startswith("PENDING  settlement fail F1")
    assert said(waiting, "zh")[0].startswith("期限未到  交收失败 F1")


def test_evidence_holds_the_deadline_and_the_distance(gate: Gates) -> None:
    (book,) = evidence_of(gate("clearing").decide(fail()))
    closed_out, allocated = book.rules
    assert (closed_out.outcome, closed_out.due) == ("pending", OPENING)
    assert closed_out.deadline == "open of (fail.trade_date + 4 settlement days)"
    assert closed_out.limits[0].distance is not None
    assert closed_out.limits[0].distance.words.en == "300 shares"
    assert closed_out.message is None
    assert (allocated.outcome, allocated.due) == ("satisfied", None)
    assert "fail.judged_at" in [fact.path for fact in closed_out.facts]


def test_a_record_with_deadlines_is_decided_anew(gate: Gates) -> None:
    for facts in (fail(), fail(judged_at=OPENING), fail(judged_at="MISSING")):
        decided = gate("clearing").decide(facts)
        made = json.loads(record_bytes(record(decided)), parse_float=Decimal)
        assert again(made, gate("clearing")).verdict == SAME


def test_a_record_from_before_there_were_deadlines_is_still_read(gate: Gates) -> None:
    made = json.loads(record_bytes(record(gate("clearing").decide(fail()))), parse_float=Decimal)
    del made["core"]["pending"]
    differences = again(made, gate("clearing")).differences
    assert differences == ("pending: none then, clearing/closed_out now",)


def test_decisions_with_deadlines_fit_the_schema(gate: Gates) -> None:
    schema = Draft202012Validator(decision_schema())
    for facts in ({}, {"judged_at": OPENING}, {"judged_on": "2024-03-01", "borrowed_quantity": 0}):
        schema.validate(json.loads(gate("dealer").decide(fail(**facts)).core_bytes()))
