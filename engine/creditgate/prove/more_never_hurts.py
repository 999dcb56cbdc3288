"""Is an order that is approved approved as well where one fact is larger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms, approved
from creditgate.backends.solver.pieces import Formula, both, opposite
from creditgate.backends.solver.symbols import Handle
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer, Verdict
from creditgate.prove.search import Days, Search

QUESTION: Final = "more_never_hurts"
VERDICTS: Final[dict[str, Verdict]] = {"none": YES, "some": NO, "unknown": NOT_DECIDED}
MORE: Final = " (more)"


def more_never_hurts(
    search: Search, event: EventTerms, days: Days, facts: Sequence[tuple[str, str]]
) -> Iterator[Answer]:
    """Answer for each fact that is a number; no comes with two orders that differ in it alone."""
    for entity, name in facts:

        def wanted(encoding: Encoding, entity: str = entity, name: str = name) -> list[Formula]:
            handle, declared = Handle(entity, entity), encoding.fact(entity, name)
            less = encoding.symbols.of(handle, declared)
            passes = approved(encoding, event)
            with encoding.reading({(entity, name): MORE}):
                more = encoding.symbols.of(handle, declared)
                passes_with_more = approved(encoding, event)
            larger = both(less.known, more.known, more.value > less.value)
            return [passes, opposite(passes_with_more), larger]

        found = search.find_two(wanted, days, event, {(entity, name): MORE})
        yield Answer(
            QUESTION, event.epoch.rulebook.id, VERDICTS[found.found], f"{entity}.{name}",
            days.first, days.last, found.orders, found.why, found.found == "some",
            {"about": found.about, "event": event.event},
        )  # fmt: skip
