"""All changes of a rulebook: one after the other, in the order of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from creditgate.base.spans import Span
from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.domain.citation import Bilingual
from creditgate.domain.timeline import Interval, Timeline
from creditgate.ir.nodes import AtDate, Expr, Parameter, TableCell
from creditgate.ir.rulebook import Force, Rulebook
from creditgate.ir.walk import every
from creditgate.mutate import applied
from creditgate.mutate.change import DATE, HEADER, Apply, Change, Days, identity
from creditgate.mutate.expressions import Replacement, replacements, swapped
from creditgate.mutate.written import Files


class Drafts:
    """What the makers of changes share: the rulebook, those that are judged by, and its files.

    `books` are the rulebooks whose scenarios judge: itself, or those that extend an abstract base.
    """

    def __init__(self, shelf: Catalogue, checked: Checked, books: Sequence[Rulebook]) -> None:
        self.checked = checked
        self.book = checked.rulebook
        self.books = books
        self.vocabulary = shelf.vocabulary()
        self.files = Files(shelf, self.book.id)
        below = self.book.lineage[-2] if len(self.book.lineage) > 1 else None
        self.base = None if below is None else shelf.checked(below)
        self.other_days = {
            node.item.name
            for book in books
            for root in every_expression(book)
            for node in every(root)
            if isinstance(node, AtDate) and isinstance(node.item, Parameter | TableCell)
        }

    def own(self, section: str) -> list[Any]:
        """Return what the rulebook itself defines in a section."""
        things: dict[str, Any] = getattr(self.book, section)
        return [thing for thing in things.values() if thing.origin == self.book.id]

    def sessions_around(self, day: int) -> list[int]:
        """Return the last session before a day and the first one after it; days where none is known."""
        book = self.books[0]
        calendar = book.calendars[book.trading_calendar]
        before, after = calendar.last_on_or_before(day - 1), calendar.first_on_or_after(day + 1)
        if before is not None and calendar.first_on_or_after(before + 1) != day:
            before = day - 1  # the day itself is no session: one day earlier shows as much
        return [day - 1 if before is None else before, day + 1 if after is None else after]

    def is_seen(self, days: Days) -> bool:
        """Tell whether any rulebook that is judged by governs on one of some days."""
        first, last = days
        return any(
            (last is None or book.start <= last) and (book.end is None or first <= book.end)
            for book in self.books
        )

    def in_expression(
        self, section: str, name: str, part: Bilingual, root: Expr | None, keys: Sequence[str | int],
        days: Days | None = None, apply: Callable[[Expr, Expr], Apply] | None = None,
    ) -> Iterator[Change]:  # fmt: skip
        """Yield each change of a part of an expression, which stands in the files at some keys."""
        if root is None or (days is not None and not self.is_seen(days)):
            return
        for found in replacements(root, self.vocabulary):
            if apply is None:
                done = applied.other_part(section, name, found.old, found.new)
            else:
                done = apply(found.old, found.new)
            yield Change(
                found.kind, section, name, part, found.old, found.new, done, days,
                self._place(section, name, keys, found), _around(found),
            )  # fmt: skip

    def _place(
        self, section: str, name: str, keys: Sequence[str | int], found: Replacement
    ) -> Span:
        if section == HEADER:
            return self.files.of_header(*keys, part=found.around)
        return self.files.place(section, name, *keys, part=found.around)

    def moved(
        self, section: str, name: str, part: Bilingual, entries: Sequence[tuple[int, Any]],
        span: Callable[[Any], Span], only: Callable[[Any], bool] = lambda _: True,
    ) -> Iterator[Change]:  # fmt: skip
        """Yield the changes of the first days of the entries of a history."""
        days = [day for day, _ in entries]
        for place, (day, entry) in enumerate(entries):
            if not only(entry):
                continue
            for other in self.sessions_around(day):
                before = days[place - 1] if place else 0
                after = days[place + 1] if place + 1 < len(days) else None
                seen: Days | None = (min(day, other), max(day, other) - 1)
                if other <= before or (after is not None and other >= after):
                    continue
                if name in self.other_days:
                    seen = None
                elif seen is not None and not self.is_seen(seen):
                    continue
                apply = applied.other_day(section, name, _is(day, entry), other)
                yield Change(
                    DATE, section, name, part, iso(day), iso(other), apply, seen, span(entry)
                )

    def moved_forces(
        self, section: str, name: str, part: Bilingual, forces: Sequence[Force],
        keys: Sequence[str | int],
    ) -> Iterator[Change]:  # fmt: skip
        """Yield the changes of the first and last days on which something is in force."""
        for place, force in enumerate(forces):
            others = [each.interval for each in forces if each is not force]
            for is_end, day in ((False, force.interval.start), (True, force.interval.end)):
                if day is None:
                    continue
                for other in self.sessions_around(day):
                    seen = (min(day, other) + is_end, max(day, other) - (not is_end))
                    interval = Interval(
                        force.interval.start if is_end else other,
                        other if is_end else force.interval.end,
                    )
                    known = any(each.covers(seen[0]) for each in others)
                    empty = interval.end is not None and interval.end < interval.start
                    if known or empty or not self.is_seen(seen):
                        continue
                    apply = applied.other_force(
                        section, name, force, replace(force, interval=interval)
                    )
                    span = self.files.place(section, name, *keys, place)
                    yield Change(
                        DATE, section, name, _ending(part) if is_end else part, iso(day), iso(other),
                        apply, seen, span,
                    )  # fmt: skip


def _is(day: int, entry: Any) -> Callable[[int, Any], bool]:
    """Tell entries by identity; sheets of a table, which each rulebook resolves anew, by their day."""
    by_day = hasattr(entry, "rows")
    return lambda first, item: first == day if by_day else item is entry


def _around(found: Replacement) -> tuple[Expr, Expr] | None:
    if found.around is found.old:
        return None
    return found.around, swapped(found.around, found.old, found.new)


def _ending(part: Bilingual) -> Bilingual:
    return Bilingual(f"{part.en}, last day", f"{part.zh}，末日")


def iso(day: int) -> Bilingual:
    """Return a day in words, which are the same in both languages."""
    text = date.fromordinal(day).isoformat() if day > 0 else str(day)
    return Bilingual(text, text)


def every_expression(book: Rulebook) -> Iterator[Expr]:
    """Yield the expressions of a rulebook that decide or compute something."""
    yield from book.governs.values()
    for rule in book.rules.values():
        yield from (item.when for item in rule.exemptions)
        yield from (item for item in (rule.when, rule.require) if item is not None)
        if rule.deadline is not None:
            yield rule.deadline.before
    for item in book.determinations.values():
        yield from (case.when for case in item.cases if case.when is not None)
        yield from () if item.previous is None else (item.previous,)
    for figure in book.figures.values():
        layer: Any = figure
        while layer is not None:
            yield from (version.formula for _, version in layer.versions.entries)
            layer = layer.replaced


def spans_of(history: Timeline[Any]) -> Iterator[tuple[Any, Days]]:
    """Yield each entry of a history with the days on which it holds."""
    entries = history.entries
    for (day, entry), (after, _) in pairwise(entries):
        yield entry, (day, after - 1)
    if entries:
        yield entries[-1][1], (entries[-1][0], None)


def numbered(rulebook: str, drafts: Iterator[Change]) -> Iterator[Change]:
    """Yield changes with their ids."""
    before: Counter[str] = Counter()
    for change in drafts:
        text = change.text()
        yield replace(change, id=identity(rulebook, change, before[text]))
        before[text] += 1
