"""The rules evaluated with fractions: slow, plain, and without any engine."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from tests.perf.orders30.facts import FACTS, Row
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

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "*": operator.mul,
}


def exact_failures(row: Row) -> tuple[str, ...]:
    """Return the ids of the rules that an order breaches, sorted; none means approved."""
    facts = {name: exact_value(name, value) for name, value in row.items()}
    return tuple(sorted(rule.id for rule in rules_on(row["side"]) if not outcome(rule, facts)))


def outcome(rule: ListedRule, facts: Mapping[str, Any]) -> bool:
    """Tell whether a rule does not apply or is met; its sides are not looked at."""
    return not (rule.when is None or _value(rule.when, facts)) or bool(_value(rule.require, facts))


def exact_value(name: str, value: Any) -> Any:
    """Return the value of a fact of a row, a decimal as a fraction.

    >>> exact_value("price", 101_000)
    Fraction(101, 10)
    """
    fact = FACTS[name]
    return Fraction(value, 10**fact.places) if fact.kind == "decimal" else value


def _value(tree: Tree, facts: Mapping[str, Any]) -> Any:
    match tree:
        case Read(fact):
            return facts[fact]
        case Constant(value):
            return Fraction(value) if isinstance(value, Decimal) else value
        case Binary(symbol, left, right):
            return _OPERATORS[symbol](_value(left, facts), _value(right, facts))
        case Remainder(left, divisor):
            return _value(left, facts) % divisor
        case Ratio(symbol, above, below, limit):
            quotient = Fraction(_value(above, facts)) / Fraction(_value(below, facts))
            return _OPERATORS[symbol](quotient, Fraction(limit))
        case OneOf(fact, members):
            return facts[fact] in members
        case Every(parts):
            return all(_value(part, facts) for part in parts)
        case Some(parts):
            return any(_value(part, facts) for part in parts)
