"""The moment of an order, and the moments from which rows of tables hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from creditgate.domain.instants import EPOCH, MICROSECOND

ENTERED_AT: Final = "entered_at"


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: microseconds since 1970 in UTC where known, and the local day.

    A day is the ordinal of a date; None where it is not known.
    """

    instant: int | None
    day: int | None


def moment_of(cells: Mapping[str, str], dated_by: str) -> Moment:
    """Return when the case of a row is judged: its time of entry, and the fact that dates it.

    Without a date, the day is that of the time of entry at its own offset.

    >>> moment_of({"entered_at": "1970-01-02T00:00:00+08:00"}, "trade_date")
    Moment(instant=57600000000, day=719164)
    """
    entered = parsed(cells.get(ENTERED_AT, ""))
    dated = parsed(cells.get(dated_by, ""))
    instant = None if entered is None else entered.instant
    if dated is not None:
        return Moment(instant, dated.day)
    return Moment(instant, None if entered is None or instant is None else entered.day)


def parsed(text: str) -> Moment | None:
    """Return the moment that a text states: an instant with its offset, or a date; else None.

    >>> parsed("1970-01-01"), parsed("1970-01-01T00:00:00")
    (Moment(instant=None, day=719163), None)
    """
    try:
        if len(text) == len("YYYY-MM-DD"):
            return Moment(None, date.fromisoformat(text).toordinal())
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            return None
        return Moment((instant - EPOCH) // MICROSECOND, instant.toordinal())
    except (ValueError, OverflowError):
        return None
