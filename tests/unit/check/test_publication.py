"""Rulebooks with only what was published by a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_facts import COMPLETE, changed
from tests.cases.small_rulebooks import load

from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.ir.digest import meaning_digest
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import specialise
from creditgate.pipeline import Gate

HEADER = """\
rulebook: act
title: {en: The act, zh: 法}
authority: {en: The regulator, zh: 监管机构}
currency: CNY
time_zone: Asia/Shanghai
calendars: {trading: TRADING, settlement: SETTLEMENT}
in_force: {from: 2020-01-02, cite: {instrument: act}, evidence: official}
governs: {order: "yes", trade: "yes", valuation: "yes"}
instruments:
  act: {title: {en: The act, zh: 法}, issued: 2019-12-01}
  change: {title: {en: The change, zh: 修订}, issued: 2020-12-01}
  later: {title: {en: The later change, zh: 再次修订}, issued: 2021-12-01}
"""
ACT = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor:
    <title>
    type: ratio
    stricter: higher
    history:
      - {from: 2020-01-02, value: 50%, <cite>}
      - {from: 2021-01-04, value: 80%, cite: {instrument: change}, evidence: official}
      - {from: 2022-01-04, published: 2021-06-01, value: 90%, cite: {instrument: later}, evidence: official}
  news: {<title>, type: ratio, history: [{from: 2021-01-04, value: 10%, cite: {instrument: change}, evidence: official}]}
tables:
  cap:
    <title>
    columns: {class: security_class}
    value: ratio
    history:
      - {from: 2020-01-02, <cite>, rows: [{class: any, value: 20%}]}
      # Effective before the next entry, and published after it
      - {from: 2021-06-01, published: 2021-05-01, <cite>, rows: [{class: bond, value: 30%}]}
      - {from: 2021-07-01, cite: {instrument: change}, evidence: official, rows: [{class: fund, value: 40%}]}
  fresh:
    <title>
    columns: {class: security_class}
    value: ratio
    history:
      - {from: 2021-01-04, cite: {instrument: change}, evidence: official, rows: [{class: any, value: 20%}]}
figures:
  needed:
    <title>
    unit: ratio
    versions:
      - {from: 2020-01-02, formula: floor + 10%, <cite>}
      - {from: 2021-01-04, formula: floor + news, cite: {instrument: change}, evidence: official}
  added: {<title>, unit: ratio, versions: [{from: 2021-01-04, formula: news * 2, cite: {instrument: change}, evidence: official}]}
  since: {<title>, unit: ratio, formula: floor at account.opened_on}
  of_news: {<title>, unit: ratio, formula: news + 1%}
  of_cap: {<title>, unit: ratio, formula: "cap[order.security.class]"}
  of_fresh: {<title>, unit: ratio, formula: "fresh[order.security.class]"}
rules:
  ratio:
    when: order.action is open_long
    require: account.agreed_ratio >= needed
    <rule>
  short:
    on: trade
    when: order.action is open_short
    require: order.urgent
    reason: too_large
    <title>
    breach: {en: Not so., zh: 不符。}
    in_force:
      - {from: 2020-01-02, until: 2021-01-03, <cite>}
      - {from: 2021-01-04, cite: {instrument: change}, evidence: official}
  rest:
    on: trade
    when: order.action in {open_long, close_long, close_short}
    require: order.urgent
    reason: too_large
    <title>
    breach: {en: Not so., zh: 不符。}
    in_force:
      - {from: 2020-01-02, until: 2020-12-31, until_published: 2020-10-01, <cite>}
      - {from: 2021-01-01, cite: {instrument: change}, evidence: official}
  value:
    on: valuation
    require: account.cash > 0
    reason: too_large
    <title>
    breach: {en: Not so., zh: 不符。}
    in_force:
      - {from: 2020-01-02, until: 2020-12-31, until_published: 2019-12-01, <cite>}
      - {from: 2021-01-04, published: 2020-12-31, cite: {instrument: change}, evidence: official}
determinations:
  standing:
    <title>
    on: valuation
    values: {good: {en: Good, zh: 好}, bad: {en: Bad, zh: 坏}}
    cases: [{to: good, when: account.cash > 0}, {to: bad}]
    in_force: [{from: 2021-01-04, cite: {instrument: change}, evidence: official}]
"""
HOUSE = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor:
    fixes: yes
    history: [{from: 2020-06-01, published: 2020-05-04, value: 95%, <house>}]
figures:
  of_cap: {replaces: yes, <title>, unit: ratio, versions: [{from: 2020-01-02, formula: base, <house>}, {from: 2020-06-01, published: 2020-05-04, formula: base * 2, <house>}]}
"""
HOUSE_HEADER = """\
rulebook: exchange
title: {en: An exchange, zh: 交易所}
authority: {en: An exchange, zh: 交易所}
extends: [act]
mode: replaces
in_force: {from: 2020-01-02, published: 2019-12-15, <house>}
instruments:
  manual: {title: {en: The manual, zh: 手册}, issued: 2019-12-01}
