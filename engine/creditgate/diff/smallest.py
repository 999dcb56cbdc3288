"""The smallest order of its kind: the least quantity, then the least amounts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from creditgate.backends.solver.asking import Reply
from creditgate.backends.solver.outcomes import EventTerms
from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.symbols import Symbol, Symbols
from creditgate.diff.two_sided import Drawing, TwoSided
from creditgate.prove.answers import Order
from creditgate.prove.search import Confirm, Days, Wanted

#: Of the time limit of a question; it is counted in time of the processor.
SHARE: Final = 0.2
_KINDS: Final = ("quantity", "price", "money")


@dataclass(frozen=True, slots=True)
class Smaller:
    """An order, and whether no smaller quantity does for certain."""

    order: Order
    is_smallest: bool


def smallest(
    search: TwoSided, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
    found: Order,
) -> Smaller:  # fmt: skip
    """Return an order with the least quantity and then the least amounts that are found in time.

    Quantities and amounts are made less one after the other, each by halving what is left; those of
    the order itself come first.
    """
    until = time.process_time() + search.seconds * SHARE
    draw = Drawing(search, wanted, days)
    reply = draw.first()
    is_order = search.vocabulary.events[search.event].rules_name is not None
    if reply is None or not (draw.is_simple or is_order):
        return Smaller(found, False)
    numbers = _numbers(search)
    fixed: list[Formula] = []
    is_smallest = False
    for symbol in numbers[:1]:
        reply, least, is_certain = _least(search, draw, fixed, symbol, reply, until)
        is_smallest = is_certain and symbol.fact.kind == _KINDS[0]
        fixed += [symbol.known, symbol.value == least]
    if draw.is_simple:
        reply = _usual(search, draw, fixed, reply, until)
    for symbol in numbers[1:]:
        if time.process_time() > until or not draw.is_simple:
            break
        reply, least, _ = _least(search, draw, fixed, symbol, reply, until)
        fixed += [symbol.known, symbol.value == least]
    made = search.judged(reply, judged, confirm)
    return Smaller(found, False) if made is None else Smaller(made[0], is_smallest)


def _usual(
    search: TwoSided, draw: Drawing, fixed: list[Formula], reply: Reply, until: float
) -> Reply:
    """Return an order that reads well, and fix that: with all amounts, enums at their first members."""
    amounts = [[symbol.known] for symbol in _numbers(search) if symbol.none is not False]
    wishes = [*amounts, *[search.is_first(symbol) for symbol in search.enums()]]
    every = [part for wish in wishes for part in wish]
    drawn = draw.more([*fixed, *every])
    if drawn.found == "some":
        fixed += every
        return drawn
    for wish in wishes:
        if time.process_time() > until:
            break
        drawn = draw.more([*fixed, *wish])
        if drawn.found == "some":
            reply = drawn
            fixed += wish
    return reply


def _least(
    search: TwoSided, draw: Drawing, fixed: list[Formula], symbol: Symbol, reply: Reply,
    until: float,
) -> tuple[Reply, int, bool]:  # fmt: skip
    high = search.value(reply, symbol.value)
    low, _ = Symbols.bounds(symbol.fact)
    least = min(high, max(0, low if low is not None else 0))
    is_certain, is_near = True, False
    bound = max(least, 1)
    while least < high and time.process_time() < until:
        # Powers of ten first: what is large is seldom needed, and small values are found at once.
        mid = min(bound, high - 1) if not is_near else least + (high - least) // 2
        drawn = draw.more([*fixed, symbol.known, symbol.value <= mid])
        if drawn.found == "some":
            reply, high, is_near = drawn, search.value(drawn, symbol.value), True
        else:
            is_certain = is_certain and drawn.found == "none"
            least = mid + 1
            bound *= 10
    return reply, high, is_certain and least >= high


def _numbers(search: TwoSided) -> list[Symbol]:
    """Return quantities and amounts of single records, those of what is judged first.

    Facts of one kind come in the order in which the vocabulary declares them.
    """
    entity = search.vocabulary.events[search.event].dated_by[0]

    def place(symbol: Symbol) -> tuple[bool, int, str, int]:
        kind = _KINDS.index(symbol.fact.kind)
        declared = list(search.vocabulary.entities[symbol.holder.entity].facts)
        path = symbol.holder.path
        return path != entity, kind, path, declared.index(symbol.fact.name)

    return sorted(search.numbers(), key=place)
