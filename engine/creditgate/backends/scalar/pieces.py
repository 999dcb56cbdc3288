"""Pieces of Python source with what a reader of them must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from typing import Any

from creditgate.domain.facts import MISSING
from creditgate.lowered.terms import Number, Term


class Strength(IntEnum):
    """How tightly a piece of source holds together."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    ATOM = 8


ALWAYS = "True"
LONG = 10_000  # bits; Python refuses to read or write 4300 decimal digits


@dataclass(frozen=True, slots=True)
class Piece:
    """Source of a value.

    `guards` are conditions, in order, under each of which the value is unknown and the text may
    not be run. `none` is the condition under which it is none. A pair has its second integer in
    `below`. `negated` is the text of the opposite condition, where it reads better than `not`. A
    `whole` text may be copied even when the value is unknown or none. `integer` is the value of
    a constant; `depth` is how deep the text nests.
    """

    text: str
    strength: Strength = Strength.ATOM
    guards: tuple[str, ...] = ()
    none: str | None = None
    below: str | None = None
    negated: str | None = None
    number: Number | None = None
    whole: bool = False
    integer: int | None = None
    depth: int = 0

    @property
    def strict(self) -> tuple[str, ...]:
        """Return the conditions under which the value cannot be computed with."""
        return self.guards if self.none is None else (*self.guards, self.none)

    @property
    def certain(self) -> bool:
        """Tell whether there is always a value to compute with."""
        return not self.guards and self.none is None

    @property
    def unit(self) -> int:
        """Return by what the text is divided to give the value."""
        return 1 if self.number is None else self.number.unit

    @property
    def opposite(self) -> str:
        """Return the text of the opposite condition."""
        return self.negated or f"not {self.at_least(Strength.NOT)}"

    def at_least(self, strength: Strength) -> str:
        """Return the text, in brackets if it holds together less tightly than asked."""
        return self.text if self.strength >= strength else f"({self.text})"

    def guarded_by(self, *guards: str) -> Piece:
        """Return the piece with further conditions under which it is unknown."""
        return replace(self, guards=united([self.guards, guards]))


def times(piece: Piece, factor: int | str | None) -> Piece:
    """Return the text of a piece times an integer or a variable; None is one."""
    if factor is None or factor == 1:
        return piece
    if piece.text == "1":
        return Piece(str(factor))
    if isinstance(factor, int) and piece.integer is not None:
        return whole_number(piece.integer * factor)
    text = f"{piece.at_least(Strength.PRODUCT)} * {digits(factor)}"
    return Piece(text, Strength.PRODUCT, depth=piece.depth + 1)


def united(guards: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return all guards once, in order."""
    return tuple(dict.fromkeys([guard for some in guards for guard in some]))


def combined(
    parts: Iterable[Piece],
    text: str,
    strength: Strength,
    *,
    below: str | None = None,
    negated: str | None = None,
    number: Number | None = None,
) -> Piece:
    """Return a piece made strictly of others: unknown where one is unknown or none."""
    parts = list(parts)
    return Piece(
        text,
        strength,
        united([part.strict for part in parts]),
        below=below,
        negated=negated,
        number=number,
        depth=1 + max([part.depth for part in parts], default=0),
    )


def literal(term: Term) -> Piece:
    """Return the source of a constant."""
    value = term.value
    if value is MISSING:
        return Piece("MISSING", guards=(ALWAYS,), whole=True)
    if value is None:
        return Piece("None", none=ALWAYS, whole=True)
    if isinstance(value, Fraction):
        return whole_number(value.numerator, term.number)
    return Piece(written(value, None))


def written(value: Any, number: Number | None) -> str:
    """Return the source of a value, a number as it is held; the same on every run."""
    if value is MISSING:
        return "MISSING"
    if isinstance(value, Fraction):
        return digits(int(value * (number or Number()).unit))
    if isinstance(value, frozenset):
        return f"frozenset(({''.join([f'{text}, ' for text in sorted(map(repr, value))])}))"
    return repr(value)


def whole_number(value: int, number: Number | None = None) -> Piece:
    """Return the source of an integer."""
    strength = Strength.SIGN if value < 0 else Strength.ATOM
    return Piece(digits(value), strength, number=number, integer=value)


def digits(value: int | str) -> str:
    """Return the source of an integer; Python reads long ones only in base sixteen."""
    if isinstance(value, str):
        return value
    return str(value) if value.bit_length() < LONG else hex(value)


def either(guards: Iterable[str]) -> str:
    """Return the condition that one of the guards holds."""
    return " or ".join(guards)
