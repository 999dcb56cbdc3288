"""Exact arithmetic in a kernel: units are made equal and second integers multiplied across."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from creditgate.backends.columns.lists import member_of_a_fact
from creditgate.backends.columns.logic import chosen
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.writer import NO, YES, Held, Write, Writer, either
from creditgate.domain.facts import MISSING
from creditgate.lowered.strict import by_constant
from creditgate.lowered.terms import Number, Op, Term

SYMBOLS = {
    Op.LESS: "<", Op.LESS_OR_EQUAL: "<=", Op.GREATER: ">", Op.GREATER_OR_EQUAL: ">=",
    Op.EQUAL: "==", Op.NOT_EQUAL: "!=",
}  # fmt: skip
LAST_DAY = 3_652_059


def _product(writer: Writer, left: str | None, right: str | None) -> str | None:
    if left is None or right is None:
        return left or right
    return writer.arithmetic.binary("*", left, right)


def _aligned(writer: Writer, parts: list[Held]) -> tuple[list[str], str | None]:
    """Return texts over one common unit and second integer, and the latter."""
    unit = lcm(*[part.unit for part in parts])
    below = list(dict.fromkeys([part.below for part in parts if part.below is not None]))
    texts = []
    for part in parts:
        text = writer.times(part.text, unit // part.unit)
        for other in below:
            text = writer.times(text, other if other != part.below else None)
        texts.append(text)
    common: str | None = None
    for each in below:
        common = _product(writer, common, each)
    return texts, common


def _unfit(parts: list[Held]) -> str:
    return either(*[part.unfit for part in parts])


def _sum(symbol: str) -> Write:
    def write(writer: Writer, term: Term) -> Held:
        parts = [writer.held(part) for part in term.parts]
        (left, right), below = _aligned(writer, parts)
        text = writer.arithmetic.binary(symbol, left, right)
        return Held(text, _unfit(parts), below=below, number=term.number)

    return write


def _negate(writer: Writer, term: Term) -> Held:
    part = writer.held(term.parts[0])
    return Held(
        writer.arithmetic.negative(part.text), part.unfit, below=part.below, number=term.number
    )


def _multiply(writer: Writer, term: Term) -> Held:
    left, right = [writer.held(part) for part in term.parts]
    if term.parts[1].constant:
        factor, _ = by_constant(left.unit, term.parts[1].value)
        text = writer.times(left.text, writer.number(factor))
    else:
        text = writer.arithmetic.binary("*", left.text, right.text)
    return Held(
        text,
        _unfit([left, right]),
        below=_product(writer, left.below, right.below),
        number=term.number,
    )


def _compare(writer: Writer, term: Term) -> Held:
    parts = [writer.held(part) for part in term.parts]
    symbol = SYMBOLS[term.op]
    if any(part.number is not None for part in term.parts):
        (left, right), _ = _aligned(writer, parts)
        return Held(writer.arithmetic.compared(symbol, left, right), _unfit(parts))
    return Held(f"({parts[0].text} {symbol} {parts[1].text})", _unfit(parts))


def _choose(symbol: str) -> Write:
    def write(writer: Writer, term: Term) -> Held:
        parts = [writer.held(part) for part in term.parts]
        texts, below = _aligned(writer, parts)
        left, right = [writer.variable(text) for text in texts]
        condition = writer.arithmetic.compared(symbol, left, right)
        text = f"({left} if {condition} else {right})"
        return Held(text, _unfit(parts), below=below, number=term.number)

    return write


def _divide(writer: Writer, term: Term) -> Held:
    left, right = [writer.held(part) for part in term.parts]
    shared = gcd(left.unit, right.unit)
    above = writer.variable(
        writer.times(writer.times(left.text, right.below), right.unit // shared)
    )
    # What rows of a list are divided by is worked out before the loop, so that they can be added.
    outside = writer.scope
    writer.scope = writer.home(term if left.below is not None else term.parts[1])
    try:
        by = writer.variable(writer.times(right.text, left.below))
        size, nothing, turned = _size(writer, by)
    finally:
        writer.scope = outside
    return Held(
        f"({writer.arithmetic.negative(above)} if {turned} else {above})",
        either(_unfit([left, right]), nothing),
        below=size,
        number=term.number,
    )


def _size(writer: Writer, below: str) -> tuple[str, str, str]:
    """Return a divisor above zero, and the conditions that it was zero and that it was below."""
    zero, one = writer.number(0), writer.number(1)
    nothing = writer.variable(writer.arithmetic.compared("==", below, zero), "f")
    turned = writer.variable(writer.arithmetic.compared("<", below, zero), "f")
    opposite = writer.arithmetic.negative(below)
    size = f"({one} if {nothing} else {opposite} if {turned} else {below})"
    return writer.variable(size, "b"), nothing, turned


def _quotient(writer: Writer, value: Held, step: Held, known: Fraction | None) -> tuple[str, str]:
    """Return two integers whose quotient is the value divided by the step; the second above zero."""
    shared = gcd(value.unit, step.unit)
    up, down = step.unit // shared, value.unit // shared
    if known is None:
        above = writer.times(writer.times(value.text, step.below), up)
        size = writer.variable(writer.times(writer.times(step.text, value.below), down))
        fit = writer.arithmetic.compared(">", size, writer.number(0))
        return writer.variable(above), writer.variable(f"({size} if {fit} else {writer.number(1)})")
    size_ = known.numerator * down
    common = gcd(up, size_)
    below = writer.times(writer.number(size_ // common), value.below)
    return writer.variable(writer.times(value.text, up // common)), below


def _round(writer: Writer, term: Term) -> Held:
    value, step = [writer.held(part) for part in term.parts]
    known = term.parts[1].value if term.parts[1].constant else None
    above, below = _quotient(writer, value, step, known)
    binary, negative = writer.arithmetic.binary, writer.arithmetic.negative
    two, one = writer.number(2), writer.number(1)
    match term.own:
        case "round_down":
            whole = binary("//", above, below)
        case "round_up":
            whole = negative(binary("//", negative(above), below))
        case "round_half_up":
            # A tie goes away from zero.
            sign = writer.variable(writer.arithmetic.compared("<", above, writer.number(0)), "f")
            size = writer.variable(f"({negative(above)} if {sign} else {above})")
            half = binary("+", binary("*", two, size), below)
            found = writer.variable(binary("//", half, binary("*", two, below)))
            whole = f"({negative(found)} if {sign} else {found})"
        case _:
            down = writer.variable(binary("//", above, below))
            rest = writer.variable(binary("*", two, binary("%", above, below)))
            odd = writer.arithmetic.compared("!=", binary("%", down, two), writer.number(0))
            compared = writer.arithmetic.compared
            up = either(compared(">", rest, below), f"({compared('==', rest, below)} & {odd})")
            whole = f"({binary('+', down, one)} if {up} else {down})"
    text = writer.times(writer.variable(whole), step.text)
    unknown = _unfit([value, step])
    if known is None:
        small = writer.arithmetic.compared("<=", step.text, writer.number(0))
        unknown = either(unknown, writer.variable(small, "f"))
    return Held(text, unknown, below=step.below, number=term.number)


def _multiple(writer: Writer, term: Term) -> Held:
    value, step = [writer.held(part) for part in term.parts]
    known = term.parts[1].value if term.parts[1].constant else None
    if known is not None and known < 0:
        known = -known
    compared = writer.arithmetic.compared
    unknown = _unfit([value, step])
    if known is None:
        # The sign of a step does not matter here.
        zero = writer.number(0)
        turned = compared("<", step.text, zero)
        size = writer.variable(
            f"({writer.arithmetic.negative(step.text)} if {turned} else {step.text})"
        )
        unknown = either(unknown, writer.variable(compared("==", step.text, zero), "f"))
        step = Held(size, step.unknown, step.none, step.below, step.number)
    above, below = _quotient(writer, value, step, known)
    rest = writer.arithmetic.binary("%", above, below)
    return Held(compared("==", rest, writer.number(0)), unknown)


def _add_days(writer: Writer, term: Term) -> Held:
    day, days = [writer.held(part) for part in term.parts]
    found = writer.variable(writer.arithmetic.binary("+", day.text, days.text))
    compared = writer.arithmetic.compared
    beyond = either(
        compared("<", found, writer.number(1)), compared(">", found, writer.number(LAST_DAY))
    )
    return Held(found, either(_unfit([day, days]), beyond), number=Number())


def _member(writer: Writer, term: Term) -> Held:
    item, members = term.parts
    return _member_of(writer, item, members)


def _member_of(writer: Writer, item: Term, members: Term) -> Held:
    piece = writer.held(item)
    if members.op is Op.IF:
        test, *branches = members.parts
        condition = writer.held(test)
        then, other = [_member_of(writer, item, branch) for branch in branches]
        made = chosen(writer, condition.text, then, other, members)
        return Held(made.text, either(condition.unfit, writer.variable(made.unfit, "u")))
    if not members.constant:
        if item.number is not None or members.op is not Op.READ:
            raise Unsupported(f"membership of what {members.op} makes")
        return member_of_a_fact(writer, piece, members)
    if members.value is MISSING or members.value is None:
        return Held(NO, YES)
    values: list[Any] = sorted(members.value)
    if item.number is None:
        texts = [f"({piece.text} == {writer.codes[value]})" for value in values]
        return Held(either(*texts), piece.unfit)
    texts = []
    for value in values:
        whole = Held(writer.number(value.numerator), number=Number(value.denominator))
        (left, right), _ = _aligned(writer, [piece, whole])
        texts.append(writer.arithmetic.compared("==", left, right))
    return Held(either(*texts), piece.unfit)


_Writes = Callable[[Writer, Term], Held]
WRITES: dict[Op, _Writes] = {
    Op.ADD: _sum("+"),
    Op.SUBTRACT: _sum("-"),
    Op.NEGATE: _negate,
    Op.MULTIPLY: _multiply,
    Op.DIVIDE: _divide,
    Op.MINIMUM: _choose("<="),
    Op.MAXIMUM: _choose(">="),
    **dict.fromkeys(SYMBOLS, _compare),
    Op.ROUND: _round,
    Op.MULTIPLE: _multiple,
    Op.ADD_DAYS: _add_days,
    Op.MEMBER: _member,
}
