"""The header of a rulebook, with what it takes from the rulebook below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.base.suggest import nearest
from creditgate.check.environment import FigureSignature
from creditgate.check.figures import figure_signature
from creditgate.check.publication import Publication
from creditgate.domain.citation import Bilingual, Citation, Instrument, Source
from creditgate.domain.instants import time_zone_of
from creditgate.domain.timeline import Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.load.located import Map, Node, Seq, Text
from creditgate.load.reading import (
    bilingual_at,
    day_at,
    items_at,
    map_at,
    note_at,
    span_of,
    text_at,
)
from creditgate.load.rulebook_files import RulebookSource


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a rulebook says, inherited parts included."""

    title: Bilingual
    authority: Bilingual
    mode: str | None
    lineage: tuple[str, ...]
    abstract: bool
    currency: str
    time_zone: str
    trading_calendar: str
    settlement_calendar: str
    start: int
    end: int | None
    start_source: Source
    governs: Mapping[str, Node]
    instruments: Mapping[str, Instrument]
    declared: Mapping[str, FigureSignature]
    declared_titles: Mapping[str, Bilingual]
    recited: Mapping[str, Timeline[Source]]
    cited_names: tuple[tuple[str, Span], ...]
    removed_rules: tuple[tuple[str, Span], ...]
    removed_exemptions: tuple[tuple[str, Span], ...]
    publication: Publication
    span: Span

    @property
    def is_known(self) -> bool:
        """Tell whether the start of the rulebook was published by the day of knowledge."""
        return self.publication.knows(self.start_source)


def header_from_map(
    source: RulebookSource, base: Header | None, vocabulary: Vocabulary, collector: Collector,
    known_on: int | None = None,
) -> Header:  # fmt: skip
    """Return the header of a schema-valid rulebook file, as known on a day where one is given."""
    node = source.header
    instruments = {**(base.instruments if base else {}), **_instruments(node, collector)}
    publication = Publication(instruments, known_on)
    calendars = map_at(node, "calendars")
    force = map_at(node, "in_force")
    start, end = day_at(force, "from", collector), day_at(force, "until", collector)
    if start is not None and end is not None and end < start:
        collector.add(
            error(Code.DATES_OUT_OF_ORDER, "it ends before it begins", span_of(force, "until"))
        )
    if base is not None and base.end is not None:
        end = base.end if end is None else min(end, base.end)
    mode = text_at(node, "mode") or None
    currency = text_at(node, "currency") or (base.currency if base else "")
    trading = text_at(calendars, "trading") or (base.trading_calendar if base else "")
    to_declare = {
        key.value: item
        for key, item in map_at(map_at(node, "declares"), "figures").entries
        if isinstance(item, Map)
    }
    declared = {
        name: figure_signature(item, None, currency, vocabulary, collector)
        for name, item in to_declare.items()
    }
    governs = {key.value: item for key, item in map_at(node, "governs").entries}
    for event in governs:
        if event not in vocabulary.events:
            near = nearest(event, vocabulary.events)
            collector.add(
                error(
                    Code.UNKNOWN_EVENT,
                    f"there is no event `{event}`",
                    span_of(map_at(node, "governs"), event),
                    hint=f"did you mean `{near}`?" if near else "events stand in the vocabulary",
                )
            )
    header = Header(
        bilingual_at(node),
        bilingual_at(node, "authority"),
        mode,
        (*(base.lineage if base else ()), source.id),
        text_at(node, "abstract") in {"yes", "true"},
        currency,
        text_at(node, "time_zone") or (base.time_zone if base else ""),
        trading,
        text_at(calendars, "settlement") or (base.settlement_calendar if base else trading),
        start if start is not None else (base.start if base else 1),
        end,
        publication.source(force, start, collector)
        if force.entries or base is None
        else base.start_source,
        governs,
        instruments,
        declared,
        {name: bilingual_at(item) for name, item in to_declare.items()},
        {**(base.recited if base else {}), **_recited(node, publication, collector)},
        tuple((key.value, key.span) for key, _ in map_at(node, "cites").entries),
        _removed(node, "rules"),
        _removed(node, "exemptions"),
        publication,
        node.span,
    )
    _check_time_zone(header, span_of(node, "time_zone"), collector)
    _check_mode(header, base, collector)
    _check_citations(source, header, collector)
    return header


def _check_time_zone(header: Header, span: Span, collector: Collector) -> None:
    try:
        time_zone_of(header.time_zone)
    except ValueError:
        message = f"there is no time zone `{header.time_zone}`"
        hint = "zones are named as `Asia/Shanghai` is"
        collector.add(error(Code.UNKNOWN_NAME, message, span, hint=hint))


def _instruments(node: Map, collector: Collector) -> dict[str, Instrument]:
    found = {}
    for key, item in map_at(node, "instruments").entries:
        if isinstance(item, Map):
            found[key.value] = Instrument(
                key.value,
                bilingual_at(item),
                day_at(item, "issued", collector),
                day_at(item, "in_force", collector),
                text_at(item, "url") or None,
                note_at(item),
            )
    return found


def _recited(
    node: Map, publication: Publication, collector: Collector
) -> dict[str, Timeline[Source]]:
    found = {}
    for key, entries in map_at(node, "cites").entries:
        rows: list[tuple[int, Source]] = []
        for entry in entries.items if isinstance(entries, Seq) else ():
            if isinstance(entry, Map):
                day = day_at(entry, "from", collector)
                cited = Citation(text_at(entry, "instrument"), text_at(entry, "article") or None)
                grade = text_at(entry, "evidence") or "unverified"
                published = day_at(entry, "published", collector)
                source = Source(cited, grade, note_at(entry), published)
                publication.check(source, day, span_of(entry, "from"), collector)
                if day is not None and publication.knows(source):
                    rows.append((day, source))
        found[key.value] = Timeline(tuple(sorted(rows, key=lambda row: row[0])))
    return found


def _removed(node: Map, what: str) -> tuple[tuple[str, Span], ...]:
    items = items_at(map_at(node, "removes"), what)
    return tuple((item.value, item.span) for item in items if isinstance(item, Text))


def _check_mode(header: Header, base: Header | None, collector: Collector) -> None:
    if base is None and header.mode is not None:
        message = "a rulebook that extends nothing has no mode"
        collector.add(error(Code.OVERLAY_NOT_ALLOWED, message, header.span))
    if base is not None and header.mode is None:
        collector.add(
            error(
                Code.OVERLAY_NOT_ALLOWED,
                "the overlay does not say its mode",
                header.span,
                hint="write `mode: tightens` for house rules, `mode: replaces` between regulators",
            )
        )


def _check_citations(source: RulebookSource, header: Header, collector: Collector) -> None:
    waiting: list[Node] = [source.header, *(chapter for _, chapter in source.chapters)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Seq):
            waiting.extend(node.items)
        elif isinstance(node, Map):
            for key, value in node.entries:
                waiting.append(value)
                if key.value == "instrument" and isinstance(value, Text):
                    _check_instrument(value, header, collector)


def _check_instrument(value: Text, header: Header, collector: Collector) -> None:
    if value.value not in header.instruments:
        near = nearest(value.value, header.instruments)
        legal = ", ".join(header.instruments) or "none"
        collector.add(
            error(
                Code.UNKNOWN_INSTRUMENT,
                f"`{value.value}` is not among the legal instruments of the rulebook",
                value.span,
                hint=f"did you mean `{near}`?" if near else f"instruments: {legal}",
            )
        )
