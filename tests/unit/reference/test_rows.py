"""A row of a list by its key, in what is asked for: what it means, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.cases.small_facts import COMPLETE, changed, reader, without
from tests.cases.small_rulebooks import load

from creditgate.base.collector import Collector
from creditgate.base.render import render_text
from creditgate.check.asked import asked_expression
from creditgate.domain.facts import Facts
from creditgate.ir.formula_text import formula_text
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import closed
from creditgate.pipeline import catalogue
from creditgate.reference.evaluate import Evaluation, Unknown

DAY = date(2021, 3, 1).toordinal()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    chapter = """\
chapter: {en: Chapter, zh: 章}
tables:
  cap: {<title>, columns: {class: security_class}, value: ratio, history: [{from: 2020-01-02, <cite>, rows: [{class: any, value: 20%}, {class: fund, value: 40%}]}]}
figures:
  worth: {<title>, of: holding, as: h, unit: money, formula: h.quantity * h.security.price}
"""
    loaded = load(tmp_path_factory.mktemp("act"), {"act/chapter.yaml": chapter})
    return loaded.accepted("act").rulebook


def evaluated(book: Rulebook, text: str, facts: Facts) -> Any:
    collector = Collector()
    asked = asked_expression(book, text, collector)
    assert asked is not None, render_text(collector.diagnostics)
    return Evaluation(facts, DAY, book.calendars).value(closed(book, asked, DAY))


def value(book: Rulebook, text: str, facts: Mapping[str, Any] = COMPLETE) -> Any:
    return evaluated(book, text, reader().from_plain(dict(facts)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("account.holdings[1].quantity", 10),
        ("account.holdings[2].quantity", 20),
        ("account.holdings[ 2 ].quantity", 20),
        ("account.holdings[2].worth", 50),
        ("account.holdings[2].security.price", Fraction(5, 2)),
        ("account.holdings[1].worth + account.holdings[2].worth", 150),
        ("account.holdings[1].rank - account.holdings[1].rank", 0),
        ("max(account.holdings[1].gain, account.holdings[2].gain)", 5),
        ("sum(h.quantity for h in account.holdings where h.rank > account.holdings[1].rank)", 20),
        ("account.holdings[1].sold_on is none", True),
        ("account.holdings[1].sold_on or if none as_of", DAY),
        ("account.holdings[2].sold_on is not none and account.holdings[2].sold_on > as_of", False),
        ("cap[account.holdings[1].security.class]", Fraction(1, 5)),
        ("cap[account.holdings[2].security.class]", Fraction(2, 5)),
    ],
)
def test_a_row_is_read_by_its_key(book: Rulebook, text: str, found: object) -> None:
    assert value(book, text) == found


@pytest.mark.parametrize("key", ["B-2/7.a", "甲 乙", "1 + 1", "yes", "０", "}{", '"x"'])
def test_a_key_may_hold_anything_but_brackets(book: Rulebook, key: str) -> None:
    row = {**COMPLETE["account"]["holdings"][1], "id": key}
    facts = changed(COMPLETE, account={"holdings": [row]})
    assert value(book, f"account.holdings[{key}].quantity * 2", facts) == 40


def test_a_row_that_is_not_there_is_missing(book: Rulebook) -> None:
    found = value(book, "account.holdings[3].quantity")
    assert found == Unknown(missing=frozenset({"account.holdings[3]"}))
    assert isinstance(value(book, "account.holdings[3].worth"), Unknown)


def test_a_list_that_is_not_given_is_missing(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "holdings")])
    found = value(book, "account.holdings[1].quantity", facts)
    assert found == Unknown(missing=frozenset({"account.holdings"}))


def test_a_fact_that_the_row_lacks_is_missing_by_its_path(book: Rulebook) -> None:
    facts = without(COMPLETE, [("account", "holdings", 0, "quantity")])
    found = value(book, "account.holdings[1].worth", facts)
    assert found == Unknown(missing=frozenset({"account.holdings[1].quantity"}))


def test_a_row_is_shown_as_it_is_written(book: Rulebook) -> None:
    node = asked_expression(book, "account.holdings[A/1].worth * 2", Collector())
    assert node is not None
    assert formula_text(node) == "account.holdings[A/1].worth * 2"


def test_rows_within_rows_and_rows_of_days_are_read_by_their_keys() -> None:
    checked = catalogue().checked("us/reg_t")
    assert checked is not None
    book = checked.rulebook
    right = {"id": "R1", "kind": "call_option", "quantity": 300, "strike_price": "40.00"}
    facts = reader(book.vocabulary).from_plain(
        {
            "account": {
                "long_positions": [{"security": "ABC", "quantity": 200}],
                "loan_days": [{"lent_on": "2024-06-03"}, {"lent_on": "2024-06-04"}],
            },
            "securities": [{"id": "ABC", "call_rights_held": [right]}],
        }
    )
    inner = "account.long_positions[ABC].security.call_rights_held[R1]"
    assert evaluated(book, f"{inner}.quantity", facts) == 300
    lent = date(2024, 6, 4).toordinal()
    assert evaluated(book, "account.loan_days[2024-06-04].lent_on", facts) == lent
    found = Collector()
    assert asked_expression(book, "account.loan_days[2024-06-31].lent_on", found) is None
    assert "no `lent_on` stands in the brackets" in found.diagnostics[0].message


@pytest.mark.parametrize(
    ("text", "message", "shown"),
    [
        ("account.holdings[1]", "a value is wanted here", "account.holdings[1]"),
        ("account.holdings[].rank", "no `id` stands in the brackets", "account.holdings[]"),
        ("account.holdigns[1].rank", "no fact or figure `holdigns`", "holdigns"),
        ("account.holdings[1].rnak", "no fact or figure `rnak`", "rnak"),
        ("account.cash[1].rank", "`account.cash` is CNY, not a list", "account.cash"),
        (
            "account.holdings[1].rank[2].rank",
            "`account.holdings[1].rank` is number, not a list",
            "account.holdings[1].rank",
        ),
        ("holdings[1]", "`holdings` is not known here", "holdings"),
        (
            "account.holdings[1].sold_on + 1 days",
            "`account.holdings[1].sold_on` may be none",
            "account.holdings[1].sold_on",
        ),
        (
            "count(h for h in account.holdings[1].rank)",
            "`account.holdings[1].rank` is number, not a list",
            "account.holdings[1].rank",
        ),
        ("1 + account.holdings[1].rank +", "stops too early", "+"),
        ("account.holdings[1].rank account.cash", "does not fit here", "account"),
        ("account.holdings[[1]].rank", "does not fit here", "["),
    ],
)
def test_what_is_no_row_is_refused_where_it_stands(
    book: Rulebook, text: str, message: str, shown: str
) -> None:
    found = Collector()
    assert asked_expression(book, text, found) is None
    (finding,) = found.diagnostics
    assert message in finding.message
    assert finding.primary.span.text == shown


def test_a_rulebook_reads_no_row_by_its_key(
    book: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chapter = """\
chapter: {en: Chapter, zh: 章}
figures:
  first: {<title>, unit: quantity, formula: "account.holdings[1].quantity"}
"""
    loaded = load(tmp_path_factory.mktemp("act"), {"act/chapter.yaml": chapter})
    assert loaded.rulebooks["act"] is None
    assert loaded.diagnostics
