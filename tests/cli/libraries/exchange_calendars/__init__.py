"""A stand-in with the interface of the library of that name: one invented market of one week."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

#: What a test makes the library say: closed days, half days, last day known, version.
SAID: dict[str, Any] = json.loads(os.environ.get("MARKET_SAYS", "{}"))
__version__ = SAID.get("version", "1.0")


@dataclass(frozen=True)
class Day:
    """What the real library gives for a session: a timestamp."""

    on: date

    def date(self) -> date:
        return self.on


@dataclass(frozen=True)
class Row:
    """A session as `itertuples` gives it."""

    Index: Day
    open: datetime
    close: datetime


class Schedule:
    """The sessions of a range."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def itertuples(self) -> list[Row]:
        return self.rows


class Calendar:
    """The invented market, open from 09:30 to 15:00 on weekdays."""

    def __init__(self, first: date, last: date) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        closed = set(SAID.get("closed", ()))
        rows = []
        for number in range((last - first).days + 1):
            day = first + timedelta(number)
            if day.weekday() < 5 and day.isoformat() not in closed:
                hour, minute = map(int, SAID.get("half_days", {}).get(f"{day}", "15:00").split(":"))
                opens = datetime.combine(day, time(9, 30), zone)
                rows.append(Row(Day(day), opens, datetime.combine(day, time(hour, minute), zone)))
        self.schedule = Schedule(rows)

    def bound_max(self) -> Day | None:
        known = SAID.get("knows_until")
        return Day(date.fromisoformat(known)) if known else None


def get_calendar(name: str, start: str, end: str) -> Calendar:
    if name != "XMARS":
        raise ValueError(f"no calendar is named {name}")
    return Calendar(date.fromisoformat(start), date.fromisoformat(end))
