"""How small and how large numbers can be, worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.cases.small_rulebooks import load

from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.ir.bounds import Bounds, Range
from creditgate.ir.rulebook import Rulebook

CHAPTER = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor: {<title>, type: ratio, history: [{from: 2020-01-02, value: 50%, <cite>}, {from: 2021-01-04, value: 80%, <cite>}]}
  agreed: {<title>, type: ratio, history: [{from: 2020-01-02, value: 130%, <cite>}, {from: 2021-01-04, open: account.other_ratio, <cite>}]}
tables:
  cap:
    <title>
    columns: {class: security_class}
    value: ratio
    history: [{from: 2020-01-02, <cite>, rows: [{class: any, value: 20%}, {class: bond, value: 90%}]}]
figures:
  shares_of: {<title>, of: security, as: s, unit: ratio, formula: "min(s.haircut, cap[s.class])"}
  versions_of: {<title>, unit: ratio, versions: [{from: 2020-01-02, formula: account.score, <cite>}, {from: 2021-01-04, formula: 300%, <cite>}]}
  maybe: {<title>, unit: money or none, formula: "if order.type is market then none else account.debt"}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    loaded = load(tmp_path_factory.mktemp("act"), {"act/chapter.yaml": CHAPTER})
    return loaded.accepted("act").rulebook


def span(low: str | None, high: str | None) -> Range:
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    return Range(ends[0], ends[1])


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("5", "5", "5"),
        ("account.score", "-1", "1"),
        ("account.agreed_ratio", "0", "10"),
        ("floor", "0.5", "0.8"),
        ("floor at account.opened_on", "0.5", "0.8"),
        ("agreed", "0", "10"),
        ("cap[order.security.class]", "0.2", "0.9"),
        ("order.security.shares_of", "0", "0.9"),
        ("versions_of", "-1", "3"),
        ("-account.score", "-1", "1"),
        ("100% - account.score", "0", "2"),
        ("account.score + account.agreed_ratio", "-1", "11"),
        ("account.agreed_ratio * floor", "0", "8"),
        ("account.agreed_ratio * -50%", "-5", "0"),
        ("-account.agreed_ratio * -floor", "0", "8"),
        ("account.score * account.score", None, None),
        ("0% * account.score", "0", "0"),
        ("account.score * 0%", "0", "0"),
        ("account.debt / account.debt", "0", None),
        ("-account.debt / 5 CNY", None, "0"),
        ("account.cash / account.debt", None, None),
        ("min(account.score, 50%)", "-1", "0.5"),
        ("max(account.score, 0%)", "0", "1"),
        ("min(account.cash / account.debt, 50%)", None, "0.5"),
        ("account.agreed_ratio rounded down to 10%", "0", None),
        ("-account.agreed_ratio rounded up to 10%", None, "0"),
        ("if order.urgent then account.score else 300%", "-1", "3"),
        ("if account.score >= 0% then account.score else 0%", "0", None),
        ("if account.score < 0% then 0% else account.score", "0", None),
        ("count(h for h in account.holdings)", "0", None),
        ("sum(h.value for h in account.holdings)", "0", None),
        ("sum(h.gain for h in account.holdings)", None, None),
        ("sum(-h.value for h in account.holdings)", None, "0"),
        ("sum(h.gain for h in account.holdings where h.gain > 0)", "0", None),
        ("max(h.value for h in account.holdings) or if none 5 CNY", "0", "1000000000"),
        ("account.line or if none 0%", "0", "10"),
        ("maybe or if none 0", "0", "1000000000"),
    ],
)
def test_the_range_of_an_expression(
    book: Rulebook, text: str, low: str | None, high: str | None
) -> None:
    node = asked_expression(book, text, Collector())
    assert node is not None
    assert Bounds(book).of(node) == span(low, high)


def test_ranges_are_joined_and_met() -> None:
    assert span("0", "5").hull(span("-1", None)) == span("-1", None)
    assert span("0", None).meet(span(None, "5")) == span("0", "5")
    assert span(None, None).meet(span("1", "2")) == span("1", "2")
    assert -span("0", None) == span(None, "0")
    assert span("0", "1") + span("2", None) == span("2", None)


def test_what_branches_show_is_taken_together(book: Rulebook) -> None:
    text = (
        "if account.score >= -50% then (if account.score <= 50% then account.score else 0%) else 0%"
    )
    node = asked_expression(book, text, Collector())
    assert node is not None
    assert Bounds(book).of(node) == span("-0.5", "0.5")


def test_a_replaced_figure_is_bounded_through_base(tmp_path: Path) -> None:
    files = {
        "act/chapter.yaml": CHAPTER,
        "exchange/chapter.yaml": """\
chapter: {en: Chapter, zh: 章}
figures: {shares_of: {replaces: yes, of: security, as: s, unit: ratio, formula: 100% - base}}
""",
    }
    above = load(tmp_path, files).accepted("exchange").rulebook
    node = asked_expression(above, "order.security.shares_of", Collector())
    assert node is not None
    assert Bounds(above).of(node) == span("0.1", "1")
