"""Can an order be approved while a fact is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, approval
from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.symbols import Handle
from creditgate.lowered.terms import Op, Reading, reachable
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Days, Search

QUESTION: Final = "approves_without"
VERDICTS: Final[dict[str, Verdict]] = {"none": NO, "some": YES, "unknown": NOT_DECIDED}


def facts_read(search: Search, event: EventTerms) -> list[tuple[str, str]]:
    """Return the facts of single records that decide, as (entity, fact), in order."""
    roots = [event.governs, *[part for rule in event.deciding for part in rule.parts]]
    found = set()
    for term in reachable(roots):
        if term.op is Op.READ and term.parts[0].op is Op.ROOT:
            assert isinstance(term.own, Reading)
            holder = str(term.parts[0].own)
            for entity in search.vocabulary.entities.values():
                for fact in entity.facts.values():
                    if holder.rstrip("_") == entity.name and _is(term.own, fact.name):
                        found.add((entity.name, fact.name))
    return sorted(found)


def _is(reading: Reading, name: str) -> bool:
    return reading.attribute.rstrip("_") == name


def approves_without(
    search: Search, event: EventTerms, days: Days, facts: Sequence[tuple[str, str]]
) -> Iterator[Answer]:
    """Answer for each fact whether an order without it can be approved; yes comes with one."""
    for entity, name in facts:

        def wanted(encoding: Encoding, entity: str = entity, name: str = name) -> list[Formula]:
            fact = encoding.symbols.of(Handle(entity, entity), encoding.fact(entity, name))
            return [*approval(encoding, event), fact.unknown]

        found = search.find(wanted, days, [event], is_approved)
        yield Answer(
            QUESTION, event.epoch.rulebook.id, VERDICTS[found.found], f"{entity}.{name}",
            days.first, days.last, found.orders, found.why,
            words={"about": found.about, "event": event.event},
        )  # fmt: skip


def is_approved(runs: Sequence[Run]) -> bool:
    """Tell whether the reference approves."""
    return runs[0].decided.decision == "approved"
