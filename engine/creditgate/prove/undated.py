"""Is there an order that asks for a value at a date before its first version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, RuleTerms, outcome
from creditgate.backends.solver.pieces import Formula, both, either, opposite
from creditgate.lowered.terms import Op, Term, reachable
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Confirm, Days, Search, Wanted

QUESTION: Final = "undated"
VERDICTS: Final[dict[str, Verdict]] = {"none": NO, "some": YES, "unknown": NOT_DECIDED}


def undated(search: Search, event: EventTerms, days: Days) -> Iterator[Answer]:
    """Answer for each rule with values `at` a date; yes comes with an order left undecided by it."""
    for rule in event.deciding:
        asked = [
            term for term in reachable(rule.parts) if term.op is Op.DATED and not term.parts[0].rows
        ]
        if not asked:
            continue
        found = search.find(_early(event, rule, asked), days, [event], _confirm(rule))
        yield Answer(
            QUESTION, event.epoch.rulebook.id, VERDICTS[found.found], rule.rule.id, days.first,
            days.last, found.orders, found.why, False,
            {"about": found.about, "event": event.event},
        )  # fmt: skip


def _early(event: EventTerms, rule: RuleTerms, asked: Sequence[Term]) -> Wanted:
    def wanted(encoding: Encoding) -> list[Formula]:
        early = []
        for term in asked:
            day = encoding.piece(term.parts[0])
            assert isinstance(term.own, tuple)
            early.append(both(opposite(day.unfit), day.value < term.own[0]))
        symbols = [each for each in encoding.symbols.found.values() if not each.holder.keys]
        governs = encoding.piece(event.governs).holds
        undecided = outcome(encoding, rule).undecided
        known = [opposite(symbol.unknown) for symbol in symbols]
        return [governs, undecided, either(*early), *known]

    return wanted


def _confirm(rule: RuleTerms) -> Confirm:
    def confirm(runs: Sequence[Run]) -> bool:
        return runs[0].outcomes[rule.rule.id] == "undecided"

    return confirm
