"""Are there two rules that no order to which both apply can satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, RuleTerms, outcome
from creditgate.backends.solver.pieces import Formula
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Confirm, Days, Found, Search, Wanted

QUESTION: Final = "contradict"


def contradictions(search: Search, event: EventTerms, days: Days) -> Iterator[Answer]:
    """Yield an answer for each pair of rules that contradict, or may; one for all others.

    Rules of which one alone can never be satisfied are no pair.
    """
    rules = [rule for rule in event.deciding if not rule.require.is_constant(False)]
    together: set[frozenset[str]] = set()
    example: Found | None = None
    is_clean = True
    for pair in combinations(rules, 2):
        names = frozenset(rule.rule.id for rule in pair)
        if names in together:
            continue
        found = search.find(_satisfied(event, pair), days, [event], _confirm(pair))
        if found.found == "some":
            example = example or found
            satisfied = [r for r, o in found.runs[0].outcomes.items() if o == "satisfied"]
            together |= {frozenset(two) for two in combinations(satisfied, 2)}
            continue
        answer = _contradict(search, event, days, pair) if found.found == "none" else found
        if isinstance(answer, Found):
            if answer.found == "none":
                continue
            is_clean = False
            yield _answer(event, days, pair, answer)
        else:
            is_clean = False
            yield answer
    if is_clean:
        orders = () if example is None else example.orders
        yield Answer(QUESTION, event.epoch.rulebook.id, NO, first=days.first, last=days.last,
                     order=orders, words={"event": event.event})  # fmt: skip


def _contradict(
    search: Search, event: EventTerms, days: Days, pair: tuple[RuleTerms, RuleTerms]
) -> Answer | Found:
    """Return the answer about two rules that are never satisfied together.

    Nothing is found where they never apply together, or where one is never satisfied at all.
    """

    def both_apply(encoding: Encoding) -> list[Formula]:
        governs = encoding.piece(event.governs).holds
        return [governs, *[outcome(encoding, rule).applies for rule in pair]]

    found = search.find(both_apply, days, [event], lambda _: True)
    if found.found != "some":
        return found
    for rule in pair:
        alone = search.find(_satisfied(event, (rule,)), days, [event], _confirm((rule,)))
        if alone.found != "some":
            return alone
    return _answer(event, days, pair, replace(found, found="none"))


def _satisfied(event: EventTerms, rules: Sequence[RuleTerms]) -> Wanted:
    def wanted(encoding: Encoding) -> list[Formula]:
        conditions = [encoding.piece(event.governs).holds]
        for rule in rules:
            here = outcome(encoding, rule)
            conditions += [here.applies, here.requirement_holds]
        return conditions

    return wanted


def _confirm(rules: Sequence[RuleTerms]) -> Confirm:
    def confirm(runs: Sequence[Run]) -> bool:
        return all(runs[0].outcomes[rule.rule.id] == "satisfied" for rule in rules)

    return confirm


def _answer(
    event: EventTerms, days: Days, pair: tuple[RuleTerms, RuleTerms], found: Found
) -> Answer:
    verdict = YES if found.found == "none" else NOT_DECIDED
    return Answer(
        QUESTION, event.epoch.rulebook.id, verdict, pair[0].rule.id, days.first, days.last,
        found.orders, found.why, verdict == YES,
        {"with": pair[1].rule.id, "about": found.about, "event": event.event},
    )  # fmt: skip
