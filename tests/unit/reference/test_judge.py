"""Outcomes of rules and values of determinations, by the definition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_facts import COMPLETE, changed, decision, outcomes, reader, without
from tests.cases.small_rulebooks import load

from creditgate.domain.facts import Facts
from creditgate.ir.rulebook import EpochDetermination, Rulebook
from creditgate.ir.specialise import specialise
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import determine, judge

RULES = """\
chapter: {en: Chapter, zh: 章}
rules:
  size:
    when: order.type is limit
    require: order.quantity <= 100 shares
    unless:
      urgent: {when: order.urgent, in_force: [{<since>}]}
      market_maker: {when: claimed(market_making), in_force: [{from: 2021-01-04, <cite>}]}
    <rule>
  cash:
    on: order
    forbid: account.cash < 0
    reason: too_thin
    <title>
    breach: {en: Not so., zh: 不符。}
    in_force: [{from: 2020-06-01, until: 2021-06-30, <cite>}, {from: 2022-01-04, <cite>}]
"""
STATUS = """\
chapter: {en: Chapter, zh: 章}
determinations:
  status:
    <title>
    on: valuation
    values: {clear: {en: Clear, zh: 无}, call: {en: Call, zh: 追保}, normal: {en: Normal, zh: 正常}}
    cases:
      - {to: clear, when: account.debt is 0}
      - {to: call, when: account.score < 0%}
      - {to: normal, when: account.score >= 50%}
      - {to: previous}
    previous: account.status_before
    first: normal
    in_force: [{<since>}]
"""


def rulebook(root: Path, chapter: str) -> Rulebook:
    return load(root, {"act/chapter.yaml": chapter}).accepted("act").rulebook


def read(document: dict[str, Any]) -> Facts:
    return reader().from_plain(document)


def day_of(text: str) -> int:
    from datetime import date

    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("order", "claims", "outcome"),
    [
        ({}, [], "satisfied"),
        ({"quantity": 101}, [], "breached"),
        ({"quantity": 101, "urgent": True}, [], "not_applicable"),
        ({"quantity": 101, "type": "market", "price": None}, [], "not_applicable"),
        ({"quantity": 101}, ["market_making"], "not_applicable"),
        ({"quantity": 100, "urgent": True}, [], "not_applicable"),
    ],
)
def test_a_rule_applies_where_its_condition_holds_and_no_exemption_does(
    tmp_path: Path, order: dict[str, Any], claims: list[str], outcome: str
) -> None:
    book = rulebook(tmp_path, RULES)
    document = changed(COMPLETE, order=order)
    made = [{"claim": name, "by": "desk", "at": "2021-03-01T09:00:00+08:00"} for name in claims]
    facts = read({**document, "claims": made})
    assert outcomes(book, facts, day_of("2021-03-01"))["act/size"] == outcome


def test_an_exemption_holds_from_its_day_on(tmp_path: Path) -> None:
    book = rulebook(tmp_path, RULES)
    claim = {"claim": "market_making", "by": "desk", "at": "2021-01-01T09:00:00+08:00"}
    facts = read({**changed(COMPLETE, order={"quantity": 101}), "claims": [claim]})
    assert outcomes(book, facts, day_of("2021-01-03"))["act/size"] == "breached"
    assert outcomes(book, facts, day_of("2021-01-04"))["act/size"] == "not_applicable"


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        ("2020-05-31", False),
        ("2020-06-01", True),
        ("2021-06-30", True),
        ("2021-07-01", False),
        ("2022-01-03", False),
        ("2022-01-04", True),
    ],
)
def test_a_rule_is_in_force_on_its_days_both_ends_included(
    tmp_path: Path, day: str, in_force: bool
) -> None:
    found = outcomes(rulebook(tmp_path, RULES), read(dict(COMPLETE)), day_of(day))
    assert ("act/cash" in found) is in_force


def test_the_exemption_that_holds_is_named(tmp_path: Path) -> None:
    book = rulebook(tmp_path, RULES)
    epoch = specialise(book, day_of("2021-03-01"))
    assert epoch is not None
    facts = read(changed(COMPLETE, order={"quantity": 101, "urgent": True}))
    rule = next(rule for rule in epoch.rules if rule.id == "act/size")
    judged = judge(Evaluation(facts, epoch.start, book.calendars), rule)
    assert (judged.outcome, judged.exempted_by) == ("not_applicable", "urgent")


def test_an_undecided_rule_names_all_that_could_decide_it(tmp_path: Path) -> None:
    book = rulebook(tmp_path, RULES)
    epoch = specialise(book, day_of("2021-03-01"))
    assert epoch is not None
    paths = [("order", "type"), ("order", "urgent"), ("order", "quantity"), ("order", "price")]
    facts = read(without(COMPLETE, paths))
    judged = judge(Evaluation(facts, epoch.start, book.calendars), epoch.rules[0])
    assert judged.outcome == "undecided"
    assert judged.unknown is not None
    assert judged.unknown.missing == {"order.type", "order.urgent", "order.quantity"}


def test_an_order_is_approved_only_if_every_rule_lets_it_pass(tmp_path: Path) -> None:
    book = rulebook(tmp_path, RULES)
    assert decision(book, read(dict(COMPLETE))) == "approved"
    assert decision(book, read(changed(COMPLETE, order={"quantity": 101}))) == "rejected"
    assert decision(book, read(without(COMPLETE, [("account", "cash")]))) == "undecided"
    undated = without(COMPLETE, [("order", "trade_date")])
    assert decision(book, read(undated)) == "undecided"
    assert (
        decision(book, read(changed(COMPLETE, order={"trade_date": "2019-12-31"})))
        == "out_of_scope"
    )
    assert decision(book, read({**COMPLETE, "event": "valuation"})) == "out_of_scope"


def status(root: Path, **account: Any) -> str:
    book = rulebook(root, STATUS)
    epoch = specialise(book, day_of("2021-03-01"))
    assert epoch is not None
    missing = [("account", key) for key, value in account.items() if value == "missing"]
    stated = {key: value for key, value in account.items() if value != "missing"}
    facts = read(without(changed(COMPLETE, account=stated), missing))
    item: EpochDetermination = epoch.determinations[0]
    found = determine(Evaluation(facts, epoch.start, book.calendars), item)
    return "unknown" if isinstance(found, Unknown) else found


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ({"debt": "0", "score": "-1"}, "clear"),
        ({"debt": "0", "score": "missing"}, "clear"),
        ({"score": "-0.01"}, "call"),
        ({"score": "0.5"}, "normal"),
        ({"score": "0.49", "status_before": "call"}, "call"),
        ({"score": "0.49", "status_before": None}, "normal"),
        ({"score": "0.49", "status_before": "missing"}, "unknown"),
        ({"score": "0.5", "status_before": "missing"}, "normal"),
        ({"debt": "missing", "score": "-0.01"}, "unknown"),
        ({"debt": "missing", "score": "0.5"}, "unknown"),
        ({"debt": "missing", "score": "0.1", "status_before": "clear"}, "clear"),
        ({"score": "missing", "status_before": "call"}, "unknown"),
    ],
)
def test_the_first_case_that_holds_decides_unless_an_earlier_one_is_unknown(
    tmp_path: Path, account: dict[str, Any], found: str
) -> None:
    assert status(tmp_path, **account) == found
