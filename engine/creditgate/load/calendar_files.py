"""Calendar files to calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.domain.calendar import WEEKDAYS, Calendar
from creditgate.load.located import Map, Text
from creditgate.load.reading import bilingual_at, day_at, map_at, span_of, text_at, texts_at


def calendar_from_map(node: Map, collector: Collector) -> Calendar | None:
    """Return the calendar of a schema-valid file, or None after reporting what is wrong."""
    days = [date.fromisoformat(day).toordinal() for day in texts_at(node, "closures")]
    early = {
        date.fromisoformat(day.value).toordinal(): minute_of(time.value)
        for day, time in map_at(node, "early_closes").entries
        if isinstance(time, Text)
    }
    calendar = unsealed_calendar(node, days, early, collector)
    if calendar is None:
        return None
    stated = text_at(node, "checksum")
    if stated != calendar.checksum:
        collector.add(
            error(
                Code.CHECKSUM_DIFFERS,
                f"the days of `{calendar.id}` are not those that its checksum was made of",
                span_of(node, "checksum"),
                hint=f"take the file as it was published; if each day has been checked against its "
                f"source, the checksum is {calendar.checksum}",
            )
        )
        return None
    return calendar


def unsealed_calendar(
    node: Map, closures: Iterable[int], early_closes: Mapping[int, int], collector: Collector
) -> Calendar | None:
    """Return a calendar of the head of a file and of days of any origin."""
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
            closures,
            frozenset(WEEKDAYS.index(day) for day in texts_at(node, "weekend")),
            minute_of(text_at(hours, "open")),
            minute_of(text_at(hours, "close")),
            early_closes,
        )
    except ValueError as problem:
        collector.add(error(Code.BAD_DATE, str(problem), node.span))
        return None


def minute_of(text: str) -> int:
    """Return the minute of the day of `HH:MM`.

    >>> minute_of("13:00")
    780
    """
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
