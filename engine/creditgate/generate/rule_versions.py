"""The rules of a rulebook in each of their meanings, with the days on which each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from creditgate.backends.solver.outcomes import EventTerms, RuleTerms, rule_terms
from creditgate.generate.conditions import Condition, conditions_of, settled
from creditgate.generate.facts_read import FactsRead
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.terms import Term
from creditgate.prove.search import Days, Search


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A rule in one of its meanings, and the days without a break on which it stands so.

    `wanted` are those of these days on which cases are wanted; `is_only` tells whether the rule has
    had no other meaning.
    """

    book: Rulebook
    event: EventTerms
    rule: RuleTerms
    days: Days
    wanted: Days
    is_only: bool

    @property
    def id(self) -> str:
        """Return the name by which decisions report the rule."""
        return self.rule.rule.id

    @property
    def day(self) -> int:
        """Return the day that a case is dated: the first session among the days wanted."""
        calendar = self.book.calendars[self.book.trading_calendar]
        first, last = self.wanted.first, self.wanted.last
        session = calendar.first_on_or_after(first)
        return first if session is None or (last is not None and session > last) else session


def versions(search: Search, book: Rulebook, on: int | None = None) -> list[Version]:
    """Return each rule on the event of a search in each of its meanings, or in that of a day.

    They stand in the order of the rulebook, the meanings of a rule in that of time.
    """
    starts = book.change_days()
    ends = [*[day - 1 for day in starts[1:]], book.end]
    found: dict[str, list[tuple[EventTerms, RuleTerms, Days]]] = {name: [] for name in book.rules}
    for start, end in zip(starts, ends, strict=True):
        event = search.rules(book, start)
        for rule in () if event is None else event.rules:
            assert event is not None
            known = found[rule.rule.definition.name]
            if known and _goes_on(known[-1], event, rule, start):
                known[-1] = (*known[-1][:2], Days(known[-1][2].first, end))
            else:
                known.append((event, rule, Days(start, end)))
    return [
        Version(book, event, rule, days, days if on is None else Days(on, on), len(known) == 1)
        for known in found.values()
        for event, rule, days in known
        if on is None or covers(days, on)
    ]


def covers(days: Days, day: int) -> bool:
    """Tell whether a day is one of some days."""
    return days.first <= day and (days.last is None or day <= days.last)


def stands_in(base: Rulebook | None, search: Search, version: Version) -> bool:
    """Tell whether a rulebook has the rule with the same meaning on all its days."""
    if base is None:
        return False
    days = version.days
    changes = [day for day in base.change_days() if covers(days, day)]
    return all(_is_in(search.rules(base, day), version) for day in (days.first, *changes))


def _is_in(event: EventTerms | None, version: Version) -> bool:
    if event is None or event.governs is not version.event.governs:
        return False
    return any(each.rule.id == version.id and _same(each, version.rule) for each in event.rules)


def _goes_on(
    known: tuple[EventTerms, RuleTerms, Days], event: EventTerms, rule: RuleTerms, start: int
) -> bool:
    before, meant, days = known
    is_next = days.last is not None and days.last + 1 == start
    return is_next and before.governs is event.governs and _same(meant, rule)


def _same(one: RuleTerms, other: RuleTerms) -> bool:
    return all(a is b for a, b in zip(one.parts, other.parts, strict=True))


YES_AND_NO: Final = (True, False)


class Taken:
    """A version taken apart: its conditions, the facts it reads, itself with a condition settled."""

    def __init__(self, search: Search, version: Version, *, figures: bool = False) -> None:
        self.version = version
        vocabulary = version.book.vocabulary
        self.facts = FactsRead(version.rule.rule, vocabulary)
        self._lowering = Lowering(search.terms, vocabulary)
        with room_to_recurse():
            self.conditions: Sequence[Condition] = conditions_of(
                version.rule.rule, self._lowering, figures=figures
            )
            self._settled = {
                (condition.number, holds): rule_terms(
                    self._lowering, settled(version.rule.rule, condition, holds=holds)
                )
                for condition in self.conditions
                for holds in YES_AND_NO
            }

    def settled(self, condition: Condition, *, holds: bool) -> RuleTerms:
        """Return the rule with a condition replaced by yes or no."""
        return self._settled[condition.number, holds]

    def terms(self, nodes: Iterable[Expr]) -> tuple[Term, ...]:
        """Return expressions of a condition as terms."""
        return tuple([self._lowering.term(node) for node in nodes])
