"""For which members of enums orders are decided differently: boards, classes, kinds of clients."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from creditgate.backends.solver.outcomes import EventTerms
from creditgate.backends.solver.symbols import Symbol
from creditgate.diff.meaning_parts import Member, Region
from creditgate.diff.two_sided import Drawing, TwoSided
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Enum, without_none
from creditgate.prove.search import Confirm, Days, Wanted

#: Of the time limit of a question; it is counted in time of the processor.
SHARE: Final = 0.15


def regions(
    search: TwoSided, wanted: Wanted, days: Days, judged: Sequence[EventTerms], confirm: Confirm,
    but: frozenset[str], read: frozenset[str],
) -> tuple[Region, ...]:  # fmt: skip
    """Return the enums on which it depends whether there is such an order.

    Each member is tried with short lists; an order found is judged by the reference. Facts of `but`
    are left out, those of `read` (which the change reads) come first. What time does not allow is
    left open.
    """
    until = time.process_time() + search.seconds * SHARE
    draw = Drawing(search, wanted, days)
    if draw.first() is None or not draw.is_simple:
        return ()
    found = []
    symbols = [symbol for symbol in search.enums() if path_of(symbol) not in but]
    for symbol in sorted(symbols, key=lambda s: (path_of(s) not in read, path_of(s))):
        is_read = path_of(symbol) in read
        if time.process_time() > until and not is_read:
            break
        region = _region(search, symbol, draw, judged, confirm, until)
        # Where every member does, or none is known to do otherwise, nothing depends on it.
        if region.not_met and region.met:
            found.append(region)
    return tuple(found)


def path_of(symbol: Symbol) -> str:
    """Return a fact as rules call it, by the entity of its record."""
    return f"{symbol.holder.entity}.{symbol.fact.name}"


def _region(
    search: TwoSided, symbol: Symbol, draw: Drawing, judged: Sequence[EventTerms],
    confirm: Confirm, until: float,
) -> Region:  # fmt: skip
    kind = without_none(symbol.fact.type)
    assert isinstance(kind, Enum)
    members = search.vocabulary.enums[kind.name].members
    left = dict(members)
    met: list[Member] = []
    not_met: list[Member] = []
    while left and time.process_time() < until:
        others = [
            symbol.value != search.code(name) for name in members if name not in left
        ]  # those that are settled
        drawn = draw.more([symbol.known, *others])
        if drawn.found != "some":
            if drawn.found == "none":
                not_met = [Member(name, title) for name, title in left.items()]
                left = {}
            break
        word = search.word(drawn, symbol.value)
        title = left.pop(word, None)
        if title is None:
            break
        if search.judged(drawn, judged, confirm) is not None:
            met.append(Member(word, title))
        else:
            not_met.append(Member(word, title))
    order = list(members)
    still = tuple(Member(name, title) for name, title in left.items())
    return Region(
        path_of(symbol), _title(search, symbol), tuple(sorted(met, key=lambda m: order.index(m.name))),
        tuple(sorted(not_met, key=lambda m: order.index(m.name))), still,
    )  # fmt: skip


def _title(search: TwoSided, symbol: Symbol) -> Bilingual:
    entity = search.vocabulary.entities[symbol.holder.entity].title
    fact = symbol.fact.title
    if symbol.holder.entity == search.vocabulary.events[search.event].dated_by[0]:
        return fact
    return Bilingual(f"{entity.en}: {fact.en}", f"{entity.zh}：{fact.zh}")
