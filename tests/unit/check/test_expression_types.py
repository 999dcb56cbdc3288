"""The type of each kind of expression, and what it becomes in the typed tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.small_rulebooks import load

from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.check.types import in_currency, type_from_words
from creditgate.domain.dsl_types import (
    COUNT,
    DATE,
    Duration,
    Enum,
    Number,
    Optional,
    Record,
    SetOf,
    describe,
)  # fmt: skip
from creditgate.domain.units import money, price
from creditgate.domain.vocabulary import CURRENCY_PLACEHOLDER
from creditgate.ir.nodes import Aggregate, And, Apply, IsNone, Literal, Not, Or
from creditgate.ir.rulebook import Rulebook

CHAPTER = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor: {<title>, type: ratio, history: [{from: 2020-01-02, value: 50%, <cite>}]}
  term: {<title>, type: duration, history: [{from: 2020-01-02, value: 2 trading days, <cite>}]}
  classes: {<title>, type: set, of: security_class, history: [{from: 2020-01-02, value: "{stock}", <cite>}]}
tables:
  lines: {<title>, columns: {class: security_class}, values: {first: ratio, second: money}, history: [{from: 2020-01-02, <cite>, rows: [{class: any, first: 5%, second: 5 CNY}]}]}
figures:
  worth: {<title>, of: holding, as: h, unit: money, formula: h.quantity * h.security.price}
  maybe: {<title>, unit: money or none, formula: "if order.urgent then none else account.cash"}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    loaded = load(tmp_path_factory.mktemp("act"), {"act/chapter.yaml": CHAPTER})
    return loaded.accepted("act").rulebook


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "number"),
        ("0.5", "number"),
        ("130%", "ratio"),
        ("5 CNY", "CNY"),
        ("5 USD/share", "USD/share"),
        ("100 shares", "quantity of shares"),
        ("2024-01-31", "date"),
        ("09:30", "time of day"),
        ("6 months", "months"),
        ("24 hours", "seconds"),
        ("yes", "yes or no"),
        ("none", "none"),
        ("as_of", "date"),
        ("{1, 2}", "set of number"),
        ("order.quantity", "quantity of shares"),
        ("order.price", "CNY/share or none"),
        ("order.security", "security"),
        ("order.pair", "security or none"),
        ("order.channels", "set of enum channel"),
        ("order.waited", "seconds"),
        ("account.holdings", "list of holding"),
        ("order.quantity * order.security.price", "CNY"),
        ("account.cash / order.quantity", "CNY/share"),
        ("account.cash / order.security.price", "quantity of shares"),
        ("account.cash / account.debt", "ratio"),
        ("account.cash * floor", "CNY"),
        ("floor * 2", "ratio"),
        ("5 / 2", "ratio"),
        ("account.rank * 2", "number"),
        ("-account.cash", "CNY"),
        ("account.cash + 0", "CNY"),
        ("0 - account.cash", "CNY"),
        ("max(0, account.cash, account.debt)", "CNY"),
        ("as_of + 5 days", "date"),
        ("as_of + 6 months", "date"),
        ("as_of - term", "date"),
        ("as_of - account.opened_on", "days"),
        ("(as_of - account.opened_on) / 360 days", "ratio"),
        ("order.entered_at + 24 hours", "instant"),
        ("order.entered_at - order.entered_at", "seconds"),
        ("open of as_of", "instant"),
        ("close of (as_of + 1 days)", "instant"),
        ("date of order.entered_at", "date"),
        ("first trading day on or after as_of", "date"),
        ("last settlement day on or before as_of", "date"),
        ("(account.cash * 3) rounded half_even to 0.01 CNY", "CNY"),
        ("lines[order.security.class].second", "CNY"),
        ("lines[order.security.class].first at account.opened_on", "ratio"),
        ("floor at account.opened_on", "ratio"),
        ("sum(h.worth for h in account.holdings)", "CNY"),
        ("sum(as_of - h.bought_on for h in account.holdings)", "days"),
        ("count(h for h in account.holdings)", "number"),
        ("min(h.bought_on for h in account.holdings)", "date or none"),
        ("max(h.rank for h in account.holdings) or if none 0", "number"),
        ("any(h.pledged for h in account.holdings)", "yes or no"),
        ("maybe", "CNY or none"),
        ("maybe or if none 0", "CNY"),
        ("if order.urgent then none else account.cash", "CNY or none"),
        ("if order.urgent then 0 else account.cash", "CNY"),
        ("if maybe is none then 0 else maybe", "CNY"),
        ("order.security.class in classes", "yes or no"),
        ("order.security.id in {S1}", None),
        ("order.quantity is a multiple of 100 shares", "yes or no"),
        ("order.sent_at between 09:30 and 15:00", "yes or no"),
        ("order.channels is empty", "yes or no"),
    ],
)
def test_the_type_of_an_expression(book: Rulebook, text: str, words: str | None) -> None:
    collector = Collector()
    node = asked_expression(book, text, collector)
    if words is None:
        assert node is None
        assert collector.has_errors
        return
    assert node is not None, collector.diagnostics
    narrowed = text == "if maybe is none then 0 else maybe"
    assert describe(node.type) == ("CNY" if narrowed else words)


def test_between_is_two_comparisons(book: Rulebook) -> None:
    node = asked_expression(book, "account.rank between 1 and 5", Collector())
    assert isinstance(node, And)
    assert [part.operator for part in node.items if isinstance(part, Apply)] == [
        "greater_or_equal",
        "less_or_equal",
    ]


def test_negative_words_are_the_opposite_of_positive_ones(book: Rulebook) -> None:
    for text in ("order.expires_on is not none", "order.type not in {limit}"):
        assert isinstance(asked_expression(book, text, Collector()), Not)
    assert isinstance(asked_expression(book, "order.expires_on is none", Collector()), IsNone)


def test_brackets_leave_no_trace(book: Rulebook) -> None:
    node = asked_expression(book, "((order.urgent)) or (order.type is limit)", Collector())
    assert isinstance(node, Or)
    assert len(node.items) == 2


def test_bound_records_have_names_of_their_own(book: Rulebook) -> None:
    text = "sum(h.rank for h in account.holdings) + sum(h.rank for h in account.holdings)"
    node = asked_expression(book, text, Collector())
    assert isinstance(node, Apply)
    names = [part.variable.name for part in node.arguments if isinstance(part, Aggregate)]
    assert len(names) == len(set(names)) == 2


def test_zero_takes_the_unit_that_is_wanted(book: Rulebook) -> None:
    node = asked_expression(book, "order.waited > 0", Collector())
    assert isinstance(node, Apply)
    assert isinstance(node.arguments[1], Literal)
    assert node.arguments[1].value == 0
    assert node.arguments[1].type == Duration("seconds")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("money", Number(money("CNY"))),
        ("price or none", Optional(Number(price("CNY")))),
        ("count", COUNT),
        ("  trading   days ", Duration("trading_days")),
        ("hours", Duration("seconds")),
        ("set of security_class", SetOf(Enum("security_class"))),
        ("enum order_type", Enum("order_type")),
        ("order_type or none", Optional(Enum("order_type"))),
        ("set of set of date", SetOf(SetOf(DATE))),
        ("monies", None),
        ("set of monies", None),
        ("", None),
        ("or none", None),
    ],
)
def test_words_for_types(book: Rulebook, words: str, kind: object) -> None:
    assert type_from_words(words, "CNY", book.vocabulary) == kind


def test_amounts_are_in_the_currency_of_the_rulebook() -> None:
    open_money = Number(money(CURRENCY_PLACEHOLDER))
    open_price = Optional(Number(price(CURRENCY_PLACEHOLDER)))
    assert in_currency(open_money, "USD") == Number(money("USD"))
    assert in_currency(open_price, "CNY") == Optional(Number(price("CNY")))
    assert in_currency(Record("security"), "CNY") == Record("security")
    assert in_currency(COUNT, "CNY") == COUNT


def test_a_rulebook_in_another_currency_reads_the_same_facts(tmp_path: Path) -> None:
    header = load(tmp_path / "a", {"act/chapter.yaml": CHAPTER})
    text = (tmp_path / "a" / "act" / "rulebook.yaml").read_text(encoding="utf-8")
    dollars = CHAPTER.replace("CNY", "USD")
    files = {"act/rulebook.yaml": text.replace("CNY", "USD"), "act/chapter.yaml": dollars}
    book = load(tmp_path / "b", files).accepted("act").rulebook
    node = asked_expression(book, "account.cash - 5 USD", Collector())
    assert node is not None
    assert describe(node.type) == "USD"
    assert header.found() == set()
