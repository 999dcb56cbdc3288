"""Say which days are sessions of an exchange, or settlement days, up to a known horizon.

A day is an ordinal (`date.toordinal`), an instant is a whole number of microseconds since
1970-01-01T00:00Z, and a minute counts from midnight in the calendar's own zone. A calendar
answers only for the days it was given: whatever would need another day is `None`, which the
language treats as unknown and which therefore never approves anything.

Clock times become instants by the zones of `creditgate.domain.instants`. Neither the machine's own
zone nor its clock is ever read.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Final, Self

from creditgate.domain.instants import EPOCH, MICROSECOND, local_time, time_zone_of

#: Days of the week as files name them, in the order of `date.weekday`.
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MINUTES_IN_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hold the session days of one exchange, or the settlement days of one market.

    Make one with `Calendar.build`, which checks what it is given.

    Units:
        `first_day`, `last_day` and `sessions` are ordinals; the range includes both ends and
        `last_day` is the last day the source has announced. `open_minute`, `close_minute` and
        the values of `early_closes` are minutes since midnight in `time_zone`.

    Example:
        >>> monday = date(2024, 7, 1).toordinal()
        >>> week = Calendar.build(
        ...     "XNYS", ("New York Stock Exchange", "纽约证券交易所"), "America/New_York",
        ...     first_day=monday, last_day=monday + 6, closures=[monday + 3],
        ...     weekend=frozenset({5, 6}), open_minute=570, close_minute=960,
        ...     early_closes={monday + 2: 780},
        ... )
        >>> week.is_session(monday + 3), week.is_session(monday + 7)
        (False, None)
        >>> date.fromordinal(week.add_sessions(monday + 2, 1)).isoformat()
        '2024-07-05'

    """

    id: str
    title: tuple[str, str]
    time_zone: str
    first_day: int
    last_day: int
    sessions: tuple[int, ...] = field(repr=False)
    open_minute: int
    close_minute: int
    early_close_days: tuple[tuple[int, int], ...] = field(repr=False)
    _early_minutes: dict[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the early closes once, so that a closing hour is one look-up."""
        object.__setattr__(self, "_early_minutes", dict(self.early_close_days))

    @classmethod
    def build(
        cls,
        id: str,
        title: tuple[str, str],
        time_zone: str,
        first_day: int,
        last_day: int,
        closures: Iterable[int],
        weekend: frozenset[int],
        open_minute: int,
        close_minute: int,
        early_closes: Mapping[int, int],
    ) -> Self:
        """Make a calendar from the weekdays on which it is closed.

        Units:
            `weekend` holds days of the week as `date.weekday` gives them, Monday being 0.

        Errors:
            ValueError: an unknown zone, an empty or impossible range, opening hours that do not
            run forward within one day, a closure outside the range, on a weekend or stated
            twice, an early close on a day without a session or not within the opening hours.
        """
        time_zone_of(time_zone)
        if not 1 <= first_day <= last_day <= date.max.toordinal():
            raise ValueError("the range of the calendar is empty or outside the years 1 to 9999")
        if not 0 <= open_minute < close_minute < _MINUTES_IN_DAY:
            raise ValueError("the session must open before it closes, on the same day")
        if not weekend <= frozenset(range(7)):
            raise ValueError("a day of the weekend is not a day of the week")
        closed: set[int] = set()
        for day in closures:
            if not first_day <= day <= last_day:
                raise ValueError(f"closure {_written(day)} is outside the calendar's range")
            if _weekday(day) in weekend:
                raise ValueError(f"closure {_written(day)} is on a weekend")
            if day in closed:
                raise ValueError(f"closure {_written(day)} is stated twice")
            closed.add(day)
        sessions = tuple(
            day
            for day in range(first_day, last_day + 1)
            if _weekday(day) not in weekend and day not in closed
        )
        days_with_session = frozenset(sessions)
        for day, minute in early_closes.items():
            if day not in days_with_session:
                raise ValueError(f"early close {_written(day)} is not on a session day")
            if not open_minute < minute < close_minute:
                raise ValueError(f"early close {_written(day)} is not within the opening hours")
        return cls(
            id=id,
            title=title,
            time_zone=time_zone,
            first_day=first_day,
            last_day=last_day,
            sessions=sessions,
            open_minute=open_minute,
            close_minute=close_minute,
            early_close_days=tuple(sorted(early_closes.items())),
        )

    @property
    def early_closes(self) -> Mapping[int, int]:
        """Show the minute of closing of each session that ends before the usual hour."""
        return MappingProxyType(self._early_minutes)

    def is_session(self, day: int) -> bool | None:
        """Say whether `day` has a session; `None` outside the calendar's range."""
        if not self.first_day <= day <= self.last_day:
            return None
        index = bisect_left(self.sessions, day)
        return index < len(self.sessions) and self.sessions[index] == day

    def add_sessions(self, day: int, count: int) -> int | None:
        """Find the session `count` sessions after `day`, or before it where `count` is negative.

        `day` itself is never counted and need not be a session: one session after a Sunday is
        the first session after it. A count of 0 gives `day` itself, session or not.

        Returns `None` where a day passed over, or the day found, is outside the range.
        """
        sessions = self.sessions
        if count == 0:
            return day if self.first_day <= day <= self.last_day else None
        if count > 0:
            if day < self.first_day - 1:
                return None
            index = bisect_right(sessions, day) + count - 1
            return sessions[index] if index < len(sessions) else None
        if day > self.last_day + 1:
            return None
        index = bisect_left(sessions, day) + count
        return sessions[index] if index >= 0 else None

    def first_on_or_after(self, day: int) -> int | None:
        """Find the first session on or after `day`; `None` where a day out of range decides."""
        if day < self.first_day:
            return None
        index = bisect_left(self.sessions, day)
        return self.sessions[index] if index < len(self.sessions) else None

    def last_on_or_before(self, day: int) -> int | None:
        """Find the last session on or before `day`; `None` where a day out of range decides."""
        if day > self.last_day:
            return None
        index = bisect_right(self.sessions, day) - 1
        return self.sessions[index] if index >= 0 else None

    def sessions_between(self, a: int, b: int) -> int | None:
        """Count the sessions after `a` up to and including `b`.

        The count is negative where `b` is before `a`: it is then minus the sessions after `b` up
        to and including `a`. `None` where a day to be counted is outside the range.
        """
        if min(a, b) < self.first_day - 1 or max(a, b) > self.last_day:
            return None
        return bisect_right(self.sessions, b) - bisect_right(self.sessions, a)

    def open_of(self, day: int) -> int | None:
        """Give the instant at which `day`'s session opens.

        Returns `None` where `day` has no session or is outside the range.
        """
        return self._instant(day, self.open_minute) if self.is_session(day) else None

    def close_of(self, day: int) -> int | None:
        """Give the instant at which `day`'s session closes, early closes included.

        Returns `None` where `day` has no session or is outside the range.
        """
        if not self.is_session(day):
            return None
        return self._instant(day, self._early_minutes.get(day, self.close_minute))

    def date_of(self, instant: int) -> int:
        """Give the day on which `instant` falls in the calendar's zone.

        Every whole number has an answer, in the calendar's range or not: an instant beyond the
        years that `datetime` can hold is placed with the zone's offset at their edge.
        """
        moment, beyond = local_time(instant, self.time_zone)
        return moment.toordinal() + beyond

    def canonical(self) -> bytes:
        """Write the meaning of the calendar as bytes for a digest.

        Equal meaning gives equal bytes on every machine; the title is words and stays out.
        """
        meaning = (
            "calendar",
            self.id,
            self.time_zone,
            (self.first_day, self.last_day),
            (self.open_minute, self.close_minute),
            self.sessions,
            self.early_close_days,
        )
        return json.dumps(meaning, ensure_ascii=True, separators=(",", ":")).encode("ascii")

    @property
    def checksum(self) -> str:
        """Give what tells whether any day or hour differs: SHA-256 of `canonical`."""
        return f"sha256:{hashlib.sha256(self.canonical()).hexdigest()}"

    def _instant(self, day: int, minute: int) -> int:
        wall_clock = time(*divmod(minute, 60), tzinfo=time_zone_of(self.time_zone))
        return (datetime.combine(date.fromordinal(day), wall_clock) - EPOCH) // MICROSECOND


def _weekday(day: int) -> int:
    return (day - 1) % 7  # ordinal 1 is a Monday


def _written(day: int) -> str:
    if not 1 <= day <= date.max.toordinal():
        return f"`{day}`"
    return f"`{date.fromordinal(day).isoformat()}`"
