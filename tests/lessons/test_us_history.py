"""The rulebooks of short sales in the United States, loaded together, give the law of the day.

Each of the historical ones governs within its days and nothing outside them; Regulation SHO goes on
beside them.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from tests.lessons.orders import Document, us

from creditgate import Decision, Gate

BOOKS = (
    "us/reg_sho",
    "us/rule_10a1",
    "us/rule_204t",
    "us/rule_10a3t",
    "us/emergency_orders_2008",
)
# A seller to whom no exception applies, in no security of any list.
NO_EXCEPTION: Document = {
    "odd_lot_dealer": False, "offsets_customer_odd_lot": False, "liquidates_odd_lot": False,
    "good_faith_account": False, "underwriter_or_syndicate_member": False, "equalizes_price": False,
    "inventory_quantity": 0, "market_maker_kind": None, "block_positioner": False,
    "results_from_contract": None, "rule_144": False,
}  # fmt: skip
NO_LIST: Document = {"on_emergency_pre_borrow_list": False, "on_short_sale_ban_list": False}
# The last sale was down: at it, and below it, no short sale passed the tick test.
DOWN_TICK: Document = {
    "last_sale_price": "25.00", "last_different_price": "25.05", "distribution_per_share": None,
    "exchange_elects_own_last_sale": False, "pilot_exempt": False,
}  # fmt: skip
FAIL: Document = {
    "id": "F1", "security": "XYZ", "agreed_settlement_date": None, "quantity": 1000,
    "delivered_quantity": 0, "bought_quantity": 0, "borrowed_quantity": 0, "closed_out_at": None,
    "closing_purchase_settled_on": None, "sale_mark": "short", "seller_deemed_to_own": False,
    "accepted_as_deemed_owned": False, "market_maker_kind": None, "shown_on_books": True,
    "first_day_failing_on_list": None, "failed_before_listing": False, "rule_144": False,
    "options_market_maker": False, "hedges_options_positions": False,
    "options_positions_before_listing": False, "at_clearing_agency": True,
    "counterparty_expected_to_deliver": True, "allocated_to_dealer": False,
    "judged_party": "clearing_participant", "lent_for_delivery": False, "hardship_finding": False,
    "credit_bona_fide": False, "credit_executed_at": None, "credit_quantity": 0,
    "credit_bought_quantity": 0, "flat_or_long_that_day": False,
}  # fmt: skip
REPORT: Document = {
    "id": "R1", "security": "XYZ", "files_holdings_reports": True,
    "reported_holdings_of_june_2008": True, "sold_short_in_week": True,
    "reports_another_security": False, "leaves_out_older_positions": False, "week_days": [],
    "filed_at": None,
}  # fmt: skip


@cache
def together() -> Gate:
    return Gate.load(list(BOOKS))


def governing(decision: Decision) -> set[str]:
    """Return the rulebooks that govern."""
    return {item.id for item in decision.core.rulebooks if item.governs == "yes"}


def offset(day: str) -> str:
    """Return the offset of New York, within the years of these tests."""
    summers = (
        ("2007-03-11", "2007-11-04"),
        ("2008-03-09", "2008-11-02"),
        ("2009-03-08", "2009-11-01"),
    )
    return "-04:00" if any(start <= day < end for start, end in summers) else "-05:00"


def short_sale(day: str, **changes: Any) -> Document:
    """Return a located short sale of a day at a limit that was a zero-minus tick."""
    document = us(security=NO_LIST)
    order, zone = document["order"], offset(day)
    order.update(NO_EXCEPTION, trade_date=day, entered_at=f"{day}T10:00:00{zone}")
    order["locates"][0].update(
        obtained_at=f"{day}T09:00:00{zone}", valid_until=f"{day}T16:00:00{zone}"
    )
    document["market"].update(DOWN_TICK)
    document["securities"][0].update(changes.pop("security", {}))
    for name, change in changes.items():
        document[name].update(change)
    return document


def fail(day: str, traded: str, **changes: Any) -> Document:
    """Return a fail judged at noon of a day."""
    document: Document = {
        "event": "settlement_fail",
        "fail": {
            **FAIL, "judged_on": day, "judged_at": f"{day}T12:00:00{offset(day)}",
            "trade_date": traded, **changes,
        },
        "participant": {"id": "P1", "penalty_box": [], "fail_notice_given": True,
                        "settlement_notice_given": True},
        "firm": {"id": "B1", "fails_allocated": []},
        "securities": [{
            "id": "XYZ", "exchange": "NYSE", "class": "stock", "equity_security": True,
            "issuer_reporting": True, **NO_LIST,
        }],
        "claims": [],
    }  # fmt: skip
    return document


def report(day: str, week: str) -> Document:
    """Return a weekly report that is not filed, judged at the end of filing of a day."""
    return {
        "event": "short_report",
        "short_report": {
            **REPORT, "judged_on": day, "judged_at": f"{day}T17:30:00{offset(day)}",
            "week_ends_on": week,
        },
        "securities": [{"id": "XYZ", "exchange": "NYSE", "class": "stock",
                        "section_13f_security": True}],
    }  # fmt: skip


def decide(document: Document) -> Decision:
    return together().decide(json.dumps(document))


ON_JULY_LIST: Document = {"security": {"on_emergency_pre_borrow_list": True}}
ON_BAN_LIST: Document = {"security": {"on_short_sale_ban_list": True}}
IN_BOX: Document = {"participant": {"penalty_box": ["XYZ"]}}
BORROWED: Document = {"order": {"borrowed_quantity": 1000}}
TICK = "us/rule_10a1/tick_test"
JULY = "us/emergency_orders_2008/pre_borrow_of_listed_financials"
BAN = "us/emergency_orders_2008/no_short_sale_of_listed_financials"
BOX_204T = "us/rule_204t/pre_borrow_in_penalty_box"
BOX_204 = "us/reg_sho/pre_borrow_in_penalty_box"


@pytest.mark.parametrize(
    ("day", "changes", "breached"),
    [
        # The tick test ends: 2007-07-05 is its last day.
        ("2007-07-05", {}, {TICK}),
        ("2007-07-05", {"order": {"price": "25.01"}}, set()),
        ("2007-07-06", {}, set()),
        # The order of July: 2008-07-21 to 2008-08-12.
        ("2008-07-18", ON_JULY_LIST, set()),
        ("2008-07-21", ON_JULY_LIST, {JULY}),
        ("2008-07-21", {**ON_JULY_LIST, **BORROWED}, set()),
        ("2008-07-21", {}, set()),
        ("2008-08-12", ON_JULY_LIST, {JULY}),
        ("2008-08-13", ON_JULY_LIST, set()),
        # Rule 204T: from 2008-09-18; Rule 204 in its place from 2009-07-31.
        ("2008-09-17", IN_BOX, set()),
        ("2008-09-18", IN_BOX, {BOX_204T}),
        ("2008-09-18", {**IN_BOX, **BORROWED}, set()),
        ("2008-10-16", IN_BOX, {BOX_204T}),
        ("2008-10-17", IN_BOX, {BOX_204T}),
        ("2008-10-20", IN_BOX, {BOX_204T}),
        ("2009-07-30", IN_BOX, {BOX_204T}),
        ("2009-07-31", IN_BOX, {BOX_204}),
        # The ban: 2008-09-19 to 2008-10-08.
        ("2008-09-18", ON_BAN_LIST, set()),
        ("2008-09-19", ON_BAN_LIST, {BAN}),
        ("2008-09-19", {**ON_BAN_LIST, **BORROWED}, {BAN}),
        ("2008-09-19", {}, set()),
        ("2008-10-08", ON_BAN_LIST, {BAN}),
        ("2008-10-09", ON_BAN_LIST, set()),
    ],
)
def test_a_short_sale_is_judged_by_the_rules_of_its_day(
    day: str, changes: Document, breached: set[str]
) -> None:
    decision = decide(short_sale(day, **changes))
    assert set(decision.breached) == breached
    assert decision.outcome == ("rejected" if breached else "approved")


@pytest.mark.parametrize(
    ("day", "path"),
    [
        ("2007-07-05", "market.last_sale_price"),
        ("2008-07-21", "securities.on_emergency_pre_borrow_list"),
        ("2008-08-12", "securities.on_emergency_pre_borrow_list"),
        ("2008-09-18", "participant.penalty_box"),
        ("2008-09-19", "securities.on_short_sale_ban_list"),
        ("2008-10-08", "securities.on_short_sale_ban_list"),
        ("2009-07-30", "participant.penalty_box"),
    ],
)
def test_what_a_rule_of_the_day_needs_to_know_is_not_guessed(day: str, path: str) -> None:
    document = short_sale(day)
    holder, fact = path.split(".")
    record = document[holder][0] if holder == "securities" else document[holder]
    del record[fact]
    assert decide(document).outcome == "undecided"


@pytest.mark.parametrize(
    ("day", "path"),
    [
        ("2007-07-06", "market.last_sale_price"),
        ("2008-07-18", "securities.on_emergency_pre_borrow_list"),
        ("2008-08-13", "securities.on_emergency_pre_borrow_list"),
        ("2008-09-17", "participant.penalty_box"),
        ("2008-09-18", "securities.on_short_sale_ban_list"),
        ("2008-10-09", "securities.on_short_sale_ban_list"),
    ],
)
def test_what_only_rules_of_other_days_need_to_know_is_not_asked_for(day: str, path: str) -> None:
    document = short_sale(day)
    holder, fact = path.split(".")
    record = document[holder][0] if holder == "securities" else document[holder]
    del record[fact]
    assert decide(document).is_approved


@pytest.mark.parametrize(
    ("document", "outcome", "rules"),
    [
        # Sold on Wednesday 2008-09-17 and a day later: the older fail has no time of Rule 204T.
        (fail("2008-09-24", "2008-09-17"), "approved", ()),
        (fail("2008-09-24", "2008-09-18"), "rejected", ("us/rule_204t/close_out",)),
        # A fail of market making of 2008-10-09 has longer time from 2008-10-17 on, to 2008-10-20.
        (fail("2008-10-16", "2008-10-09", market_maker_kind="registered_market_maker"),
         "rejected", ("us/rule_204t/close_out",)),
        (fail("2008-10-17", "2008-10-09", market_maker_kind="registered_market_maker"),
         "pending", ()),
        (fail("2008-10-20", "2008-10-09", market_maker_kind="registered_market_maker"),
         "rejected", ("us/rule_204t/market_making_close_out",)),
        # The exception of options market makers: suspended on 2008-09-18, after which the fail of
        # that day was due on 2008-10-07.
        (fail("2008-09-17", "2008-08-20", options_market_maker=True, hedges_options_positions=True,
              options_positions_before_listing=True, first_day_failing_on_list="2008-08-26"),
         "approved", ()),
        (fail("2008-10-16", "2008-08-20", options_market_maker=True, hedges_options_positions=True,
              options_positions_before_listing=True, first_day_failing_on_list="2008-09-18"),
         "rejected", ("us/emergency_orders_2008/options_market_maker_close_out",)),
        # Rule 204T on its last day, Rule 204 on its first.
        (fail("2009-07-30", "2009-07-24"), "rejected", ("us/rule_204t/close_out",)),
        (fail("2009-07-31", "2009-07-24"), "rejected", ("us/reg_sho/close_out",)),
    ],
)  # fmt: skip
def test_a_fail_is_judged_by_the_rules_of_the_day(
    document: Document, outcome: str, rules: tuple[str, ...]
) -> None:
    if document["fail"]["market_maker_kind"] is not None:
        attested = {"claim": "market_making_on_books", "by": "desk", "at": "2008-10-16T09:00:00Z"}
        document = {**document, "claims": [attested]}
    decision = decide(document)
    assert (decision.outcome, decision.breached) == (outcome, rules)


def test_a_borrow_closes_out_a_long_sale_late_only_from_rule_204_on() -> None:
    # Sold on Tuesday 2009-07-21, settled on Friday, due on Wednesday 2009-07-29, borrowed before.
    claims = [{"claim": "long_sale_on_books", "by": "desk", "at": "2009-07-29T09:00:00Z"}]
    borrowed = {
        "sale_mark": "long", "borrowed_quantity": 1000, "seller_failed_to_deliver": True,
        "closed_out_at": "2009-07-28T12:00:00-04:00",
    }  # fmt: skip
    claims.append({**claims[0], "claim": "seller_owns_and_would_deliver"})
    last, first = (
        {**fail(day, "2009-07-21", **borrowed), "claims": claims}
        for day in ("2009-07-30", "2009-07-31")
    )
    assert decide(last).breached == ("us/rule_204t/long_sale_close_out",)
    assert decide(first).is_approved


@pytest.mark.parametrize(
    ("day", "week", "outcome"),
    [
        ("2008-09-19", "2008-09-20", "out_of_scope"),
        ("2008-09-22", "2008-09-27", "pending"),
        ("2008-09-29", "2008-09-27", "rejected"),
        ("2008-10-17", "2008-10-11", "rejected"),
        ("2008-10-20", "2008-10-11", "rejected"),
        ("2008-10-20", "2008-10-18", "pending"),
        ("2008-10-24", "2008-10-18", "rejected"),
        ("2009-07-31", "2009-07-25", "rejected"),
        ("2009-08-03", "2009-07-25", "out_of_scope"),
    ],
)
def test_a_weekly_report_is_judged_by_the_rules_of_the_day(
    day: str, week: str, outcome: str
) -> None:
    assert decide(report(day, week)).outcome == outcome


@pytest.mark.parametrize(
    ("book", "document", "days"),
    [
        ("us/rule_10a1", short_sale("2007-07-05"), {"2007-07-05": True, "2007-07-06": False}),
        ("us/rule_204t", short_sale("2009-07-30"), {
            "2008-09-17": False, "2008-09-18": True, "2008-10-16": True, "2008-10-17": True,
            "2009-07-30": True, "2009-07-31": False,
        }),
        ("us/rule_204t", fail("2009-07-30", "2009-07-24"), {
            "2008-09-17": False, "2008-09-18": True, "2009-07-30": True, "2009-07-31": False,
        }),
        ("us/emergency_orders_2008", short_sale("2008-07-21", **ON_JULY_LIST), {
            "2008-07-18": False, "2008-07-21": True, "2008-08-12": True, "2008-08-13": False,
            "2008-09-19": False,
        }),
        ("us/emergency_orders_2008", short_sale("2008-09-19", **ON_BAN_LIST), {
            "2008-08-12": False, "2008-09-18": False, "2008-09-19": True, "2008-10-08": True,
            "2008-10-09": False,
        }),
        ("us/rule_10a3t", report("2009-07-31", "2009-07-25"), {
            "2008-09-19": False, "2008-09-22": True, "2009-07-31": True, "2009-08-03": False,
        }),
    ],
)  # fmt: skip
def test_a_historical_rulebook_governs_within_its_days_and_not_outside(
    book: str, document: Document, days: dict[str, bool]
) -> None:
    alone = Gate.load([book])
    for text, governs in days.items():
        day = date.fromisoformat(text)
        decision = alone.decide(json.dumps(document), on=day)
        assert (decision.outcome != "out_of_scope") is governs, day
        assert (book in governing(together().decide(json.dumps(document), on=day))) is governs, day
