"""The Beijing rulebook cites its own authority for all it takes over, and says how little is known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pytest

from creditgate import Decision, Gate
from creditgate.check.load import Catalogue
from creditgate.decide.engine import Engine
from creditgate.domain.citation import Source
from creditgate.explain.evidence import RulebookEvidence, evidence_of
from creditgate.ir.rulebook import Force, Rulebook
from creditgate.pipeline import catalogue
from creditgate.scenarios.case import Case, cases_of, scenario_files

ID: Final = "cn/bse"
OWN: Final = {
    "bse_rules_2022", "bse_notice_2023_08_27", "bse_notice_2024_07_10", "bse_notice_2026_01_14",
}  # fmt: skip
#: Texts of the securities regulator bind members of every exchange.
NATIONAL: Final = {
    "csrc_measures_2006", "csrc_measures_2011", "csrc_measures_2015", "risk_indicators_2006",
    "csrc_2024_01_28", "csrc_2024_07_10", "notice_2023_10_14",
}  # fmt: skip
#: What members do by contract they do for clients of every exchange.
PRACTICE: Final = {"member_practice", "member_notice_2022_08_12"}


@cache
def shelf() -> Catalogue:
    """Return the catalogue of what is shipped, each file read once."""
    return catalogue()


@cache
def book() -> Rulebook:
    """Load the rulebook."""
    checked = shelf().checked(ID)
    assert checked is not None
    return checked.rulebook


@cache
def gate() -> Gate:
    """Return a gate of the rulebook alone."""
    return Gate([Engine(book())], shelf().vocabulary())


@cache
def cases() -> list[Case]:
    """Return the scenarios beside the rulebook."""
    folder = shelf().shelf.folder(ID)
    assert folder is not None
    return [
        case
        for path in scenario_files(folder)
        for case in cases_of(path, shelf().shelf, shelf().vocabulary(), shelf().collector)
    ]


def sources_of(item: Any) -> Iterator[Source]:
    """Yield the sources that a thing has of its own in Beijing's time."""
    if hasattr(item, "in_force"):
        forces: tuple[Force, ...] = item.in_force
        yield from (f.source for f in forces if (f.interval.end or book().start) >= book().start)
        return
    entries = (item.history if hasattr(item, "history") else item.versions).entries
    for place, (_, entry) in enumerate(entries):
        if place + 1 == len(entries) or entries[place + 1][0] > book().start:
            yield entry.source


def inherited() -> Iterator[tuple[str, Any]]:
    """Yield everything that is taken over by its name, exemptions with their rule."""
    for section in ("rules", "determinations", "parameters", "tables", "figures"):
        for name, item in getattr(book(), section).items():
            if item.origin != ID:
                yield name, item
    for rule in book().rules.values():
        yield from ((f"{rule.name}.{e.id}", e) for e in rule.exemptions if e.origin != ID)


@pytest.mark.parametrize(("name", "item"), list(inherited()), ids=[n for n, _ in inherited()])
def test_what_beijing_takes_over_is_cited_for_beijing_or_binds_every_exchange(
    name: str, item: Any
) -> None:
    timeline = book().recited.get(name)
    if timeline is None:
        cited = {s.citation.instrument for s in sources_of(item) if s.citation is not None}
        assert cited <= NATIONAL | PRACTICE, (
            f"rulebooks/cn/bse/rulebook.yaml cites nothing for `{name}`"
        )
        return
    assert timeline.first == book().start
    for _, source in timeline.entries:
        assert source.citation is not None
        assert source.citation.instrument in OWN | NATIONAL


@pytest.mark.parametrize("name", sorted(book().recited))
def test_the_unknown_text_of_the_rules_is_never_more_than_unverified(name: str) -> None:
    for _, source in book().recited[name].entries:
        assert source.citation is not None
        if source.citation.instrument == "bse_rules_2022":
            # The ratios at the start are known from secondary sources.
            assert source.evidence == "unverified" or name == "short_ratio_floor"


def decided(case_name: str) -> tuple[Decision, RulebookEvidence]:
    """Return what is decided in a scenario, and its evidence."""
    (case,) = [c for c in cases() if c.name == case_name]
    decision = gate().decide(dict(case.facts))
    assert decision.is_approved
    (part,) = evidence_of(decision)
    return decision, part


def test_a_decision_in_beijing_shows_that_what_it_rests_on_is_unverified() -> None:
    _, part = decided("a margin buy of one lot is in order")
    grades = {rule.rule.rpartition("/")[2]: rule.grade for rule in part.rules}
    assert grades["whole_lots"] == grades["margin_covers_order"] == "unverified"
    margin = next(rule for rule in part.rules if rule.rule.endswith("/margin_covers_order"))
    floor = next(item for item in margin.names if item.name == "financing_ratio_floor")
    assert (floor.authority.instrument, floor.authority.evidence) == ("bse_rules_2022", "secondary")
    _, later = decided("a market order is worth its quantity at the upper price limit")
    margin = next(rule for rule in later.rules if rule.rule.endswith("/margin_covers_order"))
    floor = next(item for item in margin.names if item.name == "financing_ratio_floor")
    assert floor.authority.evidence == "official"
    assert margin.grade == "unverified"


def test_what_is_older_elsewhere_holds_in_beijing_since_its_market_opened() -> None:
    _, part = decided("a margin buy of one lot is in order")
    assert {rule.authority.since for rule in part.rules} == {"2023-02-13"}
    lots = next(rule for rule in part.rules if rule.rule.endswith("/whole_lots"))
    assert ("lot", "2023-02-13") in [(name.name, name.authority.since) for name in lots.names]


def test_an_exemption_relied_on_in_beijing_is_cited_for_beijing() -> None:
    _, part = decided("a security recognised by the exchange is exempt")
    rule = next(r for r in part.rules if r.rule.endswith("/short_price_not_below_last"))
    assert rule.exempted_by == "recognised"
    assert rule.exemptions[0].authority.instrument == "bse_rules_2022"
    assert rule.exemptions[0].authority.evidence == "unverified"


def test_beijing_counts_its_own_days_and_has_its_own_floor_from_the_start() -> None:
    assert (book().trading_calendar, book().settlement_calendar) == ("BJSE", "BJSE")
    assert book().parameters["financing_ratio_floor"].history.first == book().start


def test_beijing_lists_no_exchange_traded_funds() -> None:
    assert all(e.id != "etf" for rule in book().rules.values() for e in rule.exemptions)
