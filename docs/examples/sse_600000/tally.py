"""Decide all orders of the tape under one rulebook and count what came out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter_ns

from docs.examples.sse_600000.documents import Desk, MadeAccount
from docs.examples.sse_600000.tape import TapeOrder

from creditgate import Decision, Gate
from creditgate.ir.rulebook import Rulebook, RuleDefinition


@dataclass(frozen=True, slots=True)
class Example:
    """An order and the account that entered it."""

    order: TapeOrder
    account: MadeAccount


@dataclass(slots=True)
class Tally:
    """What a rulebook answered. Rules are counted by id; one order may stand under several.

    `alone` counts the orders that a rule stopped and no other rule did.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    breached: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    nanoseconds: list[int] = field(default_factory=list)
    examples: dict[str, Example] = field(default_factory=dict)

    def add(self, order: TapeOrder, account: MadeAccount, decision: Decision) -> None:
        """Count one decision and keep the first of each kind as an example."""
        breached, undecided = decision.breached, decision.undecided
        self.outcomes[decision.outcome] += 1
        self.breached.update(breached)
        self.undecided.update(undecided)
        self.warned.update(item.rule for item in decision.core.warnings)
        self.missing.update(decision.missing)
        if len(breached) == 1 and not undecided:
            self.alone.update(breached)
        kind = decision.outcome
        if breached:
            kind = " ".join(sorted({name.rsplit("/", 1)[-1] for name in breached}))
        self.examples.setdefault(kind, Example(order, account))

    @property
    def orders(self) -> int:
        """Return the number of orders decided."""
        return len(self.nanoseconds)

    def microseconds(self, share: float) -> float:
        """Return the time within which a share of the orders was decided."""
        ordered = sorted(self.nanoseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1000

    @property
    def orders_per_second(self) -> float:
        """Return how many orders a second were decided, one after the other."""
        return len(self.nanoseconds) / (sum(self.nanoseconds) / 1e9)


def decide_all(gate: Gate, orders: Sequence[TapeOrder], desk: Desk) -> Tally:
    """Decide every order: JSON bytes in, bytes of the decision out."""
    tally = Tally()
    for place, order in enumerate(orders):
        account = desk.account_for(place)
        document = json.dumps(desk.document(order, account)).encode()
        start = perf_counter_ns()
        decision = gate.decide(document)
        decision.core_bytes()
        tally.nanoseconds.append(perf_counter_ns() - start)
        tally.add(order, account, decision)
    return tally


def rule_named(book: Rulebook, rule_id: str) -> RuleDefinition:
    """Return a rule by the id under which decisions report it."""
    return book.rules[rule_id.rsplit("/", 1)[-1]]
