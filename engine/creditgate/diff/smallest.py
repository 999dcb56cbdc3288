"""The smallest order of its kind: the least quantity, then the least amounts."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.solver.asking import Reply
from creditgate.backends.solver.outcomes import EventTerms
from creditgate.backends.solver.pieces import Formula
from creditgate.backends.solver.symbols import Symbol, Symbols
from creditgate.diff.two_sided import Drawing, TwoSided
from creditgate.prove.answers import Order
from creditgate.prove.search import Confirm, Days, Wanted

SHARE: Final = 0.2  # of the time limit of a question
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
    until = time.monotonic() + search.seconds * SHARE
    draw = Drawing(search, wanted, days)
    reply = draw.first()
    if reply is None:
        return Smaller(found, False)
    reply, fixed = _usual(search, draw, reply, until)
    is_smallest = False
    for number, symbol in enumerate(_numbers(search)):
        if number and time.monotonic() > until:
            break
        reply, least, is_certain = _least(search, draw, fixed, symbol, reply, until)
        fixed += [symbol.known, symbol.value == least]
        if number == 0:
            is_smallest = is_certain
    made = search.judged(reply, judged, confirm)
    return Smaller(found, False) if made is None else Smaller(made[0], is_smallest)


def _usual(
    search: TwoSided, draw: Drawing, reply: Reply, until: float
) -> tuple[Reply, list[Formula]]:
    """Return an order that reads well: with all amounts, and the first members of enums."""
    fixed: list[Formula] = []
    amounts = [[symbol.known] for symbol in _numbers(search) if symbol.none is not False]
    wishes = [*amounts, *[search.is_first(symbol) for symbol in search.enums()]]
    every = draw.more([part for wish in wishes for part in wish])
    if every.found == "some":
        return every, [part for wish in wishes for part in wish]
    for wish in wishes:
        if time.monotonic() > until:
            break
        drawn = draw.more([*fixed, *wish])
        if drawn.found == "some":
            reply, fixed = drawn, [*fixed, *wish]
    return reply, fixed


def _least(
    search: TwoSided, draw: Drawing, fixed: list[Formula], symbol: Symbol, reply: Reply,
    until: float,
) -> tuple[Reply, int, bool]:  # fmt: skip
    high = search.value(reply, symbol.value)
    low, _ = Symbols.bounds(symbol.fact)
    least = min(high, max(0, low if low is not None else 0))
    is_certain, is_near = True, False
    bound = max(least, 1)
    while least < high and time.monotonic() < until:
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


def _numbers(search: TwoSided) -> Iterator[Symbol]:
    """Yield quantities and amounts of single records, those of what is judged first."""
    entity = search.vocabulary.events[search.event].dated_by[0]
    found: list[tuple[Any, Symbol]] = []
    for symbol in search.numbers():
        place = (symbol.holder.path != entity, _KINDS.index(symbol.fact.kind))
        found.append(((*place, symbol.holder.path, symbol.fact.name), symbol))
    yield from [symbol for _, symbol in sorted(found, key=lambda item: item[0])]
