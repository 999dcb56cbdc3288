"""Loops over the rows of a list, one pass for all aggregates that can share it; sets of members."""

from __future__ import annotations

from dataclasses import replace

from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.writer import (
    NO,
    YES,
    Held,
    Scope,
    Write,
    Writer,
    both,
    either,
    opposite,
)
from creditgate.lowered.terms import Number, Op, Term

COMPARED = {"min": "<", "max": ">"}


def _bounds(writer: Writer, source: Term) -> tuple[str, str, str]:
    """Return where the rows of a list begin and end, and the condition that it is not known."""
    column = writer.reader.column(source)
    index, may_lack = writer.index(source.parts[0])
    unknown, none = writer.state(column, index, may_lack=may_lack)
    unfit = writer.variable(either(unknown, none), "u")
    if unfit == YES:
        return "0", "0", YES
    begin, end = f"from_{column.name}[{index}]", f"from_{column.name}[{index} + 1]"
    if may_lack:
        begin, end = [f"({text} if {index} >= 0 else 0)" for text in (begin, end)]
    return writer.variable(begin, "j"), writer.variable(end, "j"), unfit


def _aggregate(writer: Writer, term: Term) -> Held:
    row, home = term.parts[0], writer.scope
    together = [
        each
        for each in writer.terms
        if each.op is Op.AGGREGATE
        and each not in writer.uses
        and each.parts[0] is row
        and each.rank == term.rank
        and each not in home.held
        and writer.home(each) is home
    ]
    begin, end, unlisted = _bounds(writer, row.parts[0])
    inner = Scope(row, home)
    place = writer.fresh("j")
    inner.indexes[row] = place, False
    begun: list[tuple[Term, Held]] = []
    for each in together:
        began = _start(writer, each)
        writer.scope = inner
        try:
            begun.append((each, _fold(writer, each, began)))
        finally:
            writer.scope = home
    if inner.lines and unlisted != YES:
        writer.line(f"for {place} in range({begin}, {end}):")
        home.lines.extend([f"    {line}" for line in inner.lines])
    for each, began in begun:
        unknown = writer.variable(either(began.unknown, unlisted), "u")
        none = NO
        if str(each.own) in COMPARED:
            none = writer.variable(both(opposite(unknown), opposite(f"{began.none}")), "n")
        home.held[each] = Held(began.text, unknown, none, began.below, each.number)
    return home.held[term]


def _start(writer: Writer, term: Term) -> Held:
    """Begin an aggregate; in `none` stands whether anything was found."""
    kind = str(term.own)
    start = {"any": NO, "all": YES}.get(kind) or writer.number(0)
    value, unknown, found = writer.fresh("t"), writer.fresh("u"), writer.fresh("n")
    writer.line(f"{value} = {start}")
    writer.line(f"{unknown} = False")
    below = None
    if kind in COMPARED:
        writer.line(f"{found} = False")
        if term.number is not None and term.number.pair:
            below = writer.fresh("b")
            writer.line(f"{below} = {writer.number(1)}")
    return Held(value, unknown, found, below, number=term.number)


def _fold(writer: Writer, term: Term, began: Held) -> Held:
    """Write what a row does to an aggregate; return it with what all rows divide it by, if anything."""
    _, where, element = term.parts
    kind = str(term.own)
    condition = writer.held(where)
    taken = both(opposite(condition.unfit), condition.text)
    unsure = condition.unfit
    if kind == "count":
        added = writer.arithmetic.binary("+", began.text, writer.number(1))
        _when(writer, taken, [f"{began.text} = {added}"])
    else:
        item = writer.held(element)
        if kind == "sum" and item.below is not None:
            began = replace(began, below=_shared(writer, item.below))
        unsure = either(unsure, both(taken, item.unfit))
        _when(writer, both(taken, opposite(item.unfit)), _taken(writer, term, item, began))
    _when(writer, unsure, [f"{began.unknown} = True"])
    return began


def _shared(writer: Writer, below: str) -> str:
    """Return what quotients are divided by, if it is the same in all rows of the loop at hand."""
    if any(line.startswith(f"{below} = ") for line in writer.scope.lines):
        raise Unsupported("a sum of quotients that are divided by another number in each row")
    return below


def _taken(writer: Writer, term: Term, item: Held, began: Held) -> list[str]:
    kind = str(term.own)
    unit = 1 if term.number is None else term.number.unit
    if kind in {"any", "all"}:
        symbol, text = ("|", item.text) if kind == "any" else ("&", item.text)
        return [f"{began.text} = {began.text} {symbol} {text}"]
    text = writer.times(item.text, unit // item.unit)
    if kind == "sum":
        return [f"{began.text} = {writer.arithmetic.binary('+', began.text, text)}"]
    if term.number is None:
        raise Unsupported("the least or greatest of what is no number")
    best, other = began.text, text
    if began.below is not None:
        best, other = writer.times(best, item.below), writer.times(text, began.below)
    better = writer.arithmetic.compared(COMPARED[kind], other, best)
    lines = [f"if (not {began.none}) or {better}:", f"    {began.text} = {text}"]
    if began.below is not None:
        lines.append(f"    {began.below} = {item.below or writer.number(1)}")
    return [*lines, f"{began.none} = True"]


def _when(writer: Writer, condition: str, lines: list[str]) -> None:
    if condition == NO:
        return
    if condition == YES:
        for line in lines:
            writer.line(line)
        return
    writer.line(f"if {condition}:")
    for line in lines:
        writer.line(f"    {line}")


def _length(writer: Writer, term: Term) -> Held:
    begin, end, unfit = _bounds(writer, term.parts[0])
    return Held(f"({end} - {begin})", unfit, number=Number())


def _is_empty(writer: Writer, term: Term) -> Held:
    begin, end, unfit = _bounds(writer, term.parts[0])
    return Held(f"({end} == {begin})", unfit)


def member_of_a_fact(writer: Writer, piece: Held, source: Term) -> Held:
    """Return whether a text or a member of an enum is in a set that is a fact."""
    begin, end, unfit = _bounds(writer, source)
    if unfit == YES:
        return Held(NO, YES)
    found, place = writer.fresh("t"), writer.fresh("j")
    column = writer.reader.column(source)
    writer.line(f"{found} = False")
    writer.line(f"for {place} in range({begin}, {end}):")
    writer.line(f"    {found} = {found} | (in_{column.name}[{place}] == {piece.text})")
    return Held(found, either(piece.unfit, unfit))


WRITES: dict[Op, Write] = {
    Op.AGGREGATE: _aggregate,
    Op.LENGTH: _length,
    Op.IS_EMPTY: _is_empty,
}
