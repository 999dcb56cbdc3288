"""One thing of a rulebook as `show` tells it, with its names, its history and its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from creditgate.backends.words.passages import Passage
from creditgate.backends.words.sentences import branch
from creditgate.explain.articles import article_words
from creditgate.explain.show_layout import grid, labelled, listing, padded, width_of, wrapped
from creditgate.explain.show_parts import (
    Branch,
    Cited,
    Period,
    Shown,
    ShownDetermination,
    ShownEntry,
    ShownFigure,
    ShownParameter,
    ShownRule,
    ShownTable,
)
from creditgate.explain.show_terms import LABELS, TERMS, evidence_text

_INDENT: Final = "  "
_DEEP: Final = "    "


class TextItem:
    """Writes one thing as lines in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.terms: Mapping[str, str] = {key: term.of(language) for key, term in TERMS.items()}
        self._column = 1 + max(width_of(self.terms[key]) for key in LABELS)

    def known_on(self, day: str) -> str:
        """Return the line that says by which day all of it was published."""
        return self.terms["known_on"].format(day)

    def item(self, item: Shown) -> Iterator[str]:
        """Yield the lines of one thing."""
        yield item.title
        match item:
            case ShownRule():
                yield from self._rule(item)
            case ShownDetermination():
                yield from self._determination(item)
            case ShownParameter():
                yield from self._parameter(item)
            case ShownTable():
                yield from self._table(item)
            case ShownFigure():
                yield from self._figure(item)
            case _:
                assert_never(item)

    def _rule(self, rule: ShownRule) -> Iterator[str]:
        yield f"{_INDENT}{rule.id}{self._resting(rule.active)}"
        yield from self._applies(rule)
        yield from self._sentences("forbids" if rule.forbids else "requires", rule.requires)
        if rule.due is not None:
            yield from self._sentences("due", [rule.due])
        for item in rule.exemptions:
            title = item.title or item.id
            title += "" if item.active else f" ({self.terms['not_active']})"
            yield from self._sentences("unless", [self._under(title, item.when)])
            yield from self._source(item.in_force, deeper=True)
        result = f"{self.terms[rule.effect]}{self.terms['colon']}{rule.reason_title}"
        yield from self._line("breached", [f"{result} ({rule.reason})"])
        yield from self._line("message", [rule.message])
        yield from self._line("remedy", rule.remedies)
        yield from self._source(rule.in_force)
        if rule.history:
            yield from self._detail(rule.place, [f"{key}: {text}" for key, text in rule.written])
            yield from self._periods("history", rule.history)
            yield from self._periods("cited", rule.cited)

    def _determination(self, item: ShownDetermination) -> Iterator[str]:
        yield f"{_INDENT}{item.name}{self._resting(item.active)}"
        yield from self._line("applies", [item.event])
        yield from self._sentences("gives", self._statuses(item.cases))
        if item.predicts:
            yield from self._line("predicts", [item.predicts_title or item.predicts])
        yield from self._source(item.in_force)
        if item.history:
            yield from self._detail(item.place, ())
            yield from self._periods("history", item.history)
            yield from self._periods("cited", item.cited)

    def _parameter(self, item: ShownParameter) -> Iterator[str]:
        yield f"{_INDENT}{item.name} · {item.type}"
        yield from self._line("value", [item.value or self.terms["no_value"]])
        yield from self._stricter(item.stricter)
        yield from self._source(item.in_force)
        yield from self._entries(item.history)
        if item.history:
            yield from self._periods("cited", item.cited)
            yield from self._detail(item.place, ())

    def _table(self, item: ShownTable) -> Iterator[str]:
        yield f"{_INDENT}{item.name}"
        if item.sheet is None:
            yield from self._line("value", [self.terms["no_value"]])
        else:
            yield from grid(item.columns, item.sheet.rows, _DEEP)
            yield from self._stricter(item.stricter)
            yield from self._source(item.sheet.in_force)
        for sheet in item.history if len(item.history) > 1 else ():
            yield f"{_INDENT}{self.terms['history']} {sheet.in_force.since}"
            yield from grid(item.columns, sheet.rows, _DEEP)
            yield from self._source(sheet.in_force)
        if item.history:
            yield from self._periods("cited", item.cited)
            yield from self._detail(item.place, ())

    def _figure(self, item: ShownFigure) -> Iterator[str]:
        of = "" if item.of is None else f" · {self.terms['of_word']} {item.of}"
        yield f"{_INDENT}{item.name} · {item.type}{of}"
        yield from self._formula(item)
        yield from self._sentences("replaces", item.replaces)
        yield from self._stricter(item.stricter)
        yield from self._source(item.in_force)
        if item.history:
            yield from self._detail(item.place, () if item.written is None else (item.written,))
            if len(item.history) > 1:
                yield from self._entries(item.history)
            yield from self._periods("cited", item.cited)

    # Parts

    def _resting(self, active: bool) -> str:
        return "" if active else f" · {self.terms['not_active']}"

    def _applies(self, rule: ShownRule) -> Iterator[str]:
        said = self._under(rule.event, rule.applies) if rule.applies else Passage(rule.event)
        yield from self._sentences("applies", [said])

    def _formula(self, item: ShownFigure) -> Iterator[str]:
        if not item.formula:
            return self._line("value", [self.terms["no_value"]])
        return self._sentences("value", self._branches(item.formula))

    def _under(self, head: str, parts: tuple[Passage, ...]) -> Passage:
        """Return what stands under a heading: one sentence behind it, or a list."""
        if len(parts) != 1:
            return Passage(head, parts, language=self.language)
        (only,) = parts
        if only.all_of_these:
            return Passage(head, only.parts, language=self.language)
        lead = f"{head}{self.terms['colon']}{only.lead}"
        return Passage(lead, only.parts, language=self.language, named=only.named)

    def _sentences(self, term: str, passages: Iterable[Passage]) -> Iterator[str]:
        return listing(self.terms[term], passages, _DEEP, self._column, self.language)

    def _line(self, term: str, texts: Iterable[str]) -> Iterator[str]:
        return labelled(self.terms[term], texts, _DEEP, self._column)

    def _branches(self, branches: tuple[Branch, ...]) -> list[Passage]:
        if len(branches) == 1 and branches[0].when is None:
            return [branches[0].value]
        return [branch(item.when, item.value, self.language) for item in branches]

    def _statuses(self, cases: tuple[Branch, ...]) -> list[Passage]:
        return [
            branch(None, case.value, self.language)
            if case.when is None
            else self._under(case.value, (case.when,))
            for case in cases
        ]

    def _stricter(self, stricter: str | None) -> Iterator[str]:
        if stricter is not None:
            yield from self._line("stricter", [self.terms[stricter]])

    def _source(self, period: Period | None, *, deeper: bool = False) -> Iterator[str]:
        if period is None:
            return
        label = "" if deeper else self.terms["source"]
        said = f"{self._dates(period)}{self._cited(period.source, fully=True)}"
        yield from labelled(label, [said], _DEEP, self._column)
        for note in period.source.notes:
            label = "" if deeper else self.terms["note"]
            yield from labelled(label, [note], _DEEP, self._column)

    def _dates(self, period: Period) -> str:
        and_ = self.terms["and"]
        since = "" if period.since is None else f"{self.terms['since']} {period.since}{and_}"
        until = "" if period.until is None else f"{self.terms['until']} {period.until}{and_}"
        return since + until + self._published(period.since, period.source)

    def _published(self, since: str | None, source: Cited) -> str:
        """Return the day of publication where it is another than that of effect."""
        if since is None or source.published in {None, since}:
            return ""
        return f"{self.terms['published']} {source.published}{self.terms['and']}"

    def _place(self, source: Cited) -> str:
        title = source.title or source.instrument or self.terms["no_source"]
        return title + (article_words(source.article, self.language) if source.article else "")

    def _cited(self, source: Cited, *, fully: bool = False) -> str:
        grade = evidence_text(source.evidence, self.language, fully=fully)
        return f"{self._place(source)}{self.terms['and']}{grade}"

    def _entries(self, entries: tuple[ShownEntry, ...]) -> Iterator[str]:
        if entries:
            yield f"{_INDENT}{self.terms['history']}"
        for entry in entries:
            day = padded(entry.since or self.terms["always"], 12)
            published = self._published(entry.since, entry.source)
            said = f"{entry.value} · {published}{self._cited(entry.source)}"
            yield from wrapped(said, _DEEP + day, _DEEP + " " * 12)
            for note in entry.source.notes:
                yield from wrapped(note, _DEEP + " " * 12, _DEEP + " " * 12)

    def _periods(self, term: str, periods: tuple[Period, ...]) -> Iterator[str]:
        if periods:
            yield f"{_INDENT}{self.terms[term]}"
        for period in periods:
            said = f"{self._dates(period)}{self._cited(period.source)}"
            yield from wrapped(said, f"{_DEEP}- ", f"{_DEEP}  ")
            for note in period.source.notes:
                yield from wrapped(note, f"{_DEEP}  ", f"{_DEEP}  ")

    def _detail(self, place: str | None, written: Iterable[str]) -> Iterator[str]:
        if place is not None:
            yield from self._line("place", [place])
        yield from self._line("written", written)
