"""Values with a history."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.domain.timeline import Interval, Timeline

ALWAYS_THE_SAME = settings(derandomize=True, database=None, deadline=None)

DAYS = st.integers(1, 60)
TIMELINES = st.lists(DAYS, unique=True, max_size=8).map(
    lambda days: Timeline(tuple((day, f"from {day}") for day in sorted(days)))
)


def test_nothing_holds_before_the_first_entry() -> None:
    line = Timeline(((10, "a"), (20, "b")))
    assert [line.at(day) for day in (9, 10, 19, 20, 21, 10_000)] == [None, "a", "a", "b", "b", "b"]
    assert line.first == 10
    assert line.days == (10, 20)


def test_a_timeline_without_entries_never_holds() -> None:
    line: Timeline[str] = Timeline(())
    assert line.at(5) is None
    assert line.first is None


@ALWAYS_THE_SAME
@given(TIMELINES, DAYS)
def test_the_entry_that_holds_is_the_last_one_begun(line: Timeline[str], day: int) -> None:
    begun = [value for start, value in line.entries if start <= day]
    assert line.at(day) == (begun[-1] if begun else None)


@ALWAYS_THE_SAME
@given(TIMELINES, DAYS)
def test_nothing_changes_between_days_of_change(line: Timeline[str], day: int) -> None:
    if day + 1 not in line.days:
        assert line.at(day) == line.at(day + 1)


@ALWAYS_THE_SAME
@given(DAYS, st.none() | DAYS, DAYS)
def test_an_interval_holds_its_ends(start: int, end: int | None, day: int) -> None:
    interval = Interval(start, end)
    assert interval.covers(day) is (day >= start and (end is None or day <= end))
