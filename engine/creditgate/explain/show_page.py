"""A whole rulebook as text to be read like the law of its day.

No names of the language stand on it: things are called by their titles, and the texts are those that
are cited on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from creditgate.explain.show_layout import grid, labelled, set_out, width_of, wrapped
from creditgate.explain.show_parts import (
    Cited,
    Period,
    Shown,
    ShownDetermination,
    ShownExemption,
    ShownFigure,
    ShownPage,
    ShownParameter,
    ShownRule,
    ShownTable,
)
from creditgate.explain.show_terms import GRADES, evidence_text, grade_meaning
from creditgate.explain.show_text import TextItem

_INDENT = "  "
_DEEP = "    "
_SECTIONS = ("rules", "determinations", "parameters", "tables", "figures")


class LawPage(TextItem):
    """Writes a rulebook as lines in one language; `detailed` tells histories and names as well."""

    def __init__(self, language: str, *, detailed: bool = False) -> None:
        super().__init__(language)
        self.detailed = detailed

    def page(self, page: ShownPage) -> Iterator[str]:
        """Yield the lines of a whole rulebook."""
        terms = self.terms
        yield page.title
        yield f"{page.authority}{terms['dash']}{page.rulebook}"
        stands = [terms["as_of"].format(page.on)]
        if page.in_force.since is not None:
            stands.append(terms["in_force"].format(page.in_force.since))
        if page.in_force.until is not None:
            stands.append(terms["ended"].format(page.in_force.until))
        yield terms["and"].join(stands)
        if page.known_on is not None:
            yield self.known_on(page.known_on)
        yield from self._legend(page)
        yield from ("", f"{terms['governs']}{terms['colon'].rstrip()}")
        if not page.governs:
            yield from wrapped(terms["governs_nothing"], f"{_INDENT}- ", _DEEP)
        for branch in page.governs:
            assert branch.when is not None
            said = self._under(branch.value, (branch.when,))
            yield from set_out(said, f"{_INDENT}- ", _DEEP, self.language)
        for chapter in page.chapters:
            yield from ("", "", chapter.title, "=" * width_of(chapter.title))
            for kind in _SECTIONS:
                items: tuple[Shown, ...] = getattr(chapter, kind)
                if items and kind != "rules":
                    yield from ("", terms[kind], "-" * width_of(terms[kind]))
                for item in items:
                    yield ""
                    yield from self.item(item)
        yield from self._texts(page)

    def item(self, item: Shown) -> Iterator[str]:
        """Yield the lines of one thing."""
        if self.detailed:
            yield from super().item(item)
            return
        yield item.title
        match item:
            case ShownRule():
                yield from self._law(item)
            case ShownDetermination():
                yield from self._line("applies", [item.event])
                yield from self._sentences("gives", self._statuses(item.cases))
                yield from self._line("predicts", [item.predicts_title or ""] * bool(item.predicts))
                yield from self._basis(item.in_force)
            case ShownParameter():
                yield from self._line("value", [item.value or self.terms["no_value"]])
                yield from self._basis(item.in_force)
            case ShownTable(sheet=sheet) if sheet is not None:
                yield from grid(item.columns, sheet.rows, _DEEP)
                yield from self._basis(sheet.in_force)
            case ShownFigure():
                yield from self._line("of", [self.terms["each"].format(item.of)] if item.of else [])
                yield from self._formula(item)
                yield from self._line("unit", [item.type])
                yield from self._basis(item.in_force)

    # Parts

    def _law(self, rule: ShownRule) -> Iterator[str]:
        yield from self._applies(rule)
        yield from self._sentences("forbids" if rule.forbids else "requires", rule.requires)
        if rule.due is not None:
            yield from self._sentences("due", [rule.due])
        for item in rule.exemptions:
            yield from self._exemption(item)
        if rule.effect != "reject":
            yield from self._line("breached", [self.terms[rule.effect]])
        yield from self._basis(rule.in_force)

    def _exemption(self, item: ShownExemption) -> Iterator[str]:
        said = item.when if item.title is None else [self._under(item.title, item.when)]
        yield from self._sentences("unless", said)
        yield from self._basis(item.in_force, label="")

    def _basis(self, period: Period | None, label: str | None = None) -> Iterator[str]:
        """Yield citation, grade and first day on a line, and notes below it."""
        if period is None:
            return
        parts = [self._place(period.source), evidence_text(period.source.evidence, self.language)]
        if period.since is not None:
            parts.append(self.terms["held"].format(period.since))
        first = self.terms["source"] if label is None else label
        yield from labelled(first, [self.terms["and"].join(parts)], _DEEP, self._column)
        noted = self.terms["note"] if label is None else label
        for note in period.source.notes:
            yield from labelled(noted, [note], _DEEP, self._column)

    def _legend(self, page: ShownPage) -> Iterator[str]:
        grades = dict.fromkeys(_grades(page))
        said = [grade_meaning(grade, self.language) for grade in GRADES if grade in grades]
        if said:
            legend = f"{self.terms['legend']}{self.terms['colon']}{self.terms['and'].join(said)}"
            yield from wrapped(legend, "", _INDENT)

    def _texts(self, page: ShownPage) -> Iterator[str]:
        cited = {source.instrument for source in _cited(page)}
        texts = [text for text in page.instruments if self.detailed or text.id in cited]
        if texts:
            yield from ("", "", f"{self.terms['instruments']}{self.terms['colon'].rstrip()}")
        for text in sorted(texts, key=lambda text: (text.issued, text.id)):
            name = f"{text.id}{self.terms['colon']}" if self.detailed else ""
            issued = self.terms["issued"].format(text.issued) if text.issued else ""
            yield from wrapped(f"{name}{text.title}{issued}", f"{_INDENT}- ", _DEEP)
            if text.note is not None:
                yield from wrapped(text.note, _DEEP, _DEEP)


def _periods(page: ShownPage) -> Iterator[Period]:
    for chapter in page.chapters:
        for rule in chapter.rules:
            yield rule.in_force
            yield from (item.in_force for item in rule.exemptions if item.active)
        yield from (item.in_force for item in chapter.determinations)
        valued: Iterable[ShownParameter | ShownFigure] = (*chapter.parameters, *chapter.figures)
        yield from (item.in_force for item in valued if item.in_force is not None)
        yield from (item.sheet.in_force for item in chapter.tables if item.sheet is not None)


def _cited(page: ShownPage) -> Iterator[Cited]:
    yield page.in_force.source
    yield from (period.source for period in _periods(page))


def _grades(page: ShownPage) -> Iterator[str]:
    yield from (source.evidence for source in _cited(page))
