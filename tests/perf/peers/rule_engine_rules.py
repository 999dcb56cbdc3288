"""rule-engine: one expression a side that lists the outcomes of its rules, over decimals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from tests.perf.orders30.rules import rules_on
from tests.perf.peers.infix import Spelling, holds
from tests.perf.peers.peer import Peer, ids_by_side

SPELLING = Spelling("and", "or", "not ")


class RuleEngineRules(Peer):
    """Expressions chosen by the side of the order."""

    title = "rule-engine, one expression a side"
    distribution = "rule-engine"
    sample = 3_000
    slowness = 2

    def __init__(self) -> None:
        rule = import_module("rule_engine").Rule
        self._ids = ids_by_side()
        self._rules = {
            side: rule(f"[{', '.join(holds(listed, SPELLING) for listed in rules_on(side))}]")
            for side, ids in self._ids.items()
            if ids
        }

    def from_json(self, raw: bytes) -> Any:
        """Return the order with exact decimals."""
        return json.loads(raw, parse_float=Decimal)

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        side = order["side"]
        rule = self._rules.get(side)
        if rule is None:
            return ()
        return [
            id for id, holds in zip(self._ids[side], rule.evaluate(order), strict=True) if not holds
        ]
