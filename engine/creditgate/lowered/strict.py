"""Strict operations: how their results are held, and what is certain about them beforehand.

All parts are computed; if one is unknown or none the result is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from creditgate.domain.facts import MISSING
from creditgate.lowered.rounding import ROUNDING
from creditgate.lowered.terms import Number, Op, Term, Terms

Parts = Sequence[Term]


def computed(op: Op, values: list[Any], own: Hashable) -> Any:
    """Return the value of a strict operation on known constants."""
    match op, values:
        case Op.ADD, [a, b]:
            return a + b
        case Op.SUBTRACT, [a, b]:
            return a - b
        case Op.NEGATE, [a]:
            return -a
        case Op.MULTIPLY, [a, b]:
            return a * b
        case Op.DIVIDE, [a, b]:
            return a / b if b else MISSING
        case Op.MINIMUM, [a, b]:
            return min(a, b)
        case Op.MAXIMUM, [a, b]:
            return max(a, b)
        case Op.LESS, [a, b]:
            return a < b
        case Op.LESS_OR_EQUAL, [a, b]:
            return a <= b
        case Op.GREATER, [a, b]:
            return a > b
        case Op.GREATER_OR_EQUAL, [a, b]:
            return a >= b
        case Op.EQUAL, [a, b]:
            return a == b
        case Op.NOT_EQUAL, [a, b]:
            return a != b
        case Op.MEMBER, [a, b]:
            return a in b
        case Op.MULTIPLE, [a, b]:
            return (a / b).denominator == 1 if b else MISSING
        case Op.ROUND, [a, b]:
            assert isinstance(own, str)
            quotient = a / b if b > 0 else None
            if quotient is None:
                return MISSING
            whole = ROUNDING[own](quotient.numerator, quotient.denominator)
            return whole * b
        case Op.ADD_DAYS, [a, b]:
            return a + b if 1 <= a + b <= date.max.toordinal() else MISSING
        case Op.NOT, [a]:
            return not a
        case _:
            raise TypeError(f"{op} on {len(values)} constants")


def common(parts: Parts) -> Number | None:
    """Return how to hold a value that is one of the parts; none and unknown fit everything."""
    numbers = [part.number for part in parts if part.number is not None]
    if not numbers:
        return None
    return Number(lcm(*[number.unit for number in numbers]), any(number.pair for number in numbers))


def held(term: Term) -> Number:
    """Return how a number is held; what can only be none or unknown is held as any number."""
    return term.number or Number()


def need_whole(parts: Parts) -> None:
    """Refuse to count days in anything but whole numbers."""
    if any(held(part) != Number() for part in parts):
        raise TypeError("dates and spans of days are whole numbers")


def by_constant(unit: int, factor: Fraction) -> tuple[int, Number]:
    """Return by which integer to multiply what is held with `unit`, and how the product is held."""
    whole = factor * Fraction(1, unit)
    if factor == 0:
        return 0, Number(1)
    return whole.numerator, Number(whole.denominator)


def _aligned(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    return terms.term(op, parts, own, number=common(parts))


def _negate(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    return terms.term(op, parts, own, number=held(parts[0]))


def _multiply(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    left, right = parts
    if left.constant:
        left, right = right, left
    if right.constant:
        number = held(left)
        product = by_constant(number.unit, right.value)[1]
        return terms.term(op, (left, right), own, number=Number(product.unit, number.pair))
    a, b = held(left), held(right)
    return terms.term(op, parts, own, number=Number(a.unit * b.unit, a.pair or b.pair))


def _divide(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    left, right = parts
    if right.constant:
        if right.value == 0:
            return terms.unknown
        return _multiply(terms, Op.MULTIPLY, (left, terms.constant(1 / right.value)), None)
    a, b = held(left), held(right)
    unit = Fraction(b.unit, a.unit).denominator
    return terms.term(op, parts, own, number=Number(unit, True), unknown=True)


def _plain(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    return terms.term(op, parts, own)


def _not(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    (item,) = parts
    if item.op is Op.NOT and not item.parts[0].none:
        return item.parts[0]
    return terms.term(op, parts, own)


def _multiple(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    step = parts[1]
    if step.constant and step.value == 0:
        return terms.unknown
    return terms.term(op, parts, own, unknown=None if step.constant else True)


def _round(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    step = parts[1]
    if step.constant and step.value <= 0:
        return terms.unknown
    return terms.term(op, parts, own, number=held(step), unknown=None if step.constant else True)


def _add_days(terms: Terms, op: Op, parts: Parts, own: Hashable) -> Term:
    need_whole(parts)
    return terms.term(op, parts, own, number=Number(), unknown=True)


STRICT: dict[Op, Callable[[Terms, Op, Parts, Hashable], Term]] = {
    Op.ADD: _aligned,
    Op.SUBTRACT: _aligned,
    Op.NEGATE: _negate,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.MINIMUM: _aligned,
    Op.MAXIMUM: _aligned,
    Op.LESS: _plain,
    Op.LESS_OR_EQUAL: _plain,
    Op.GREATER: _plain,
    Op.GREATER_OR_EQUAL: _plain,
    Op.EQUAL: _plain,
    Op.NOT_EQUAL: _plain,
    Op.MEMBER: _plain,
    Op.MULTIPLE: _multiple,
    Op.ROUND: _round,
    Op.ADD_DAYS: _add_days,
    Op.NOT: _not,
}
