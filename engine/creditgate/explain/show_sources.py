"""Periods and citations as `show` tells them, recited citations before a thing's own."""

from __future__ import annotations

from datetime import date

from creditgate.base.spans import Span
from creditgate.domain.citation import Source, published_on
from creditgate.explain.authorities import Authority
from creditgate.explain.show_parts import Cited, Period, ShownText
from creditgate.ir.rulebook import Force, Rulebook

_ALWAYS = date.min.toordinal()


class Sources:
    """Citations of one rulebook in one language."""

    def __init__(self, book: Rulebook, language: str) -> None:
        self.book = book
        self.language = language

    def cited(self, source: Source) -> Cited:
        """Return a citation as it stands in a file."""
        named = source.citation
        instrument = None if named is None else self.book.instruments.get(named.instrument)
        published = published_on(source, self.book.instruments)
        return Cited(
            None if named is None else named.instrument,
            None if instrument is None else instrument.title.of(self.language),
            None if named is None else named.article,
            source.evidence,
            () if source.note is None else (source.note.of(self.language),),
            None if published is None else day_text(published),
        )

    def period(self, authority: Authority, own: Source, until: int | None = None) -> Period:
        """Return the period of an authority; notes of the thing itself are never lost."""
        said = (note.of(self.language) for note in (authority.note, own.note) if note is not None)
        notes = dict.fromkeys(said)
        title = None if authority.title is None else authority.title.of(self.language)
        cited = Cited(
            authority.instrument, title, authority.article, authority.evidence, tuple(notes),
            authority.published,
        )  # fmt: skip
        return Period(authority.since, None if until is None else day_text(until), cited)

    def start(self) -> Period:
        """Return since when, and until when, the rulebook governs, and on what authority."""
        end = None if self.book.end is None else day_text(self.book.end)
        return Period(day_text(self.book.start), end, self.cited(self.book.start_source))

    def instruments(self) -> tuple[ShownText, ...]:
        """Return the legal texts issued by then."""
        known_on = self.book.known_on
        found = [
            item
            for item in self.book.instruments.values()
            if known_on is None or item.issued is None or item.issued <= known_on
        ]
        return tuple(
            ShownText(
                item.id,
                item.title.of(self.language),
                "" if item.issued is None else day_text(item.issued),
                None if item.note is None else item.note.of(self.language),
            )
            for item in found
        )

    def force(self, force: Force) -> Period:
        """Return a period as it stands in a file."""
        interval = force.interval
        end = None if interval.end is None else day_text(interval.end)
        return Period(first_day_text(interval.start), end, self.cited(force.source))

    def forces(self, forces: tuple[Force, ...]) -> tuple[Period, ...]:
        """Return all periods in which something was in force."""
        return tuple(self.force(force) for force in forces)

    def recited(self, name: str) -> tuple[Period, ...]:
        """Return the citations that an overlay gives of something it inherits."""
        timeline = self.book.recited.get(name)
        entries = () if timeline is None else timeline.entries
        return tuple(Period(day_text(day), None, self.cited(source)) for day, source in entries)


def day_text(day: int) -> str:
    """Return a day as it is written."""
    return date.fromordinal(day).isoformat()


def first_day_text(day: int) -> str | None:
    """Return the first day of something; None where it holds for as long as its rulebook."""
    return None if day == _ALWAYS else day_text(day)


def place_of(span: Span) -> str | None:
    """Return file and line of a definition."""
    if span.file is None:
        return None
    return f"{span.file.path}:{span.file.line_column(span.start)[0]}"
