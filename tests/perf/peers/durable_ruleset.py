"""durable_rules: a rule that fires on each breach; an order is a fact asserted and retracted.

An event would be consumed by the first rule that fires. The left side of a comparison is a fact
alone, so that other comparisons are with a fact that is always zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

from tests.perf.orders30.rules import (
    RULES,
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
)
from tests.perf.peers.peer import Peer, decoded

RULESET: Final = "orders30"
LOT: Final = 100
COMPARISONS: Final = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
OPPOSITES: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class DurableRuleset(Peer):
    """Rules that note their id when they fire."""

    title = "durable_rules, a rule for each breach"
    distribution = "durable_rules"
    sample = 3_000
    slowness = 2

    def __init__(self) -> None:
        engine = import_module("durable.engine")
        self._found: list[str] = []
        self._host = engine.Host()
        self._unhandled = engine.MessageNotHandledException
        rules = {
            f"breach_{place}": {"all": [{"m": breach_of(rule)}], "run": self._noting(rule.id)}
            for place, rule in enumerate(RULES)
        }
        self._host.set_rulesets({RULESET: rules})

    def _noting(self, id: str) -> Callable[[Any], None]:
        return lambda closure: self._found.append(id)

    def from_json(self, raw: bytes) -> Any:
        """Return the order with doubles, a zero, and the remainder that the language has not."""
        order = decoded(raw)
        return {**order, "zero": 0, f"quantity_by_{LOT}": order["quantity"] % LOT}

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        self._found = []
        try:
            self._host.assert_fact(RULESET, order)
        except self._unhandled:
            return ()
        self._host.retract_fact(RULESET, order)
        return list(dict.fromkeys(self._found))  # a rule fires once for each part that holds


def breach_of(rule: ListedRule) -> Any:
    """Return the condition under which an order breaches a rule."""
    parts = [condition(OneOf("side", rule.sides))]
    if rule.when is not None:
        parts.append(condition(rule.when))
    return {"$and": [*parts, opposite(rule.require)]}


def condition(tree: Tree) -> Any:
    """Return the condition of a tree."""
    match tree:
        case Binary("==", Read(fact), Constant(value)):
            return {fact: value}
        case Binary("==", Remainder(Read(fact), divisor), Constant(value)):
            return {f"{fact}_by_{divisor}": value}
        case Binary(operator, left, right):
            return _compared(operator, left, right)
        case Ratio(operator, above, below, limit):
            return _compared(operator, above, Binary("*", Constant(limit), below))
        case OneOf(fact, members):
            return _either([{fact: member} for member in members])
        case Every(parts):
            return {"$and": [condition(part) for part in parts]}
        case Some(parts):
            return _either([condition(part) for part in parts])
        case _:
            raise ValueError(f"no condition: {tree}")


def opposite(tree: Tree) -> Any:
    """Return the condition that holds where a tree does not."""
    match tree:
        case Binary("==", Read(fact), Constant(value)):
            return {"$neq": {fact: value}}
        case Binary("==", Remainder(Read(fact), divisor), Constant(value)):
            return {"$neq": {f"{fact}_by_{divisor}": value}}
        case Binary(operator, left, right):
            return _compared(OPPOSITES[operator], left, right)
        case Ratio(operator, above, below, limit):
            return _compared(OPPOSITES[operator], above, Binary("*", Constant(limit), below))
        case OneOf(fact, members):
            return {"$and": [{"$neq": {fact: member}} for member in members]}
        case Every(parts):
            return _either([opposite(part) for part in parts])
        case Some(parts):
            return {"$and": [opposite(part) for part in parts]}
        case _:
            raise ValueError(f"no condition: {tree}")


def _compared(operator: str, left: Tree, right: Tree) -> Any:
    match left, right:
        case Read(fact), _:
            return {COMPARISONS[operator]: {fact: _number(right)}}
        case _, Read(fact):
            return {COMPARISONS[MIRRORED[operator]]: {fact: _number(left)}}
        case _:
            difference = {"$sub": {"$l": _number(left), "$r": _number(right)}}
            return {COMPARISONS[MIRRORED[operator]]: {"zero": difference}}


def _number(tree: Tree) -> Any:
    match tree:
        case Read(fact):
            return {"$m": fact}
        case Constant(Decimal() as value):
            return float(value)
        case Constant(value):
            return value
        case Binary("+" | "*" as operator, left, right):
            name = "$add" if operator == "+" else "$mul"
            return {name: {"$l": _number(left), "$r": _number(right)}}
        case _:
            raise ValueError(f"no number: {tree}")


def _either(conditions: list[Any]) -> Any:
    return conditions[0] if len(conditions) == 1 else {"$or": conditions}
