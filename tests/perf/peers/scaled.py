"""Rules over whole numbers, for languages without decimals: every amount times a power of ten."""

from __future__ import annotations

from decimal import Decimal

from tests.perf.orders30.facts import FACTS
from tests.perf.orders30.rules import (
    Binary,
    Constant,
    Every,
    ListedRule,
    Ratio,
    Read,
    Remainder,
    Some,
    Tree,
)


def scaled_rule(rule: ListedRule) -> ListedRule:
    """Return a rule that reads rows as they are and gives the same answers."""
    when = None if rule.when is None else scaled(rule.when)
    return ListedRule(rule.id, rule.sides, when, scaled(rule.require))


def scaled(tree: Tree) -> Tree:
    """Return a condition over whole numbers.

    >>> scaled(Binary(">=", Read("price"), Constant(5)))
    Binary(operator='>=', left=Read(fact='price'), right=Constant(value=50000))
    """
    match tree:
        case Binary("+" | "*"):
            raise ValueError("a number is no condition")
        case Binary(operator, left, right):
            above, below = _aligned(left, right)
            return Binary(operator, above, below)
        case Ratio(operator, above, below, limit):
            return scaled(Binary(operator, above, Binary("*", Constant(limit), below)))
        case Every(parts):
            return Every(tuple(map(scaled, parts)))
        case Some(parts):
            return Some(tuple(map(scaled, parts)))
        case _:
            return tree


def _aligned(left: Tree, right: Tree) -> tuple[Tree, Tree]:
    first, places = _number(left)
    second, others = _number(right)
    return _times(first, max(0, others - places)), _times(second, max(0, places - others))


def _number(tree: Tree) -> tuple[Tree, int]:
    """Return a value as a whole number, and the places by which it is scaled."""
    match tree:
        case Read(fact):
            return tree, FACTS[fact].places
        case Constant(Decimal() as value):
            places = max(0, -int(value.normalize().as_tuple().exponent))
            return Constant(int(value.scaleb(places))), places
        case Binary("*", left, right):
            (first, places), (second, others) = _number(left), _number(right)
            return Binary("*", first, second), places + others
        case Binary("+", left, right):
            places = max(_number(left)[1], _number(right)[1])
            first, second = _aligned(left, right)
            return Binary("+", first, second), places
        case Constant() | Remainder():
            return tree, 0
        case _:
            raise ValueError(f"no number: {tree}")


def _times(tree: Tree, places: int) -> Tree:
    match tree:
        case _ if places == 0:
            return tree
        case Constant(bool() | str()):
            return tree
        case Constant(value):
            return Constant(int(value) * 10**places)
        case _:
            return Binary("*", tree, Constant(10**places))
