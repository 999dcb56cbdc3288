"""The meaning of expressions on facts: known, none, missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_facts import COMPLETE, VOCABULARY, changed, reader, without
from tests.cases.small_rulebooks import WORLD, load

from creditgate.admit.admission import admit
from creditgate.base.collector import Collector
from creditgate.base.spans import NOWHERE
from creditgate.check.asked import asked_expression
from creditgate.check.load import Catalogue
from creditgate.domain.calendar import Calendar
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import closed
from creditgate.load.rulebook_files import Shelf
from creditgate.reference.evaluate import Evaluation, Unknown

DAY = date(2021, 3, 1)
UNKNOWN = "unknown"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    chapter = """\
chapter: {en: Chapter, zh: 章}
parameters:
  floor:
    <title>
    type: ratio
    history: [{from: 2020-01-02, value: 50%, <cite>}, {from: 2021-01-04, value: 80%, <cite>}]
  agreed: {<title>, type: ratio, history: [{from: 2020-01-02, open: account.agreed_ratio, <cite>}]}
tables:
  cap:
    <title>
    columns: {line: band of ratio or none, class: security_class}
    value: ratio
    history:
      - from: 2020-01-02
        cite: {instrument: act}
        evidence: official
        rows:
          - {line: none, class: any, value: 10%}
          - {line: below 130%, class: any, value: 20%}
          - {line: 130% and above, class: any, value: 30%}
          - {line: 130% and above, class: fund, value: 40%}
figures:
  worth: {<title>, of: holding, as: h, unit: money, formula: h.quantity * h.security.price}
