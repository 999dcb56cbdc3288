"""What each operator computes, worked out by hand from the language's definition."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.domain.calendar import Calendar
from creditgate.reference.operators import PLAIN, WITH_CALENDAR, add_days, add_months

ALWAYS_THE_SAME = settings(derandomize=True, database=None, deadline=None)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def half(value: str) -> Fraction:
    return Fraction(value)


# Monday 2024-07-01 to Friday 2024-07-12; Thursday the 4th is closed, Wednesday the 3rd ends early.
FORTNIGHT: Final = Calendar.build(
    "XNYS", ("New York", "纽约"), "America/New_York", day("2024-07-01"), day("2024-07-12"),
    [day("2024-07-04")], frozenset({5, 6}), 570, 960, {day("2024-07-03"): 780},
)  # fmt: skip
HOUR: Final = 3_600_000_000


@pytest.mark.parametrize(
    ("mode", "value", "step", "result"),
    [
        ("down", "7", "2", "6"),
        ("down", "-7", "2", "-8"),
        ("down", "6", "2", "6"),
        ("down", "-6", "2", "-6"),
        ("down", "0.0999", "0.01", "0.09"),
        ("up", "7", "2", "8"),
        ("up", "-7", "2", "-6"),
        ("up", "6", "2", "6"),
        ("up", "25.4082", "1", "26"),
        ("half_up", "2.5", "1", "3"),
        ("half_up", "-2.5", "1", "-3"),
        ("half_up", "2.4999", "1", "2"),
        ("half_up", "-2.4999", "1", "-2"),
        ("half_up", "3.5", "1", "4"),
        ("half_up", "0.125", "0.01", "0.13"),
        ("half_even", "2.5", "1", "2"),
        ("half_even", "3.5", "1", "4"),
        ("half_even", "-2.5", "1", "-2"),
        ("half_even", "-3.5", "1", "-4"),
        ("half_even", "2.51", "1", "3"),
        ("half_even", "0.125", "0.01", "0.12"),
        ("down", "0", "5", "0"),
        ("up", "0", "5", "0"),
    ],
)
def test_rounding_of_negatives_and_ties(mode: str, value: str, step: str, result: str) -> None:
    assert PLAIN[f"round_{mode}"](half(value), half(step)) == half(result)


@pytest.mark.parametrize("mode", ["down", "up", "half_up", "half_even"])
@pytest.mark.parametrize("step", [Fraction(0), Fraction(-1), Fraction(-1, 100)])
def test_rounding_to_a_step_that_is_not_above_zero_is_unknown(mode: str, step: Fraction) -> None:
    assert PLAIN[f"round_{mode}"](Fraction(5), step) is None


@ALWAYS_THE_SAME
@given(st.fractions(-1_000, 1_000), st.fractions(min_value=Fraction(1, 1000), max_value=100))
def test_rounding_lands_on_the_nearest_multiples(value: Fraction, step: Fraction) -> None:
    down, up = PLAIN["round_down"](value, step), PLAIN["round_up"](value, step)
    assert down <= value <= up
    assert up - down == (0 if (value / step).denominator == 1 else step)
    for mode in ("round_half_up", "round_half_even"):
        rounded = PLAIN[mode](value, step)
        assert rounded in (down, up)
        assert abs(rounded - value) <= step / 2
    assert PLAIN["round_half_up"](-value, step) == -PLAIN["round_half_up"](value, step)
    assert PLAIN["round_half_even"](-value, step) == -PLAIN["round_half_even"](value, step)


@pytest.mark.parametrize(
    ("value", "step", "is_multiple"),
    [
        ("300", "100", True),
        ("301", "100", False),
        ("0", "100", True),
        ("-300", "100", True),
        ("300", "-100", True),
        ("0.3", "0.1", True),
        ("0.35", "0.1", False),
        ("1", "3", False),
    ],
)
def test_multiples(value: str, step: str, is_multiple: bool) -> None:
    assert PLAIN["multiple"](half(value), half(step)) is is_multiple


def test_multiples_of_zero_and_division_by_zero_are_unknown() -> None:
    assert PLAIN["multiple"](Fraction(5), Fraction(0)) is None
    assert PLAIN["multiple"](Fraction(0), Fraction(0)) is None
    assert PLAIN["divide"](Fraction(5), Fraction(0)) is None
    assert PLAIN["divide"](Fraction(0), Fraction(0)) is None
    assert PLAIN["divide_durations"](5, 0) is None


def test_arithmetic_is_exact() -> None:
    third = PLAIN["divide"](Fraction(1), Fraction(3))
    assert PLAIN["multiply"](third, Fraction(3)) == 1
    assert PLAIN["add"](Fraction("0.1"), Fraction("0.2")) == Fraction("0.3")
    assert PLAIN["subtract"](Fraction(1), Fraction(1, 10**30)) < 1
    assert PLAIN["negate"](Fraction(5)) == -5
    assert PLAIN["divide_durations"](1, 360) == Fraction(1, 360)


@pytest.mark.parametrize(
    ("operator", "below", "equal", "above"),
    [
        ("less", True, False, False),
        ("less_or_equal", True, True, False),
        ("greater", False, False, True),
        ("greater_or_equal", False, True, True),
        ("equal", False, True, False),
        ("not_equal", True, False, True),
    ],
)
def test_comparisons_at_their_limit(operator: str, below: bool, equal: bool, above: bool) -> None:
    limit = Fraction("1.3")
    cent = Fraction(1, 100)
    compare = PLAIN[operator]
    found = [compare(limit - cent, limit), compare(limit, limit), compare(limit + cent, limit)]
    assert found == [below, equal, above]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-01-31", 2, "2024-03-31"),
        ("2024-01-31", 3, "2024-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -13, "2022-12-15"),
        ("2024-12-31", 6, "2025-06-30"),
        ("2024-06-30", 6, "2024-12-30"),
        ("2024-05-17", 0, "2024-05-17"),
    ],
)
def test_months_clamp_to_the_end_of_the_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_dates_outside_the_years_1_to_9999_are_unknown() -> None:
    assert add_months(day("9999-12-01"), 1) is None
    assert add_months(day("0001-01-31"), -1) is None
    assert add_months(day("2024-01-31"), 10**30) is None
    assert add_days(day("9999-12-31"), 1) is None
    assert add_days(day("9999-12-31"), 0) == day("9999-12-31")
    assert add_days(1, -1) is None
    assert add_days(1, 10**40) is None


@ALWAYS_THE_SAME
@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(-600, 600))
def test_months_keep_the_order_of_dates(start: date, months: int) -> None:
    first, second = start.toordinal(), start.toordinal() + 1
    earlier, later = add_months(first, months), add_months(second, months)
    assert earlier is not None
    assert later is not None
    assert earlier <= later <= earlier + 4
    assert (add_months(first, months + 1) or 0) > earlier


@pytest.mark.parametrize(
    ("operator", "arguments", "result"),
    [
        ("add_trading_days", ("2024-07-01", 1), "2024-07-02"),
        ("add_trading_days", ("2024-07-03", 1), "2024-07-05"),
        ("add_trading_days", ("2024-07-05", 1), "2024-07-08"),
        ("add_trading_days", ("2024-07-06", 1), "2024-07-08"),
        ("add_trading_days", ("2024-07-06", 0), "2024-07-06"),
        ("add_trading_days", ("2024-07-08", -1), "2024-07-05"),
        ("add_trading_days", ("2024-07-12", 1), None),
        ("add_trading_days", ("2024-07-01", -1), None),
        ("add_settlement_days", ("2024-07-03", 2), "2024-07-08"),
        ("first_trading_day", ("2024-07-04",), "2024-07-05"),
        ("first_trading_day", ("2024-07-05",), "2024-07-05"),
        ("first_trading_day", ("2024-07-13",), None),
        ("first_trading_day", ("2024-06-30",), None),
        ("last_trading_day", ("2024-07-07",), "2024-07-05"),
        ("last_trading_day", ("2024-07-12",), "2024-07-12"),
        ("last_trading_day", ("2024-07-13",), None),
        ("first_settlement_day", ("2024-07-06",), "2024-07-08"),
        ("last_settlement_day", ("2024-07-04",), "2024-07-03"),
    ],
)
def test_days_are_counted_by_the_calendar_up_to_its_horizon(
    operator: str, arguments: tuple[Any, ...], result: str | None
) -> None:
    start, *count = arguments
    found = WITH_CALENDAR[operator](FORTNIGHT, day(start), *count)
    assert found == (None if result is None else day(result))


def test_a_session_opens_and_closes_in_its_zone() -> None:
    midnight = (day("2024-07-03") - day("1970-01-01")) * 24 * HOUR
    assert (
        WITH_CALENDAR["open_of"](FORTNIGHT, day("2024-07-03")) == midnight + 13 * HOUR + HOUR // 2
    )
    assert WITH_CALENDAR["close_of"](FORTNIGHT, day("2024-07-03")) == midnight + 17 * HOUR
    for closed in ("2024-07-04", "2024-07-06", "2024-06-28", "2024-07-15"):
        assert WITH_CALENDAR["open_of"](FORTNIGHT, day(closed)) is None
        assert WITH_CALENDAR["close_of"](FORTNIGHT, day(closed)) is None


def test_an_instant_falls_on_the_day_of_the_zone() -> None:
    midnight = (day("2024-07-03") - day("1970-01-01")) * 24 * HOUR
    assert WITH_CALENDAR["date_of"](FORTNIGHT, midnight + 3 * HOUR) == day("2024-07-02")
    assert WITH_CALENDAR["date_of"](FORTNIGHT, midnight + 4 * HOUR) == day("2024-07-03")
