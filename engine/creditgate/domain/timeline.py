"""Values with a history: each entry holds from its day until the next one begins."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Timeline(Generic[Value]):
    """Entries by their first day (ordinals), ascending and without equal days.

    >>> Timeline(((10, "a"), (20, "b"))).at(19)
    'a'
    """

    entries: tuple[tuple[int, Value], ...]

    def at(self, day: int) -> Value | None:
        """Return the value that holds on `day`, or None before the first entry."""
        place = bisect_right(self.entries, day, key=lambda entry: entry[0])
        return self.entries[place - 1][1] if place else None

    @property
    def first(self) -> int | None:
        """Return the first day with a value."""
        return self.entries[0][0] if self.entries else None

    @property
    def days(self) -> tuple[int, ...]:
        """Return the days on which an entry begins."""
        return tuple(day for day, _ in self.entries)


@dataclass(frozen=True, slots=True)
class Interval:
    """The days from `start` up to and including `end`; without end when it is None."""

    start: int
    end: int | None = None

    def covers(self, day: int) -> bool:
        """Tell whether `day` lies in the interval."""
        return self.start <= day and (self.end is None or day <= self.end)
