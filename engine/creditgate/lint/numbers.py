"""Numbers in formulas: a number of the law is a parameter, with a history and a citation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.domain.dsl_types import Date, Duration, Number, without_none
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Apply, Expr, Literal
from creditgate.ir.walk import children
from creditgate.lint.stated import Formula, Stated

_HINT: Final = "make it a parameter with its history and citation, and read that"


def uncited_numbers(stated: Stated) -> Iterator[Diagnostic]:
    """Yield numbers that stand in formulas without a citation.

    Zero, one and 100% say nothing of the law: they are what sums and products begin with, what a
    share is taken of, and one unit. So does the 2 by which a sum of two is divided for their mean.
    """
    for formula in stated.formulas:
        if formula.judges:
            for node in _numbers(formula.node):
                yield _warn(formula, node)


def _numbers(node: Expr) -> Iterator[Literal]:
    waiting = [node]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, Literal):
            if _is_of_the_law(current):
                yield current
            continue
        if isinstance(current, Apply) and _is_mean(current):
            waiting.append(current.arguments[0])
            continue
        waiting.extend(reversed(children(current)))


def _is_of_the_law(node: Literal) -> bool:
    match without_none(node.type):
        case Date():
            return node.value is not None
        case Number() | Duration():
            return node.value not in {None, 0, 1}
        case _:
            return False


def _is_mean(node: Apply) -> bool:
    match node:
        case Apply(
            operator="divide",
            arguments=(Apply(operator="add", arguments=(first, _)), Literal(value=value)),
        ):
            return value == Fraction(2) and not (
                isinstance(first, Apply) and first.operator == "add"
            )
        case _:
            return False


def _warn(formula: Formula, node: Literal) -> Diagnostic:
    text = formula_text(node)
    if isinstance(without_none(node.type), Date) and isinstance(node.value, int):
        text = date.fromordinal(node.value).isoformat()
    message = f"`{text}` in `{formula.owner}` has no citation"
    return warning(Code.UNCITED_NUMBER, message, formula.span, hint=_HINT)
