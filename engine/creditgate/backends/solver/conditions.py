"""Conditions of three values, choices, constants and tables as formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from creditgate.backends.solver.codes import Codes
from creditgate.backends.solver.numbers import Build
from creditgate.backends.solver.pieces import (
    Formula,
    NotEncodable,
    Piece,
    aligned,
    both,
    choice,
    either,
    opposite,
    same,
)
from creditgate.domain.facts import MISSING
from creditgate.ir.nodes import Band, Key
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Number, Op, Term


def constant(codes: Codes, value: Any, number: Number | None = None) -> Piece:
    """Return a constant; with `number` it is held as that says."""
    if value is MISSING:
        return Piece(False if number is None else 0, unknown=True, number=number)
    if value is None:
        return Piece(False if number is None else 0, none=True, number=number)
    if isinstance(value, Fraction):
        held = number or Number(value.denominator)
        return Piece(int(value * held.unit), number=held)
    if isinstance(value, str):
        return Piece(codes.of(value))
    if isinstance(value, bool):
        return Piece(value)
    raise NotEncodable("a set where one value is asked for")


def _and(_term: Term, parts: list[Piece]) -> Piece:
    fails = either(*[part.fails for part in parts])
    unknown = both(opposite(fails), either(*[part.unfit for part in parts]))
    return Piece(both(*[part.value for part in parts]), unknown)


def _or(_term: Term, parts: list[Piece]) -> Piece:
    holds = either(*[part.holds for part in parts])
    unknown = both(opposite(holds), either(*[part.unfit for part in parts]))
    return Piece(holds, unknown)


def _not(_term: Term, parts: list[Piece]) -> Piece:
    (part,) = parts
    return Piece(opposite(part.value), part.unfit)


def _is_none(_term: Term, parts: list[Piece]) -> Piece:
    (part,) = parts
    return Piece(part.none, part.unknown)


def _if(term: Term, parts: list[Piece]) -> Piece:
    test, then, other = parts
    made = choice(test.value, then, other, term.number)
    unfit = test.unfit
    none = both(opposite(unfit), made.none)
    return Piece(made.value, either(unfit, made.unknown), none, made.below, made.number)


def _or_else(term: Term, parts: list[Piece]) -> Piece:
    item, other = parts
    given = Piece(item.value, item.unknown, False, item.below, item.number)
    return choice(item.none, other, given, term.number)


def dated(term: Term, parts: list[Piece]) -> Piece:
    """Return the entry that holds on a day; unknown before the first one."""
    day, *entries = parts
    assert isinstance(term.own, tuple)
    made = choice(True, entries[0], entries[0], term.number)
    for start, entry in zip(term.own[1:], entries[1:], strict=True):
        made = choice(day.value >= start, entry, made, term.number)
    unfit = either(day.unfit, day.value < term.own[0])
    return Piece(
        made.value, either(unfit, made.unknown), both(opposite(unfit), made.none), made.below,
        made.number,
    )  # fmt: skip


def lookup(codes: Codes, term: Term, parts: list[Piece]) -> Piece:
    """Return the cell of a table; unknown where no row is at the keys."""
    table = term.own
    assert isinstance(table, Table)
    unit = term.number
    made = constant(codes, MISSING, unit)
    for keys, cell in reversed(table.rows):
        here = both(*[_matches(codes, part, key) for part, key in zip(parts, keys, strict=True)])
        made = choice(here, constant(codes, cell, unit), made, unit)
    unknown = either(made.unknown, *[part.unknown for part in parts])
    return Piece(made.value, unknown, both(opposite(unknown), made.none), number=unit)


def _matches(codes: Codes, part: Piece, key: Key | bool) -> Formula:
    if key is None:
        return part.none
    given = opposite(part.none)
    if isinstance(key, Band):
        low = True if key.low is None else _at_least(codes, part, key.low)
        high = True if key.high is None else opposite(_at_least(codes, part, key.high))
        return both(given, low, high)
    return both(given, same(part.value, key if isinstance(key, bool) else codes.of(key)))


def _at_least(codes: Codes, part: Piece, limit: Fraction) -> Formula:
    (value, bound), _ = aligned([part, constant(codes, limit)])
    return value >= bound


BUILDS: dict[Op, Build] = {
    Op.AND: _and,
    Op.OR: _or,
    Op.NOT: _not,
    Op.IS_NONE: _is_none,
    Op.IF: _if,
    Op.OR_ELSE: _or_else,
    Op.DATED: dated,
}
