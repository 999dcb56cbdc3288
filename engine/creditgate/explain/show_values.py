"""Parameters, tables and figures as `show` tells them."""

from __future__ import annotations

from collections.abc import Iterator

from creditgate.backends.words.constants import constant_text, value_text
from creditgate.backends.words.kinds import kind_text
from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.passages import Passage
from creditgate.backends.words.sentences import Words
from creditgate.domain.dsl_types import without_none
from creditgate.explain.authorities import of_figure, of_parameter, of_table
from creditgate.explain.show_parts import (
    Branch,
    Period,
    ShownEntry,
    ShownFigure,
    ShownParameter,
    ShownSheet,
    ShownTable,
)
from creditgate.explain.show_sources import Sources, first_day_text, place_of
from creditgate.explain.show_tables import cells_of
from creditgate.ir.nodes import Aggregate, Base, Expr, Literal, Unpublished
from creditgate.ir.rulebook import (
    Entry,
    FigureDefinition,
    FigureVersion,
    ParameterDefinition,
    Rulebook,
    Sheet,
    TableDefinition,
)
from creditgate.ir.walk import every


class ValueTeller:
    """Tells parameters, tables and figures of one rulebook in one language as of a day."""

    def __init__(self, book: Rulebook, language: str, day: int) -> None:
        self.book, self.language, self.day = book, language, day
        self.words = Words(book, language, day)
        self.sources = Sources(book, language)

    def parameter(self, item: ParameterDefinition, *, full: bool) -> ShownParameter | None:
        """Return a parameter with its value on the day; None without one, unless `full`."""
        entry = item.history.at(self.day)
        if entry is None and not full:
            return None
        period = None
        if entry is not None and not isinstance(entry.value, Unpublished):
            authority = of_parameter(self.book, item, self.day)
            period = self.sources.period(authority, entry.source)
        return ShownParameter(
            item.name,
            item.title.of(self.language),
            kind_text(item.type, self.book.vocabulary, self.language, named=False),
            item.stricter,
            None if entry is None else self._entry(entry),
            period,
            place_of(item.span),
            tuple(
                ShownEntry(first_day_text(day), self._entry(e), self.sources.cited(e.source))
                for day, e in item.history.entries
                if not isinstance(e.value, Unpublished)
            )
            if full
            else (),
            self.sources.recited(item.name) if full else (),
        )

    def table(self, item: TableDefinition, *, full: bool) -> ShownTable | None:
        """Return a table with its cells on the day; None without any, unless `full`."""
        sheet = item.history.at(self.day)
        if sheet is None and not full:
            return None
        shown = None
        if sheet is not None and sheet.rows:
            authority = of_table(self.book, item, None, None, self.day)
            shown = self._sheet(item, sheet, self.sources.period(authority, sheet.source))
        keys = [self._key(item, d.name, d.enum) for d in item.dimensions]
        columns = [self._column(item, name) for name in item.columns]
        history = []
        for day, entry in item.history.entries if full else ():
            if not entry.rows:
                continue  # not published yet
            period = Period(first_day_text(day), None, self.sources.cited(entry.source))
            history.append(self._sheet(item, entry, period))
        return ShownTable(
            item.name,
            item.title.of(self.language),
            (*keys, *columns),
            item.stricter,
            shown,
            place_of(item.span),
            tuple(history),
            self.sources.recited(item.name) if full else (),
        )

    def figure(self, item: FigureDefinition, *, full: bool) -> ShownFigure | None:
        """Return a figure with its formula on the day; None without one, unless `full`."""
        version = item.versions.at(self.day)
        if version is None and not full:
            return None
        layer, authority = of_figure(self.book, item.name, self.day)
        period = None
        is_known = version is not None and not isinstance(version.formula, Unpublished)
        if version is not None and layer is not None and is_known:
            period = self.sources.period(authority, version.source)
        of = None if item.of is None else self.book.vocabulary.entities[item.of].title
        return ShownFigure(
            item.name,
            item.title.of(self.language),
            None if of is None else self.words.grammar.clause(of.of(self.language)),
            kind_text(item.type, self.book.vocabulary, self.language, named=False),
            item.stricter,
            () if version is None else self._formula(item, version),
            None if version is None else " ".join(version.text.split()),
            period,
            place_of(item.span),
            tuple(self._replaced(item)),
            tuple(
                ShownEntry(
                    first_day_text(day),
                    self._in_one(item, v),
                    self.sources.cited(v.source),
                )
                for day, v in item.versions.entries
                if not isinstance(v.formula, Unpublished)
            )
            if full
            else (),
            self.sources.recited(item.name) if full else (),
        )

    def _entry(self, entry: Entry) -> str:
        if isinstance(entry.value, Literal) and not entry.is_open:
            return constant_text(entry.value, self.book.vocabulary, self.words.grammar)
        if isinstance(entry.value, Unpublished):
            return self.words.value(entry.value)
        return self.words.say["open"].format(self.words.value(entry.value))

    def _sheet(self, item: TableDefinition, sheet: Sheet, period: Period) -> ShownSheet:
        def key(place: int, name: str) -> str:
            kind = without_none(item.dimensions[place].type)
            return value_text(name, kind, self.book.vocabulary, self.words.grammar).strip("“”")

        rows = cells_of(item, sheet, self.book.vocabulary, self.words.grammar, key)
        return ShownSheet(rows, period)

    def _key(self, item: TableDefinition, name: str, enum: str | None) -> str:
        if enum is not None and name not in item.column_titles:
            return self.book.vocabulary.enums[enum].title.of(self.language)
        return self._column(item, name)

    def _column(self, item: TableDefinition, name: str) -> str:
        title = item.column_titles.get(name)
        if title is None and name == "value":
            return "取值" if self.language == "zh" else "Value"
        words = name.replace("_", " ").capitalize()
        return words if title is None else title.of(self.language)

    def _formula(self, item: FigureDefinition, version: FigureVersion) -> tuple[Branch, ...]:
        formula, scope = self._stated(item, version)
        return tuple(Branch(when, value) for when, value in self.words.cases(formula, scope))

    def _in_one(self, item: FigureDefinition, version: FigureVersion) -> Passage:
        return self.words.value(*self._stated(item, version))

    def _stated(self, item: FigureDefinition, version: FigureVersion) -> tuple[Expr, Scope]:
        layer, stated = item, version
        while isinstance(stated.formula, Base) and layer.replaced is not None:
            # An overlay that goes back to what it replaced says just that.
            layer = layer.replaced
            below = layer.versions.at(self.day)
            if below is None:
                break
            stated = below
        return stated.formula, self._scope(layer, stated.formula)

    def _scope(self, item: FigureDefinition, formula: Expr) -> Scope:
        """Return the scope of a figure's formula: what its subject is called in it."""
        if item.of is None or item.variable is None:
            return Scope()
        title = self.book.vocabulary.entities[item.of].title.of(self.language)
        if self.language == "zh":
            return Scope(named={item.variable: f"该{title}"})
        # Beside the records of a list the subject is told from theirs.
        among = any(isinstance(node, Aggregate) for node in every(formula))
        return Scope(named={item.variable: f"{title} in question" if among else title})

    def _replaced(self, item: FigureDefinition) -> Iterator[Passage]:
        layer = item.replaced
        while layer is not None:
            version = layer.versions.at(self.day)
            if version is not None:
                colon = "：" if self.language == "zh" else ": "
                yield self._in_one(layer, version).said(f"{layer.origin}{colon}{{0}}")
            layer = layer.replaced
