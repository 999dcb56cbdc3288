"""Random settlement fails as facts documents, biased to the times at which something is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

from tests.oracles import us_close_outs as law

Document = dict[str, Any]

CLAIMS: Final = (
    "long_sale_on_books", "market_making_on_books", "restricted_owned_sale_on_books",
    "intends_to_deliver",
)  # fmt: skip
CHANGES_OF_CYCLE: Final = (date(2017, 9, 5), date(2024, 5, 28))
SECOND: Final = timedelta(seconds=1)


def trade_date(random: Random) -> date:
    """Return a session, half of them around a change of the settlement cycle."""
    # What is due must stay within the days that are written down.
    early = [day for day in law.SESSIONS if day.month < 10 or day.year not in (2018, 2025)]
    if random.random() < 0.5:
        near = random.choice(CHANGES_OF_CYCLE)
        early = [day for day in early if abs((day - near).days) <= 12]
    return random.choice(early)


def fail_document(random: Random) -> Document:
    """Return a fail with claims, judged and closed out around the times at which it is due."""
    traded = trade_date(random)
    fail: Document = {
        "id": "F1",
        "security": "XYZ",
        "trade_date": traded.isoformat(),
        "agreed_settlement_date": None,
        "quantity": 1000,
        "sale_mark": random.choice(("short", "short", "long", "short_exempt", None)),
        "seller_deemed_to_own": random.random() < 0.3,
        "accepted_as_deemed_owned": False,
        "market_maker_kind": random.choice((None, None, "registered_market_maker")),
        "shown_on_books": random.random() < 0.7,
        "first_day_failing_on_list": None,
        "failed_before_listing": random.random() < 0.3,
        "rule_144": random.random() < 0.4,
        "options_market_maker": random.random() < 0.3,
        "hedges_options_positions": True,
        "options_positions_before_listing": True,
        "at_clearing_agency": True,
        "counterparty_expected_to_deliver": random.random() < 0.9,
        "allocated_to_dealer": False,
        "allocated_by_short_position": False,
        "allocated_dealer_registered": False,
        "judged_party": "clearing_participant",
        "participant_notified": False,
        "lent_for_delivery": False,
        "lent_to_dealer": False,
        "seller_failed_to_deliver": True,
        "hardship_finding": False,
        "credit_bona_fide": False,
        "credit_executed_at": None,
        "credit_quantity": 0,
        "flat_or_long_that_day": False,
    }
    if random.random() < 0.2:
        agreed = law.later(traded, random.choice((4, 5, 8)))
        fail["agreed_settlement_date"] = agreed.isoformat()
    if random.random() < 0.5:
        listed = law.later(traded, random.choice((1, 2, 3, 6)))
        fail["first_day_failing_on_list"] = listed.isoformat()
    _make_up(random, fail)
    times = _times(fail)
    fail["closed_out_at"] = None if random.random() < 0.3 else _around(random, times).isoformat()
    judged = _around(random, times)
    fail["judged_at"] = judged.isoformat()
    # The day in New York: no time at which something is due is near midnight.
    fail["judged_on"] = (judged - timedelta(hours=5)).date().isoformat()
    fail["closing_purchase_settled_on"] = random.choice(
        (None, fail["judged_on"], (judged.date() + timedelta(days=3)).isoformat(), "2016-01-04")
    )
    made = sorted(random.sample(CLAIMS, random.randint(0, len(CLAIMS))))
    return {
        "event": "settlement_fail",
        "fail": fail,
        "participant": {"id": "P1", "fail_notice_given": True, "settlement_notice_given": True},
        "firm": {"id": "B1"},
        "claims": [{"claim": c, "by": "desk", "at": "2016-01-04T09:00:00Z"} for c in made],
        "securities": [
            {"id": "XYZ", "exchange": "NYSE", "equity_security": True, "issuer_reporting": True}
        ],
    }


def _make_up(random: Random, fail: Document) -> None:
    """Fill in what was delivered, bought and borrowed: the whole, a share less, or a mixture."""
    whole = random.choice((1000, 1000, 1000, 999))
    parts = [0, 0, 0]
    if random.random() < 0.6:
        parts[random.randrange(3)] = whole
    else:
        first, second = sorted(random.choices(range(whole + 1), k=2))
        parts = [first, second - first, whole - second]
    names = ("delivered_quantity", "bought_quantity", "borrowed_quantity")
    fail.update(zip(names, parts, strict=True))


def _times(fail: Document) -> list[datetime]:
    cases = (law.GENERAL, law.LONG, law.OWNED)
    times = [law.close_out_time(fail, case) for case in cases]
    if fail["first_day_failing_on_list"] is not None:
        times.append(law.threshold_time(fail))
    return times


def _around(random: Random, times: list[datetime]) -> datetime:
    moment = random.choice(times)
    if random.random() < 0.7:
        return moment + random.choice((-SECOND, 0 * SECOND, SECOND))
    day = moment.date() + timedelta(days=random.randint(-4, 4))
    return datetime(day.year, day.month, day.day, random.choice((14, 15, 20)), tzinfo=UTC)


def security_document(random: Random) -> tuple[Document, dict[date, int], int, date]:
    """Return a security at a close of day, its fails by day, its shares and the day."""
    # Sessions that are no settlement days are few, and drawn more often than they come.
    days = law.SETTLEMENT_DAYS if random.random() < 0.9 else law.SESSIONS
    # Seven settlement days before it must be written down.
    day = random.choice([d for d in days if d.month > 1 or d.year not in (2016, 2023)])
    outstanding = random.choice((1_000_000, 2_000_000, 2_000_001, 2_400_000, 100_000_000))
    level = max(10_000, -(-outstanding // 200))
    fails: dict[date, int] = {}
    for counted in [d for d in law.SETTLEMENT_DAYS if d <= day][-7:]:
        quantity = random.choice((level, level, level, level + 1, level - 1, 10_000, 0))
        if quantity:
            fails[counted] = quantity
    rows = [
        {"counted_on": on.isoformat(), "quantity": quantity, "shares_outstanding": outstanding}
        for on, quantity in fails.items()
    ]
    random.shuffle(rows)
    security = {
        "id": "XYZ", "exchange": "NYSE", "equity_security": True, "issuer_reporting": True,
        "nms_stock": True, "fail_days": rows, "fails_complete_through": day.isoformat(),
        "threshold_status_before": random.choice((None, "listed", "not_listed")),
    }  # fmt: skip
    document = {
        "event": "security_close_of_day",
        "security_day": {"security": "XYZ", "observed_on": day.isoformat()},
        "securities": [security],
    }
    return document, fails, outstanding, day
