"""zen-engine: one compiled expression that gives the outcome of each rule about the side."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tests.perf.orders30.rules import rules_on
from tests.perf.peers.infix import Spelling, holds
from tests.perf.peers.peer import Peer

SPELLING = Spelling("and", "or", "not ")


class ZenExpressions(Peer):
    """The list of outcomes starts with the side, so that the order is decoded by the engine."""

    title = "zen-engine, one compiled expression"
    distribution = "zen-engine"
    sample = 20_000

    def __init__(self) -> None:
        sides = ("margin_buy", "short_sell")
        self._ids = {side: tuple(rule.id for rule in rules_on(side)) for side in sides}
        text = "[]"
        for side in sides:
            outcomes = ", ".join(holds(rule, SPELLING) for rule in rules_on(side))
            text = f'side == "{side}" ? ["{side}", {outcomes}] : {text}'
        self._evaluate = import_module("zen").compile_expression(text).evaluate

    def from_json(self, raw: bytes) -> Any:
        """Return the JSON text: the engine reads it quicker than a map."""
        return raw.decode()

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        side, *outcomes = self._evaluate(order) or [""]
        if False not in outcomes:
            return ()
        return [id for id, holds in zip(self._ids[side], outcomes, strict=True) if not holds]
