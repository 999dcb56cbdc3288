"""Close-outs of Rules 203(b)(3) and 204 and the threshold list, from the wording; no engine.

Each function reads a fail as a plain record and states the passage it follows. Settlement days are
written down by hand from the rules of the calendars: weekdays without the holidays of the New York
Stock Exchange, without Columbus Day and Veterans Day, and without the days of mourning on which the
exchange was closed. They reach over the two changes of the settlement cycle, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

Record = Mapping[str, Any]
# A case of 204(a), and whether a borrow closes it out.
GENERAL, LONG, OWNED, MARKET_MAKING = "general", "long", "owned", "market making"

_EXCHANGE_HOLIDAYS: Final = {
    2016: "01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26",
    2017: "01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25",
    2018: "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25",
    2023: "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
    2024: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
    2025: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
}
# Columbus Day, the second Monday of October; Veterans Day, 11 November, the Monday after if that is
# a Sunday, no bank holiday if it is a Saturday.
_BANK_HOLIDAYS: Final = {
    2016: "10-10 11-11", 2017: "10-09", 2018: "10-08 11-12",
    2023: "10-09", 2024: "10-14 11-11", 2025: "10-13 11-11",
}  # fmt: skip
PERIODS: Final = ((date(2016, 1, 1), date(2018, 12, 31)), (date(2023, 1, 1), date(2025, 12, 31)))


def _dates(lists: Mapping[int, str]) -> frozenset[date]:
    return frozenset(
        date.fromisoformat(f"{year}-{day}") for year, text in lists.items() for day in text.split()
    )


def _weekdays() -> list[date]:
    days: list[date] = []
    for first, last in PERIODS:
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        days += [day for day in every if day.weekday() < 5]
    return days


SESSIONS: Final = [day for day in _weekdays() if day not in _dates(_EXCHANGE_HOLIDAYS)]
SETTLEMENT_DAYS: Final = [day for day in SESSIONS if day not in _dates(_BANK_HOLIDAYS)]


def later(day: date, number: int) -> date:
    """Return the settlement day that comes so many after a day, which need not be one."""
    following = [d for d in SETTLEMENT_DAYS if d > day][:number]
    # The gap between the two periods is no run of settlement days.
    assert len(following) == number
    assert (following[-1] - day).days < 100
    return following[-1]


def open_of(day: date) -> datetime:
    """Return 9:30 in New York: four hours behind from the second Sunday of March to that of the
    first of November, else five."""
    march, november = date(day.year, 3, 1), date(day.year, 11, 1)
    summer = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
    winter = november + timedelta(days=(6 - november.weekday()) % 7)
    behind = 4 if summer <= day < winter else 5
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC) + timedelta(hours=behind)


def settlement_date(fail: Record) -> date:
    """Return T+3, T+2 from trades of 2017-09-05, T+1 from trades of 2024-05-28, or what was agreed."""
    if fail["agreed_settlement_date"] is not None:
        return date.fromisoformat(fail["agreed_settlement_date"])
    traded = date.fromisoformat(fail["trade_date"])
    cycle = 3 if traded < date(2017, 9, 5) else 2 if traded < date(2024, 5, 28) else 1
    return later(traded, cycle)


def close_out_time(fail: Record, case: str) -> datetime:
    """Return the beginning of regular trading hours by which 204(a) wants a fail closed out.

    (a): the settlement day following the settlement date. (a)(1) and (a)(3): the third consecutive
    one. (a)(2): the 35th calendar day after the trade date; if the exchange is closed on it, the
    session before.
    """
    if case == OWNED:
        last = date.fromisoformat(fail["trade_date"]) + timedelta(days=35)
        return open_of(max(day for day in SESSIONS if day <= last))
    return open_of(later(settlement_date(fail), 1 if case == GENERAL else 3))


def threshold_time(fail: Record) -> datetime:
    """Return the open of the day after thirteen settlement days, 35 for Rule 144: 203(b)(3), (ii)."""
    first = date.fromisoformat(fail["first_day_failing_on_list"])
    return open_of(later(first, 35 if fail["rule_144"] else 13))


def closed_out(fail: Record, by: datetime, *, borrow_counts: bool) -> bool:
    """Tell whether a fail was closed out by a time, in full and with someone who will deliver."""
    if fail["closed_out_at"] is None or datetime.fromisoformat(fail["closed_out_at"]) > by:
        return False
    found = fail["delivered_quantity"] + fail["bought_quantity"]
    found += fail["borrowed_quantity"] if borrow_counts else 0
    arranged = fail["bought_quantity"] + fail["borrowed_quantity"]
    if arranged and not fail["counterparty_expected_to_deliver"]:
        return False
    return bool(found >= fail["quantity"])


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that a fail brings: met, or until when it can be met."""

    met: bool
    due: datetime

    def outcome(self, at: datetime) -> str:
        """Return satisfied, pending or breached at a moment."""
        return "satisfied" if self.met else "pending" if at < self.due else "breached"


