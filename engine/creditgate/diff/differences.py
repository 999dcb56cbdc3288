"""In which direction two rules, or two rulebooks, differ, as formulas."""

from __future__ import annotations

from collections.abc import Sequence

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import (
    EventTerms,
    Outcome,
    RuleTerms,
    none_breached,
    outcome,
)
from creditgate.backends.solver.pieces import Formula, both, either, opposite, same
from creditgate.diff.meaning_parts import STRICTER, Direction
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Confirm

#: A rule that is not there stands in nobody's way.
NO_RULE = Outcome(True, False, False, False, False, False, False)
_OUTCOMES = {"not_applicable": 2, "satisfied": 2, "pending": 1, "breached": 0}
_DECISIONS = {"approved": 2, "pending": 1, "rejected": 0}


def outcome_of(encoding: Encoding, rule: RuleTerms | None) -> Outcome:
    """Return the outcome of a rule, or of none."""
    return NO_RULE if rule is None else outcome(encoding, rule)


def rule_differs(
    encoding: Encoding, before: RuleTerms | None, after: RuleTerms | None, direction: Direction
) -> Formula:
    """Return that one rule stops what the other lets pass, both of them for certain."""
    free, bound = (before, after) if direction == STRICTER else (after, before)
    loose, tight = outcome_of(encoding, free), outcome_of(encoding, bound)
    return either(
        both(loose.passes, either(tight.breached, tight.pending)),
        both(loose.pending, tight.breached),
    )


def rule_not_the_same(
    encoding: Encoding, before: RuleTerms | None, after: RuleTerms | None
) -> Formula:
    """Return that two rules differ in any way; passing is one way."""
    one, other = outcome_of(encoding, before), outcome_of(encoding, after)
    pairs = (
        (one.passes, other.passes),
        (one.breached, other.breached),
        (one.pending, other.pending),
    )
    return either(*[opposite(same(mine, theirs)) for mine, theirs in pairs])


def book_differs(
    encoding: Encoding, before: EventTerms, after: EventTerms, direction: Direction
) -> Formula:
    """Return that one rulebook stops what the other approves, both of them for certain."""
    free, bound = (before, after) if direction == STRICTER else (after, before)
    passes = both(*[outcome(encoding, rule).passes for rule in free.deciding])
    stopped = opposite(none_breached(encoding, bound.deciding))
    return both(
        encoding.piece(free.governs).holds,
        encoding.piece(bound.governs).holds,
        either(
            both(passes, either(stopped, _pending(encoding, bound))),
            both(_pending(encoding, free), stopped),
        ),
    )


def _pending(encoding: Encoding, event: EventTerms) -> Formula:
    found = [outcome(encoding, rule) for rule in event.deciding]
    some = either(*[each.pending for each in found])
    return both(some, *[opposite(either(each.breached, each.undecided)) for each in found])


def confirms_book(direction: Direction) -> Confirm:
    """Return what tells whether both decisions differ in a direction."""

    def confirm(runs: Sequence[Run]) -> bool:
        ranks = [_DECISIONS.get(run.decided.decision) for run in runs]
        return _in_direction(ranks, direction)

    return confirm


def confirms_rule(before: str | None, after: str | None, direction: Direction) -> Confirm:
    """Return what tells whether the outcomes of a rule, by its ids, differ in a direction."""

    def confirm(runs: Sequence[Run]) -> bool:
        found = [
            2 if name is None else _OUTCOMES.get(run.outcomes.get(name, "not_applicable"))
            for name, run in zip((before, after), runs, strict=True)
        ]
        return _in_direction(found, direction)

    return confirm


def confirms_difference(before: str | None, after: str | None) -> Confirm:
    """Return what tells whether the outcomes of a rule differ at all."""

    def confirm(runs: Sequence[Run]) -> bool:
        found = [
            "passes" if name is None or word in {"not_applicable", "satisfied"} else word
            for name, run in zip((before, after), runs, strict=True)
            for word in [run.outcomes.get(name or "", "not_applicable")]
        ]
        return found[0] != found[1]

    return confirm


def _in_direction(ranks: Sequence[int | None], direction: Direction) -> bool:
    before, after = ranks
    if before is None or after is None:
        return False
    return after < before if direction == STRICTER else after > before
