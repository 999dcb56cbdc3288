"""The arithmetic of days and calendars, on ordinals; `MISSING` where the operator table says unknown."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from creditgate.domain.facts import MISSING

if TYPE_CHECKING:
    from creditgate.domain.calendar import Calendar

LAST_DAY: Final = date.max.toordinal()
MONTHS_IN_YEAR: Final = 12


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
