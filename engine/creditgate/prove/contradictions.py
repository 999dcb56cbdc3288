"""Are there two rules that no order to which both apply can satisfy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, RuleTerms, outcome
from creditgate.backends.solver.pieces import Formula
from creditgate.lowered.values_asked import values_asked
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Confirm, Days, Found, Search, Wanted

QUESTION: Final = "contradict"
VERDICTS: Final[dict[str, Verdict]] = {"none": YES, "some": NO, "unknown": NOT_DECIDED}


def contradictions(
    search: Search, event: EventTerms, days: Days, settled: Collection[str] = ()
) -> Iterator[Answer]:
    """Yield an answer for each pair of rules that contradict, or may; one for all others.

    Pairs of `settled` rules (ids) are left out: they are asked elsewhere.
    Two rules contradict where each can be satisfied by what the other applies to, but never both.
    """
    rules = [rule for rule in event.deciding if not rule.require.is_constant(False)]
    together: set[frozenset[str]] = set()
    example: Found | None = None
    is_clean = True
    for pair in combinations(rules, 2):
        names = frozenset(rule.rule.id for rule in pair)
        if names in together or names <= frozenset(settled) or _is_apart(*pair):
            continue
        wanted = _satisfied(event, pair)
        found = search.find(wanted, days, [event], _confirm(pair), proved=False)
        if found.found == "some":
            example = example or found
            outcomes = found.runs[0].outcomes
            satisfied = sorted(rule for rule, each in outcomes.items() if each == "satisfied")
            together |= {frozenset(two) for two in combinations(satisfied, 2)}
            continue
        one = _one_of(search, event, days, pair)
        if one is None:
            continue
        found = search.find(wanted, days, [event], _confirm(pair), doubted=True)
        if found.found == "some":
            continue
        is_clean = False
        yield _answer(event, days, pair, found, one)
    if is_clean:
        orders = () if example is None else example.orders
        yield Answer(QUESTION, event.epoch.rulebook.id, NO, first=days.first, last=days.last,
                     order=orders, words={"event": event.event})  # fmt: skip


def _is_apart(rule: RuleTerms, other: RuleTerms) -> bool:
    """Tell whether two rules ask for different values of a fact, so that never both apply."""
    ours, theirs = values_asked(rule.applies), values_asked(other.applies)
    return any(not values & theirs[fact] for fact, values in ours.items() if fact in theirs)


def _one_of(
    search: Search, event: EventTerms, days: Days, pair: tuple[RuleTerms, RuleTerms]
) -> Found | None:
    """Return an order that satisfies one of two rules while the other applies, and the reverse.

    None where one of the rules keeps the other from applying: then nothing is asked of both.
    """
    found: Found | None = None
    for rule, other in (pair, pair[::-1]):
        wanted = _satisfied(event, (rule,), (other,))
        found = search.find(wanted, days, [event], _confirm((rule,)), proved=False)
        if found.found != "some":
            return None
    return found


def _satisfied(
    event: EventTerms, rules: Sequence[RuleTerms], applied: Sequence[RuleTerms] = ()
) -> Wanted:
    def wanted(encoding: Encoding) -> list[Formula]:
        conditions = [encoding.piece(event.governs).holds]
        for rule in rules:
            here = outcome(encoding, rule)
            conditions += [here.applies, here.requirement_holds]
        conditions += [outcome(encoding, rule).applies for rule in applied]
        return conditions

    return wanted


def _confirm(rules: Sequence[RuleTerms]) -> Confirm:
    def confirm(runs: Sequence[Run]) -> bool:
        return all(runs[0].outcomes[rule.rule.id] == "satisfied" for rule in rules)

    return confirm


def _answer(
    event: EventTerms, days: Days, pair: tuple[RuleTerms, RuleTerms], found: Found, one: Found
) -> Answer:
    """Return the answer about two rules; where they contradict, with an order that meets one."""
    orders = one.orders if found.found == "none" else found.orders
    return Answer(
        QUESTION, event.epoch.rulebook.id, VERDICTS[found.found], pair[0].rule.id, days.first,
        days.last, orders, found.why, found.found == "none",
        {"with": pair[1].rule.id, "about": found.about, "event": event.event},
    )  # fmt: skip
