"""Look outward from the facts as given for the nearest values with which an event is approved.

Regions wait in the order of their nearest values. One that is never approved is dropped; of any
other the nearest values are decided, and they are the answer if they are approved, for nothing
that waits is nearer. Otherwise the region is divided where a comparison turns. So nothing nearer
is passed over, however often an approval comes and goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Final

from creditgate.nearest.approval import IN_PARTS, NO, Approval, Verdict
from creditgate.nearest.regions import Region, distances

FOUND: Final = "found"
NONE: Final = "none"
NOT_DECIDED: Final = "not_decided"

Decide = Callable[[tuple[int, ...]], bool]


@dataclass(slots=True)
class Search:
    """What a search came to: the values found and the region they lie in, none, or no answer.

    `stopped_by` are rules that stopped regions; `computed` counts the values of expressions that
    were computed for them.
    """

    word: str = NOT_DECIDED
    values: tuple[int, ...] = ()
    region: Region | None = None
    stopped_by: dict[str, None] = field(default_factory=dict)
    computed: int = 0


def nearest(
    approval: Approval, start: Region, given: Sequence[int], decide: Decide, most: int
) -> Search:
    """Return the approved values nearest to those given, the first fact weighing most.

    `decide` decides the event with given values; about `most` values of expressions are computed.
    """
    search = Search()
    numbers = count()
    waiting = [(distances(start.nearest, given), next(numbers), start)]
    while waiting:
        if search.computed >= most:
            return search
        search.computed += 1
        _, _, region = heappop(waiting)
        if not region.is_point:
            verdict = approval.over(region)
            search.computed += verdict.computed
            if verdict.word == NO:
                if verdict.stopped_by is not None:
                    search.stopped_by[verdict.stopped_by] = None
                continue
            if verdict.word == IN_PARTS and verdict.steps:
                for part in _stepped(region, verdict):
                    heappush(waiting, (distances(part.nearest, given), next(numbers), part))
                continue
        else:
            verdict = None
        if decide(region.nearest):
            search.word, search.values, search.region = FOUND, region.nearest, region
            return search
        for part in () if verdict is None else _divided(region, verdict):
            heappush(waiting, (distances(part.nearest, given), next(numbers), part))
    search.word = NONE
    return search


def _stepped(region: Region, verdict: Verdict) -> list[Region]:
    """Return the part of a region that fits the steps without which nothing is approved."""
    found: Region | None = region
    for place, steps in sorted(verdict.steps):
        if found is not None:
            found = found.with_span(place, found.spans[place].only(steps))
    return [] if found is None else [found]


def _divided(region: Region, verdict: Verdict) -> list[Region]:
    """Return the parts of a region: at the turn nearest to the facts as given, if there is one."""
    for place, span in enumerate(region.spans):
        turns = verdict.turns[place]
        if turns:
            after = min(turns) if span.sign > 0 else max(turns)
            return [part for part in region.halves(place, after) if part is not None]
    for place, steps in sorted(verdict.choices):
        span = region.spans[place]
        parts = [region.with_span(place, each) for each in (span.only(steps), span.but(steps))]
        return [part for part in parts if part is not None]
    place = max(range(len(region.spans)), key=lambda p: region.spans[p].high - region.spans[p].low)
    span = region.spans[place]
    after = (span.low + span.high) // 2
    return [part for part in region.halves(place, after) if part is not None]
