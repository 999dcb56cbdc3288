"""Outcomes of rules with deadlines, by the definition."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cases.small_facts import COMPLETE, changed, reader, without
from tests.cases.small_rulebooks import load

from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import specialise
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import Judged, judge

RULES = """\
chapter: {en: Chapter, zh: 章}
parameters:
  term: {<title>, type: duration, history: [{from: 2020-01-02, value: 5 days, <cite>}, {from: 2021-03-01, value: 3 days, <cite>}]}
rules:
  covered:
    <title>
    on: delivery
    when: order.quantity > 10 shares
    unless:
      urgent: {when: order.urgent, in_force: [{<since>}]}
    require: account.cash >= 0
    due: account.opened_on + term
    reason: too_large
    breach: {en: Not so., zh: 不符。}
    in_force: [{<since>}]
  delivered:
    <title>
    on: delivery
    require: account.cash >= 0
    due: open of (order.trade_date + 1 trading days)
    reason: too_large
    breach: {en: Not so., zh: 不符。}
    in_force: [{<since>}]
"""
DAY = date(2021, 3, 1).toordinal()
FACTS = {**COMPLETE, "event": "delivery"}
TABLE = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "outcome_table.yaml").read_text("utf-8")
)
OUTCOMES = {tuple(row[:3]): row[3] for row in TABLE["rows"]}
STATES = ("true", "false", "unknown")
# The fact that decides each condition of `covered`, and its values for true and false.
DECIDING = {
    "when": ("order", "quantity", 100, 1),
    "unless": ("order", "urgent", True, False),
    "require": ("account", "cash", "1.00", "-1.00"),
    "before": ("account", "opened_on", "2021-02-27", "2021-02-26"),
}


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    return load(tmp_path, {"act/chapter.yaml": RULES}).accepted("act").rulebook


def judged(book: Rulebook, rule: str, document: dict[str, Any]) -> Judged:
    epoch = specialise(book, DAY)
    assert epoch is not None
    found = next(item for item in epoch.rules if item.definition.name == rule)
    return judge(Evaluation(reader().from_plain(document), DAY, book.calendars), found)


def either(left: str, right: str) -> str:
    """Return the three-valued `or`."""
    if "true" in (left, right):
        return "true"
    return "unknown" if "unknown" in (left, right) else "false"


def test_the_published_table_holds_with_a_deadline_in_place_of_the_requirement(
    book: Rulebook,
) -> None:
    for states in product(STATES, repeat=4):
        document: dict[str, Any] = FACTS
        missing = []
        for state, (entity, fact, yes, no) in zip(states, DECIDING.values(), strict=True):
            document = changed(document, **{entity: {fact: yes if state == "true" else no}})
            missing += [(entity, fact)] if state == "unknown" else []
        when, unless, require, before = states
        wanted = OUTCOMES[when, unless, either(require, before)]
        if wanted == "satisfied" and require != "true":
            wanted = "pending"
        found = judged(book, "covered", without(document, missing))
        assert found.outcome == wanted, states
        known = wanted == "pending" or (wanted == "breached" and before == "false")
        assert (found.due is not None) is known, states


@pytest.mark.parametrize(
    ("opened_on", "outcome", "due"),
    [
        ("2021-02-25", "breached", "2021-02-28"),
        ("2021-02-26", "breached", "2021-03-01"),
        ("2021-02-27", "pending", "2021-03-02"),
    ],
)
def test_a_date_is_reached_on_its_day_and_reckoned_by_the_term_of_the_day_judged(
    book: Rulebook, opened_on: str, outcome: str, due: str
) -> None:
    found = judged(
        book, "covered", changed(FACTS, account={"cash": "-1.00", "opened_on": opened_on})
    )
    assert (found.outcome, found.due) == (outcome, date.fromisoformat(due).toordinal())


@pytest.mark.parametrize(
    ("entered_at", "outcome"),
    [
        ("2021-03-02T09:29:59.999999+08:00", "pending"),
        ("2021-03-02T09:30:00+08:00", "breached"),
        ("2021-03-02T01:30:00Z", "breached"),
        ("2021-03-02T09:30:00-05:00", "breached"),
        ("2021-03-01T20:29:00-05:00", "pending"),
    ],
)
def test_an_instant_is_reached_at_its_moment(book: Rulebook, entered_at: str, outcome: str) -> None:
    document = changed(FACTS, account={"cash": "-1.00"}, order={"entered_at": entered_at})
    assert judged(book, "delivered", document).outcome == outcome


def test_where_the_moment_is_not_known_the_rule_is_undecided(book: Rulebook) -> None:
    document = changed(FACTS, account={"cash": "-1.00"})
    found = judged(book, "delivered", without(document, [("order", "entered_at")]))
    assert found.outcome == "undecided"
    assert found.unknown is not None
    assert found.unknown.missing == {"order.entered_at"}


def test_an_undecided_rule_names_what_is_missing_of_its_deadline_too(book: Rulebook) -> None:
    paths = [("account", "cash"), ("account", "opened_on")]
    found = judged(book, "covered", without(FACTS, paths))
    assert found.unknown is not None
    assert found.unknown.missing == {"account.cash", "account.opened_on"}


def test_what_is_done_is_done_whatever_the_day(book: Rulebook) -> None:
    for opened_on in ("1999-01-01", "2021-02-27", "2030-01-01"):
        found = judged(book, "covered", changed(FACTS, account={"opened_on": opened_on}))
        assert (found.outcome, found.due) == ("satisfied", None)
