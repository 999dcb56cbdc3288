"""All words of a rulebook, for the digest that tells whether its texts have changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from creditgate.domain.citation import Bilingual, Source
from creditgate.ir.digest import text_digest
from creditgate.ir.formula_text import formula_text
from creditgate.ir.rulebook import FigureDefinition, Force, Message, Rulebook


@lru_cache(maxsize=64)
def _digest_by_identity(key: _ByIdentity) -> str:
    return text_digest(words_of(key.book))


class _ByIdentity:
    """A rulebook as a key: rulebooks are immutable and compare slowly."""

    __slots__ = ("book",)

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.book is self.book

    def __hash__(self) -> int:
        return id(self.book)


def rulebook_text_digest(book: Rulebook) -> str:
    """Return the digest of a rulebook's titles, messages, citations and notes.

    It changes with the words alone; the meaning has a digest of its own.
    """
    return _digest_by_identity(_ByIdentity(book))


def words_of(book: Rulebook) -> Iterator[str]:
    """Yield the words of a rulebook in a fixed order: each thing by name, each entry by day."""
    yield book.id
    yield from _titled(book.title, book.authority)
    yield from _source(book.start_source)
    for name, instrument in sorted(book.instruments.items()):
        yield from (name, str(instrument.issued), str(instrument.in_force))
        yield instrument.url or ""
        yield from _titled(instrument.title, instrument.note)
    for name, recited in sorted(book.recited.items()):
        yield name
        for day, source in recited.entries:
            yield str(day)
            yield from _source(source)
    for name, parameter in sorted(book.parameters.items()):
        yield name
        yield from _titled(parameter.title, parameter.chapter)
        for _, entry in parameter.history.entries:
            yield from _source(entry.source)
    for name, table in sorted(book.tables.items()):
        yield name
        yield from _titled(table.title, table.chapter)
        for column, title in sorted(table.column_titles.items()):
            yield column
            yield from _titled(title)
        for _, sheet in table.history.entries:
            yield from _source(sheet.source)
    for name, figure in sorted(book.figures.items()):
        yield name
        yield from _figure(figure)
    yield from _rules(book)
    for name, item in sorted(book.determinations.items()):
        yield name
        yield from _titled(item.title, item.chapter)
        yield from (case.text or "" for case in item.cases)
        for value, title in item.values.items():
            yield value
            yield from _titled(title)
        yield from _forces(item.in_force)


def _rules(book: Rulebook) -> Iterator[str]:
    for name, rule in sorted(book.rules.items()):
        yield name
        yield from _titled(rule.title, rule.chapter)
        yield from (rule.when_text or "", rule.require_text)
        if rule.deadline is not None:
            yield rule.deadline.text
        yield from _message(rule.breach)
        yield from _forces(rule.in_force)
        for exemption in rule.exemptions:
            yield from (exemption.id, exemption.text)
            yield from _titled(exemption.title)
            yield from _forces(exemption.in_force)
        for remedy in rule.remedies:
            yield from _titled(remedy.title)


def _figure(figure: FigureDefinition) -> Iterator[str]:
    yield from _titled(figure.title, figure.chapter)
    for _, version in figure.versions.entries:
        yield version.text
        yield from _source(version.source)
    if figure.replaced is not None:
        yield from _figure(figure.replaced)


def _message(message: Message) -> Iterator[str]:
    for part in (*message.en, *message.zh):
        yield part if isinstance(part, str) else f"{{{formula_text(part)}}}"


def _titled(*titles: Bilingual | None) -> Iterator[str]:
    for title in titles:
        yield from ("", "") if title is None else (title.en, title.zh)


def _forces(forces: tuple[Force, ...]) -> Iterator[str]:
    for force in forces:
        yield from _source(force.source)


def _source(source: Source) -> Iterator[str]:
    yield from (str(source.citation), source.evidence)
    yield from _titled(source.note)
    if source.published is not None:
        yield f"published {source.published}"
