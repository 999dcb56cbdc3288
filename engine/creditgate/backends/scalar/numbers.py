"""Exact arithmetic in integers: what is held is multiplied until units agree.

A number stands for what is held divided by its unit, a pair for that divided by a second integer
above zero; comparisons multiply across and nothing is ever rounded by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm

from creditgate.backends.scalar.blocks import Name
from creditgate.backends.scalar.emit import Emitter, Inline, Statement
from creditgate.backends.scalar.pieces import Piece, Strength, combined, either, times, whole_number
from creditgate.lowered.strict import by_constant
from creditgate.lowered.terms import Number, Op, Term

SYMBOLS = {
    Op.LESS: "<",
    Op.LESS_OR_EQUAL: "<=",
    Op.GREATER: ">",
    Op.GREATER_OR_EQUAL: ">=",
    Op.EQUAL: "==",
    Op.NOT_EQUAL: "!=",
}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def product(*factors: str | None) -> str | None:
    """Return the product of the second integers of pairs; None where there is none."""
    return " * ".join([factor for factor in factors if factor is not None]) or None


def aligned(parts: list[Piece]) -> tuple[list[Piece], str | None, int]:
    """Return texts over one common unit and second integer, and those two."""
    unit = lcm(*[part.unit for part in parts])
    below = list(dict.fromkeys([part.below for part in parts if part.below is not None]))
    texts = []
    for part in parts:
        text = times(part, unit // part.unit)
        for other in below:
            text = times(text, other if other != part.below else None)
        texts.append(text)
    return texts, product(*below), unit


def _sum(symbol: str, right_strength: Strength) -> Inline:
    def build(emitter: Emitter, term: Term) -> Piece:
        parts = [emitter.piece(part) for part in term.parts]
        (left, right), below, _ = aligned(parts)
        text = f"{left.at_least(Strength.SUM)} {symbol} {right.at_least(right_strength)}"
        return combined(parts, text, Strength.SUM, below=below, number=term.number)

    return build


def _negate(emitter: Emitter, term: Term) -> Piece:
    part = emitter.piece(term.parts[0])
    return combined(
        [part],
        f"-{part.at_least(Strength.ATOM)}",
        Strength.SIGN,
        below=part.below,
        number=term.number,
    )


def _multiply(emitter: Emitter, term: Term) -> Piece:
    left, right = [emitter.piece(part) for part in term.parts]
    if term.parts[1].constant:
        factor, _ = by_constant(left.unit, term.parts[1].value)
        text = times(left, factor)
    else:
        text = Piece(
            f"{left.at_least(Strength.PRODUCT)} * {right.at_least(Strength.SIGN)}",
            Strength.PRODUCT,
        )
    return combined(
        [left, right],
        text.text,
        text.strength,
        below=product(left.below, right.below),
        number=term.number,
    )


def _compare(emitter: Emitter, term: Term) -> Piece:
    parts = [emitter.piece(part) for part in term.parts]
    left, right = parts
    if any(part.number is not None for part in term.parts):
        (left, right), _, _ = aligned(parts)
    symbol = SYMBOLS[term.op]
    if term.parts[0].constant:
        left, right, symbol = right, left, MIRRORED[symbol]
    sides = left.at_least(Strength.SUM), right.at_least(Strength.SUM)
    return combined(
        parts,
        f"{sides[0]} {symbol} {sides[1]}",
        Strength.COMPARISON,
        negated=f"{sides[0]} {OPPOSITE[symbol]} {sides[1]}",
    )


def _choose(symbol: str) -> Inline:
    def build(emitter: Emitter, term: Term) -> Piece:
        parts = [emitter.named(part) for part in term.parts]
        (left, right), below, _ = aligned(parts)
        text = (
            f"{left.at_least(Strength.OR)} if {left.at_least(Strength.SUM)} {symbol}"
            f" {right.at_least(Strength.SUM)} else {right.at_least(Strength.OR)}"
        )
        return combined(parts, text, Strength.CHOICE, below=below, number=term.number)

    return build


def _divide(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    name = names[term]
    left, right = emitter.piece(term.parts[0]), emitter.named(term.parts[1])
    shared = gcd(left.unit, right.unit)
    above = times(times(left, right.below), right.unit // shared)
    below = times(right, left.below)
    unknown = [*left.strict, *right.strict, f"{right.text} == 0"]
    emitter.nest(f"if {either(unknown)}:", [f"{name.text}, {name.below} = MISSING, 1"])
    emitter.nest(
        f"elif {right.text} > 0:", [f"{name.text}, {name.below} = {above.text}, {below.text}"]
    )
    emitter.nest(
        "else:",
        [f"{name.text}, {name.below} = -{above.at_least(Strength.ATOM)}, -{below.text}"],
    )


def _quotient(value: Piece, step: Piece) -> tuple[Piece, Piece]:
    """Return two integers whose quotient is the value divided by the step."""
    shared = gcd(value.unit, step.unit)
    up, down = step.unit // shared, value.unit // shared
    if step.integer is None:
        return times(times(value, step.below), up), times(times(step, value.below), down)
    size = step.integer * down
    common = gcd(up, size)
    return times(value, up // common), times(whole_number(size // common), value.below)


def _round(emitter: Emitter, term: Term) -> Piece:
    value, step = emitter.piece(term.parts[0]), emitter.named(term.parts[1])
    above, below = _quotient(value, step)
    match term.own:
        case _ if below.text == "1":
            whole = above
        case "round_down":
            text = f"{above.at_least(Strength.PRODUCT)} // {below.at_least(Strength.SIGN)}"
            whole = Piece(text, Strength.PRODUCT)
        case "round_up":
            text = f"-(-{above.at_least(Strength.ATOM)} // {below.at_least(Strength.SIGN)})"
            whole = Piece(text, Strength.SIGN)
        case _:
            whole = Piece(f"{term.own}({above.text}, {below.text})")
    result = times(whole, step.text if step.integer is None else step.integer)
    piece = combined(
        [value, step], result.text, result.strength, below=step.below, number=term.number
    )
    return piece if term.parts[1].constant else piece.guarded_by(f"{step.text} <= 0")


def _multiple(emitter: Emitter, term: Term) -> Piece:
    value, step = emitter.piece(term.parts[0]), emitter.named(term.parts[1])
    above, below = _quotient(value, step)
    rest = f"{above.at_least(Strength.PRODUCT)} % {below.at_least(Strength.SIGN)}"
    piece = combined([value, step], f"{rest} == 0", Strength.COMPARISON, negated=f"{rest} != 0")
    return piece if term.parts[1].constant else piece.guarded_by(f"{step.text} == 0")


def _add_days(emitter: Emitter, term: Term) -> Piece:
    day, days = [emitter.named(part) for part in term.parts]
    text = f"{day.text} + {days.at_least(Strength.PRODUCT)}"
    piece = combined([day, days], text, Strength.SUM, number=Number())
    return piece.guarded_by(f"not 1 <= {text} <= LAST_DAY")


def _member(emitter: Emitter, term: Term) -> Piece:
    item, members = term.parts
    if not members.constant:
        parts = [emitter.piece(part) for part in term.parts]
        left, right = [part.at_least(Strength.SUM) for part in parts]
        return _in(parts, left, "in", "not in", right)
    if item.number is not None and item.number.pair:
        return _pair_member(emitter.named(item), members.value)
    piece = emitter.piece(item)
    values = members.value
    if item.number is not None:
        scaled = [member * piece.unit for member in members.value]
        values = [int(member) for member in scaled if member.denominator == 1]
    texts = sorted([repr(value) for value in values])
    left = piece.at_least(Strength.SUM)
    if len(texts) == 1:
        return _in([piece], left, "==", "!=", texts[0])
    return _in([piece], left, "in", "not in", f"{{{', '.join(texts)}}}" if texts else "()")


def _in(parts: list[Piece], left: str, symbol: str, opposite: str, right: str) -> Piece:
    return combined(
        parts,
        f"{left} {symbol} {right}",
        Strength.COMPARISON,
        negated=f"{left} {opposite} {right}",
    )


def _pair_member(piece: Piece, members: frozenset[Fraction]) -> Piece:
    texts = []
    for member in sorted(members):
        whole = whole_number(member.numerator, Number(member.denominator))
        (left, right), _, _ = aligned([piece, whole])
        texts.append(f"{left.text} == {right.text}")
    return combined([piece], " or ".join(texts) or "False", Strength.OR)


INLINE: dict[Op, Inline] = {
    Op.ADD: _sum("+", Strength.SUM),
    Op.SUBTRACT: _sum("-", Strength.PRODUCT),
    Op.NEGATE: _negate,
    Op.MULTIPLY: _multiply,
    Op.MINIMUM: _choose("<="),
    Op.MAXIMUM: _choose(">="),
    Op.LESS: _compare,
    Op.LESS_OR_EQUAL: _compare,
    Op.GREATER: _compare,
    Op.GREATER_OR_EQUAL: _compare,
    Op.EQUAL: _compare,
    Op.NOT_EQUAL: _compare,
    Op.MEMBER: _member,
    Op.MULTIPLE: _multiple,
    Op.ROUND: _round,
    Op.ADD_DAYS: _add_days,
}

STATEMENTS: dict[Op, Statement] = {Op.DIVIDE: _divide}
