"""The rules of a rulebook as they stand, each with the days on which it stands so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from creditgate.backends.solver.outcomes import EventTerms, RuleTerms
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import epoch_bounds
from creditgate.prove.search import Days, Search


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands on some days, among the rules of the last of them.

    `days` are all days on which it stands so without a break, `among` those on which the other
    rules do as well.
    """

    rule: RuleTerms
    event: EventTerms
    days: Days
    among: Days


def versions(search: Search, book: Rulebook, on: int | None = None) -> Iterator[Version]:
    """Yield each rule on the event of a search as it stands last, or on a day.

    Rules that are no longer in force are met on the days on which they were.
    """
    if on is not None:
        bounds = epoch_bounds(book, on)
        event = search.rules(book, on)
        if event is not None and bounds is not None:
            days = Days(*bounds)
            yield from (Version(rule, event, days, days) for rule in event.rules)
        return
    starts = book.change_days()
    ends = [*[day - 1 for day in starts[1:]], book.end]
    events = [search.rules(book, start) for start in starts]
    met: set[str] = set()
    for place in range(len(starts) - 1, -1, -1):
        event = events[place]
        for rule in () if event is None else event.rules:
            if event is None or rule.rule.id in met:
                continue
            met.add(rule.rule.id)
            first = place
            while first > 0 and _stands(events[first - 1], rule, event):
                first -= 1
            among = Days(starts[place], ends[place])
            yield Version(rule, event, Days(starts[first], ends[place]), among)


def _stands(before: EventTerms | None, rule: RuleTerms, event: EventTerms) -> bool:
    if before is None or before.governs is not event.governs:
        return False
    return any(
        each.rule.id == rule.rule.id
        and all(a is b for a, b in zip(each.parts, rule.parts, strict=True))
        for each in before.rules
    )
