"""Parameters: dated constants, and what an overlay makes of them."""

from __future__ import annotations

from itertools import pairwise

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Label, error
from creditgate.base.spans import Span
from creditgate.check.environment import Scope
from creditgate.check.phrases import constant, formula
from creditgate.check.publication import NOTHING_KNOWN
from creditgate.check.types import type_from_words
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import FAILED, Duration, Type, without_none
from creditgate.domain.timeline import Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Unpublished
from creditgate.ir.rulebook import Entry, ParameterDefinition
from creditgate.load.located import Map
from creditgate.load.reading import (
    bilingual_at,
    day_at,
    map_at,
    maps_at,
    noted,
    span_of,
    text_at,
)

_DURATION_WORDS = {
    "trading": "trading_days",
    "settlement": "settlement_days",
    "day": "days",
    "days": "days",
    "month": "months",
    "months": "months",
}


def parameter_type(
    node: Map, inherited: ParameterDefinition | None, currency: str, vocabulary: Vocabulary,
    collector: Collector,
) -> Type:  # fmt: skip
    """Return the type a parameter states, or the one it inherits."""
    words = text_at(node, "type")
    if not words and inherited is not None:
        return inherited.type
    if words == "duration":
        return _duration(node, vocabulary)
    if words in {"enum", "set"}:
        words = text_at(node, "enum") or f"set of {text_at(node, 'of')}"
    kind = type_from_words(words, currency, vocabulary)
    if kind is None:
        collector.add(error(Code.TYPE_MISMATCH, f"`{words}` is not a type", span_of(node, "type")))
        return FAILED
    return kind


def _duration(node: Map, vocabulary: Vocabulary) -> Type:
    """Return the type of a duration: that of its first value, or of the fact that is read."""
    for entry in maps_at(node, "history"):
        words = text_at(entry, "value").split()
        if len(words) > 1:
            return Duration(_DURATION_WORDS.get(words[1], "seconds"))
        holder, _, fact = text_at(entry, "open").partition(".")
        declared = vocabulary.fact(holder, fact)
        if declared is not None and isinstance(without_none(declared.type), Duration):
            return without_none(declared.type)
    return FAILED


def parameter_from_map(
    name: str, node: Map, chapter: Bilingual, origin: str, kind: Type,
    inherited: ParameterDefinition | None, scope: Scope, collector: Collector,
) -> ParameterDefinition:  # fmt: skip
    """Return a parameter; an overlay's entries stand over the inherited ones from their day on."""
    publication = scope.names.publication
    written: list[tuple[int, Entry]] = []
    for row in maps_at(node, "history"):
        day = day_at(row, "from", collector)
        if day is None:
            continue
        source = noted(publication.source(row, day, collector), node)
        opened = row.get("open")
        if opened is not None:
            value = formula(opened, kind, scope, collector)
            written.append((day, Entry(value, source, True, row.span)))
            continue
        stated = constant(row.get("value"), kind, scope, collector)
        if stated is not None:
            written.append((day, Entry(stated, source, False, row.span)))
    check_order([(day, entry.span) for day, entry in written], collector)
    if inherited is not None and text_at(node, "fixes") in {"yes", "true"}:
        own = sorted((e for e in written if publication.knows(e[1].source)), key=_day)
        before = [e for e in inherited.history.entries if not own or e[0] < own[0][0]]
        entries = [*before, *own]
    else:
        entries = publication.known(
            written, lambda day: Entry(Unpublished(kind, name, day), NOTHING_KNOWN)
        )
    title = bilingual_at(node) if map_at(node, "title").entries else None
    stricter = text_at(node, "stricter") or (inherited.stricter if inherited else None)
    return ParameterDefinition(
        name,
        origin,
        inherited.chapter if inherited else chapter,
        title or (inherited.title if inherited else Bilingual(name, name)),
        kind,
        stricter,
        Timeline(tuple(entries)),
        node.span,
    )


def _day(entry: tuple[int, Entry]) -> int:
    return entry[0]


def check_order(days: list[tuple[int, Span]], collector: Collector) -> None:
    """Report entries of a history that begin on the same day or stand out of order."""
    for (day, first), (following, second) in pairwise(days):
        if following <= day:
            what = "begin on the same day" if following == day else "stand out of order"
            collector.add(
                error(
                    Code.DATES_OUT_OF_ORDER,
                    f"two entries of the history {what}",
                    second,
                    secondary=(Label(first, "the entry before"),),
                    hint="list entries by date, the earliest first, one a day",
                )
            )
