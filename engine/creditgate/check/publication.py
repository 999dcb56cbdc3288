"""The day on which each dated entry was published, and what was known by a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol, TypeVar

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.domain.citation import Instrument, Source, published_on
from creditgate.domain.timeline import Interval
from creditgate.ir.rulebook import Force
from creditgate.load.located import Map
from creditgate.load.reading import day_at, maps_at, noted, source_at, span_of


class Sourced(Protocol):
    """A value of a history with its source."""

    @property
    def source(self) -> Source:
        """Return by what it is said."""


Value = TypeVar("Value", bound=Sourced)
ALWAYS: Final = 1  # the first day there is
NOTHING_KNOWN: Final = Source(None, "unverified")  # of what stands for entries not published yet


@dataclass(frozen=True, slots=True)
class Publication:
    """The legal texts of a rulebook, and the day (ordinal) whose knowledge is asked for.

    Without a day everything is known.
    """

    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    known_on: int | None = None

    def source(
        self, row: Map, start: int | None, collector: Collector, *, otherwise: Source | None = None
    ) -> Source:
        """Return the source of an entry, reporting one that takes effect before it is published."""
        source = source_at(row, collector, otherwise=otherwise)
        self.check(source, start, span_of(row, "from"), collector)
        return source

    def check(self, source: Source, start: int | None, span: Span, collector: Collector) -> None:
        """Report an entry that takes effect before it is published."""
        published = published_on(source, self.instruments)
        if start is None or published is None or published <= start:
            return
        collector.add(
            error(
                Code.EFFECT_BEFORE_PUBLICATION,
                f"this takes effect on {_day(start)}, but was published on {_day(published)}",
                span,
                hint="cite the text that announced it, or state `published` with the day it was",
            )
        )

    def knows(self, source: Source) -> bool:
        """Tell whether an entry was published by the day of knowledge."""
        published = published_on(source, self.instruments)
        return self.known_on is None or published is None or published <= self.known_on

    def known(
        self, entries: Sequence[tuple[int, Value]], unpublished: Callable[[int], Value]
    ) -> list[tuple[int, Value]]:
        """Return the entries of a history that are known, by their days in order.

        Where the first entry is not, `unpublished`, of the day of knowledge, stands until the
        first known one.
        """
        ordered = sorted(entries, key=lambda entry: entry[0])
        found = [(day, value) for day, value in ordered if self.knows(value.source)]
        if self.known_on is not None and found[:1] != ordered[:1]:
            found.insert(0, (ALWAYS, unpublished(self.known_on)))
        return found

    def forces(self, node: Map, key: str, collector: Collector) -> tuple[Force, ...]:
        """Return the days on which something is in force, with their sources, as far as known.

        The end of an entry is known with the entry, or from `until_published` on where that is
        stated. Where it is not, the end is unknown as long as the entry that follows on the next
        day is. What the whole notes about itself holds for each period that notes nothing.
        """
        found: list[Force] = []
        entries = maps_at(node, key)
        hidden = {day for entry in entries if (day := self._hidden_from(entry)) is not None}
        for entry in entries:
            start, end = day_at(entry, "from", collector), day_at(entry, "until", collector)
            source = self.source(entry, start, collector)
            if start is None or start in hidden:
                continue
            if end is not None and end < start:
                span = span_of(entry, "until")
                collector.add(error(Code.DATES_OUT_OF_ORDER, "it ends before it begins", span))
            announced = day_at(entry, "until_published", collector)
            if end is not None and announced is not None:
                self._check_end(end, announced, span_of(entry, "until_published"), collector)
                end = end if self.known_on is None or announced <= self.known_on else None
            elif end is not None and end + 1 in hidden:
                end = None
            found.append(Force(Interval(start, end), noted(source, node)))
        return tuple(sorted(found, key=lambda force: force.interval.start))

    def _check_end(self, end: int, announced: int, span: Span, collector: Collector) -> None:
        if announced > end + 1:
            message = f"this ended on {_day(end)}, but its end was published on {_day(announced)}"
            hint = "let it be in force until the day before that, or correct the days"
            collector.add(error(Code.EFFECT_BEFORE_PUBLICATION, message, span, hint=hint))

    def _hidden_from(self, entry: Map) -> int | None:
        """Return the first day of an entry that is not known."""
        is_known = self.knows(source_at(entry, Collector()))
        return None if is_known else day_at(entry, "from", Collector())


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()