def duties(fail: Record, claims: frozenset[str]) -> dict[str, Duty]:
    """Return the duties of a participant by the name of the rule, where it has them."""
    found: dict[str, Duty] = {}
    owned = fail["seller_deemed_to_own"]
    owned_shown = owned and {"restricted_owned_sale_on_books", "intends_to_deliver"} <= claims
    long = fail["sale_mark"] == "long"
    making = fail["market_maker_kind"] is not None
    general = close_out_time(fail, GENERAL)
    closed_first = closed_out(fail, general, borrow_counts=True)
    shown = (long and "long_sale_on_books" in claims) or (
        making and "market_making_on_books" in claims
    )
    if not shown and not owned_shown:
        found["close_out"] = Duty(closed_first, general)
    third = close_out_time(fail, LONG)
    for rule, is_case in (("long_sale_close_out", long), ("market_making_close_out", making)):
        if is_case and not owned_shown:
            found[rule] = Duty(closed_out(fail, third, borrow_counts=True), third)
    if owned:
        last = close_out_time(fail, OWNED)
        bought = closed_out(fail, last, borrow_counts=False)
        found["restricted_owned_close_out"] = Duty(closed_first or bought, last)
    if fail["first_day_failing_on_list"] is not None:
        rule = "rule_144_close_out" if fail["rule_144"] else "threshold_close_out"
        due = threshold_time(fail)
        found[rule] = Duty(closed_out(fail, due, borrow_counts=False), due)
    return found


def in_penalty_box(fail: Record, at: datetime) -> bool:
    """Tell whether 204(b) wants a borrow first: the time is over, and no purchase has settled."""
    case = GENERAL
    if fail["shown_on_books"]:
        if fail["seller_deemed_to_own"]:
            case = OWNED
        elif fail["sale_mark"] == "long" or fail["market_maker_kind"] is not None:
            case = MARKET_MAKING
    due = close_out_time(fail, case)
    general = close_out_time(fail, GENERAL)
    in_time = closed_out(fail, general, borrow_counts=True) or closed_out(
        fail, due, borrow_counts=not fail["seller_deemed_to_own"]
    )
    if at < due or in_time:
        return False
    settled = fail["closing_purchase_settled_on"]
    bought = fail["bought_quantity"] > 0 and (
        fail["bought_quantity"] + fail["delivered_quantity"] >= fail["quantity"]
    )
    real = fail["counterparty_expected_to_deliver"]
    judged_on = date.fromisoformat(fail["judged_on"])
    return not (bought and real and settled is not None and settled <= judged_on.isoformat())


def run_ending(day: date) -> list[date]:
    """Return the five consecutive settlement days that end with a day, or before it."""
    return [d for d in SETTLEMENT_DAYS if d <= day][-5:]


def threshold_status(
    fails: Mapping[date, int], outstanding: int, day: date, before: str | None
) -> str:
    """Return the status of a reporting issuer's security by 203(c)(6), all fails being known.

    Listed by five consecutive settlement days of 10,000 shares or more and at least 0.5 % of the
    total shares outstanding; no longer once five do not exceed both.
    """
    level = max(Fraction(10_000), Fraction(outstanding, 200))
    counts: Sequence[int] = [fails.get(d, 0) for d in run_ending(day)]
    if all(count >= level for count in counts):
        return "listed"
    if all(count <= level for count in counts):
        return "not_listed"
    return before or "not_listed"
