"""Ways to decide one order: the engine, the checks by hand, each peer; decoded, and from JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, Final

import msgspec
from tests.perf.orders30.by_hand import failures_by_hand
from tests.perf.orders30.documents import EVENT, document, json_document, json_record, row_of_json
from tests.perf.orders30.facts import FACTS, Row
from tests.perf.peers.peer import Peer
from tests.perf.peers.results import Spread

from creditgate import Gate
from creditgate.decide.facts_needed import expressions_on, facts_in
from creditgate.explain.record import record, record_bytes

RUN: Final = 60
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class Way:
    """A question and the orders it is asked about in turn; a slow one is asked about fewer a run."""

    ask: Callable[[Any], Any]
    orders: Sequence[Any]
    slowness: int = 1


def reply_of(failures: Sequence[str]) -> bytes:
    """Return the decision and the rules breached as JSON."""
    decision = "rejected" if failures else "approved"
    return _ENCODE({"decision": decision, "breached": failures})


def by_hand(orders: Sequence[Row], *, replied: bool) -> Way:
    """Return the way of the checks by hand."""
    if not replied:
        return Way(failures_by_hand, orders)
    return Way(
        lambda raw: reply_of(failures_by_hand(row_of_json(raw))), [json_record(r) for r in orders]
    )


def by_peer(peer: Peer, orders: Sequence[Row], *, replied: bool) -> Way:
    """Return the way of a peer; what it is given decoded is prepared before the time is taken."""
    failures, from_json = peer.failures, peer.from_json
    if not replied:
        return Way(failures, [peer.prepared(row) for row in orders], peer.slowness)
    return Way(
        lambda raw: reply_of(failures(from_json(raw))),
        [json_record(row) for row in orders],
        peer.slowness,
    )


def by_engine(gate: Gate, orders: Sequence[Row], *, replied: bool) -> Way:
    """Return the way of the engine."""
    documents = [json_document(row) for row in orders]
    if replied:
        return Way(lambda raw: gate.decide(raw).core_bytes(), documents)
    return Way(gate.decide, [gate.read(raw) for raw in documents])


def forms_of_engine(gate: Gate, orders: Sequence[Row]) -> dict[str, Way]:
    """Return the other questions to the engine, by what they are called."""
    documents = [json_document(row) for row in orders]
    lean = [lean_document(gate, row) for row in orders]
    read = [gate.read(raw) for raw in documents]
    day = read[0].root.measured_order.trade_date
    compiled = gate.engines[0].compiled(day, EVENT)
    assert compiled is not None
    assert compiled.event is not None
    judge = compiled.event.judge
    return {
        "generated code alone": Way(lambda facts: judge(facts.root, facts.claims, day), read),
        "decision and its reply as JSON": Way(lambda facts: gate.decide(facts).core_bytes(), read),
        "from JSON to facts": Way(gate.read, documents),
        "from JSON to facts, only those that rules read": Way(gate.read, lean),
        "from JSON to the reply, only those that rules read": Way(
            lambda raw: gate.decide(raw).core_bytes(), lean
        ),
        "full record with evidence, as JSON": Way(
            lambda facts: record_bytes(record(gate.decide(facts))), read, 40
        ),
    }


def lean_document(gate: Gate, row: Row) -> bytes:
    """Return the facts document of a row with no more than what the rules of its day read."""
    day = gate.read(json_document(row)).root.measured_order.trade_date
    epoch = gate.engines[0].epoch(day)
    assert epoch is not None
    read = facts_in(expressions_on(epoch, EVENT, determinations=False))
    read |= {gate.vocabulary.events[EVENT].dated_by}
    stated = document(row)
    for name, fact in FACTS.items():
        if (fact.record, name) not in read:
            del stated[fact.record][name]
    return _ENCODE(stated)


def interleaved(ways: dict[str, Way], rounds: int) -> dict[str, Spread]:
    """Ask every way about a run of orders once a round, each round beginning with another way.

    The first tenth of the rounds warms up and is not counted.
    """
    names = list(ways)
    firsts: dict[str, list[int]] = {name: [] for name in names}
    taken: dict[str, list[int]] = {name: [] for name in names}
    warm = rounds // 10
    for turn in range(warm + rounds):
        start = turn % len(names)
        for name in (*names[start:], *names[:start]):
            times = _run(ways[name], turn)
            if turn >= warm:
                firsts[name].append(times[0])
                taken[name] += times
    return {name: _spread(firsts[name], taken[name]) for name in names}


def _run(way: Way, turn: int) -> list[int]:
    """Return the nanoseconds that the orders of a run took."""
    ask, count = way.ask, max(1, RUN // way.slowness)
    orders = [way.orders[(turn * count + place) % len(way.orders)] for place in range(count)]
    taken = []
    for order in orders:
        start = perf_counter_ns()
        ask(order)
        taken.append(perf_counter_ns() - start)
    return taken


def _spread(firsts: list[int], taken: list[int]) -> Spread:
    ascending = sorted(taken)
    count = len(ascending)
    found = (ascending[count // 2], ascending[count * 99 // 100], sorted(firsts)[len(firsts) // 2])
    return Spread(*(round(nanoseconds / 1000, 2) for nanoseconds in found))
