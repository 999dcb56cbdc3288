"""Conditions of three values: `MISSING` stands for unknown, the value that decides ends a chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from creditgate.backends.scalar.blocks import Name, assignment, unknown
from creditgate.backends.scalar.emit import Emitter, Inline, Statement
from creditgate.backends.scalar.pieces import ALWAYS, Piece, Strength, combined, either
from creditgate.lowered.terms import Number, Op, Term


def _not(emitter: Emitter, term: Term) -> Piece:
    part = emitter.piece(term.parts[0])
    return combined([part], part.opposite, Strength.NOT, negated=part.at_least(Strength.NOT))


def _is_none(emitter: Emitter, term: Term) -> Piece:
    part = emitter.named(term.parts[0])
    if part.none is None:
        return Piece("False", guards=part.guards, negated="True")
    return Piece(
        part.none,
        Strength.COMPARISON,
        part.guards,
        negated=part.none.replace(" is None", " is not None"),
    )


def _is_empty(emitter: Emitter, term: Term) -> Piece:
    part = emitter.piece(term.parts[0])
    text = f"len({part.text})"
    return combined([part], f"{text} == 0", Strength.COMPARISON, negated=f"{text} != 0")


def _length(emitter: Emitter, term: Term) -> Piece:
    part = emitter.piece(term.parts[0])
    return combined([part], f"len({part.text})", Strength.ATOM, number=Number())


def _chain(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    """Write `and` or `or`: items in order until one decides."""
    name = names[term].text
    decisive = str(term.op is Op.OR)
    word, strength = ("or", Strength.OR) if term.op is Op.OR else ("and", Strength.AND)
    plain: list[str] = []
    excluded = set(emitter.block.excluded)
    begun = False
    for number, item in enumerate(term.parts):
        region = emitter.inner(term, number)
        if number == 0:
            piece, lines = emitter.piece(item), list[str]()
        else:
            with emitter.within(region) as block:
                block.excluded = excluded
                piece, lines = emitter.piece(item), block.lines
        excluded.add(piece.text if term.op is Op.OR else piece.opposite)
        if not begun and not lines and piece.certain:
            plain.append(piece.at_least(Strength(strength + 1)))
            continue
        if not begun and plain:
            emitter.line(f"{name} = {f' {word} '.join(plain)}")
            begun = True
        if not begun:
            emitter.line(f"{name} = {_three_valued(piece)}")
            begun = True
            continue
        emitter.nest(f"if {name} is not {decisive}:", [*lines, *_decide(name, decisive, piece)])
    if not begun:
        emitter.line(f"{name} = {f' {word} '.join(plain)}")


def _three_valued(piece: Piece) -> str:
    if ALWAYS in piece.strict:
        return "MISSING"
    if piece.certain or (piece.whole and piece.none is None):
        return piece.text
    return f"MISSING if {either(piece.strict)} else {piece.text}"


def _decide(name: str, decisive: str, piece: Piece) -> list[str]:
    """Return lines that take one more item into account."""
    if ALWAYS in piece.strict:
        return [f"{name} = MISSING"]
    holds = piece.text if decisive == "True" else piece.opposite
    if piece.certain:
        return [f"if {holds}:", f"    {name} = {decisive}"]
    return [
        f"if {either(piece.strict)}:",
        f"    {name} = MISSING",
        f"elif {holds}:",
        f"    {name} = {decisive}",
    ]


def _if(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    name = names[term]
    condition = emitter.piece(term.parts[0])
    then = emitter.branch(term, 1, name, [*condition.strict, condition.opposite])
    otherwise = emitter.branch(term, 2, name, [*condition.strict, condition.text])
    word = "if"
    if condition.strict:
        emitter.nest(f"if {either(condition.strict)}:", unknown(name))
        word = "elif"
    emitter.nest(f"{word} {condition.text}:", then)
    if _is_choice(otherwise):
        emitter.line(f"el{otherwise[0]}")
        emitter.block.lines.extend(otherwise[1:])
    else:
        emitter.nest("else:", otherwise)


def _is_choice(lines: list[str]) -> bool:
    """Tell whether lines are one `if` with all its branches."""
    return lines[0].startswith("if ") and all(
        line.startswith((" ", "elif ", "else:")) for line in lines[1:]
    )


def _or_else(emitter: Emitter, term: Term, names: Mapping[Term, Name]) -> None:
    name = names[term]
    item = emitter.named(term.parts[0])
    if item.none is None:
        emitter.block.lines.extend(assignment(name, item))
        return
    emitter.nest(f"if {item.none}:", emitter.branch(term, 1, name, item.guards))
    emitter.nest("else:", assignment(name, replace(item, none=None)))


INLINE: dict[Op, Inline] = {
    Op.NOT: _not,
    Op.IS_NONE: _is_none,
    Op.IS_EMPTY: _is_empty,
    Op.LENGTH: _length,
}

STATEMENTS: dict[Op, Statement] = {
    Op.AND: _chain,
    Op.OR: _chain,
    Op.IF: _if,
    Op.OR_ELSE: _or_else,
}
