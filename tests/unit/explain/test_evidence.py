"""Evidence: authority, grade, what was read, limits, distances, exemptions, messages."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from creditgate.domain.citation import Bilingual
from creditgate.explain.authorities import Authority
from creditgate.explain.evidence import RuleEvidence, evidence_of
from creditgate.explain.limits import Limit
from creditgate.explain.shown_values import filled
from creditgate.ir.rulebook import Message
from creditgate.pipeline import Gate
from creditgate.reference.evaluate import Evaluation

Gates = Callable[..., Gate]
Sales = Callable[..., dict[str, Any]]


def rule_of(gate: Gate, document: dict[str, Any], name: str) -> RuleEvidence:
    """Return the evidence of one rule."""
    (part,) = evidence_of(gate.decide(document))
    return next(rule for rule in part.rules if rule.rule.endswith(f"/{name}"))


def in_words(limit: Limit) -> tuple[str, str, str, str | None, str | None]:
    """Return a limit in short: left, operator, right, side, distance."""
    distance = None if limit.distance is None else limit.distance.exact
    return (limit.left.source, limit.operator, limit.right.source, limit.side, distance)


def test_rules_stand_in_the_order_of_the_law(gate: Gates, short_sale: Sales) -> None:
    (part,) = evidence_of(gate("exchange").decide(short_sale()))
    assert [rule.rule for rule in part.rules] == [
        "exchange/known_actions",
        "exchange/whole_lots",
        "exchange/price_not_below_floor",
        "exchange/not_too_large",
        "exchange/collateral_covers_margin",
        "exchange/not_while_financed",
    ]
    assert part.governs == "yes"


def test_a_breach_carries_message_citation_limit_and_distance(
    gate: Gates, short_sale: Sales
) -> None:
    found = rule_of(gate("exchange"), short_sale({"order.price": "12.46"}), "price_not_below_floor")
    assert found.outcome == "breached"
    assert (found.reason, found.fix_103) == ("price_below_limit", 16)
    assert found.message is not None
    assert found.message.en == (
        "Priced at 12.46 CNY/share, below 12.47 CNY/share; the last trade was at 12.47 CNY/share."
    )
    assert found.message.zh == (
        "申报价格每股人民币12.46元低于每股人民币12.47元，最近成交价为每股人民币12.47元。"
    )
    assert found.authority.instrument == "act"
    assert found.authority.article == "5"
    assert found.authority.since == "2020-01-02"
    (limit,) = found.limits
    assert in_words(limit) == ("order.price", ">=", "floor_price", "short", "0.01")
    assert limit.left.value.exact == "12.46"
    assert limit.left.value.unit == "CNY/share"
    assert not limit.holds


def test_facts_are_listed_by_the_path_by_which_a_person_finds_them(
    gate: Gates, short_sale: Sales
) -> None:
    found = rule_of(gate("exchange"), short_sale(), "collateral_covers_margin")
    assert {fact.path: fact.value.exact for fact in found.facts} == {
        "order.action": "short_sell",
        "order.quantity": "500",
        "market.last_price": "12.47",
        "order.security": "600000",
        "order.security.class": "stock",
        "account.cash": "5000",
        "account.collateral": "1",
        "account.collateral[600036].quantity": "100",
        "account.collateral[600036].security": "600036",
        "account.collateral[600036].security.price": "40",
    }


def test_only_what_the_outcome_needed_is_read(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.action": "margin_buy"})
    found = rule_of(gate("exchange"), sale, "price_not_below_floor")
    assert found.outcome == "not_applicable"
    assert [fact.path for fact in found.facts] == ["order.action"]
    assert found.exemptions == ()
    assert in_words(found.limits[0]) == ("order.action", "is", "short_sell", None, None)


@pytest.mark.parametrize(
    ("name", "value", "since", "evidence"),
    [
        ("margin_required", "3117.5", None, "official"),
        ("margin_ratio[stock]", "0.5", "2020-01-02", "official"),
        ("collateral_value", "9000", None, "official"),
    ],
)
def test_what_is_read_by_name_is_shown_with_its_own_authority(
    gate: Gates, short_sale: Sales, name: str, value: str, since: str | None, evidence: str
) -> None:
    found = rule_of(gate("exchange"), short_sale(), "collateral_covers_margin")
    read = next(item for item in found.names if item.name == name)
    assert read.value.exact == value
    assert read.authority.since == since
    assert read.authority.evidence == evidence


@pytest.mark.parametrize(
    ("day", "value", "since"),
    [("2020-05-29", "10", "2020-01-02"), ("2020-06-01", "100", "2020-06-01")],
)
def test_a_parameter_shows_since_when_its_value_holds(
    gate: Gates, short_sale: Sales, day: str, value: str, since: str
) -> None:
    found = rule_of(gate("exchange"), short_sale({"order.trade_date": day}), "whole_lots")
    (lot,) = found.names
    assert (lot.kind, lot.name) == ("parameter", "lot")
    assert (lot.value.exact, lot.authority.since) == (value, since)


def test_a_cell_that_a_later_sheet_restates_has_the_later_day(
    gate: Gates, short_sale: Sales
) -> None:
    sale = short_sale()
    sale["securities"][0]["class"] = "etf"
    found = rule_of(gate("exchange"), sale, "collateral_covers_margin")
    cell = next(item for item in found.names if item.kind == "table")
    assert (cell.name, cell.value.exact) == ("margin_ratio[etf]", "0.4")
    assert (cell.authority.since, cell.authority.evidence) == ("2020-06-01", "reproduced")


def test_the_grade_is_the_weakest_of_all_that_the_outcome_rests_on(
    gate: Gates, short_sale: Sales
) -> None:
    found = rule_of(gate("exchange"), short_sale(), "whole_lots")
    assert found.authority.evidence == "official"
    assert found.names[0].authority.note == Bilingual("read in a newspaper", "read in a newspaper")
    assert found.grade == "secondary"


def test_an_overlay_cites_what_it_inherits_by_its_own_text(gate: Gates, short_sale: Sales) -> None:
    def cited(day: str) -> Authority:
        sale = short_sale({"order.trade_date": day})
        return rule_of(gate("venue"), sale, "price_not_below_floor").authority

    assert (cited("2020-05-29").instrument, cited("2020-05-29").article) == ("handbook", "21")
    assert (cited("2020-06-01").instrument, cited("2020-06-01").article) == ("handbook", "22")
    title = cited("2020-06-01").title
    assert title is not None
    assert title.zh == "场内手册"


def test_a_recital_begins_on_its_own_day(gate: Gates, short_sale: Sales) -> None:
    before = short_sale({"order.trade_date": "2020-05-29"})
    found = rule_of(gate("venue"), before, "whole_lots")
    assert found.names[0].authority.instrument == "act"


def test_the_exemption_that_held_is_named_with_its_citation(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.price": "12.00"})
    sale["securities"][0]["class"] = "etf"
    found = rule_of(gate("exchange"), sale, "price_not_below_floor")
    assert (found.outcome, found.exempted_by) == ("not_applicable", "funds")
    (exemption,) = found.exemptions
    assert (exemption.holds, exemption.authority.article) == ("yes", "6")
    assert found.grade == "unverified"
    assert found.message is None


def test_an_exemption_not_yet_in_force_is_not_looked_at(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.trade_date": "2020-05-29"})
    sale["securities"][0]["class"] = "etf"
    found = rule_of(gate("exchange"), sale, "price_not_below_floor")
    assert [item.id for item in found.exemptions] == ["makers"]


def test_a_claim_relied_on_is_named(gate: Gates, short_sale: Sales) -> None:
    claim = {"claim": "bona_fide_market_making", "by": "desk 7", "at": "2020-07-01T09:00:00+08:00"}
    sale = short_sale({"order.price": "12.00", "claims": [claim]})
    found = rule_of(gate("exchange"), sale, "price_not_below_floor")
    assert found.exempted_by == "makers"
    assert found.claims == ("bona_fide_market_making",)


def test_an_undecided_rule_says_what_is_missing(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"market.last_price": None, "account.cash": None})
    found = rule_of(gate("exchange"), sale, "collateral_covers_margin")
    assert found.outcome == "undecided"
    assert found.missing == ("account.cash", "market.last_price")
    assert (found.message, found.limits) == (None, ())


def test_a_forbidden_row_is_shown_by_its_place_in_the_list(gate: Gates, short_sale: Sales) -> None:
    contract = {"id": "F1", "security": "600000"}
    sale = short_sale({"account.financing_contracts": [contract]})
    found = rule_of(gate("exchange"), sale, "not_while_financed")
    (limit,) = found.limits
    left = "account.financing_contracts[F1].security"
    assert in_words(limit) == (left, "is not", "order.security", None, None)


def test_a_rest_over_a_multiple_is_the_distance(gate: Gates, short_sale: Sales) -> None:
    found = rule_of(gate("exchange"), short_sale({"order.quantity": 1050}), "whole_lots")
    (limit,) = found.limits
    assert in_words(limit) == ("order.quantity", "is a multiple of", "lot", "over", "50")


def test_a_satisfied_rule_shows_what_is_to_spare(gate: Gates, short_sale: Sales) -> None:
    found = rule_of(gate("exchange"), short_sale(), "not_too_large")
    (limit,) = found.limits
    assert limit.holds
    assert in_words(limit) == ("order.quantity", "<=", "5,000 shares", "spare", "4500")


def test_none_and_unknown_values_are_said_in_messages(gate: Gates, short_sale: Sales) -> None:
    board = gate("exchange")
    book = board.engines[0].rulebook
    breach = book.rules["price_not_below_floor"].breach
    facts = board.read(short_sale({"market.last_price": None, "order.price": Decimal("12.00")}))
    day = facts.root.order.trade_date
    evaluation = Evaluation(facts, day, book.calendars)
    message = filled(Message(breach.en, breach.zh), book, day, evaluation)
    assert message.en == (
        "Priced at 12.00 CNY/share, below not known; the last trade was at not known."
    )
    assert message.zh.endswith("低于未知，最近成交价为未知。")
    no_trade = short_sale()
    no_trade["market"]["last_price"] = None
    none = Evaluation(board.read(no_trade), day, book.calendars)
    assert filled(breach, book, day, none).en.endswith(
        "below 12.40 CNY/share; the last trade was at none."
    )


def test_it_is_said_why_it_is_not_known_whether_a_rulebook_governs(
    gate: Gates, short_sale: Sales
) -> None:
    (part,) = evidence_of(gate("exchange").decide(short_sale({"securities": None})))
    assert (part.governs, part.rules) == ("unknown", ())
    assert part.missing == ("order.security (600000)",)


def test_a_case_without_its_day_is_missing_that(gate: Gates, short_sale: Sales) -> None:
    (part,) = evidence_of(gate("exchange").decide(short_sale({"order.trade_date": None})))
    assert part.missing == ("order.trade_date",)


@pytest.mark.parametrize("given", ["[]", "{", '{"event": "nothing"}', '{"order": {"price": "x"}}'])
def test_what_cannot_be_read_leaves_no_evidence(gate: Gates, given: str) -> None:
    assert evidence_of(gate("exchange").decide(given)) == ()
