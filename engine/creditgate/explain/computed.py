"""The value of a figure, a determination or any formula, with its authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.decide.engine import Engine
from creditgate.decide.plan import day_of
from creditgate.domain.citation import Bilingual, weakest
from creditgate.domain.dsl_types import TEXT, Type
from creditgate.domain.facts import Facts
from creditgate.explain.authorities import Authority, day_text, of_figure, of_forces
from creditgate.explain.missing_words import titles_of
from creditgate.explain.readings import FactShown, NameShown, facts_shown, names_shown
from creditgate.explain.shown_values import ShownValue, Speech
from creditgate.explain.tracing import Tracing
from creditgate.explain.wording import authority_words, name_words, unknown_words
from creditgate.ir.nodes import Expr, FigureUse
from creditgate.ir.rulebook import DeterminationDefinition, EpochDetermination, Rulebook
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Unknown
from creditgate.reference.judge import determine


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the determination of that name, or else the meaning of a formula."""

    text: str
    node: Expr | None
    determination: DeterminationDefinition | None


@dataclass(frozen=True, slots=True)
class Computed:
    """A value with its authority, and what was read for it.

    `grade` is the weakest grade of evidence of all that the value rests on; `known_on` the day by
    which all of it was published, where one was asked for.
    """

    asked: str
    rulebook: str
    as_of: str | None
    title: Bilingual | None
    value: ShownValue
    status: Bilingual | None
    authority: Authority | None
    grade: str
    missing: tuple[str, ...]
    because: tuple[str, ...]
    names: tuple[NameShown, ...]
    facts: tuple[FactShown, ...]
    known_on: str | None = None
    titles: Mapping[str, Bilingual] = field(default_factory=dict)


def asked_for(book: Rulebook, text: str, collector: Collector) -> Asked | None:
    """Return what a name or a formula asks for, or None after reporting what is wrong with it."""
    determination = book.determinations.get(text)
    if determination is not None:
        return Asked(text, None, determination)
    node = asked_expression(book, text, collector)
    return None if node is None else Asked(text, node, None)


def computed(engine: Engine, asked: Asked, facts: Facts, on: int | None = None) -> Computed:
    """Return the value of what is asked for, by the law of the event's day or of `on`."""
    book = engine.rulebook
    event = book.vocabulary.events.get(facts.event)
    day = on if on is not None or event is None else day_of(facts, event)
    if event is None:
        return _nothing(book, asked, None, Unknown(reasons=frozenset({"the event is not known"})))
    if day is None:
        missing = Unknown(missing=frozenset({".".join(event.dated_by)}))
        return _nothing(book, asked, None, missing)
    epoch = engine.epoch(day)
    if epoch is None:
        before = Unknown(reasons=frozenset({"the rulebook is not in force on that day"}))
        return _nothing(book, asked, day, before)
    evaluation = Tracing(facts, day, book.calendars)
    if asked.determination is not None:
        item = next((d for d in epoch.determinations if d.definition is asked.determination), None)
        if item is None:
            gone = Unknown(reasons=frozenset({"the determination is not in force on that day"}))
            return _nothing(book, asked, day, gone)
        return _determined(book, asked, item, evaluation, day)
    assert asked.node is not None
    try:
        value = evaluation.value(closed(book, asked.node, epoch.start))
    except KeyError as name:
        value = Unknown(reasons=frozenset({f"{name.args[0]} has no version on that day"}))
    title, authority = None, None
    if isinstance(asked.node, FigureUse):
        figure, authority = of_figure(book, asked.node.name, day)
        title = None if figure is None else figure.title
    return _result(book, asked, evaluation, day, value, asked.node.type, title, None, authority)


def _determined(
    book: Rulebook, asked: Asked, item: EpochDetermination, evaluation: Tracing, day: int
) -> Computed:
    value = determine(evaluation, item)
    definition = item.definition
    authority = of_forces(book, definition.name, definition.origin, definition.in_force, day)
    status = definition.values.get(value) if isinstance(value, str) else None
    return _result(
        book, asked, evaluation, day, value, TEXT, definition.title, status, authority
    )  # fmt: skip


def _result(
    book: Rulebook, asked: Asked, evaluation: Tracing, day: int, value: Any, kind: Type,
    title: Bilingual | None, status: Bilingual | None, authority: Authority | None,
) -> Computed:  # fmt: skip
    unknown = value if isinstance(value, Unknown) else Unknown()
    names = names_shown(evaluation, book, day)
    grades = [name.authority.evidence for name in names]
    if authority is not None:
        grades.append(authority.evidence)
    return Computed(
        asked.text, book.id, day_text(day), title, Speech.of(book).value(value, kind), status,
        authority, weakest(grades), tuple(sorted(unknown.missing)),
        tuple(sorted(unknown.reasons)), names, facts_shown(evaluation, book), _known_on(book),
        titles_of(sorted(unknown.missing), book.vocabulary),
    )  # fmt: skip


def _nothing(book: Rulebook, asked: Asked, day: int | None, unknown: Unknown) -> Computed:
    kind = TEXT if asked.node is None else asked.node.type
    return Computed(
        asked.text, book.id, None if day is None else day_text(day), None,
        Speech.of(book).value(unknown, kind), None, None, "unverified",
        tuple(sorted(unknown.missing)), tuple(sorted(unknown.reasons)), (), (), _known_on(book),
        titles_of(sorted(unknown.missing), book.vocabulary),
    )  # fmt: skip


def _known_on(book: Rulebook) -> str | None:
    return None if book.known_on is None else day_text(book.known_on)


def computed_lines(result: Computed, language: str) -> Iterator[str]:
    """Yield a computed value as text: the value, its authority, what it rests on."""
    words = (result.status or result.value.words).of(language)
    exact = result.value.exact
    fraction = f"  ({exact})" if exact is not None and "/" in exact else ""
    unknown = unknown_words(result.missing, result.because, language, result.titles)
    yield f"{result.asked} = {words}{fraction}{unknown}"
    if result.known_on is not None:
        known_on = result.known_on
        yield f"  按{known_on}已公布的内容" if language == "zh" else f"  as known on {known_on}"
    if result.title is not None:
        yield f"  {result.title.of(language)}"
    if result.authority is not None:
        yield f"  {authority_words(result.authority, result.grade, language)}"
    for name in result.names:
        if name.kind != "figure" and name.name != result.asked:
            yield f"  {name_words(name, language)}"
