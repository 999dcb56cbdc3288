"""Tables and dated entries, as arrays of constants that a kernel looks into."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, lcm
from typing import Any

from creditgate.backends.columns.logic import chosen
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.writer import NO, Held, Write, Writer, both, either, opposite
from creditgate.domain.facts import MISSING
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Number, Op, Term


def _lookup(writer: Writer, term: Term) -> Held:
    table = term.own
    assert isinstance(table, Table)
    parts = [writer.held(part) for part in term.parts]
    cells = table.cells()
    places, sizes = [], []
    for column, (part, bounds) in enumerate(zip(parts, table.bounds, strict=True)):
        keys = sorted({key[column] for key in cells if key[column] is not None}, key=repr)
        place, size = _place(writer, part, keys, bounds)
        places.append(place)
        sizes.append(size)
    values: list[int] = []
    states: list[int] = []
    for spot in _spots(places, sizes):
        cell = cells.get(spot, MISSING)
        value, kind = _cell(writer, cell, term.number)
        values.append(value)
        states.append(kind)
    index = "0"
    for (text, _), size in zip(places, sizes, strict=True):
        index = f"({index} * {size} + {text})" if index != "0" else text
    outside = [f"({text} < 0)" for text, _ in places]
    lost = writer.variable(either(*outside), "f")
    at = writer.variable(f"(0 if {lost} else {index})", "x")
    held, state = writer.constant(values), writer.constant(states, "uint8")
    read = f"{held}[{at}]"
    if any(isinstance(cell, bool) for cell in cells.values()):
        text = f"({read} != 0)"
    elif term.number is not None:
        text = writer.variable(read)
    else:
        text = read
    unknown = either(*[part.unknown for part in parts], lost, f"({state}[{at}] == 1)")
    unknown = writer.variable(unknown, "u")
    return Held(text, unknown, both(opposite(unknown), f"({state}[{at}] == 2)"), number=term.number)


_Place = tuple[str, list[Any]]


def _place(
    writer: Writer, part: Held, keys: list[Any], bounds: tuple[Fraction, ...] | None
) -> tuple[_Place, int]:
    """Return the place of a key in its dimension, below zero where it has none, and the size.

    Beside the text stand the keys in order; the last is none.
    """
    if bounds is None:
        text = "-1"
        for number, key in enumerate(keys):
            if isinstance(key, bool):
                text = f"({number} if {part.text if key else opposite(part.text)} else {text})"
            elif isinstance(key, str):
                text = f"({number} if {part.text} == {writer.codes[key]} else {text})"
            else:
                raise Unsupported("a table by other keys than members of an enum and bands")
        ordered: list[Any] = [*keys, None]
    else:
        scaled = [bound * part.unit for bound in bounds]
        size = part.text
        if part.below is not None:
            factor = lcm(*[bound.denominator for bound in scaled])
            scaled = [bound * factor for bound in scaled]
            quotient = writer.arithmetic.binary("//", writer.times(part.text, factor), part.below)
            size = writer.variable(quotient)
        passed = [
            f"(1 if {writer.arithmetic.compared('>=', size, writer.number(ceil(bound)))} else 0)"
            for bound in scaled
        ]
        text = f"({' + '.join(passed)})"
        ordered = [*range(len(bounds) + 1), None]
    if part.none != NO:
        text = f"({len(ordered) - 1} if {part.none} else {text})"
    return (writer.variable(text, "x"), ordered), len(ordered)


def _spots(places: list[_Place], sizes: list[int]) -> list[tuple[Any, ...]]:
    spots: list[tuple[Any, ...]] = [()]
    for (_, keys), _size in zip(places, sizes, strict=True):
        spots = [(*spot, key) for spot in spots for key in keys]
    return spots


def _cell(writer: Writer, cell: Any, number: Number | None) -> tuple[int, int]:
    if cell is MISSING:
        return 0, 1
    if cell is None:
        return 0, 2
    if isinstance(cell, bool):
        return int(cell), 0
    if isinstance(cell, str):
        return writer.codes[cell], 0
    value = int(Fraction(cell) * (number or Number()).unit)
    if not -(2**62) < value < 2**62:
        raise Unsupported(f"the constant {value}")
    return value, 0


def _dated(writer: Writer, term: Term) -> Held:
    day, *entries = [writer.held(part) for part in term.parts]
    assert isinstance(term.own, tuple)
    made = entries[0]
    for start, entry in zip(term.own[1:], entries[1:], strict=True):
        later = writer.arithmetic.compared(">=", day.text, writer.number(start))
        # Each choice is held before the next one is made of it.
        once = chosen(writer, writer.variable(later, "f"), entry, made, term)
        below = None if once.below is None else writer.variable(once.below, "b")
        made = Held(
            writer.variable(once.text), writer.variable(once.unknown, "u"),
            writer.variable(once.none, "n"), below, once.number,
        )  # fmt: skip
    if len(entries) == 1:
        made = chosen(writer, "True", made, made, term)
    early = writer.arithmetic.compared("<", day.text, writer.number(term.own[0]))
    unfit = writer.variable(either(day.unfit, early), "u")
    return Held(
        made.text,
        either(unfit, made.unknown),
        both(opposite(unfit), made.none),
        made.below,
        made.number,
    )


WRITES: dict[Op, Write] = {
    Op.LOOKUP: _lookup,
    Op.DATED: _dated,
}
