"""Literals and claims: expressions without parts."""

from __future__ import annotations

from fractions import Fraction

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.typed import FAILED_TYPED, Typed
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    QUANTITY,
    RATIO_NUMBER,
    Duration,
    Number,
    Type,
    without_none,
)
from creditgate.domain.units import money, price
from creditgate.ir.nodes import Claimed, Literal
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def number(tree: nodes.NumberLiteral, expected: Type | None) -> Typed:
    """Return a number with its unit; a bare 0 takes the type expected."""
    wanted = None if expected is None else without_none(expected)
    kind: Type
    match tree.kind:
        case "percent":
            kind = RATIO_NUMBER
        case "money":
            kind = Number(money(tree.currency or ""))
        case "price":
            kind = Number(price(tree.currency or ""))
        case "shares":
            kind = QUANTITY
        case _:
            kind = COUNT
            if tree.number == 0 and isinstance(wanted, Number | Duration):
                zero = Fraction(0) if isinstance(wanted, Number) else 0
                return Literal(wanted, zero), wanted
    return Literal(kind, tree.number), kind


def day_or_time(tree: Tree, value: int | None, kind: Type, message: str, context: Context) -> Typed:
    """Return a date or a time of day that exists."""
    if value is None:
        context.add(error(Code.BAD_LITERAL, message, context.span(tree.place)))
        return FAILED_TYPED
    return Literal(kind, value), kind


def claimed(tree: nodes.ClaimedWord, scope: Scope, context: Context) -> Typed:
    """Return whether a claim was made, where a claim may stand."""
    claims = scope.names.vocabulary.claims
    if tree.claim not in claims:
        context.add(
            error(
                Code.UNKNOWN_CLAIM,
                f"there is no claim `{tree.claim}`",
                context.span(tree.claim_place),
                hint=f"did you mean `{near}`?"
                if (near := nearest(tree.claim, claims))
                else "claims are declared in the vocabulary",
            )
        )
        return FAILED_TYPED
    if not scope.claims_allowed:
        context.add(
            error(
                Code.CLAIM_MISPLACED,
                "a claim may only help an order to be exempt: it stands in `unless`, not under "
                "`not`, a comparison or the test of an `if`",
                context.span(tree.place),
                hint="make it an exemption of its own",
            )
        )
        return FAILED_TYPED
    return Claimed(BOOLEAN, tree.claim), BOOLEAN
