"""The days of markets as well-kept Python libraries know them, for `creditgate calendar update`.

The libraries come with the extra `calendars` and are imported here alone, when they are asked. A
library is a witness and no announcement: how far a calendar reaches is said by its file.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

EXTRA: Final = "calendars"
_CLOSING: Final = re.compile(r"markets close at (\d+):(\d\d)\s?pm", re.IGNORECASE)


class SourceRefused(Exception):
    """A library that is missing, or that says what a calendar file cannot state."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a library: a range of days, and the hours that are usual on them."""

    time_zone: str
    opens: str
    closes: str
    first: date
    last: date
    weekend: frozenset[int]

    def weekdays(self) -> frozenset[date]:
        """Return the days of the range that are not on a weekend."""
        days = map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))
        return frozenset(day for day in days if day.weekday() not in self.weekend)


@dataclass(frozen=True, slots=True)
class Days:
    """What a library says: the session days, and the early closes as `HH:MM`."""

    sessions: frozenset[date]
    early_closes: Mapping[date, str]

    def open_with(self, other: Days) -> Days:
        """Return the days on which another market is open as well."""
        both = self.sessions & other.sessions
        return Days(both, {day: hour for day, hour in self.early_closes.items() if day in both})


def days_of(library: str, market: str, wanted: Wanted) -> Days:
    """Return the days of a market as a library knows them.

    Errors: SourceRefused where the library is not known or not installed, knows fewer days than
    are wanted, or says what a calendar file cannot state.
    """
    imported = _imported(library)
    return _READERS[library](imported, market, wanted)


def version_of(library: str) -> str:
    """Return the version of an installed library."""
    return str(_imported(library).__version__)


def differences(derived: Days, witness: Days, known: frozenset[date]) -> Iterator[str]:
    """Yield how a witness differs from what was derived, but for the days of `known`.

    A day of `known` on which both agree is said as well: nothing is excused without need.
    """
    for day in sorted((derived.sessions ^ witness.sessions) ^ known):
        if day in known:
            yield f"{day} is excused by `differs`, and both agree on it"
        else:
            says = "a session" if day in witness.sessions else "closed"
            yield f"{day} is {says} there and not here"
    for day in sorted(derived.early_closes.keys() | witness.early_closes.keys()):
        ours, theirs = derived.early_closes.get(day), witness.early_closes.get(day)
        if ours != theirs:
            yield f"{day} closes at {theirs or 'the usual hour'} there, here at {ours or 'the usual hour'}"


def _imported(library: str) -> Any:
    if library not in _READERS:
        known = ", ".join(_READERS)
        raise SourceRefused(f"`{library}` is not a library that is read here: {known}")
    try:
        return importlib.import_module(library)
    except ModuleNotFoundError as missing:
        raise SourceRefused(
            f"`{library}` is not installed; it comes with the extra `{EXTRA}`: "
            f"pip install 'creditgate[{EXTRA}]'"
        ) from missing


def _of_exchange_calendars(library: Any, market: str, wanted: Wanted) -> Days:
    """Read sessions with their hours; the library itself refuses days it does not know."""
    try:
        calendar = library.get_calendar(
            market, start=wanted.first.isoformat(), end=wanted.last.isoformat()
        )
    except ValueError as refused:
        raise SourceRefused(f"{market}: {refused}") from refused
    bound = calendar.bound_max()
    if bound is not None and bound.date() < wanted.last:
        raise SourceRefused(f"{market}: the library knows no days after {bound.date()}")
    zone = ZoneInfo(wanted.time_zone)
    sessions, early = set(), {}
    for row in calendar.schedule.itertuples():
        day = row.Index.date()
        opened, closed = (f"{at.astimezone(zone):%H:%M}" for at in (row.open, row.close))
        if opened != wanted.opens or closed > wanted.closes or day.weekday() in wanted.weekend:
            raise SourceRefused(f"{market}: {day} is unusual, {opened} to {closed}")
        if closed != wanted.closes:
            early[day] = closed
        sessions.add(day)
    return Days(frozenset(sessions), early)


def _of_holidays(library: Any, market: str, wanted: Wanted) -> Days:
    """Read the weekdays that are no holiday there, and half days where they are kept."""
    years = range(wanted.first.year, wanted.last.year + 1)
    try:
        closed = library.financial_holidays(market, years=years)
    except NotImplementedError as refused:
        raise SourceRefused(f"{market}: {refused}") from refused
    early = {}
    if "half_day" in closed.supported_categories:
        half_days = library.financial_holidays(market, years=years, categories=("half_day",))
        weekdays = wanted.weekdays()
        early = {day: _closing(label) for day, label in half_days.items() if day in weekdays}
    return Days(frozenset(day for day in wanted.weekdays() if day not in closed), early)


def _closing(label: str) -> str:
    """Return the hour in a label such as `Christmas Eve (markets close at 1:00pm)`."""
    found = _CLOSING.search(label)
    if found is None:
        raise SourceRefused(f"the library does not say when the market closes: {label}")
    return f"{int(found[1]) % 12 + 12:02d}:{found[2]}"


_READERS: Final[Mapping[str, Callable[[Any, str, Wanted], Days]]] = {
    "exchange_calendars": _of_exchange_calendars,
    "holidays": _of_holidays,
}
