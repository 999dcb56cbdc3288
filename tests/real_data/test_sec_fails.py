"""The fails of January 2021 give the candidates for threshold securities that were counted on them.

The file has no shares outstanding, so that one limb of Rule 203(c)(6) is judged alone: 10,000 shares
on five consecutive settlement days.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from tests.real_data.sec_fails import fail_lines, fails_by_security, trailers

from creditgate import Gate
from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation

SHARES = 10_000
DAYS = [date(2021, 1, day) for day in (4, 5, 6, 7, 8, 11, 12, 13, 14)]
CANDIDATES = {
    date(2021, 1, 8): 181, date(2021, 1, 11): 192, date(2021, 1, 12): 209, date(2021, 1, 13): 205,
    date(2021, 1, 14): 211,
}  # fmt: skip


@cache
def fails() -> dict[str, dict[date, int]]:
    return fails_by_security()


@cache
def reg_sho() -> Gate:
    return Gate.load(["us/reg_sho"])


def run_ending(day: date) -> list[date]:
    """Return the five days of the file that end with one; it holds every settlement day."""
    place = DAYS.index(day)
    return DAYS[place - 4 : place + 1]


def counted(by_day: dict[date, int], day: date) -> int:
    """Count by hand the days of a run with the number of shares; an absent day has none."""
    return sum(by_day.get(d, 0) >= SHARES for d in run_ending(day))


def document(cusip: str, day: date, **security: Any) -> str:
    """Return a close of day with all the fails of a security in the file."""
    rows = [
        {"counted_on": on.isoformat(), "quantity": quantity, **security}
        for on, quantity in fails()[cusip].items()
    ]
    return json.dumps({
        "event": "security_close_of_day",
        "security_day": {"security": cusip, "observed_on": day.isoformat()},
        "securities": [{
            "id": cusip, "exchange": "OTC", "equity_security": True, "issuer_reporting": True,
            "threshold_status_before": None, "fails_complete_through": "2021-01-14",
            "fail_days": rows,
        }],
    })  # fmt: skip


def test_the_file_is_whole() -> None:
    lines = list(fail_lines())
    assert trailers() == (len(lines), sum(line.quantity for line in lines))
    assert len(lines) == 48_215
    assert sorted({line.day for line in lines}) == DAYS
    assert len({(line.day, line.cusip) for line in lines}) == len(lines)


def test_days_without_fails_are_absent_and_no_line_is_of_nothing() -> None:
    assert min(line.quantity for line in fail_lines()) == 1
    assert any(set(by_day) < set(DAYS) for by_day in fails().values())


def test_some_fails_stand_exactly_on_the_number_of_shares() -> None:
    exactly = [line for line in fail_lines() if line.quantity == SHARES]
    assert len(exactly) == 31
    decisive = {
        (cusip, day)
        for day in CANDIDATES
        for cusip, by_day in fails().items()
        if counted(by_day, day) == 5 and SHARES in [by_day[d] for d in run_ending(day)]
    }
    # Read as more than 10,000 shares, the rule would miss these.
    assert len(decisive) == 3


@pytest.mark.parametrize("day", CANDIDATES)
def test_candidates_counted_by_hand(day: date) -> None:
    assert sum(counted(by_day, day) == 5 for by_day in fails().values()) == CANDIDATES[day]


def test_the_figure_of_the_rulebook_counts_the_same_days() -> None:
    engine = reg_sho().engines[0]
    book = engine.rulebook
    node = asked_expression(book, "security_day.security.days_at_share_count", Collector())
    epoch = engine.epoch(DAYS[-1].toordinal())
    assert node is not None
    assert epoch is not None
    formula = closed(book, node, epoch.start)
    candidates = dict.fromkeys(CANDIDATES, 0)
    for cusip, by_day in fails().items():
        if max(by_day.values()) < SHARES:
            continue
        facts = reg_sho().read(document(cusip, DAYS[-1]))
        for day in CANDIDATES:
            found = Evaluation(facts, day.toordinal(), book.calendars).value(formula)
            assert found == counted(by_day, day), (cusip, day)
            candidates[day] += found == 5
    assert candidates == CANDIDATES


@pytest.mark.parametrize("day", CANDIDATES)
def test_the_decision_lists_exactly_the_candidates_where_only_their_number_decides(
    day: date,
) -> None:
    """With one share outstanding any fail is a large share of the issue."""
    listed = 0
    for cusip, by_day in fails().items():
        if counted(by_day, day) < 4:
            continue
        text = document(cusip, day, shares_outstanding=1)
        status = reg_sho().decide(text).core.determinations["threshold_status"].value
        assert (status == "listed") is (counted(by_day, day) == 5), (cusip, day, status)
        listed += status == "listed"
    assert listed == CANDIDATES[day]