"""
    loaded = load(tmp_path_factory.mktemp("act"), {"act/chapter.yaml": chapter})
    return loaded.accepted("act").rulebook


def value(book: Rulebook, text: str, facts: Mapping[str, Any] = COMPLETE) -> Any:
    """Return the value of an expression; `unknown`, with what is missing left out."""
    found = evaluated(book, text, facts)
    return UNKNOWN if isinstance(found, Unknown) else found


def evaluated(book: Rulebook, text: str, facts: Mapping[str, Any] = COMPLETE) -> Any:
    collector = Collector()
    asked = asked_expression(book, text, collector)
    assert asked is not None, collector.diagnostics
    read = reader().from_plain(dict(facts))
    day = DAY.toordinal()
    return Evaluation(read, day, book.calendars).value(closed(book, asked, day))


KLEENE = {"yes": True, "no": False, "order.urgent": UNKNOWN}
NOT_URGENT = without(COMPLETE, [("order", "urgent")])


@pytest.mark.parametrize(("left", "right"), list(product(KLEENE, KLEENE)))
def test_and_and_or_are_those_of_kleene(book: Rulebook, left: str, right: str) -> None:
    values = (KLEENE[left], KLEENE[right])
    conjunction = False if False in values else (UNKNOWN if UNKNOWN in values else True)
    disjunction = True if True in values else (UNKNOWN if UNKNOWN in values else False)
    assert value(book, f"{left} and {right}", NOT_URGENT) == conjunction
    assert value(book, f"{left} or {right}", NOT_URGENT) == disjunction


def test_not_leaves_the_unknown_unknown(book: Rulebook) -> None:
    assert value(book, "not order.urgent") is True
    assert value(book, "not order.urgent", NOT_URGENT) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "known", "missing"),
    [
        ("account.cash + 5 CNY", 1005, ("account", "cash")),
        ("account.cash * 0", 0, ("account", "cash")),
        ("0 * account.cash", 0, ("account", "cash")),
        ("min(account.cash, 5 CNY)", 5, ("account", "cash")),
        ("account.cash > -5_000_000_000 CNY", True, ("account", "cash")),
        ("account.cash is account.cash", True, ("account", "cash")),
        ("order.type is limit", True, ("order", "type")),
        ("order.type in {limit, market}", True, ("order", "type")),
        ("order.type in {}", False, ("order", "type")),
        ("order.expires_on is none", True, ("order", "expires_on")),
        ("order.expires_on or if none as_of", DAY.toordinal(), ("order", "expires_on")),
        ("order.channels is empty", False, ("order", "channels")),
        ("desk in order.channels", True, ("order", "channels")),
        ("account.holdings is empty", False, ("account", "holdings")),
        ("sum(h.value for h in account.holdings)", 150, ("account", "holdings")),
        ("count(h for h in account.holdings)", 2, ("account", "holdings")),
        ("if order.urgent then 1 else 1", 1, ("order", "urgent")),
        ("order.security.price", 10, ("order", "security")),
        ("order.security.price", 10, ("securities", 0, "price")),
        ("agreed", 1, ("account", "agreed_ratio")),
        ("floor at account.opened_on", Fraction(1, 2), ("account", "opened_on")),
        ("cap[account.line, order.security.class]", Fraction(3, 10), ("account", "line")),
        ("date of order.entered_at is as_of", True, ("order", "entered_at")),
        ("sum(h.worth for h in account.holdings)", 150, ("account", "holdings", 1, "quantity")),
    ],
)
def test_what_is_computed_from_a_missing_fact_is_unknown(
    book: Rulebook, text: str, known: Any, missing: tuple[Any, ...]
) -> None:
    assert value(book, text) == known
    assert value(book, text, without(COMPLETE, [missing])) == UNKNOWN


def test_an_unknown_names_every_missing_fact_it_hangs_on(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "cash"), ("securities", 1, "price")])
    found = evaluated(book, "account.cash + sum(h.worth for h in account.holdings)", facts)
    assert isinstance(found, Unknown)
    assert found.missing == {"account.cash", "account.holdings[2].security.price"}


def test_a_missing_entity_is_named_itself(book: Rulebook) -> None:
    facts = {key: part for key, part in COMPLETE.items() if key != "account"}
    found = evaluated(book, "account.cash + account.debt", facts)
    assert isinstance(found, Unknown)
    assert found.missing == {"account"}


def test_a_record_that_is_not_given_is_unknown(book: Rulebook) -> None:
    facts = changed(COMPLETE, order={"security": "S9"})
    found = evaluated(book, "order.security.price", facts)
    assert isinstance(found, Unknown)
    assert found.missing == {"order.security (S9)"}


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("sum(h.value for h in account.holdings)", 0),
        ("count(h for h in account.holdings)", 0),
        ("any(h.pledged for h in account.holdings)", False),
        ("all(h.pledged for h in account.holdings)", True),
        ("min(h.value for h in account.holdings)", None),
        ("max(h.value for h in account.holdings)", None),
        ("max(h.value for h in account.holdings) or if none 7 CNY", 7),
        ("account.holdings is empty", True),
    ],
)
def test_an_empty_list_is_known(book: Rulebook, text: str, empty: Any) -> None:
    assert value(book, text, changed(COMPLETE, account={"holdings": []})) == empty


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("sum(h.gain for h in account.holdings)", 0),
        ("sum(h.value for h in account.holdings where h.pledged)", 50),
        ("count(h for h in account.holdings where h.rank >= 2)", 1),
        ("any(h.rank is 2 for h in account.holdings)", True),
        ("all(h.rank < 3 for h in account.holdings)", True),
        ("all(h.pledged for h in account.holdings where h.rank is 9)", True),
        ("min(h.bought_on for h in account.holdings)", date(2020, 12, 1).toordinal()),
        ("max(h.value for h in account.holdings where h.pledged)", 50),
        ("count(h for h in account.holdings where h.security is order.security)", 1),
        ("max(h.sold_on for h in account.holdings where h.sold_on is not none) is none", False),
    ],
)
def test_aggregates_over_records(book: Rulebook, text: str, result: Any) -> None:
    assert value(book, text) == result


@pytest.mark.parametrize("kind", ["any", "all"])
def test_one_unknown_record_makes_an_aggregate_unknown_even_if_others_settle_it(
    book: Rulebook, kind: str
) -> None:
    facts = without(COMPLETE, [("account", "holdings", 0, "pledged")])
    wanted = "h.pledged" if kind == "any" else "not h.pledged"
    assert value(book, f"{kind}({wanted} for h in account.holdings)", facts) == UNKNOWN


def test_an_unknown_condition_of_a_record_makes_the_aggregate_unknown(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "holdings", 0, "rank")])
    text = "sum(h.value for h in account.holdings where h.rank is 2)"
    assert value(book, text, facts) == UNKNOWN


def test_a_record_left_out_may_hold_what_is_missing(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "holdings", 0, "value")])
    text = "sum(h.value for h in account.holdings where h.rank is 2)"
    assert value(book, text, facts) == 50


def test_only_the_branch_taken_is_looked_at(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "cash")])
    assert value(book, "if order.type is limit then 5 CNY else account.cash", facts) == 5
    assert value(book, "if order.type is market then 5 CNY else account.cash", facts) == UNKNOWN


def test_none_is_a_value_of_its_own(book: Rulebook) -> None:
    assert value(book, "order.expires_on") is None
    assert value(book, "order.expires_on is not none") is False
    assert value(book, "order.pair is none") is True
    market = changed(COMPLETE, order={"type": "market", "price": None})
    assert value(book, "order.price is none", market) is True
    assert value(book, "(order.price or if none order.security.price)", market) == 10


@pytest.mark.parametrize(
    ("line", "security", "share"),
    [
        (None, "S1", "0.1"),
        ("1.299999", "S1", "0.2"),
        ("1.3", "S1", "0.3"),
        ("1.3", "S2", "0.4"),
        ("0", "S2", "0.2"),
        ("10", "S2", "0.4"),
    ],
)
def test_a_table_is_read_at_bands_members_and_none(
    book: Rulebook, line: str | None, security: str, share: str
) -> None:
    facts = changed(COMPLETE, account={"line": line}, order={"security": security})
    assert value(book, "cap[account.line, order.security.class]", facts) == Fraction(share)


@pytest.mark.parametrize(
    ("opened", "ratio"),
    [
        ("2019-12-31", UNKNOWN),
        ("2020-01-02", Fraction(1, 2)),
        ("2021-01-03", Fraction(1, 2)),
        ("2021-01-04", Fraction(4, 5)),
        ("2024-01-04", Fraction(4, 5)),
    ],
)
def test_a_parameter_is_read_at_another_date(book: Rulebook, opened: str, ratio: Any) -> None:
    facts = changed(COMPLETE, account={"opened_on": opened})
    assert value(book, "floor at account.opened_on", facts) == ratio
    assert value(book, "floor", facts) == Fraction(4, 5)


@pytest.mark.parametrize(
    "text",
    [
        "account.cash / (account.debt - 100 CNY)",
        "order.quantity is a multiple of (order.quantity - 100 shares)",
        "account.cash rounded up to (account.debt - 100 CNY)",
        "as_of + 2_000 trading days",
        "open of 2021-03-06",
        "close of 2030-03-06",
        "as_of + 200_000 months",
        "as_of + 9_000_000 days",
    ],
)
def test_what_cannot_be_computed_is_unknown_and_says_why(book: Rulebook, text: str) -> None:
    found = evaluated(book, text)
    assert isinstance(found, Unknown)
    assert not found.missing
    assert all(reason for reason in found.reasons)


def test_days_are_counted_by_two_calendars(book: Rulebook) -> None:
    first = date(2024, 1, 2).toordinal()
    assert value(book, "first trading day on or after 2024-01-01") == first
    assert value(book, "first settlement day on or after 2024-01-01") == first - 1
    assert value(book, "2023-12-29 + 1 trading days") == first
    assert value(book, "2023-12-29 + 1 settlement days") == date(2024, 1, 1).toordinal()


def test_the_calendars_of_the_small_market_are_read_once() -> None:
    shelf = Catalogue(Shelf((WORLD,)), admit)
    calendar = shelf.calendar("TRADING", NOWHERE, Collector())
    assert isinstance(calendar, Calendar)
    assert shelf.calendar("TRADING", NOWHERE, Collector()) is calendar
    assert VOCABULARY.fact("order", "quantity") is not None
    assert VOCABULARY.fact("order", "colour") is None


def test_the_day_judged_may_be_unknown(book: Rulebook) -> None:
    asked = asked_expression(book, "as_of >= 2020-01-01", Collector())
    assert asked is not None
    read = reader().from_plain(dict(COMPLETE))
    found = Evaluation(read, None, book.calendars).value(closed(book, asked, DAY.toordinal()))
    assert isinstance(found, Unknown)


def test_nothing_is_evaluated_twice(book: Rulebook, tmp_path: Path) -> None:
    figures = "".join(
        f"  f{n}: {{<title>, unit: ratio, formula: f{n - 1} + f{n - 1}}}\n" for n in range(1, 35)
    )
    chapter = "chapter: {en: Chapter, zh: 章}\nfigures:\n"
    chapter += "  f0: {<title>, unit: ratio, formula: account.agreed_ratio}\n" + figures
    doubled = load(tmp_path, {"act/chapter.yaml": chapter}).accepted("act").rulebook
    assert value(doubled, "f34") == 2**34
