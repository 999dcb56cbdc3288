"""A rulebook, or one thing of it, as readable records as of a day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from creditgate.domain.citation import Bilingual
from creditgate.explain.show_parts import (
    Shown,
    ShownChapter,
    ShownPage,
    ShownRule,
)
from creditgate.explain.show_rules import RuleTeller
from creditgate.explain.show_sources import Sources, day_text
from creditgate.explain.show_used import constants_read
from creditgate.explain.show_values import ValueTeller
from creditgate.ir.rulebook import (
    Definition,
    DeterminationDefinition,
    FigureDefinition,
    ParameterDefinition,
    Rulebook,
    RuleDefinition,
    TableDefinition,
)

_LAST: Final = ((2, 0, ""),)


def names_of(book: Rulebook) -> tuple[str, ...]:
    """Return the names that `one` knows, rules first."""
    return tuple(item.name for item in _definitions(book))


def latest_day(book: Rulebook) -> int:
    """Return the day of the latest change of a rulebook."""
    return book.change_days()[-1]


def one(book: Rulebook, name: str, language: str, day: int) -> Shown | None:
    """Return a rule, parameter, table, figure or determination with its whole history."""
    plain = name.rpartition("/")[2]
    teller = _Teller(book, language, day)
    for item in _definitions(book):
        if item.name == plain:
            return teller.tell(item, full=True)
    return None


def page(book: Rulebook, language: str, day: int, *, history: bool) -> ShownPage:
    """Return the whole rulebook, chapter by chapter in the order of the law.

    What is not in force on the day is left out, and so is a constant that nothing in force reads.
    """
    teller = _Teller(book, language, day)
    told: list[tuple[Definition, Shown | None]] = []
    read = constants_read(book, day)
    for item in _definitions(book):
        is_constant = isinstance(item, ParameterDefinition | TableDefinition)
        silent = is_constant and item.name not in read
        shown = None if silent else teller.tell(item, full=False)
        told.append((item, teller.tell(item, full=True) if history and shown else shown))
    chapters = []
    for chapter in _chapters(told, book):
        inside = [s for item, s in told if item.chapter == chapter and s is not None]
        chapters.append(_chapter(chapter.of(language), inside))
    sources = Sources(book, language)
    return ShownPage(
        book.id,
        book.title.of(language),
        book.authority.of(language),
        book.lineage[:-1][::-1],
        day_text(day),
        sources.start(),
        teller.rules.governs(),
        tuple(chapters),
        tuple(item.name for item, shown in told if shown is None),
        sources.instruments(),
        None if book.known_on is None else day_text(book.known_on),
    )


def _definitions(book: Rulebook) -> Iterator[Definition]:
    yield from book.rules.values()
    yield from book.determinations.values()
    yield from book.parameters.values()
    yield from book.tables.values()
    yield from book.figures.values()


class _Teller:
    """Tells every kind of thing of one rulebook in one language as of a day."""

    def __init__(self, book: Rulebook, language: str, day: int) -> None:
        self.rules = RuleTeller(book, language, day)
        self.values = ValueTeller(book, language, day)

    def tell(self, item: Definition, *, full: bool) -> Shown | None:
        """Return a thing; None where it is not in force and not asked for by name."""
        match item:
            case RuleDefinition():
                return self.rules.rule(item, full=full)
            case DeterminationDefinition():
                return self.rules.determination(item, full=full)
            case ParameterDefinition():
                return self.values.parameter(item, full=full)
            case TableDefinition():
                return self.values.table(item, full=full)
            case FigureDefinition():
                return self.values.figure(item, full=full)


def _chapter(title: str, inside: Iterable[Any]) -> ShownChapter:
    found: dict[str, list[Any]] = {}
    for shown in inside:
        found.setdefault(type(shown).__name__, []).append(shown)
    kinds = ("ShownRule", "ShownDetermination", "ShownParameter", "ShownTable", "ShownFigure")
    return ShownChapter(title, *(tuple(found.get(kind, ())) for kind in kinds))


def _chapters(told: Iterable[tuple[Definition, Shown | None]], book: Rulebook) -> list[Bilingual]:
    """Return the chapters by rulebook, the base first, then by the article of their first rule.

    Articles are those of the text that most rules cite; a chapter that cites none of them stands
    behind those that do, and one without anything in force is left out.
    """
    shown = [(item, said) for item, said in told if said is not None]
    rules = (said for _, said in shown if isinstance(said, ShownRule))
    cited = Counter(rule.in_force.source.instrument for rule in rules)
    chief = max(cited, key=lambda text: cited[text], default=None)
    places: dict[Bilingual, tuple[int, tuple[tuple[int, int, str], ...]]] = {}
    for item, said in shown:
        origin = book.lineage.index(item.origin) if item.origin in book.lineage else 0
        first, article = places.get(item.chapter, (origin, _LAST))
        if article == _LAST and isinstance(said, ShownRule):
            source = said.in_force.source
            article = _natural(source.article or "") if source.instrument == chief else _LAST
        places[item.chapter] = (min(first, origin), article)
    return sorted(places, key=lambda chapter: places[chapter])


def _natural(article: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.findall(r"(\d+)|([A-Za-z]+)", article)
    return tuple((0, int(n), "") if n else (1, 0, word) for n, word in parts) or _LAST
