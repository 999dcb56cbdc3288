"""json-logic-qubit: a tree of JSON for each rule about the side."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from tests.perf.orders30.rules import (
    Binary,
    Constant,
    Every,
    ListedRule,
    OneOf,
    Ratio,
    Read,
    Remainder,
    Some,
    Tree,
    rules_on,
)
from tests.perf.peers.peer import Peer, decoded, ids_by_side


class JsonLogicTrees(Peer):
    """Lists of trees chosen by the side of the order."""

    title = "json-logic-qubit, a list of trees a side"
    distribution = "json-logic-qubit"
    sample = 3_000
    slowness = 2

    def __init__(self) -> None:
        self._evaluate = import_module("json_logic").jsonLogic
        self._ids = ids_by_side()
        self._trees = {side: [holds(rule) for rule in rules_on(side)] for side in self._ids}

    def from_json(self, raw: bytes) -> Any:
        """Return the order with doubles."""
        return decoded(raw)

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        side = order["side"]
        outcomes = self._evaluate(self._trees[side], order)
        return [id for id, holds in zip(self._ids[side], outcomes, strict=True) if not holds]


def holds(rule: ListedRule) -> Any:
    """Return the tree that is true where a rule does not apply or is met; its sides left out."""
    require = as_json(rule.require)
    return require if rule.when is None else {"or": [{"!": [as_json(rule.when)]}, require]}


def as_json(tree: Tree) -> Any:
    """Return a tree of a rule in the form of JsonLogic; a ratio is compared by products."""
    match tree:
        case Read(fact):
            return {"var": fact}
        case Constant(Decimal() as value):
            return float(value)
        case Constant(value):
            return value
        case Binary(operator, left, right):
            return {operator: [as_json(left), as_json(right)]}
        case Remainder(left, divisor):
            return {"%": [as_json(left), divisor]}
        case Ratio(operator, above, below, limit):
            return as_json(Binary(operator, above, Binary("*", Constant(limit), below)))
        case OneOf(fact, members):
            return {"in": [{"var": fact}, list(members)]}
        case Every(parts):
            return {"and": [as_json(part) for part in parts]}
        case Some(parts):
            return {"or": [as_json(part) for part in parts]}
