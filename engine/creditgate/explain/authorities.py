"""By what authority: the citation in force on a day, its grade of evidence, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from creditgate.domain.citation import Bilingual, Source, published_on
from creditgate.domain.timeline import Timeline
from creditgate.ir.nodes import Band, Key, Literal
from creditgate.ir.rulebook import (
    FigureDefinition,
    Force,
    ParameterDefinition,
    Rulebook,
    Sheet,
    TableDefinition,
)
from creditgate.ir.specialise import in_force

_ALWAYS: Final = date.min.toordinal()


@dataclass(frozen=True, slots=True)
class Authority:
    """A place in a legal text, the grade of evidence, the first day on which it holds.

    `published` is the day on which that was published.
    """

    instrument: str | None
    title: Bilingual | None
    article: str | None
    evidence: str
    note: Bilingual | None
    since: str | None
    published: str | None = None


def day_text(day: int) -> str:
    """Return a day as it is written.

    >>> day_text(735000)
    '2013-05-12'
    """
    return date.fromordinal(day).isoformat()


def of_forces(
    book: Rulebook, name: str, origin: str, forces: tuple[Force, ...], day: int
) -> Authority:
    """Return the authority of a rule, an exemption or a determination in force on `day`."""
    force = in_force(forces, day)
    if force is None:
        return Authority(None, None, None, "unverified", None, None)
    return _authority(book, name, origin, force.source, force.interval.start, day)


def of_parameter(book: Rulebook, definition: ParameterDefinition, day: int) -> Authority:
    """Return the authority of a parameter's value on `day`, and since when it has that value."""
    since, entry = _entry(definition.history, day)
    source = None if entry is None else entry.source
    return _authority(book, definition.name, definition.origin, source, since, day)


def of_table(
    book: Rulebook, definition: TableDefinition, keys: Sequence[Any] | None, value: Any, day: int
) -> Authority:
    """Return the authority of a table's cell; a sheet that only restates the cell is passed."""
    since, sheet = _entry(definition.history, day)
    if sheet is not None and keys is not None:
        for start, earlier in reversed(definition.history.entries):
            if start <= day:
                if value not in _cells(earlier, keys):
                    break
                since, sheet = start, earlier
    source = None if sheet is None else sheet.source
    return _authority(book, definition.name, definition.origin, source, since, day)


def of_figure(book: Rulebook, name: str, day: int) -> tuple[FigureDefinition | None, Authority]:
    """Return a figure and its authority; `origin/name` is the meaning that an overlay replaced."""
    origin, _, plain = name.rpartition("/")
    layer = book.figures.get(plain)
    while layer is not None and origin and layer.origin != origin:
        layer = layer.replaced
    if layer is None:
        return None, _authority(book, plain, book.id, None, None, day)
    since, version = _entry(layer.versions, day)
    source = None if version is None else version.source
    return layer, _authority(book, plain, layer.origin, source, since, day)


def _authority(
    book: Rulebook, name: str, origin: str, source: Source | None, since: int | None, day: int
) -> Authority:
    # As `since` is: of the thing itself, whoever cites it again later.
    published = None if source is None else published_on(source, book.instruments)
    recited = _recited(book, name, origin, since, day)
    source = recited or source or Source(None, "unverified")
    if since is not None and since != _ALWAYS and book.mode == "replaces":
        # What an authority takes over from another holds there no earlier than its own rules.
        since = max(since, book.start)
    cited = source.citation
    instrument = None if cited is None else book.instruments.get(cited.instrument)
    return Authority(
        None if cited is None else cited.instrument,
        None if instrument is None else instrument.title,
        None if cited is None else cited.article,
        source.evidence,
        source.note,
        # A formula without versions stands since the calendar's first day, which says nothing.
        None if since is None or since == _ALWAYS else day_text(since),
        None if published is None else day_text(published),
    )


def _recited(book: Rulebook, name: str, origin: str, since: int | None, day: int) -> Source | None:
    """Return an overlay's own citation of what it inherits.

    A recital speaks of what was written below the overlay that recites. What an overlay restates
    itself bears its own citation, until a later recital says where the same stands by then.
    """
    inherited = origin != book.id if book.mode == "replaces" else origin == book.lineage[0]
    timeline = book.recited.get(name)
    if timeline is None:
        return None
    first, source = _entry(timeline, day)
    restated = book.mode == "replaces" and first is not None and first > (since or _ALWAYS)
    found: Source | None = source if inherited or restated else None
    return found


def _entry(timeline: Timeline[Any], day: int) -> tuple[int | None, Any]:
    found: tuple[int | None, Any] = (None, None)
    for start, entry in timeline.entries:
        if start <= day:
            found = (start, entry)
    return found


def _cells(sheet: Sheet, keys: Sequence[Any]) -> list[Any]:
    """Return the values that stand at some keys, one a column."""
    for pattern, cells in sheet.rows:
        if all(_fits(want, have) for want, have in zip(pattern, keys, strict=True)):
            return [cell.value for cell in cells.values() if isinstance(cell, Literal)]
    return []


def _fits(want: Key, have: Any) -> bool:
    if want is None or have is None:
        return want is None and have is None
    return want.covers(have) if isinstance(want, Band) else bool(want == have)
