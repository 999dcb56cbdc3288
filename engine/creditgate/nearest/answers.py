"""The answers: for each fact the nearest value, that there is none, or why that is not known."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from creditgate.domain.citation import Bilingual
from creditgate.explain.shown_values import ShownValue

FOUND: Final = "found"
NONE: Final = "none"
NOT_DECIDED: Final = "not_decided"
NOT_GIVEN: Final = "not_given"
NOT_READ: Final = "not_read"


class ChangedFact(msgspec.Struct, frozen=True):
    """A fact with another value.

    `given` is the value as it is, `value` the one proposed, `difference` the distance between them;
    `direction` is lower, higher, earlier or later. `step` is the step in which approved values lie
    here, None where it is the smallest that the fact has. `nearer` is the next value towards the
    given one; it was decided, and is not approved. `step_unknown` is the fact that says in which
    steps values may lie at all, where it is not given.
    """

    path: str
    title: Bilingual
    kind: str
    direction: str
    given: ShownValue
    value: ShownValue
    difference: ShownValue
    step: ShownValue | None
    nearer: ShownValue
    step_unknown: str | None = None


class Suggestion(msgspec.Struct, frozen=True):
    """The answer about one fact in one direction, or about several facts together.

    `state` is found, none (proved: no value within the bounds would do), not_decided (not found
    within the limit, which proves nothing), not_given or not_read. `changes` are the facts with
    their values where one was found. `stopped_by` are rules that stop whatever was ruled out, in
    the order of their ids. `until` is the last day that was looked at.
    """

    paths: tuple[str, ...]
    titles: tuple[Bilingual, ...]
    directions: tuple[str, ...]
    state: str
    changes: tuple[ChangedFact, ...] = ()
    stopped_by: tuple[str, ...] = ()
    until: str | None = None
    document: Any = None
    kind: str = ""


class NearestApproval(msgspec.Struct, frozen=True):
    """What would have to change for an approval, the facts otherwise as they are.

    `decision` is what was decided; `missing` are the facts that an undecided one lacks. `alone`
    has an answer for each fact and direction; `together` for facts that do it only with one another.
    """

    decision: str
    missing: tuple[str, ...]
    alone: tuple[Suggestion, ...]
    together: tuple[Suggestion, ...]
    horizon_days: int
    limit: int

    @property
    def found(self) -> tuple[Suggestion, ...]:
        """Return the suggestions that were found: all of them were decided and approved."""
        return tuple(item for item in (*self.alone, *self.together) if item.state == FOUND)
