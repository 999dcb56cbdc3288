"""What generated code calls: the arithmetic of the calendar, rounding to even, verdicts.

The calendar functions and `add_months` return `MISSING` where the operator table says unknown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from creditgate.domain.calendar import Calendar
from creditgate.domain.facts import MISSING

Verdict: TypeAlias = tuple[Any, tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]

LAST_DAY: Final = date.max.toordinal()
MONTHS_IN_YEAR: Final = 12


class Blank:
    """Stand in for a record that was not given: every fact of it is missing."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return MISSING


BLANK: Final = Blank()


def clear(governs: Any) -> Verdict:
    """Return the verdict of an event with nothing breached, undecided or warned of."""
    return (governs, (), (), (), ())


GOVERNED: Final = clear(True)
NOT_GOVERNED: Final = clear(False)


def verdict(
    governs: Any, breached: list[int], undecided: list[int], warnings: frozenset[int]
) -> Verdict:
    """Return the verdict with indices of rules in legal order, warnings apart."""
    return (
        governs,
        tuple(sorted([index for index in breached if index not in warnings])),
        tuple(sorted([index for index in undecided if index not in warnings])),
        tuple(sorted([index for index in breached if index in warnings])),
        tuple(sorted([index for index in undecided if index in warnings])),
    )


def round_down(numerator: int, denominator: int) -> int:
    """Return the largest integer not above a quotient; the denominator is above zero."""
    return numerator // denominator


def round_up(numerator: int, denominator: int) -> int:
    """Return the smallest integer not below a quotient."""
    return -(-numerator // denominator)


def round_half_up(numerator: int, denominator: int) -> int:
    """Return the nearest integer to a quotient; a tie goes away from zero."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def round_half_even(numerator: int, denominator: int) -> int:
    """Return the nearest integer to a quotient; a tie goes to the even one."""
    whole, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and whole % 2):
        whole += 1
    return whole


ROUNDING: Mapping[str, Callable[[int, int], int]] = {
    "round_down": round_down,
    "round_up": round_up,
    "round_half_up": round_half_up,
    "round_half_even": round_half_even,
}


def add_months(day: int, months: int) -> Any:
    """Return the same day of the month so many months later, or the last day of a shorter one.

    >>> date.fromordinal(add_months(date(2023, 11, 30).toordinal(), 3)).isoformat()
    '2024-02-29'
    """
    if not 1 <= day <= LAST_DAY:
        return MISSING
    start = date.fromordinal(day)
    months += start.year * MONTHS_IN_YEAR + start.month - 1
    year, month = months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR + 1
    if not date.min.year <= year <= date.max.year:
        return MISSING
    length = monthrange(year, month)[1]
    return date(year, month, start.day if start.day < length else length).toordinal()


def _within_horizon(ask: Callable[..., int | None]) -> Callable[..., Any]:
    def answer(*arguments: int) -> Any:
        found = ask(*arguments)
        return MISSING if found is None else found

    return answer


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"add_months": add_months}

CALENDAR_FUNCTIONS: Mapping[str, Callable[[Calendar], Callable[..., Any]]] = {
    "add_sessions": lambda calendar: _within_horizon(calendar.add_sessions),
    "first_on_or_after": lambda calendar: _within_horizon(calendar.first_on_or_after),
    "last_on_or_before": lambda calendar: _within_horizon(calendar.last_on_or_before),
    "open_of": lambda calendar: _within_horizon(calendar.open_of),
    "close_of": lambda calendar: _within_horizon(calendar.close_of),
    "date_of": lambda calendar: _within_horizon(calendar.date_of),
}
