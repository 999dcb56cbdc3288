"""Which rules of two rulebooks are not made of the same, and on which days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from creditgate.backends.solver.outcomes import EventTerms, RuleTerms
from creditgate.diff.stands import Pair
from creditgate.diff.two_sided import TwoSided
from creditgate.prove.search import Days


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """A rule as it stands on either side; None where it does not stand there, or only warns."""

    name: str
    before: RuleTerms | None
    after: RuleTerms | None

    @property
    def stood(self) -> RuleTerms:
        """Return the rule of the later side, or of the earlier one where it was taken away."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def key(self) -> tuple[object, ...]:
        """Return what two changes share that are the same change."""
        sides = (self.before, self.after)
        return (
            self.name,
            *[None if s is None else (*[p.index for p in s.parts], s.rule.effect) for s in sides],
        )

    @property
    def decides(self) -> bool:
        """Tell whether the rule decides on either side."""
        return any(side is not None and side.decides for side in (self.before, self.after))

    def for_decision(self) -> ChangedRule:
        """Return the change as far as it decides: a rule that only warns decides nothing."""
        before = self.before if self.before is not None and self.before.decides else None
        after = self.after if self.after is not None and self.after.decides else None
        return ChangedRule(self.name, before, after)


@dataclass(slots=True)
class Span:
    """One event on some days: what both sides say of it, and the rules that differ.

    `days` are the latest on which they differ so, `first` the first of them all.
    """

    event: str
    days: Days
    before: EventTerms | None
    after: EventTerms | None
    rules: tuple[ChangedRule, ...]
    alike: int
    first: int = field(default=0)

    @property
    def same_scope(self) -> bool:
        """Tell whether both sides govern the same."""
        if self.before is None or self.after is None:
            return False
        return self.before.governs is self.after.governs

    @property
    def key(self) -> tuple[object, ...]:
        """Return what days share on which the same differs."""
        scopes = [None if s is None else s.governs.index for s in (self.before, self.after)]
        return (self.event, *scopes, *[rule.key for rule in self.rules])


class Searches:
    """One search an event of a pair, made when it is first needed."""

    def __init__(self, pair: Pair, seconds: float) -> None:
        self.pair, self.seconds = pair, seconds
        self._made: dict[str, TwoSided] = {}

    def of(self, event: str) -> TwoSided:
        """Return the search over an event."""
        if event not in self._made:
            self._made[event] = TwoSided(self.pair, event, self.seconds)
        return self._made[event]

    def events(self) -> list[str]:
        """Return the events that either side governs."""
        before, after = self.pair.books
        return sorted({*before.governs, *after.governs})


def changed_spans(searches: Searches) -> Iterator[Span]:
    """Yield what differs, the last days first; days on which the same differs are met once."""
    met: dict[tuple[object, ...], Span] = {}
    order: list[Span] = []
    for days in searches.pair.spans():
        for event in searches.events():
            span = _span(searches, event, days)
            known = met.get(span.key)
            if known is None:
                met[span.key] = span
                order.append(span)
            else:
                known.first = days.first
    yield from order


def _span(searches: Searches, event: str, days: Days) -> Span:
    search, pair = searches.of(event), searches.pair
    before = search.stands(pair.before, days.first)
    after = search.stands(pair.after, days.first)
    mine = {} if before is None else {rule.rule.definition.name: rule for rule in before.rules}
    theirs = {} if after is None else {rule.rule.definition.name: rule for rule in after.rules}
    renamed = dict(_renamed(mine, theirs))
    alike = 0
    found = []
    for name in dict.fromkeys((*theirs, *mine)):
        if name in renamed.values():
            continue
        old, new = mine.get(name), theirs.get(renamed.get(name, name))
        if old is not None and new is not None and _is_same(old, new):
            alike += 1
        else:
            found.append(ChangedRule(name, old, new))
    return Span(event, days, before, after, tuple(found), alike, days.first)


def _is_same(old: RuleTerms, new: RuleTerms) -> bool:
    parts = zip(old.parts, new.parts, strict=True)
    return all(a is b for a, b in parts) and old.rule.effect == new.rule.effect


def _renamed(
    before: dict[str, RuleTerms], after: dict[str, RuleTerms]
) -> Iterator[tuple[str, str]]:
    """Yield the rules that stand on the other side under another name.

    They are made of the same, or else look at the same, or require the same: a rule that is renamed
    and changed at once is one change, not one rule gone and another come.
    """
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    for is_likely in (_is_same, _looks_at_the_same, _requires_the_same):
        for name in list(gone):
            found = next((other for other in come if is_likely(before[name], after[other])), None)
            if found is not None:
                gone.remove(name)
                come.remove(found)
                yield name, found


def _looks_at_the_same(old: RuleTerms, new: RuleTerms) -> bool:
    return old.applies is new.applies and not old.applies.is_constant(True)


def _requires_the_same(old: RuleTerms, new: RuleTerms) -> bool:
    return old.require is new.require and not old.require.is_constant(False)
