"""What may stand in the place of a part of an expression: one operator or constant is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from creditgate.domain.dsl_types import BOOLEAN, Duration, without_none
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AtDate,
    Base,
    Claimed,
    Expr,
    Fact,
    FigureUse,
    IsEmpty,
    IsNone,
    Literal,
    Not,
    Or,
    OrElse,
    Parameter,
    TableCell,
)
from creditgate.ir.walk import children, rebuild
from creditgate.mutate.steps import neighbours

CONSTANT: Final = "constant"
OPERATOR: Final = "operator"
NEGATED: Final = "negated"
MEMBER: Final = "member"

_OTHER: Final = {
    "less": ("less_or_equal", "greater_or_equal"),
    "less_or_equal": ("less", "greater"),
    "greater": ("greater_or_equal", "less_or_equal"),
    "greater_or_equal": ("greater", "less"),
    "equal": ("not_equal",),
    "not_equal": ("equal",),
    "add": ("subtract",),
    "subtract": ("add",),
    "minimum": ("maximum",),
    "maximum": ("minimum",),
    "round_down": ("round_up",),
    "round_up": ("round_down",),
    "round_half_up": ("round_down",),
    "round_half_even": ("round_down",),
    "first_trading_day": ("last_trading_day",),
    "last_trading_day": ("first_trading_day",),
    "first_settlement_day": ("last_settlement_day",),
    "last_settlement_day": ("first_settlement_day",),
}
_SAME_TEST: Final = frozenset({"equal", "not_equal"})
_FOLDED: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
_ATOMS: Final = (
    Fact, FigureUse, Parameter, TableCell, AtDate, Claimed, IsNone, IsEmpty, Aggregate, Base,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replacement:
    """`new` in the place of `old`; `around` is the comparison that `old` stands in, or itself."""

    kind: str
    old: Expr
    new: Expr
    around: Expr


def replacements(root: Expr, vocabulary: Vocabulary) -> Iterator[Replacement]:
    """Yield each change of one part of an expression, in the order in which it is read."""
    seen: set[int] = set()
    waiting: list[tuple[Expr, Expr | None, Expr | None]] = [(root, None, None)]
    while waiting:
        node, parent, test = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        # What is read at another date has to stay a parameter or a table.
        here = () if isinstance(parent, AtDate) and node is parent.item else (node,)
        for kind, new in (found for each in here for found in _changes(each, parent, vocabulary)):
            yield Replacement(kind, node, new, test or node)
        inside = node if _is_test(node) else None if isinstance(node, Aggregate) else test
        waiting.extend((child, node, inside) for child in reversed(children(node)))


def _is_test(node: Expr) -> bool:
    return isinstance(node, Apply) and node.type == BOOLEAN


def _changes(
    node: Expr, parent: Expr | None, vocabulary: Vocabulary
) -> Iterator[tuple[str, Expr]]:  # fmt: skip
    match node:
        case Literal(value=value):
            # What a test compares with is changed by the test where it is no number.
            named = isinstance(parent, Apply) and parent.operator in _SAME_TEST
            if not (named and isinstance(value, bool | str)):
                kind = MEMBER if isinstance(value, frozenset) else CONSTANT
                yield from ((kind, item) for item in neighbours(node, vocabulary))
        case Apply(operator="negate", arguments=(item,)):
            yield OPERATOR, item
        case Apply(operator=operator):
            for other in _OTHER.get(operator, ()):
                yield OPERATOR, replace(node, operator=other)
            if node.type == BOOLEAN and operator not in _OTHER:
                yield NEGATED, Not(BOOLEAN, node)
        case And(type=kind, items=items):
            yield OPERATOR, Or(kind, items)
        case Or(type=kind, items=items):
            yield OPERATOR, And(kind, items)
        case Aggregate():
            yield from ((OPERATOR, item) for item in _other_folds(node))
        case _:
            pass
    if node.type == BOOLEAN and isinstance(node, _ATOMS):
        yield NEGATED, Not(BOOLEAN, node)


def _other_folds(node: Aggregate) -> Iterator[Expr]:
    if node.kind in _FOLDED:
        yield replace(node, kind=_FOLDED[node.kind])
    if node.where is not None and node.kind in {"sum", "count"}:
        yield replace(node, where=None)
    if node.kind == "sum":
        kind = without_none(node.type)
        nothing = Literal(kind, 0 if isinstance(kind, Duration) else Fraction(0))
        yield OrElse(kind, replace(node, kind="max"), nothing)


def swapped(root: Expr, old: Expr, new: Expr) -> Expr:
    """Return an expression with one part of it replaced; the same object where it has none."""
    done: dict[int, Expr] = {}

    def change(node: Expr) -> Expr:
        if node is old:
            return new
        if id(node) not in done:
            if any(change(child) is not child for child in children(node)):
                done[id(node)] = rebuild(node, change)
            else:
                done[id(node)] = node
        return done[id(node)]

    return change(root)
