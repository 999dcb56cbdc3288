"""Calendar files for tests: a changed one gets the checksum that fits it."""

from __future__ import annotations

import re
from datetime import date

import yaml

from creditgate.domain.calendar import WEEKDAYS, Calendar

_CHECKSUM = re.compile(r"^checksum: .*\n?", re.MULTILINE)


def resealed(text: str) -> str:
    """Return the text of a calendar file with the checksum of its days."""
    unsealed = _CHECKSUM.sub("", text).rstrip() + "\n"
    return f"{unsealed}checksum: {calendar_of(unsealed).checksum}\n"


def calendar_of(text: str) -> Calendar:
    """Return the calendar that a file states, read without the loader of the package."""
    stated = yaml.load(text, Loader=yaml.BaseLoader)
    early = stated.get("early_closes") or {}
    return Calendar.build(
        stated["calendar"],
        (stated["title"]["en"], stated["title"]["zh"]),
        stated["time_zone"],
        _day(stated["from"]),
        _day(stated["official_until"]),
        map(_day, stated["closures"]),
        frozenset(map(WEEKDAYS.index, stated["weekend"])),
        _minute(stated["sessions"]["open"]),
        _minute(stated["sessions"]["close"]),
        {_day(on): _minute(at) for on, at in early.items()},
    )


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
