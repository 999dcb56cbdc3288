"""By how much the two sides of a comparison differ one unit off the limit."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from creditgate.domain.dsl_types import SECONDS, Instant, Number, Type, without_none
from creditgate.domain.units import RATIO, SHARE
from creditgate.ir.nodes import Apply, Expr, Fact, Literal, Named
from creditgate.ir.walk import every

MICROSECONDS: Final = 1_000_000
RATIO_DECIMALS: Final = 6
MONEY_DECIMALS: Final = 2
PRICE_DECIMALS: Final = 4


def unit_of(comparison: Apply) -> Fraction:
    """Return one unit of what is compared, as the reference holds it.

    It is the finest in which a fact beside the limit can be given; of two formulas, that of their
    type. A moment is compared by the second.
    """
    sides = comparison.arguments
    kind = next(
        (k for side in sides if isinstance(k := without_none(side.type), Number)),
        without_none(sides[0].type),
    )
    if not isinstance(kind, Number):
        return _of_time(kind)
    scales = [side.scale for side in map(_plain, sides) if isinstance(side, Fact)]
    decimals = max(scales) if scales else _decimals(kind, sides)
    return Fraction(1, 10**decimals)


def _plain(side: Expr) -> Expr:
    """Return what bears a name, without the name."""
    while isinstance(side, Named):
        side = side.body
    return side


def _of_time(kind: Type) -> Fraction:
    is_fine = isinstance(kind, Instant) or kind == SECONDS
    return Fraction(MICROSECONDS if is_fine else 1)


def _decimals(kind: Number, sides: tuple[Expr, ...]) -> int:
    unit = kind.unit
    if unit == RATIO:
        return RATIO_DECIMALS
    if unit == SHARE:
        return 0
    if unit.is_plain:
        return _plain_decimals(sides)
    return PRICE_DECIMALS if any(name == "share" for name, _ in unit.dimensions) else MONEY_DECIMALS


def _plain_decimals(sides: tuple[Expr, ...]) -> int:
    """Return none for what is counted, and the decimals of numbers for what is computed of them."""
    nodes = [node for side in sides for node in every(side)]
    is_fine = any(
        (isinstance(node, Fact) and node.scale)
        or (isinstance(node, Apply) and node.operator == "divide")
        or (isinstance(node, Literal) and _is_broken(node.value))
        for node in nodes
    )
    return RATIO_DECIMALS if is_fine else 0


def _is_broken(value: object) -> bool:
    return isinstance(value, Fraction) and value.denominator != 1
