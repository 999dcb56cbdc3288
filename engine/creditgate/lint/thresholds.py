"""Comparisons that the bounds of the vocabulary settle already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.domain.dsl_types import Number, without_none
from creditgate.ir.bounds import Bounds, Range
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Apply, Expr, Literal
from creditgate.ir.walk import every
from creditgate.lint.stated import Stated

_HINT: Final = "take it out, or correct the limit; `creditgate facts` shows the bounds of facts"


def never_binding(stated: Stated) -> Iterator[Diagnostic]:
    """Yield comparisons that are true, or false, whatever the facts are.

    Only what holds in every version of every constant counts.
    """
    bounds = Bounds(stated.book)
    for formula in stated.formulas:
        if not formula.judges:
            continue
        for node in every(formula.node):
            holds = settled(node, bounds)
            if holds is not None:
                word = "always" if holds else "never"
                message = f"`{formula_text(node)}` in `{formula.owner}` {word} holds"
                yield warning(Code.NEVER_BINDS, message, formula.span, hint=_HINT)


def settled(node: Expr, bounds: Bounds) -> bool | None:
    """Return what a comparison of numbers always comes to, or None where facts decide."""
    if not isinstance(node, Apply) or node.operator not in _SETTLED:
        return None
    left, right = node.arguments
    if not isinstance(without_none(left.type), Number):
        return None
    if isinstance(left, Literal) and isinstance(right, Literal):
        return None
    return _SETTLED[node.operator](bounds.of(left), bounds.of(right))


def _less(left: Range, right: Range) -> bool | None:
    if left.high is not None and right.low is not None and left.high < right.low:
        return True
    return (
        False
        if left.low is not None and right.high is not None and left.low >= right.high
        else None
    )


def _less_or_equal(left: Range, right: Range) -> bool | None:
    if left.high is not None and right.low is not None and left.high <= right.low:
        return True
    return (
        False if left.low is not None and right.high is not None and left.low > right.high else None
    )


def _equal(left: Range, right: Range) -> bool | None:
    apart = _less(left, right) is True or _less(right, left) is True
    return False if apart else None


def _not_equal(left: Range, right: Range) -> bool | None:
    return True if _equal(left, right) is False else None


_SETTLED: Final = {
    "less": _less,
    "less_or_equal": _less_or_equal,
    "greater": lambda left, right: _less(right, left),
    "greater_or_equal": lambda left, right: _less_or_equal(right, left),
    "equal": _equal,
    "not_equal": _not_equal,
}
