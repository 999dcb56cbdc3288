"""Do two rulebooks decide alike, and which of the rules they share differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, Outcome, RuleTerms, outcome
from creditgate.backends.solver.pieces import Formula, either, opposite, same
from creditgate.ir.rulebook import Rulebook
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.only_tightens import common_days
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Confirm, Days, Epochs, Search

QUESTION: Final = "agree"
SAME: Final = "same_words"
ALONE: Final = "stands_in_one"
VERDICTS: Final[dict[str, Verdict]] = {"none": YES, "some": NO, "unknown": NOT_DECIDED}


def agree(
    one: Rulebook,
    other: Rulebook,
    seconds: float,
    on: int | None,
    epochs: Epochs | None = None,
) -> Iterator[Answer]:
    """Answer for each rule that does not stand in both rulebooks alike, by its name; one for the rest.

    Each is compared where both rulebooks govern, on the last days on which both hold, or on a day.
    No comes with an order of which the rule says different things.
    """
    spans = common_days([one, other], on)
    alike = 0
    for days in spans[-1:]:
        for event in sorted(set(one.governs) & set(other.governs)):
            search = Search([one, other], event, seconds, epochs)
            ours, theirs = search.rules(one, days.first), search.rules(other, days.first)
            if ours is None or theirs is None:
                continue
            mine = {rule.rule.definition.name: rule for rule in ours.rules}
            others = {rule.rule.definition.name: rule for rule in theirs.rules}
            for name in sorted(mine.keys() | others.keys()):
                first, second = mine.get(name), others.get(name)
                if first is None or second is None:
                    yield _alone(one, other, first or second, name, days)
                elif all(a is b for a, b in zip(first.parts, second.parts, strict=True)):
                    alike += 1
                else:
                    yield _compared(search, ours, theirs, first, second, days)
    if alike:
        first_day = spans[-1].first if spans else None
        words = {"with": other.id, "count": str(alike)}
        yield Answer(QUESTION, one.id, YES, first=first_day, why=SAME, words=words)


def _alone(one: Rulebook, other: Rulebook, rule: RuleTerms | None, name: str, days: Days) -> Answer:
    identity = name if rule is None else rule.rule.id
    words = {"with": other.id}
    return Answer(QUESTION, one.id, NO, identity, days.first, days.last, (), ALONE, True, words)


def _compared(
    search: Search, ours: EventTerms, theirs: EventTerms, first: RuleTerms, second: RuleTerms,
    days: Days,
) -> Answer:  # fmt: skip
    def wanted(encoding: Encoding) -> list[Formula]:
        governs = [encoding.piece(event.governs).holds for event in (ours, theirs)]
        return [_both_or_one(governs), differ(outcome(encoding, first), outcome(encoding, second))]

    found = search.find(wanted, days, [ours, theirs], _confirm(first, second))
    return Answer(
        QUESTION, ours.epoch.rulebook.id, VERDICTS[found.found], first.rule.id, days.first,
        days.last, found.orders, found.why, found.found != "none",
        {"with": theirs.epoch.rulebook.id, "about": found.about},
    )  # fmt: skip


def _both_or_one(governs: Sequence[Formula]) -> Formula:
    """Rulebooks of two venues govern different orders: their rules are compared on either's."""
    return either(*governs)


def differ(one: Outcome, other: Outcome) -> Formula:
    """Return the condition that a rule has different outcomes."""
    pairs = (
        (one.not_applicable, other.not_applicable),
        (one.satisfied, other.satisfied),
        (one.breached, other.breached),
        (one.pending, other.pending),
    )
    return either(*[opposite(same(mine, theirs)) for mine, theirs in pairs])


def _confirm(first: RuleTerms, second: RuleTerms) -> Confirm:
    def confirm(runs: Sequence[Run]) -> bool:
        return runs[0].outcomes[first.rule.id] != runs[1].outcomes[second.rule.id]

    return confirm
