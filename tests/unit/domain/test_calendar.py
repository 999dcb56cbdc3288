"""Calendars: agreement with plain day-by-day walking, with recorded days, and at the horizon."""

from __future__ import annotations

import copy
import csv
import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.sealed_calendars import calendar_of

from creditgate.domain.calendar import Calendar

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "rulebooks" / "calendars"
RECORDED = ROOT / "tests" / "data" / "cn_trading_calendar" / "cn_trading_calendar.csv"


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def instant(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(0, 0, 1)


def minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


CALENDARS = {
    name: calendar_of((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("XSHG", "XSHE", "BJSE", "XNYS", "US_SETTLEMENT")
}

SMALL: dict[str, Any] = {
    "id": "XNYS",
    "title": ("New York Stock Exchange", "纽约证券交易所"),
    "time_zone": "America/New_York",
    "first_day": day("2024-07-01"),
    "last_day": day("2024-07-31"),
    "closures": [day("2024-07-04")],
    "weekend": frozenset({5, 6}),
    "open_minute": minute("09:30"),
    "close_minute": minute("16:00"),
    "early_closes": {day("2024-07-03"): minute("13:00")},
}


# Agreement with a plain walk over the days


class Walk:
    """The meaning of a calendar, told one day at a time; a day out of range ends the walk."""

    def __init__(self, calendar: Calendar) -> None:
        self.days = set(calendar.sessions)
        self.first, self.last = calendar.first_day, calendar.last_day

    def known(self, on: int) -> bool:
        return self.first <= on <= self.last

    def find(self, start: int, step: int, count: int) -> int | None:
        """Find the `count`th session among the days walked over, `start` included."""
        on = start
        while self.known(on):
            count -= on in self.days
            if count == 0:
                return on
            on += step
        return None

    def add_sessions(self, on: int, count: int) -> int | None:
        if count == 0:
            return on if self.known(on) else None
        step = 1 if count > 0 else -1
        return self.find(on + step, step, abs(count))

    def sessions_between(self, a: int, b: int) -> int | None:
        low, high = sorted((a, b))
        if low + 1 < self.first or high > self.last:
            return None
        count = sum(on in self.days for on in range(low + 1, high + 1))
        return count if a <= b else -count


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    first = draw(st.integers(day("2003-12-20"), day("2024-12-20")))
    last = first + draw(st.integers(0, 60))
    weekend = draw(
        st.sampled_from([frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset()])
    )
    working = [on for on in range(first, last + 1) if date.fromordinal(on).weekday() not in weekend]
    often = draw(st.sampled_from([2, 5, 50]))
    closures = [on for on in working if draw(st.integers(0, often)) == 0]
    return Calendar.build(
        **SMALL
        | {"first_day": first, "last_day": last, "closures": closures}
        | {"weekend": weekend, "early_closes": {}}
    )


@st.composite
def calendars_and_days(draw: st.DrawFn) -> tuple[Calendar, list[int]]:
    calendar = draw(calendars())
    near = st.integers(calendar.first_day - 4, calendar.last_day + 4)
    return calendar, sorted(draw(st.lists(near, min_size=3, max_size=3)))


COUNTS = st.integers(-12, 12) | st.integers(-80, 80)


@given(calendars_and_days(), COUNTS)
def test_every_answer_agrees_with_a_walk_over_the_days(
    given_days: tuple[Calendar, list[int]], count: int
) -> None:
    calendar, (a, on, b) = given_days
    walk = Walk(calendar)
    assert calendar.is_session(on) == (on in walk.days if walk.known(on) else None)
    assert calendar.add_sessions(on, count) == walk.add_sessions(on, count)
    assert calendar.first_on_or_after(on) == walk.find(on, 1, 1)
    assert calendar.last_on_or_before(on) == walk.find(on, -1, 1)
    assert calendar.sessions_between(a, b) == walk.sessions_between(a, b)
    assert calendar.sessions_between(b, a) == walk.sessions_between(b, a)


@given(calendars_and_days(), COUNTS)
def test_adding_sessions_and_taking_them_away_again_returns_to_the_session(
    given_days: tuple[Calendar, list[int]], count: int
) -> None:
    calendar, (_, on, _) = given_days
    there = calendar.add_sessions(on, count)
    if calendar.is_session(on) and there is not None:
        assert calendar.add_sessions(there, -count) == on
        assert calendar.sessions_between(on, there) == count


@given(calendars_and_days(), COUNTS, st.integers(0, 5))
def test_a_later_day_or_a_larger_count_never_leads_to_an_earlier_day(
    given_days: tuple[Calendar, list[int]], count: int, more: int
) -> None:
    calendar, (earlier, later, _) = given_days
    ends = [calendar.add_sessions(on, count) for on in (earlier, later)]
    if ends[0] is not None and ends[1] is not None:
        assert ends[0] <= ends[1]
    ends = [calendar.add_sessions(earlier, steps) for steps in (count, count + more)]
    if ends[0] is not None and ends[1] is not None:
        assert ends[0] <= ends[1]


@given(calendars_and_days())
def test_sessions_of_adjoining_periods_add_up(given_days: tuple[Calendar, list[int]]) -> None:
    calendar, (a, b, c) = given_days
    parts = [calendar.sessions_between(a, b), calendar.sessions_between(b, c)]
    whole = calendar.sessions_between(a, c)
    if whole is not None:
        assert None not in parts
        assert sum(part for part in parts if part is not None) == whole


@given(calendars_and_days(), COUNTS, st.integers(0, 20))
def test_announcing_more_days_never_changes_an_answer_already_given(
    given_days: tuple[Calendar, list[int]], count: int, fewer: int
) -> None:
    longer, (a, on, b) = given_days
    last = max(longer.first_day, longer.last_day - fewer)
    known = tuple(session for session in longer.sessions if session <= last)
    shorter = replace(longer, last_day=last, sessions=known)
    for before, after in (
        (shorter.is_session(on), longer.is_session(on)),
        (shorter.add_sessions(on, count), longer.add_sessions(on, count)),
        (shorter.first_on_or_after(on), longer.first_on_or_after(on)),
        (shorter.last_on_or_before(on), longer.last_on_or_before(on)),
        (shorter.sessions_between(a, b), longer.sessions_between(a, b)),
        (shorter.open_of(on), longer.open_of(on)),
    ):
        assert before is None or before == after


# Recorded and known days


def recorded_days() -> Iterator[tuple[str, bool]]:
    with RECORDED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["trade_date"], row["trade_status"] == "1"


@pytest.mark.parametrize("name", ["XSHG", "XSHE", "BJSE"])
def test_every_recorded_day_of_the_chinese_exchanges_agrees(name: str) -> None:
    calendar = CALENDARS[name]
    recorded = {day(text): traded for text, traded in recorded_days()}
    differing = [
        date.fromordinal(on).isoformat()
        for on, traded in recorded.items()
        if calendar.is_session(on) != (traded if on >= calendar.first_day else None)
    ]
    assert differing == []
    covered = range(calendar.first_day, day("2025-12-31") + 1)
    absent = {date.fromordinal(on).isoformat() for on in covered if on not in recorded}
    assert absent <= {"2017-01-01"}  # a Sunday


CLOSED = {
    "the exchange closed in mourning for President Reagan": ("XNYS", "2004-06-11"),
    "the exchange closed in mourning for President Ford": ("XNYS", "2007-01-02"),
    "the exchange closed on the first day of Hurricane Sandy": ("XNYS", "2012-10-29"),
    "the exchange closed on the second day of Hurricane Sandy": ("XNYS", "2012-10-30"),
    "the exchange closed in mourning for President Bush": ("XNYS", "2018-12-05"),
    "the exchange closed in mourning for President Carter": ("XNYS", "2025-01-09"),
    "Juneteenth on a Sunday was first kept on the Monday after it": ("XNYS", "2022-06-20"),
    "Juneteenth on a Saturday is kept on the Friday before it": ("XNYS", "2027-06-18"),
    "Good Friday is no session": ("XNYS", "2026-04-03"),
    "Good Friday is no settlement day": ("US_SETTLEMENT", "2026-04-03"),
    "a closure in mourning is no settlement day": ("US_SETTLEMENT", "2018-12-05"),
    "the Spring Festival of 2006 began before the public holiday": ("XSHG", "2006-01-26"),
    "the Spring Festival of 2020 was prolonged by a day": ("XSHG", "2020-01-31"),
    "a working Sunday is no session": ("XSHG", "2024-02-04"),
    "a working Saturday is no session": ("XSHE", "2024-05-11"),
    "the eve of the lunar new year of 2024 was no session": ("XSHE", "2024-02-09"),
    "Beijing closed on the eve of the lunar new year of 2024": ("BJSE", "2024-02-09"),
    "Beijing closed on the Monday after New Year 2022": ("BJSE", "2022-01-03"),
    "the last announced day of National Day 2026 is no session": ("XSHG", "2026-10-07"),
}


@pytest.mark.parametrize(("name", "on"), CLOSED.values(), ids=CLOSED)
def test_a_known_closure_is_no_session(name: str, on: str) -> None:
    assert CALENDARS[name].is_session(day(on)) is False


OPEN = {
    "Juneteenth 2021 was not yet kept": ("XNYS", "2021-06-18"),
    "New Year 2022 on a Saturday closed nothing": ("XNYS", "2021-12-31"),
    "trade resumed after Hurricane Sandy": ("XNYS", "2012-10-31"),
    "the banks are open on the Friday before a Veterans Day on Saturday": (
        "US_SETTLEMENT",
        "2023-11-10",
    ),
    "the last session of 2026 in Shanghai": ("XSHG", "2026-12-31"),
    "the first session in Beijing": ("BJSE", "2021-11-15"),
    "trade resumed after the prolonged Spring Festival of 2020": ("XSHE", "2020-02-03"),
}


@pytest.mark.parametrize(("name", "on"), OPEN.values(), ids=OPEN)
def test_a_known_working_day_is_a_session(name: str, on: str) -> None:
    assert CALENDARS[name].is_session(day(on)) is True


def test_the_chinese_exchanges_trade_on_the_same_days() -> None:
    shanghai, beijing = CALENDARS["XSHG"], CALENDARS["BJSE"]
    assert shanghai.sessions == CALENDARS["XSHE"].sessions
    assert beijing.sessions == tuple(on for on in shanghai.sessions if on >= beijing.first_day)
    assert beijing.is_session(beijing.first_day - 1) is None


# Settlement


BANK_HOLIDAYS = {
    "Columbus Day 2010": "2010-10-11",
    "Columbus Day 2024": "2024-10-14",
    "Columbus Day 2026": "2026-10-12",
    "Veterans Day 2004": "2004-11-11",
    "Veterans Day 2024": "2024-11-11",
    "Veterans Day 2012, kept on the Monday after it": "2012-11-12",
}


@pytest.mark.parametrize("on", BANK_HOLIDAYS.values(), ids=BANK_HOLIDAYS)
def test_the_exchange_trades_and_nothing_settles_on(on: str) -> None:
    assert CALENDARS["XNYS"].is_session(day(on)) is True
    assert CALENDARS["US_SETTLEMENT"].is_session(day(on)) is False


def test_settlement_days_are_sessions_less_columbus_day_and_veterans_day() -> None:
    trading, settlement = CALENDARS["XNYS"], CALENDARS["US_SETTLEMENT"]
    assert set(settlement.sessions) < set(trading.sessions)
    less = {date.fromordinal(on) for on in set(trading.sessions) - set(settlement.sessions)}
    columbus = {on for on in less if on.month == 10}
    veterans = less - columbus
    assert all(on.weekday() == 0 and 8 <= on.day <= 14 for on in columbus)
    assert all(
        on.month == 11 and (on.day == 11 or (on.day, on.weekday()) == (12, 0)) for on in veterans
    )
    assert {on.year for on in columbus} == set(range(2004, 2028))
    on_saturday = {year for year in range(2004, 2028) if date(year, 11, 11).weekday() == 5}
    assert {on.year for on in veterans} == set(range(2004, 2028)) - on_saturday


SETTLED = {
    "a Friday's trade settles on Tuesday across Columbus Day": ("2024-10-11", 1, "2024-10-15"),
    "a trade on Columbus Day settles with Friday's": ("2024-10-14", 1, "2024-10-15"),
    "a Friday's trade settles on Tuesday across Veterans Day": ("2024-11-08", 1, "2024-11-12"),
    "a trade on Veterans Day settles with Friday's": ("2024-11-11", 1, "2024-11-12"),
    "three days to settle a Friday's trade before Columbus Day": ("2010-10-08", 3, "2010-10-14"),
    "three days to settle a trade on Columbus Day": ("2010-10-11", 3, "2010-10-14"),
    "one settlement day before the day after Columbus Day": ("2024-10-15", -1, "2024-10-11"),
    "thirteen settlement days across Hurricane Sandy and Veterans Day": (
        "2012-10-26",
        13,
        "2012-11-19",
    ),
}


@pytest.mark.parametrize(("on", "count", "expected"), SETTLED.values(), ids=SETTLED)
def test_settlement_days_are_counted_past_days_without_settlement(
    on: str, count: int, expected: str
) -> None:
    assert CALENDARS["US_SETTLEMENT"].add_sessions(day(on), count) == day(expected)


# Opening hours


HALF_DAYS = {
    "the day before Independence Day 2024": ("2024-07-03", "2024-07-03T17:00:00Z"),
    "the day after Thanksgiving 2024": ("2024-11-29", "2024-11-29T18:00:00Z"),
    "Christmas Eve 2024": ("2024-12-24", "2024-12-24T18:00:00Z"),
    "Wednesday before Independence Day 2013": ("2013-07-03", "2013-07-03T17:00:00Z"),
    "Christmas Eve 2026": ("2026-12-24", "2026-12-24T18:00:00Z"),
    "the day after Thanksgiving 2027": ("2027-11-26", "2027-11-26T18:00:00Z"),
}


@pytest.mark.parametrize(("on", "close"), HALF_DAYS.values(), ids=HALF_DAYS)
def test_the_exchange_closes_at_one_on(on: str, close: str) -> None:
    assert CALENDARS["XNYS"].early_closes[day(on)] == minute("13:00")
    assert CALENDARS["XNYS"].close_of(day(on)) == instant(close)
    assert CALENDARS["US_SETTLEMENT"].close_of(day(on)) == instant(close)


HOURS = {
    "New York in winter": ("XNYS", "2024-01-16", "2024-01-16T14:30Z", "2024-01-16T21:00Z"),
    "New York on the last session before summer time": (
        "XNYS",
        "2024-03-08",
        "2024-03-08T14:30Z",
        "2024-03-08T21:00Z",
    ),
    "New York on the first session of summer time": (
        "XNYS",
        "2024-03-11",
        "2024-03-11T13:30Z",
        "2024-03-11T20:00Z",
    ),
    "New York under the older rule of summer time": (
        "XNYS",
        "2006-03-20",
        "2006-03-20T14:30Z",
        "2006-03-20T21:00Z",
    ),
    "New York on the first session after summer time": (
        "XNYS",
        "2026-11-02",
        "2026-11-02T14:30Z",
        "2026-11-02T21:00Z",
    ),
    "Shanghai": ("XSHG", "2026-01-19", "2026-01-19T01:30Z", "2026-01-19T07:00Z"),
    "Shenzhen": ("XSHE", "2006-07-03", "2006-07-03T01:30Z", "2006-07-03T07:00Z"),
}


@pytest.mark.parametrize(("name", "on", "opens", "closes"), HOURS.values(), ids=HOURS)
def test_opening_hours_are_those_of_the_exchanges_own_clock(
    name: str, on: str, opens: str, closes: str
) -> None:
    calendar = CALENDARS[name]
    assert calendar.open_of(day(on)) == instant(opens)
    assert calendar.close_of(day(on)) == instant(closes)


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_every_session_opens_and_closes_on_its_own_day(calendar: Calendar) -> None:
    for session in calendar.sessions:
        opens, closes = calendar.open_of(session), calendar.close_of(session)
        assert opens is not None
        assert closes is not None
        assert opens < closes
        assert calendar.date_of(opens) == calendar.date_of(closes) == session


DATES = {
    "an order late in the American evening": ("XNYS", "2024-07-02T03:59:59.999999Z", "2024-07-01"),
    "the first instant of a summer day in New York": ("XNYS", "2024-07-02T04:00Z", "2024-07-02"),
    "the last instant of a winter day in New York": (
        "XNYS",
        "2024-01-02T04:59:59.999999Z",
        "2024-01-01",
    ),
    "the hour that happens twice": ("XNYS", "2024-11-03T06:30Z", "2024-11-03"),
    "a Chinese morning is still the evening before in London": (
        "XSHG",
        "2026-01-18T16:00Z",
        "2026-01-19",
    ),
    "the last instant of a Chinese day": ("XSHG", "2026-01-19T15:59:59.999999Z", "2026-01-19"),
    "an instant before 1970": ("XSHG", "1969-12-31T15:59:59.999999Z", "1969-12-31"),
    "an instant with an offset of its own": ("XSHG", "2026-01-19T23:30+00:00", "2026-01-20"),
    "the first instant there is": ("XSHG", "0001-01-01T00:00Z", "0001-01-01"),
}


@pytest.mark.parametrize(("name", "at", "expected"), DATES.values(), ids=DATES)
def test_an_instant_falls_on_the_day_of_the_exchanges_own_clock(
    name: str, at: str, expected: str
) -> None:
    assert CALENDARS[name].date_of(instant(at)) == day(expected)


@given(st.integers(instant("1992-01-01T00:00Z"), instant("2030-01-01T00:00Z")))
def test_an_instant_in_china_is_eight_hours_ahead(at: int) -> None:
    local = datetime(1970, 1, 1) + timedelta(hours=8, microseconds=at)
    assert CALENDARS["XSHG"].date_of(at) == local.toordinal()


@given(st.integers() | st.integers(-(10**18), 10**18), st.integers(0, 10**15))
def test_every_whole_number_is_an_instant_of_some_day_and_days_never_run_back(
    at: int, later: int
) -> None:
    calendar = CALENDARS["XNYS"]
    assert calendar.date_of(at) <= calendar.date_of(at + later + 3_600_000_000)


# The horizon


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_nothing_is_known_outside_the_announced_days(calendar: Calendar) -> None:
    first, last = calendar.first_day, calendar.last_day
    for outside in (first - 1, last + 1, last + 400, 0, -5, 10**9):
        assert calendar.is_session(outside) is None
        assert calendar.open_of(outside) is None
        assert calendar.close_of(outside) is None
        assert calendar.add_sessions(outside, 0) is None
    assert calendar.first_on_or_after(last + 1) is None
    assert calendar.last_on_or_before(last + 1) is None
    assert calendar.first_on_or_after(first - 1) is None
    assert calendar.last_on_or_before(first - 1) is None
    assert calendar.add_sessions(calendar.sessions[-1], 1) is None
    assert calendar.add_sessions(calendar.sessions[0], -1) is None
    assert calendar.add_sessions(first, 10**12) is None
    assert calendar.sessions_between(first, last + 1) is None
    assert calendar.sessions_between(first - 2, last) is None


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
def test_everything_is_known_up_to_the_last_announced_day(calendar: Calendar) -> None:
    first, last = calendar.first_day, calendar.last_day
    assert calendar.last_on_or_before(last) == calendar.sessions[-1]
    assert calendar.first_on_or_after(first) == calendar.sessions[0]
    assert calendar.add_sessions(first - 1, len(calendar.sessions)) == calendar.sessions[-1]
    assert calendar.add_sessions(last + 1, -len(calendar.sessions)) == calendar.sessions[0]
    assert calendar.sessions_between(first - 1, last) == len(calendar.sessions)
    assert calendar.sessions_between(last, first - 1) == -len(calendar.sessions)


def test_the_days_after_the_announced_year_are_unknown_and_not_guessed() -> None:
    shanghai = CALENDARS["XSHG"]
    assert shanghai.add_sessions(day("2026-12-31"), 1) is None
    assert shanghai.first_on_or_after(day("2027-02-08")) is None
    assert CALENDARS["XNYS"].is_session(day("2028-01-03")) is None


# What a calendar is


def test_a_session_added_to_a_day_off_is_the_next_one() -> None:
    calendar = Calendar.build(**SMALL)
    assert calendar.add_sessions(day("2024-07-06"), 1) == day("2024-07-08")
    assert calendar.add_sessions(day("2024-07-06"), -1) == day("2024-07-05")
    assert calendar.add_sessions(day("2024-07-06"), 0) == day("2024-07-06")
    assert calendar.add_sessions(day("2024-07-03"), 1) == day("2024-07-05")
    assert calendar.sessions_between(day("2024-07-03"), day("2024-07-05")) == 1
    assert calendar.sessions_between(day("2024-07-05"), day("2024-07-03")) == -1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a range that ends before it begins": ({"last_day": day("2024-06-30")}, "range"),
    "a range before the year 1": ({"first_day": 0}, "range"),
    "a closure after the horizon": ({"closures": [day("2024-08-01")]}, "2024-08-01` is outside"),
    "a closure on a Saturday": ({"closures": [day("2024-07-06")]}, "2024-07-06` is on a weekend"),
    "a closure stated twice": (
        {"closures": [day("2024-07-04")] * 2},
        "2024-07-04` is stated twice",
    ),
    "a closure that is no date": ({"closures": [-1]}, "`-1` is outside"),
    "an early close on a day off": (
        {"early_closes": {day("2024-07-04"): 780}},
        "2024-07-04` is not on a session day",
    ),
    "an early close after the horizon": (
        {"early_closes": {day("2024-08-01"): 780}},
        "2024-08-01` is not on a session day",
    ),
    "an early close at the usual hour": (
        {"early_closes": {day("2024-07-03"): 960}},
        "2024-07-03` is not within",
    ),
    "an early close at the opening": (
        {"early_closes": {day("2024-07-03"): 570}},
        "2024-07-03` is not within",
    ),
    "a session that closes before it opens": ({"close_minute": 570}, "open before it closes"),
    "a session that runs past midnight": ({"close_minute": 24 * 60}, "open before it closes"),
    "an eighth day of the week": ({"weekend": frozenset({5, 7})}, "day of the week"),
    "an unknown zone": ({"time_zone": "America/Springfield"}, "no time zone is named"),
    "a folder for a zone": ({"time_zone": "America"}, "no time zone is named"),
    "a file that is no zone": ({"time_zone": "leapseconds"}, "no time zone is named"),
    "a path for a zone": ({"time_zone": "../../etc/passwd"}, "is not the name of a time zone"),
    "an absolute path for a zone": ({"time_zone": "/etc/localtime"}, "is not the name"),
    "no zone": ({"time_zone": ""}, "is not the name"),
}


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_a_calendar_is_refused_with(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Calendar.build(**SMALL | change)


def test_a_calendar_cannot_be_changed_and_travels_between_processes() -> None:
    calendar = CALENDARS["XNYS"]
    early = calendar.early_closes
    with pytest.raises(TypeError):
        early[day("2024-07-05")] = 780  # type: ignore[index]  # the point of the test
    for twin in (pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):
        assert twin == calendar
        assert hash(twin) == hash(calendar)
        assert twin.close_of(day("2024-07-03")) == calendar.close_of(day("2024-07-03"))


# Digests


MEANINGS: dict[str, dict[str, Any]] = {
    "another id": {"id": "XNAS"},
    "another zone": {"time_zone": "America/Toronto"},
    "another first day": {"first_day": day("2024-06-30")},
    "another horizon": {"last_day": day("2024-08-03")},
    "another closure": {"closures": [day("2024-07-04"), day("2024-07-05")]},
    "another opening": {"open_minute": 571},
    "another close": {"close_minute": 961},
    "another early close": {"early_closes": {}},
}


@pytest.mark.parametrize("change", MEANINGS.values(), ids=MEANINGS)
def test_the_digest_changes_with(change: dict[str, Any]) -> None:
    assert Calendar.build(**SMALL | change).canonical() != Calendar.build(**SMALL).canonical()


def test_the_digest_does_not_change_with_words_or_with_the_order_of_statements() -> None:
    closures = [day("2024-07-04"), day("2024-07-05")]
    one = Calendar.build(**SMALL | {"closures": closures})
    other = Calendar.build(**SMALL | {"closures": reversed(closures), "title": ("NYSE", "纽交所")})
    assert one.canonical() == other.canonical()


def test_the_digest_is_the_same_for_ever() -> None:
    digest = hashlib.sha256(Calendar.build(**SMALL).canonical()).hexdigest()
    assert digest == "c58d2461040a93c6ffee32c73e962990a553d1ea1bae128ac40ad1f60d1a4ab6"


ELSEWHERE = """
import pickle, sys
calendar, on = pickle.load(sys.stdin.buffer)
print(calendar.open_of(on), calendar.date_of(calendar.open_of(on)))
"""


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Kiritimati", "UTC"])
def test_neither_the_machines_zone_nor_its_zone_files_matter(zone: str, tmp_path: Path) -> None:
    # The machine claims that New York keeps the time of Tokyo.
    wrong = tmp_path / "America" / "New_York"
    wrong.parent.mkdir()
    tzdata = pytest.importorskip("tzdata")
    wrong.write_bytes((Path(tzdata.__file__).parent / "zoneinfo/Asia/Tokyo").read_bytes())
    calendar, on = CALENDARS["XNYS"], day("2024-07-03")
    answer = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=pickle.dumps((calendar, on)),
        capture_output=True,
        check=True,
        env=os.environ
        | {"TZ": zone, "PYTHONTZPATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    opens = instant("2024-07-03T13:30Z")
    assert answer.stdout.decode().split() == [str(opens), str(on)]
