"""Values that a kernel looks up, for they were worked out once for each record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from creditgate.lowered.terms import Number, Term


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A value that was worked out once for each record: of which, and how it is kept.

    Its arrays are called after it: `value`, `state`, and `below` where it is a pair.
    """

    record: Term
    name: str
    is_condition: bool
    number: Number | None
    may_be_unknown: bool
    may_be_none: bool
    is_pair: bool

    @property
    def arrays(self) -> tuple[str, ...]:
        """Return the names of its arrays."""
        kinds = ("value", "state", "below") if self.is_pair else ("value", "state")
        return tuple([f"{kind}_{self.name}" for kind in kinds])


#: States of a value that was worked out for a record; what is lost cannot be kept.
UNKNOWN, NONE, LOST = 1, 2, 3
NOTHING: Mapping[Term, LookedUp] = {}


def looked_up(
    roots: Iterable[Term], uses: Mapping[Term, LookedUp], ends: frozenset[Term]
) -> list[Term]:  # fmt: skip
    """Return what roots are made of, parts before wholes, but not what the `ends` are made of.

    Of what is looked up only the record is there.
    """
    seen: set[Term] = set()
    waiting = list(roots)
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            parts = (uses[term].record,) if term in uses else term.parts
            waiting.extend(parts if term not in ends else ())
    return sorted(seen, key=lambda term: term.index)
