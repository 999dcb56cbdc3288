"""Blocks of lines being written, the variables in them, and assignments to these."""

from __future__ import annotations

from dataclasses import dataclass, field

from creditgate.backends.scalar.pieces import ALWAYS, Piece, either, times
from creditgate.backends.scalar.placing import Region
from creditgate.lowered.terms import Number


@dataclass(slots=True, eq=False)
class Function:
    """A function being written; `reads` are variables of the functions around it."""

    reads: dict[str, Name] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Block:
    """Lines of a block, indented relative to it.

    `excluded` are conditions that cannot hold from here on in the block.
    """

    function: Function
    region: Region
    depth: int
    excluded: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Name:
    """The variable that holds a term, and the one that holds the second integer of a pair."""

    text: str
    below: str | None
    number: Number | None
    function: Function

    @property
    def all(self) -> tuple[str, ...]:
        """Return the variables."""
        return (self.text,) if self.below is None else (self.text, self.below)


def unknown(name: Name) -> list[str]:
    """Return the lines that make a variable unknown."""
    if name.below is None:
        return [f"{name.text} = MISSING"]
    return [f"{name.text}, {name.below} = MISSING, 1"]


def assignment(name: Name, piece: Piece) -> list[str]:
    """Return the lines that assign a piece to a variable; none and unknown are passed on."""
    if ALWAYS in piece.guards:
        return unknown(name)
    factor = 1 if name.number is None else name.number.unit // piece.unit
    text = times(piece, factor).text
    if piece.none == ALWAYS:
        text = "None"
    left, right = name.text, text
    if name.below is not None:
        left, right = f"{left}, {name.below}", f"{right}, {piece.below or '1'}"
    if piece.certain or piece.none == ALWAYS or (piece.whole and factor == 1):
        return [f"{left} = {right}"]
    if name.below is None:
        choice = f"None if {piece.none} else {text}" if piece.none else text
        if piece.guards:
            choice = f"MISSING if {either(piece.guards)} else {choice}"
        return [f"{left} = {choice}"]
    lines = ["else:", f"    {left} = {right}"]
    if piece.none:
        word = "elif" if piece.guards else "if"
        lines = [f"{word} {piece.none}:", f"    {left} = None, 1", *lines]
    if piece.guards:
        lines = [f"if {either(piece.guards)}:", f"    {left} = MISSING, 1", *lines]
    return lines
