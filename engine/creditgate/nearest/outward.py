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
from creditgate.nearest.possible_values import PossibleValues
from creditgate.nearest.regions import Region, Span, distances

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
            search.computed += verdict.values.computed
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
        for part in () if verdict is None else _divided(region, verdict.values):
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


def _divided(region: Region, values: PossibleValues) -> list[Region]:
    """Return the parts of a region.

    It is divided where along one fact something turns whatever the others are, nearest to the fact
    as given; else by steps. Where a turn depends on several facts, the later ones are divided for
    the first in a corner, and then the first in halves.
    """
    spans = region.spans
    for place, span in enumerate(spans):
        if values.turns[place]:
            return _halves(region, place, _first(values.turns[place], span))
    for place, steps in sorted(values.choices):
        parts = [
            region.with_span(place, part)
            for part in (spans[place].only(steps), spans[place].but(steps))
        ]
        return [part for part in parts if part is not None]
    first = next(place for place, span in enumerate(spans) if span.low != span.high)
    for place in range(len(spans) - 1, first, -1):
        span = spans[place]
        # At an end it would cut off a single value, over and over.
        inside = {after for after in values.crossings[place] if span.low < after < span.high - 1}
        if inside:
            return _halves(region, place, _first(inside, span))
    return _halves(region, first, (spans[first].low + spans[first].high) // 2)


def _first(turns: set[int], span: Span) -> int:
    return min(turns) if span.sign > 0 else max(turns)


def _halves(region: Region, place: int, after: int) -> list[Region]:
    return [part for part in region.halves(place, after) if part is not None]
