"""Loops over lists: all aggregates of one list that can be folded together share one pass.

An aggregate that meets an unknown condition or element is unknown whatever follows: alone in its
loop it ends it, among others it is marked and made unknown after the loop.
"""

from __future__ import annotations

from collections.abc import Mapping

from creditgate.backends.scalar.blocks import Name, assignment, unknown
from creditgate.backends.scalar.emit import Emitter, Statement
from creditgate.backends.scalar.numbers import aligned
from creditgate.backends.scalar.pieces import ALWAYS, Piece, either
from creditgate.backends.scalar.placing import Region
from creditgate.lowered.terms import Op, Term

START = {"sum": "0", "count": "0", "any": "False", "all": "True", "min": "None", "max": "None"}
BEFORE = {"min": "<", "max": ">"}


def _aggregate(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    row = term.parts[0]
    source = emitter.piece(row.parts[0])
    row_name = emitter.name_for(row)
    loop = emitter.inner(term, 1)
    emitter.names[row, loop] = row_name
    insides = {each: emitter.inner(each, 2) for each in names}
    alone = len(names) == 1
    marks: dict[Term, str] = {}
    with emitter.within(loop, source.strict, deeper=2) as body:
        for each, name in names.items():
            stop = [*unknown(name), "break"]
            if not alone and each.unknown:
                marks[each] = emitter.variables.fresh(f"{name.text}_unknown")
                stop = [f"{marks[each]} = True"]
            body.lines.extend(_fold(emitter, each, insides[each], name, stop))
    lines = [f"{', '.join(name.all)} = {_start(each, name)}" for each, name in names.items()]
    lines += [f"{mark} = False" for mark in marks.values()]
    lines.append(f"for {row_name.text} in {source.text}:")
    lines += [f"    {line}" for line in body.lines]
    for each, mark in marks.items():
        lines += [f"if {mark}:", *[f"    {line}" for line in unknown(names[each])]]
    if source.certain:
        for line in lines:
            emitter.line(line)
        return
    missing = [line for name in names.values() for line in unknown(name)]
    emitter.nest(f"if {either(source.strict)}:", missing)
    emitter.nest("else:", lines)


def _start(term: Term, name: Name) -> str:
    start = START[str(term.own)]
    return start if name.below is None else f"{start}, 1"


def _fold(emitter: Emitter, term: Term, inside: Region, name: Name, stop: list[str]) -> list[str]:
    """Return the lines that take the row at hand into an aggregate."""
    _, where, element = term.parts
    if where.is_constant(True):
        return _take(emitter, term, element, name, stop)
    condition = emitter.piece(where)
    known = [*condition.strict, condition.opposite]
    with emitter.within(inside, known) as block:
        block.lines.extend(_take(emitter, term, element, name, stop))
    lines = _unless(emitter, condition, stop)
    word = "elif" if lines else "if"
    if ALWAYS in condition.strict:
        return stop
    return [*lines, f"{word} {condition.text}:", *[f"    {line}" for line in block.lines]]


def _take(emitter: Emitter, term: Term, element: Term, name: Name, stop: list[str]) -> list[str]:
    """Return the lines that take a chosen element in."""
    kind = str(term.own)
    if kind == "count":
        return [f"{name.text} += 1"]
    if kind in BEFORE:
        piece = emitter.named(element)
    else:
        piece = emitter.piece(element)
    if ALWAYS in piece.strict:
        return stop
    lines = _unless(emitter, piece, stop)
    match kind:
        case "sum":
            taken = _added(name, piece)
        case "any":
            taken = [f"if {piece.text}:", f"    {name.text} = True"]
        case "all":
            taken = [f"if {piece.opposite}:", f"    {name.text} = False"]
        case _:
            taken = _replaced(name, piece, BEFORE[kind])
    if not lines:
        return taken
    if stop[-1] == "break":
        return [*lines, *taken]
    if taken[0].startswith("if "):
        return [*lines, f"el{taken[0]}", *taken[1:]]
    return [*lines, "else:", *[f"    {line}" for line in taken]]


def _unless(emitter: Emitter, piece: Piece, stop: list[str]) -> list[str]:
    if piece.certain:
        return []
    if stop[-1] == "break":
        emitter.block.excluded.update(piece.strict)
    return [f"if {either(piece.strict)}:", *[f"    {line}" for line in stop]]


def _added(name: Name, piece: Piece) -> list[str]:
    if name.below is None:
        return [f"{name.text} += {piece.text}"]
    return [
        f"if {name.below} == {piece.below}:",
        f"    {name.text} += {piece.text}",
        "else:",
        f"    {name.text} = {name.text} * {piece.below} + {piece.text} * {name.below}",
        f"    {name.below} *= {piece.below}",
    ]


def _replaced(name: Name, piece: Piece, symbol: str) -> list[str]:
    best = Piece(name.text, below=name.below, number=piece.number)
    (new, old), _, _ = aligned([piece, best])
    return [
        f"if {name.text} is None or {new.text} {symbol} {old.text}:",
        *[
            f"    {line}"
            for line in assignment(name, Piece(piece.text, below=piece.below, number=name.number))
        ],
    ]


STATEMENTS: dict[Op, Statement] = {Op.AGGREGATE: _aggregate}
