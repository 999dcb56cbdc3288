"""What each strict operator computes, over exact values.

Every function takes known values and returns a value, or None where the operator table says the
result is unknown. Numbers are `Fraction`; dates, instants and durations are integers.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from creditgate.domain.calendar import Calendar

Compute = Callable[..., Any]


def add_months(day: int, months: int) -> int | None:
    """Return the same day of the month `months` later, clamped to the month's end.

    >>> add_months(date(2024, 1, 31).toordinal(), 1) == date(2024, 2, 29).toordinal()
    True
    """
    if not date.min.toordinal() <= day <= date.max.toordinal():
        return None
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def add_days(day: int, count: int) -> int | None:
    """Return the date `count` calendar days later, or None outside the years 1 to 9999."""
    result = day + count
    return result if date.min.toordinal() <= result <= date.max.toordinal() else None


def _rounded(choose: Callable[[Fraction], int]) -> Compute:
    def compute(value: Fraction, step: Fraction) -> Fraction | None:
        return choose(value / step) * step if step > 0 else None

    return compute


def _half_up(value: Fraction) -> int:
    size = floor(abs(value) + Fraction(1, 2))
    return size if value >= 0 else -size


PLAIN: Mapping[str, Compute] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "negate": lambda a: -a,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b if b else None,
    "minimum": min,
    "maximum": max,
    "less": lambda a, b: a < b,
    "less_or_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "greater_or_equal": lambda a, b: a >= b,
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "member": lambda a, b: a in b,
    "multiple": lambda a, b: (Fraction(a) / b).denominator == 1 if b else None,
    "round_down": _rounded(floor),
    "round_up": _rounded(ceil),
    "round_half_up": _rounded(_half_up),
    "round_half_even": _rounded(round),
    "add_days": add_days,
    "add_months": add_months,
    "days_between": lambda a, b: a - b,
    "add_elapsed": lambda a, b: a + b,
    "elapsed_between": lambda a, b: a - b,
    "divide_durations": lambda a, b: Fraction(a, b) if b else None,
}

WITH_CALENDAR: Mapping[str, Compute] = {
    "add_trading_days": Calendar.add_sessions,
    "add_settlement_days": Calendar.add_sessions,
    "first_trading_day": Calendar.first_on_or_after,
    "last_trading_day": Calendar.last_on_or_before,
    "first_settlement_day": Calendar.first_on_or_after,
    "last_settlement_day": Calendar.last_on_or_before,
    "open_of": Calendar.open_of,
    "close_of": Calendar.close_of,
    "date_of": Calendar.date_of,
}
