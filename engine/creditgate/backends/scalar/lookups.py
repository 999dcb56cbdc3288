"""Tables, dated entries, and functions of the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, lcm

from creditgate.backends.scalar.blocks import Name, unknown
from creditgate.backends.scalar.emit import Emitter, Statement
from creditgate.backends.scalar.pieces import (
    Piece,
    Strength,
    digits,
    either,
    times,
    united,
    written,
)
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Op, Term


def _set(emitter: Emitter, name: Name, guards: tuple[str, ...], text: str) -> None:
    emitter.line(
        f"{name.text} = MISSING if {either(guards)} else {text}"
        if guards
        else f"{name.text} = {text}"
    )


def _lookup(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    table = term.own
    assert isinstance(table, Table)
    pieces = [emitter.named(part) for part in term.parts]
    places = [
        _place(emitter, piece, part, bounds)
        for piece, part, bounds in zip(pieces, term.parts, table.bounds, strict=True)
    ]
    single = len(places) == 1
    held = sorted(
        [
            (repr(key[0] if single else key), written(cell, names[term].number))
            for key, cell in table.cells().items()
        ]
    )
    source = f"{{{', '.join([f'{key}: {cell}' for key, cell in held])}}}"
    wish = emitter.module.terms.hints.get(term, "table")
    cells = emitter.module.constant(wish, source)
    key = places[0] if single else f"({', '.join(places)})"
    guards = united([piece.guards for piece in pieces])
    _set(emitter, names[term], guards, f"{cells}.get({key}, MISSING)")


def _place(emitter: Emitter, piece: Piece, part: Term, bounds: tuple[Fraction, ...] | None) -> str:
    """Return the key of a dimension: a member, or the number of the interval of a band."""
    if bounds is None or part.is_constant(None):
        return piece.text
    scaled = [bound * piece.unit for bound in bounds]
    text = piece.text
    if piece.below is not None:
        # The floor of a quotient is compared with integers, so the bounds are made integers.
        factor = lcm(*[bound.denominator for bound in scaled])
        scaled = [bound * factor for bound in scaled]
        text = f"{times(piece, factor).text} // {piece.below}"
    limits = ", ".join([digits(ceil(bound)) for bound in scaled])
    known = emitter.module.constant("bounds", f"({limits},)")
    place = f"bisect_right({known}, {text})"
    return place if piece.none is None else f"None if {piece.none} else {place}"


def _dated(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    name = names[term]
    date, *entries = term.parts
    assert isinstance(term.own, tuple)
    day = emitter.named(date)
    if name.below is None and all(entry.constant for entry in entries):
        days = emitter.module.constant("days", f"({', '.join(map(str, term.own))},)")
        texts = [written(entry.value, name.number) for entry in entries]
        wish = emitter.module.terms.hints.get(term, "versions")
        values = emitter.module.constant(wish, f"(MISSING, {', '.join(texts)})")
        _set(emitter, name, day.strict, f"{values}[bisect_right({days}, {day.text})]")
        return
    written_out = [
        emitter.branch(term, place, name, day.strict) for place in range(1, len(term.parts))
    ]
    before = f"{day.text} < {term.own[0]}"
    emitter.nest(f"if {either([*day.strict, before])}:", unknown(name))
    for end, lines in zip(term.own[1:], written_out, strict=False):
        emitter.nest(f"elif {day.text} < {end}:", lines)
    emitter.nest("else:", written_out[-1])


def _call(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    assert isinstance(term.own, tuple)
    function, calendar = term.own
    parts = [emitter.piece(part) for part in term.parts]
    called = function if calendar is None else emitter.module.calendar_function(calendar, function)
    arguments = ", ".join([part.at_least(Strength.OR) for part in parts])
    guards = united([part.strict for part in parts])
    _set(emitter, names[term], guards, f"{called}({arguments})")


STATEMENTS: dict[Op, Statement] = {
    Op.LOOKUP: _lookup,
    Op.DATED: _dated,
    Op.CALL: _call,
}
