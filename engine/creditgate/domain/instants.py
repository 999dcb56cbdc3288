"""Instants as local clock times: zones, days and texts, the same on every machine.

An instant is a whole number of microseconds since 1970-01-01T00:00Z. Zones come from the `tzdata`
package where it is installed, so that two machines with the same packages agree whatever their
system database says; the system's copy is the fallback.
"""

from __future__ import annotations

import pkgutil
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1) // MICROSECOND
_EPOCH_DAY: Final = EPOCH.toordinal()
# Two days inside what `datetime` can hold, so that no zone's offset leaves its range.
_EARLIEST_DAY: Final = date(1, 1, 3).toordinal() - _EPOCH_DAY
_LATEST_DAY: Final = date(9999, 12, 29).toordinal() - _EPOCH_DAY
# Dates repeat after so many years and days.
_CYCLE_YEARS: Final = 400
_CYCLE_DAYS: Final = 146_097
_ZONE_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", re.ASCII)


@lru_cache(maxsize=64)
def time_zone_of(name: str) -> ZoneInfo:
    """Read a zone from the `tzdata` package, or from the system where that is missing.

    Errors: ValueError for what is not the name of a zone.
    """
    # The name comes from a rulebook and becomes a path: only plain names get that far.
    if _ZONE_NAME.fullmatch(name) is None:
        raise ValueError(f"`{name}` is not the name of a time zone")
    try:
        data = pkgutil.get_data("tzdata", f"zoneinfo/{name}")
    except OSError:
        data = None
    try:
        return ZoneInfo(name) if data is None else ZoneInfo.from_file(BytesIO(data), key=name)
    except (KeyError, OSError, ValueError) as failure:
        raise ValueError(f"no time zone is named `{name}`") from failure


def local_time(instant: int, zone: str) -> tuple[datetime, int]:
    """Return the clock time of an instant in a zone, and so many days that it lies further on.

    Units: the days are 0 but for instants beyond the years that `datetime` can hold, which are
           placed with the zone's offset at their edge.
    """
    days, within_day = divmod(instant, _DAY)
    held = min(max(days, _EARLIEST_DAY), _LATEST_DAY)
    moment = EPOCH + timedelta(held, 0, within_day)
    return moment.astimezone(time_zone_of(zone)), days - held


def instant_text(instant: int, zone: str = "UTC") -> str:
    """Return an instant as ISO 8601 with the offset of a zone; every whole number has a text.

    >>> instant_text(1_709_735_400_000_000, "America/New_York")
    '2024-03-06T09:30:00-05:00'
    """
    moment, beyond = local_time(instant, zone)
    if not beyond:
        return moment.isoformat()
    cycles, rest = divmod(beyond, _CYCLE_DAYS)
    if beyond > 0:
        # What is left over is counted back, for the clock time stands at the last day held.
        cycles, rest = cycles + 1, rest - _CYCLE_DAYS
    offset = moment.utcoffset()
    assert offset is not None
    shifted = moment.replace(tzinfo=timezone(offset)) + timedelta(rest)
    year = shifted.year + _CYCLE_YEARS * cycles
    written = f"{year:04d}" if 0 <= year <= date.max.year else f"{year:+06d}"
    return f"{written}{shifted.isoformat()[4:]}"
