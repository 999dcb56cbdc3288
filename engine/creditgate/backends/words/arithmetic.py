"""Arithmetic that words pass over or have a name of its own: factors of one, absolute values."""

from __future__ import annotations

from fractions import Fraction

from creditgate.backends.words.nouns import same_thing
from creditgate.domain.dsl_types import Duration, Number, without_none
from creditgate.ir.nodes import Apply, Expr, Literal


def times_one(operator: str, arguments: tuple[Expr, ...]) -> Expr | None:
    """Return what is multiplied or divided by one, which only changes its unit; else None."""
    first, *_, last = arguments
    if len(arguments) == 2 and is_one(last):
        return first
    return last if len(arguments) == 2 and operator == "multiply" and is_one(first) else None


def is_one(node: Expr) -> bool:
    """Tell whether an expression is the constant one, of no unit or of one of time."""
    if not isinstance(node, Literal) or node.value != 1:
        return False
    kind = without_none(node.type)
    return isinstance(kind, Duration) or (isinstance(kind, Number) and not kind.unit.dimensions)


def opposites(arguments: tuple[Expr, ...]) -> Expr | None:
    """Return the value of which the larger of it and its opposite is taken; else None."""
    match arguments:
        case (same, Apply(operator="negate", arguments=(other,))) if same_thing(same, other):
            return same
        case _:
            return None


def is_zero(node: Expr) -> bool:
    """Tell whether an expression is the constant zero."""
    return isinstance(node, Literal) and isinstance(node.value, Fraction) and node.value == 0
