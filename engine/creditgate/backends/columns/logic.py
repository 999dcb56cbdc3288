"""Conditions of three values, choices, and constants."""

from __future__ import annotations

from fractions import Fraction

from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.writer import (
    NO,
    YES,
    Held,
    Write,
    Writer,
    both,
    either,
    opposite,
)
from creditgate.domain.facts import MISSING
from creditgate.lowered.terms import Number, Op, Term


def _constant(writer: Writer, term: Term) -> Held:
    value = term.value
    if value is MISSING:
        return Held(NO, YES, NO, number=term.number)
    if value is None:
        return Held(NO, NO, YES, number=term.number)
    if isinstance(value, bool):
        return Held(str(value))
    if isinstance(value, Fraction):
        return Held(writer.number(value.numerator), number=term.number)
    if isinstance(value, str):
        return Held(str(writer.codes[value]))
    raise Unsupported("a set where one value is asked for")


def _read(writer: Writer, term: Term) -> Held:
    fact, column = writer.reader.fact(term), writer.reader.column(term)
    if fact.kind in {"list", "set"}:
        raise Unsupported("a list where one value is asked for")
    index, may_lack = writer.index(term.parts[0])
    unknown, none = writer.state(column, index, may_lack=may_lack)
    if unknown == YES:
        return Held(_blank(writer, term), YES, number=term.number)
    text = f"of_{column.name}[{index}]"
    if may_lack:
        text = f"({text} if {index} >= 0 else 0)"
    if fact.kind == "boolean":
        text = f"({text} != 0)"
    elif term.number is not None:
        text = writer.variable(text)
    return Held(text, unknown, none, number=term.number)


def _blank(writer: Writer, term: Term) -> str:
    if term.number is not None:
        return writer.number(0)
    return NO if writer.reader.fact(term).kind == "boolean" else "0"


def _as_of(_writer: Writer, _term: Term) -> Held:
    return Held("as_of", number=Number())


def _claimed(_writer: Writer, _term: Term) -> Held:
    return Held(NO)  # rows with claims are decided one by one


def _and(writer: Writer, term: Term) -> Held:
    parts = [writer.held(part) for part in term.parts]
    decided = [both(opposite(part.unfit), opposite(part.text)) for part in parts]
    fails = writer.variable(either(*decided), "f")
    unknown = both(opposite(fails), either(*[part.unfit for part in parts]))
    return Held(opposite(either(fails, unknown)), unknown)


def _or(writer: Writer, term: Term) -> Held:
    parts = [writer.held(part) for part in term.parts]
    holds = writer.variable(either(*[both(opposite(p.unfit), p.text) for p in parts]), "f")
    unknown = both(opposite(holds), either(*[part.unfit for part in parts]))
    return Held(holds, unknown)


def _not(writer: Writer, term: Term) -> Held:
    part = writer.held(term.parts[0])
    return Held(opposite(part.text), part.unfit)


def _is_none(writer: Writer, term: Term) -> Held:
    part = writer.held(term.parts[0])
    return Held(part.none, part.unknown)


def chosen(writer: Writer, condition: str, then: Held, other: Held, term: Term) -> Held:
    """Return one value or another, aligned as the term holds them; conditions with them."""
    unit = 1 if term.number is None else term.number.unit

    def text(part: Held) -> str:
        if term.number is None:
            return part.text
        if part.number is None:
            return writer.number(0)
        return writer.times(part.text, unit // part.unit)

    below = None
    if term.number is not None and term.number.pair:
        one = writer.number(1)
        below = f"({then.below or one} if {condition} else {other.below or one})"
    same = then.unknown == other.unknown, then.none == other.none
    return Held(
        f"({text(then)} if {condition} else {text(other)})",
        then.unknown if same[0] else f"({then.unknown} if {condition} else {other.unknown})",
        then.none if same[1] else f"({then.none} if {condition} else {other.none})",
        below,
        term.number,
    )


def _if(writer: Writer, term: Term) -> Held:
    test, then, other = [writer.held(part) for part in term.parts]
    made = chosen(writer, test.text, then, other, term)
    unfit = writer.variable(test.unfit, "u")
    return Held(
        made.text,
        either(unfit, writer.variable(made.unknown, "u")),
        both(opposite(unfit), writer.variable(made.none, "n")),
        made.below,
        made.number,
    )


def _or_else(writer: Writer, term: Term) -> Held:
    item, other = [writer.held(part) for part in term.parts]
    return chosen(
        writer, item.none, other, Held(item.text, item.unknown, NO, item.below, item.number), term
    )


WRITES: dict[Op, Write] = {
    Op.CONSTANT: _constant,
    Op.READ: _read,
    Op.AS_OF: _as_of,
    Op.CLAIMED: _claimed,
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: _not,
    Op.IS_NONE: _is_none,
    Op.IF: _if,
    Op.OR_ELSE: _or_else,
}
