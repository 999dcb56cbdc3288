"""A rulebook of figures alone: every command works on it, and it approves nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from creditgate import Gate

Run = Callable[..., Any]

HEADER = """\
rulebook: tariff
title: {en: Tariff of a house, zh: 收费标准}
authority: {en: A house (invented), zh: 公司（虚构）}
currency: CNY
time_zone: Asia/Shanghai
calendars: {trading: XSHG}
in_force: {from: 2020-01-02, cite: {instrument: list}, evidence: official}
instruments: {list: {title: {en: Price list, zh: 价目表}, issued: 2019-12-02}}
"""
CHAPTER = """\
chapter: {en: Interest, zh: 利息}
parameters:
  rate:
    title: {en: Rate per year, zh: 年利率}
    type: ratio
    history: [{from: 2020-01-02, value: 6%, cite: {instrument: list}, evidence: official}]
  day_count:
    title: {en: Days of the year, zh: 计息年天数}
    type: duration
    history: [{from: 2020-01-02, value: 360 days, cite: {instrument: list}, evidence: official}]
figures:
  interest_of_a_day:
    title: {en: Interest of a day, zh: 单日利息}
    unit: money
    cite: {instrument: list}
    evidence: official
    formula: account.debit_balance * rate * (1 days / day_count)
"""
SCENARIOS = """\
rulebook: tariff
given:
  account: {id: A1, debit_balance: 6000.00}
cases:
  - name: a day of interest
    figure: interest_of_a_day
    on: 2020-01-02
    event: account_close_of_day
    expect: {value: 1 CNY, decision: out_of_scope}
  - name: without the balance the interest is unknown
    figure: interest_of_a_day
    on: 2020-01-02
    event: account_close_of_day
    missing: [account.debit_balance]
    expect: {value: unknown}
  - name: no interest before the list
    figure: interest_of_a_day
    on: 2019-12-31
    event: account_close_of_day
    expect: {value: unknown}
"""
CLOSE = {
    "event": "account_close_of_day",
    "account": {"id": "A1", "valued_on": "2020-01-02", "debit_balance": "7000.00"},
}
ORDER = {"order": {"id": "1", "action": "margin_buy", "trade_date": "2020-01-02"}}


@pytest.fixture
def tariff(tmp_path: Path) -> Path:
    """Return the folder of a rulebook that holds one figure."""
    folder = tmp_path / "tariff"
    (folder / "scenarios").mkdir(parents=True)
    for name, text in (
        ("rulebook.yaml", HEADER),
        ("interest.yaml", CHAPTER),
        ("scenarios/interest.yaml", SCENARIOS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_it_has_no_findings_and_its_scenarios_pass(creditgate: Run, tariff: Path) -> None:
    assert creditgate("lint", tariff).lines == ["1 rulebook: no findings"]
    tested = creditgate("test", tariff, "--coverage")
    assert tested.lines == ["3 passed, 0 failed", "coverage complete"]


def test_its_figures_are_computed_with_their_authority(creditgate: Run, tariff: Path) -> None:
    done = creditgate(
        "compute", "interest_of_a_day", "-", "--rulebook", tariff, given=json.dumps(CLOSE).encode()
    )
    assert done.lines == [
        "interest_of_a_day = 1.166666… CNY  (7/6)",
        "  Interest of a day",
        "  Price list; evidence: official",
        "  Rate per year: 6% since 2020-01-02; Price list; evidence: official",
        "  Days of the year: 360 days since 2020-01-02; Price list; evidence: official",
    ]


def test_its_page_says_that_it_governs_nothing(creditgate: Run, tariff: Path) -> None:
    shown = creditgate("show", tariff, "--lang", "en").lines
    after = shown[shown.index("Governs:") + 1]
    assert after == "  - nothing; it holds figures only, and no trade is approved by it"
    assert (
        "  - 无；仅含计算指标，不据以批准任何交易"
        in creditgate("show", tariff, "--lang", "zh").lines
    )
    page = json.loads(creditgate("show", tariff, "--format", "json").out)
    assert page["governs"] == []


def test_its_facts_are_listed_with_the_event_that_dates_them(creditgate: Run, tariff: Path) -> None:
    for day in ((), ("--on", "2020-01-02")):
        listing = json.loads(creditgate("facts", tariff, *day, "--format", "json").out)
        assert [event["name"] for event in listing["events"]] == ["account_close_of_day"]
        (account,) = listing["entities"]
        assert [fact["name"] for fact in account["facts"]] == ["valued_on", "debit_balance"]


@pytest.mark.parametrize("document", [CLOSE, ORDER])
def test_nothing_is_approved_under_it_alone(
    creditgate: Run, tariff: Path, document: dict[str, Any]
) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", tariff, "--format", "json", given=json.dumps(document).encode()
    )
    (decided,) = done.documents
    assert decided["core"]["decision"] == "out_of_scope"
    assert decided["core"]["missing"] == []
    assert Gate.load([tariff]).decide(document).outcome == "out_of_scope"


def test_beside_a_rulebook_that_governs_it_changes_no_decision(tariff: Path) -> None:
    together, alone = Gate.load(["cn/sse", tariff]), Gate.load(["cn/sse"])
    ours, theirs = together.decide(ORDER), alone.decide(ORDER)
    assert (ours.outcome, ours.breached, ours.undecided) == (
        theirs.outcome, theirs.breached, theirs.undecided,
    )  # fmt: skip
    assert [book.governs for book in ours.core.rulebooks][1] == "no"
