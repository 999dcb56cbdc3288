"""Three-valued values as formulas: a value, whether it is unknown, whether it is none.

Plain Python values stand where something is certain already, so that little reaches the solver.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import lcm
from typing import Any, TypeAlias

import z3

from creditgate.lowered.terms import Number

# A Python bool or int where it is certain, else an expression of the solver.
Formula: TypeAlias = Any


class NotEncodable(Exception):
    """Something in the rules has no formula here; the question is then not decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A term as formulas.

    `value` counts only where neither `unknown` nor `none` holds. A number is `value` divided by
    the unit of `number` and, where there is one, by `below`, which is above zero.
    """

    value: Formula
    unknown: Formula = False
    none: Formula = False
    below: Formula = None
    number: Number | None = None

    @property
    def unfit(self) -> Formula:
        """Return the condition that nothing can be computed with the value."""
        return either(self.unknown, self.none)

    @property
    def unit(self) -> int:
        """Return the unit in which a number is held."""
        return 1 if self.number is None else self.number.unit

    @property
    def holds(self) -> Formula:
        """Return the condition that a boolean is certainly true."""
        return both(opposite(self.unfit), self.value)

    @property
    def fails(self) -> Formula:
        """Return the condition that a boolean is certainly false."""
        return both(opposite(self.unfit), opposite(self.value))


def both(*conditions: Formula) -> Formula:
    """Return whether all conditions hold."""
    return _joined(conditions, decides=False)


def either(*conditions: Formula) -> Formula:
    """Return whether some condition holds."""
    return _joined(conditions, decides=True)


def _joined(conditions: Iterable[Formula], *, decides: bool) -> Formula:
    kept: dict[int, Formula] = {}
    for condition in conditions:
        if condition is decides:
            return decides
        if not isinstance(condition, bool):
            kept[condition.get_id()] = condition
    if not kept:
        return not decides
    if len(kept) == 1:
        return next(iter(kept.values()))
    return (z3.Or if decides else z3.And)(*kept.values())


def opposite(condition: Formula) -> Formula:
    """Return whether a condition does not hold."""
    if isinstance(condition, bool):
        return not condition
    return condition.arg(0) if z3.is_not(condition) else z3.Not(condition)


def implies(condition: Formula, then: Formula) -> Formula:
    """Return whether `then` holds wherever the condition does."""
    return either(opposite(condition), then)


def chosen(condition: Formula, then: Formula, other: Formula) -> Formula:
    """Return one of two values of one kind."""
    if isinstance(condition, bool):
        return then if condition else other
    if then is other or (is_certain(then) and is_certain(other) and then == other):
        return then
    if then is True or other is False:
        return either(condition, other) if then is True else both(condition, then)
    if then is False or other is True:
        return (
            both(opposite(condition), other) if then is False else either(opposite(condition), then)
        )
    return z3.If(condition, then, other)


def is_certain(value: Formula) -> bool:
    """Tell whether a value stands without the solver."""
    return isinstance(value, int)


def same(left: Formula, right: Formula) -> Formula:
    """Return whether two values are equal."""
    if isinstance(left, bool) or isinstance(right, bool):
        if isinstance(left, bool) and isinstance(right, bool):
            return left == right
        known, other = (left, right) if isinstance(left, bool) else (right, left)
        if not _is_boolean(other):
            return False  # one of them is none or unknown, so that nobody asks
        return other if known else opposite(other)
    return left == right


def times(value: Formula, factor: Formula) -> Formula:
    """Return a product; a factor None stands for one."""
    if factor is None or (is_certain(factor) and factor == 1):
        return value
    if is_certain(value) and value == 1:
        return factor
    if (is_certain(value) and value == 0) or (is_certain(factor) and factor == 0):
        return 0
    return value * factor


def product(left: Formula, right: Formula) -> Formula:
    """Return the product of two divisors, each of which may be None."""
    return right if left is None else times(left, right)


def aligned(parts: Iterable[Piece]) -> tuple[list[Formula], Formula]:
    """Return the values of numbers over one unit and one divisor, and that divisor."""
    pieces = list(parts)
    unit = lcm(*[piece.unit for piece in pieces])
    belows: dict[int, Formula] = {}
    for piece in pieces:
        if piece.below is not None:
            belows[_identity(piece.below)] = piece.below
    values = []
    for piece in pieces:
        value = times(piece.value, unit // piece.unit)
        own = None if piece.below is None else _identity(piece.below)
        for identity, below in belows.items():
            value = value if identity == own else times(value, below)
        values.append(value)
    common: Formula = None
    for below in belows.values():
        common = product(common, below)
    return values, common


def _identity(value: Formula) -> int:
    return -1 - value if is_certain(value) else int(value.get_id())


def unfit(parts: Iterable[Piece]) -> Formula:
    """Return the condition that a strict operation on parts is unknown."""
    return either(*[part.unfit for part in parts])


def choice(condition: Formula, then: Piece, other: Piece, number: Number | None) -> Piece:
    """Return one piece or the other, held as `number` says."""
    below = None
    if number is not None:
        if number.pair:
            below = chosen(condition, _or_one(then.below), _or_one(other.below))
        values = [
            0 if part.number is None else times(part.value, number.unit // part.unit)
            for part in (then, other)
        ]
    else:
        values = [then.value, other.value]
    return Piece(
        chosen(condition, *_alike(*values)),
        chosen(condition, then.unknown, other.unknown),
        chosen(condition, then.none, other.none),
        below,
        number,
    )


def _or_one(below: Formula) -> Formula:
    return 1 if below is None else below


def _alike(then: Formula, other: Formula) -> tuple[Formula, Formula]:
    """Return two values of one sort: what is none or unknown has any value at all."""
    boolean = _is_boolean(then), _is_boolean(other)
    if boolean[0] == boolean[1]:
        return then, other
    # One of them is a constant that stands for nothing.
    if isinstance(then, bool):
        return 0, other
    if isinstance(other, bool):
        return then, 0
    return (then, False) if boolean[0] else (False, other)


def _is_boolean(value: Formula) -> bool:
    return isinstance(value, bool) or bool(z3.is_bool(value))
