"""Calendar files to calendars."""

from __future__ import annotations

from datetime import date

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.domain.calendar import Calendar
from creditgate.load.located import Map, Text
from creditgate.load.reading import bilingual_at, day_at, map_at, text_at, texts_at

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def calendar_from_map(node: Map, collector: Collector) -> Calendar | None:
    """Return the calendar of a schema-valid file, or None after reporting what is wrong."""
    first, last = day_at(node, "from", collector), day_at(node, "official_until", collector)
    if first is None or last is None:
        return None
    hours = map_at(node, "sessions")
    title = bilingual_at(node)
    try:
        return Calendar.build(
            text_at(node, "calendar"),
            (title.en, title.zh),
            text_at(node, "time_zone"),
            first,
            last,
            [date.fromisoformat(day).toordinal() for day in texts_at(node, "closures")],
            frozenset(_WEEKDAYS.index(day) for day in texts_at(node, "weekend")),
            _minutes(text_at(hours, "open")),
            _minutes(text_at(hours, "close")),
            {
                date.fromisoformat(day.value).toordinal(): _minutes(time.value)
                for day, time in map_at(node, "early_closes").entries
                if isinstance(time, Text)
            },
        )
    except ValueError as problem:
        collector.add(error(Code.BAD_DATE, str(problem), node.span))
        return None


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