cites:
  floor: [{from: 2020-01-02, instrument: manual, article: "1", evidence: official}, {from: 2021-01-04, published: 2021-01-04, instrument: manual, article: "2", evidence: official}]
"""
FILES = {
    "act/rulebook.yaml": HEADER,
    "act/chapter.yaml": ACT,
    "exchange/rulebook.yaml": HOUSE_HEADER,
    "exchange/chapter.yaml": HOUSE,
}


class Shelf:
    """The rulebooks of this file, whole and as known on some day."""

    def __init__(self, root: Path) -> None:
        self.loaded = load(root, FILES)
        assert not self.loaded.diagnostics

    def book(self, known_on: str | None, name: str = "act") -> Rulebook:
        whole = self.loaded.accepted(name).rulebook
        if known_on is None:
            return whole
        known = self.loaded.catalogue.known(name, date.fromisoformat(known_on).toordinal())
        assert known is not None
        return known.rulebook

    def gate(self, known_on: str | None, name: str = "act") -> Gate:
        day = None if known_on is None else date.fromisoformat(known_on)
        vocabulary = self.loaded.catalogue.vocabulary()
        return Gate([Engine(self.book(known_on, name))], vocabulary, day)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("known"))


def decide(
    shelf: Shelf, known_on: str | None, day: str, *figures: str, name: str = "act", **parts: Any
) -> Decision:
    facts: Mapping[str, Any] = changed(COMPLETE, order={"trade_date": day}, **parts)
    return shelf.gate(known_on, name).decide(facts, figures=figures)


def value(shelf: Shelf, known_on: str | None, day: str, figure: str, **parts: Any) -> str | None:
    return decide(shelf, known_on, day, figure, **parts).core.figures[figure].value


@pytest.mark.parametrize(
    ("known_on", "day", "ratio"),
    [
        ("2020-11-30", "2021-01-04", "0.6"),
        ("2020-12-01", "2021-01-04", "0.9"),
        ("2020-12-01", "2021-01-03", "0.6"),
        ("2021-05-31", "2022-01-04", "0.9"),
        ("2021-06-01", "2022-01-04", "1"),
        (None, "2022-01-04", "1"),
        ("9999-12-31", "2022-01-04", "1"),
        ("2021-06-01", "2020-06-01", "0.6"),
    ],
)
def test_an_entry_counts_once_it_is_published(
    shelf: Shelf, known_on: str | None, day: str, ratio: str
) -> None:
    assert value(shelf, known_on, day, "needed") == ratio


@pytest.mark.parametrize("figure", ["added", "of_news", "of_fresh"])
def test_what_is_left_without_an_entry_is_unknown_and_says_so(shelf: Shelf, figure: str) -> None:
    found = decide(shelf, "2020-11-30", "2021-01-04", figure).core.figures[figure]
    name = {"of_news": "news", "of_fresh": "fresh"}.get(figure, figure)
    assert (found.state, found.missing) == ("unknown", ())
    assert found.because == (f"nothing about `{name}` had been published by 2020-11-30",)
    assert decide(shelf, None, "2021-01-04", figure).core.figures[figure].state == "value"


def test_a_history_read_at_another_date_holds_what_is_known(shelf: Shelf) -> None:
    opened = {"opened_on": "2021-02-01"}
    assert value(shelf, "2020-11-30", "2021-03-01", "since", account=opened) == "0.5"
    assert value(shelf, "2020-12-01", "2021-03-01", "since", account=opened) == "0.8"


@pytest.mark.parametrize(
    ("known_on", "kind", "cap"),
    [
        ("2021-04-30", "bond", "0.2"),
        ("2021-05-01", "bond", "0.3"),
        ("2021-04-30", "fund", "0.4"),
        ("2020-11-30", "fund", "0.2"),
    ],
)
def test_cells_of_an_entry_not_known_are_those_of_the_entries_known(
    shelf: Shelf, known_on: str, kind: str, cap: str
) -> None:
    security = [{**COMPLETE["securities"][0], "class": kind}]
    facts = {**changed(COMPLETE, order={"trade_date": "2021-07-01"}), "securities": security}
    decision = shelf.gate(known_on).decide(facts, figures=["of_cap"])
    assert decision.core.figures["of_cap"].value == cap


def test_a_rule_goes_on_while_what_replaces_it_is_not_known(shelf: Shelf) -> None:
    def met(known_on: str | None, day: str) -> set[str]:
        epoch = specialise(shelf.book(known_on), date.fromisoformat(day).toordinal())
        assert epoch is not None
        return {rule.definition.name for rule in epoch.rules if rule.event == "trade"}

    assert met("2020-11-30", "2021-06-01") == {"short"}
    assert met("2020-12-01", "2021-06-01") == {"short", "rest"}
    assert met("2020-09-30", "2021-06-01") == {"short", "rest"}
    assert met("2020-11-30", "2020-12-31") == {"short", "rest"}


def test_what_no_known_rule_looks_at_is_not_approved(shelf: Shelf) -> None:
    facts = changed(COMPLETE, order={"trade_date": "2021-06-01", "urgent": True})
    facts["event"] = "trade"
    decision = shelf.gate("2020-11-30").decide(facts)
    assert decision.outcome == "undecided"
    (undecided,) = decision.core.undecided
    assert undecided.rule == "act/governs"
    assert undecided.because == (
        "nothing about `order.action close_long, close_short, open_long` had been published by 2020-11-30",
    )
    assert shelf.gate("2020-12-01").decide(facts).is_approved
    facts["order"]["action"] = "open_short"
    assert shelf.gate("2020-11-30").decide(facts).is_approved
    facts["order"]["trade_date"] = "2020-12-31"
    facts["order"]["action"] = "open_long"
    assert shelf.gate("2020-11-30").decide(facts).is_approved


def test_an_event_without_any_known_rule_is_not_approved(shelf: Shelf) -> None:
    facts = changed(COMPLETE, account={"valued_on": "2021-06-01"})
    facts["event"] = "valuation"
    assert shelf.gate(None).decide(facts).is_approved
    decision = shelf.gate("2020-12-30").decide(facts)
    assert decision.outcome == "undecided"
    assert decision.core.undecided[0].because == (
        "nothing about `valuation` had been published by 2020-12-30",
    )
    # Between its two periods the law itself has no rule.
    facts["account"]["valued_on"] = "2021-01-02"
    assert shelf.gate(None).decide(facts).is_approved
    assert shelf.gate("2020-12-30").decide(facts).is_approved


def test_a_rulebook_whose_start_was_published_later_governs_nothing(shelf: Shelf) -> None:
    assert decide(shelf, "2019-11-30", "2021-03-01").outcome == "out_of_scope"
    assert shelf.book("2019-11-30").change_days() == ()
    assert decide(shelf, "2019-12-01", "2021-03-01").outcome == "approved"
    assert decide(shelf, "2019-12-14", "2021-03-01", name="exchange").outcome == "out_of_scope"
    assert decide(shelf, "2019-12-15", "2021-03-01", name="exchange").outcome != "out_of_scope"


def test_a_value_fixed_later_leaves_the_inherited_history_until_it_is_known(shelf: Shelf) -> None:
    def floor(known_on: str | None, day: str) -> str | None:
        return decide(shelf, known_on, day, "needed", name="exchange").core.figures["needed"].value

    assert floor(None, "2021-01-04") == "1.05"
    assert floor("2020-05-04", "2021-01-04") == "1.05"
    assert floor("2020-05-03", "2021-01-04") == "0.6"
    assert floor("2020-05-03", "2020-05-29") == "0.6"


def test_a_formula_restated_later_leaves_the_earlier_one_until_it_is_known(shelf: Shelf) -> None:
    def cap(known_on: str | None) -> str | None:
        decision = decide(shelf, known_on, "2021-01-04", "of_cap", name="exchange")
        return decision.core.figures["of_cap"].value

    assert (cap("2020-05-03"), cap("2020-05-04"), cap(None)) == ("0.2", "0.4", "0.4")


def test_a_citation_counts_once_it_is_published(shelf: Shelf) -> None:
    def articles(known_on: str | None) -> list[str | None]:
        entries = shelf.book(known_on, "exchange").recited["floor"].entries
        return [source.citation.article for _, source in entries if source.citation]

    assert articles("2021-01-03") == ["1"]
    assert articles("2021-01-04") == articles(None) == ["1", "2"]


def test_the_digest_is_that_of_the_content(shelf: Shelf) -> None:
    whole = meaning_digest(shelf.book(None))
    assert meaning_digest(shelf.book("2021-06-01")) == whole
    assert meaning_digest(shelf.book("2030-01-01")) == whole
    earlier = [
        meaning_digest(shelf.book(d))
        for d in ("2019-11-30", "2019-12-01", "2020-12-01", "2021-05-01")
    ]
    assert len({whole, *earlier}) == 5


def test_a_determination_is_asked_for_once_it_is_published(shelf: Shelf) -> None:
    facts = changed(COMPLETE, account={"valued_on": "2021-06-01"})
    facts["event"] = "valuation"
    assert shelf.gate(None).decide(facts).core.determinations["standing"].value == "good"
    known = shelf.gate("2020-11-30").decide(facts, figures=["standing"])
    assert known.core.determinations == {}
    assert known.core.figures["standing"].state == "unknown"


def test_the_decision_says_by_which_day_it_knows(shelf: Shelf) -> None:
    gate = shelf.gate("2020-11-30")
    assert gate.decide(changed(COMPLETE)).core.known_on == "2020-11-30"
    assert gate.decide(b"{").core.known_on == "2020-11-30"
    assert gate.decide({"order": {}}).core.known_on == "2020-11-30"
    assert shelf.gate(None).decide(changed(COMPLETE)).core.known_on is None
