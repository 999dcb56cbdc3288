"""Exact arithmetic as formulas over integers; divisors are multiplied across."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd
from operator import ge, gt, le, lt
from typing import Any

import z3

from creditgate.backends.solver.pieces import (
    Formula,
    Piece,
    aligned,
    both,
    chosen,
    either,
    is_certain,
    opposite,
    product,
    same,
    times,
    unfit,
)
from creditgate.lowered.calendar_functions import LAST_DAY
from creditgate.lowered.strict import by_constant
from creditgate.lowered.terms import Number, Op, Term

Build = Callable[[Term, list[Piece]], Piece]
COMPARED: dict[Op, Callable[[Any, Any], Any]] = {
    Op.LESS: lt,
    Op.LESS_OR_EQUAL: le,
    Op.GREATER: gt,
    Op.GREATER_OR_EQUAL: ge,
    Op.EQUAL: same,
    Op.NOT_EQUAL: lambda left, right: opposite(same(left, right)),
}


def added(left: Piece, right: Piece, number: Number | None) -> Piece:
    """Return the sum of two numbers."""
    (one, other), below = aligned([left, right])
    return Piece(one + other, unfit([left, right]), below=below, number=number)


def _subtract(term: Term, parts: list[Piece]) -> Piece:
    (left, right), below = aligned(parts)
    return Piece(left - right, unfit(parts), below=below, number=term.number)


def _negate(term: Term, parts: list[Piece]) -> Piece:
    (part,) = parts
    return Piece(-part.value, part.unfit, below=part.below, number=term.number)


def _multiply(term: Term, parts: list[Piece]) -> Piece:
    left, right = parts
    if term.parts[1].constant:
        factor, _ = by_constant(left.unit, term.parts[1].value)
        value = times(left.value, factor)
    else:
        value = times(left.value, right.value)
    below = product(left.below, right.below)
    return Piece(value, unfit(parts), below=below, number=term.number)


def _divide(term: Term, parts: list[Piece]) -> Piece:
    left, right = parts
    shared = gcd(left.unit, right.unit)
    above = times(times(left.value, right.below), right.unit // shared)
    below = times(right.value, left.below)
    nothing, turned = same(below, 0), below < 0
    return Piece(
        chosen(turned, -above, above),
        either(unfit(parts), nothing),
        below=chosen(nothing, 1, chosen(turned, -below, below)),
        number=term.number,
    )


def compared(op: Op, left: Piece, right: Piece) -> Formula:
    """Return whether two values stand to each other as an operation says."""
    if left.number is None and right.number is None:
        return COMPARED[op](left.value, right.value)
    (one, other), _ = aligned([left, right])
    return COMPARED[op](one, other)


def _compare(term: Term, parts: list[Piece]) -> Piece:
    return Piece(compared(term.op, *parts), unfit(parts))


def _choose(op: Op) -> Build:
    def build(term: Term, parts: list[Piece]) -> Piece:
        (left, right), below = aligned(parts)
        value = chosen(COMPARED[op](left, right), left, right)
        return Piece(value, unfit(parts), below=below, number=term.number)

    return build


def _quotient(value: Piece, step: Piece, known: Fraction | None) -> tuple[Formula, Formula]:
    """Return two integers whose quotient is the value divided by the step; the second above zero."""
    shared = gcd(value.unit, step.unit)
    up, down = step.unit // shared, value.unit // shared
    if known is None:
        above = times(times(value.value, step.below), up)
        size = times(times(step.value, value.below), down)
        return above, chosen(size > 0, size, 1)
    size_ = known.numerator * down
    common = gcd(up, size_)
    below = times(size_ // common, value.below)
    return times(value.value, up // common), below


def _constant(term: Term) -> Fraction | None:
    value = term.value if term.constant else None
    return value if isinstance(value, Fraction) else None


class Quotients:
    """Divisions that leave a rest, with what is always true of them in `axioms`.

    Where the divisor is not certain the quotient is a variable of its own: no solver has to know
    what a division is.
    """

    def __init__(self) -> None:
        self.axioms: list[Formula] = []
        self._found: dict[tuple[int, int], tuple[Formula, Formula, Formula, Formula]] = {}

    def of(self, above: Formula, below: Formula) -> tuple[Formula, Formula]:
        """Return the largest integer not above a quotient, and the rest; `below` is above zero."""
        if is_certain(below):
            if is_certain(above):
                return above // below, above % below
            return (above, 0) if below == 1 else (above / below, above % below)
        above = z3.IntVal(above) if is_certain(above) else above
        key = above.get_id(), below.get_id()
        if key not in self._found:
            sorts = [z3.IntSort()] * 3
            whole, rest = z3.Function("quotient", *sorts)(above, below), z3.FreshInt("rest")
            self.axioms += [above == whole * below + rest, rest >= 0, rest < below]
            self._found[key] = whole, rest, above, below
        whole, rest, *_ = self._found[key]
        return whole, rest

    def rounded(self, term: Term, parts: list[Piece]) -> Piece:
        """Return a number rounded to a step; unknown where the step is not above zero."""
        value, step = parts
        known = _constant(term.parts[1])
        above, below = _quotient(value, step, known)
        unknown = unfit(parts)
        if known is None:
            unknown = either(unknown, step.value <= 0)
        match term.own:
            case "round_down":
                whole, _ = self.of(above, below)
            case "round_up":
                whole = -self.of(-above, below)[0]
            case "round_half_up":
                # A tie goes away from zero.
                negative = above < 0
                size = chosen(negative, -above, above)
                found, _ = self.of(2 * size + below, 2 * below)
                whole = chosen(negative, -found, found)
            case _:
                down, left = self.of(above, below)
                odd = opposite(same(self.of(down, 2)[1], 0))
                up = either(2 * left > below, both(same(2 * left, below), odd))
                whole = chosen(up, down + 1, down)
        return Piece(times(whole, step.value), unknown, below=step.below, number=term.number)

    def multiple(self, term: Term, parts: list[Piece]) -> Piece:
        """Return whether a number is a whole number of times a step; unknown for no step."""
        value, step = parts
        known = _constant(term.parts[1])
        unknown = unfit(parts)
        if known is None:
            # The sign of a step does not matter here.
            size = chosen(step.value < 0, -step.value, step.value)
            unknown = either(unknown, same(step.value, 0))
            step = Piece(size, below=step.below, number=step.number)
        above, below = _quotient(value, step, None if known is None else abs(known))
        return Piece(same(self.of(above, below)[1], 0), unknown)


def _add_days(_term: Term, parts: list[Piece]) -> Piece:
    day, days = parts
    found = day.value + days.value
    beyond = either(found < 1, found > LAST_DAY)
    return Piece(found, either(unfit(parts), beyond), number=Number())


BUILDS: dict[Op, Build] = {
    Op.ADD: lambda term, parts: added(parts[0], parts[1], term.number),
    Op.SUBTRACT: _subtract,
    Op.NEGATE: _negate,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.MINIMUM: _choose(Op.LESS_OR_EQUAL),
    Op.MAXIMUM: _choose(Op.GREATER_OR_EQUAL),
    **dict.fromkeys(COMPARED, _compare),
    Op.ADD_DAYS: _add_days,
}
