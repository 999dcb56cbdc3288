"""Write rules: what applies and is not met is breached, what cannot be settled is undecided."""

from __future__ import annotations

from collections.abc import Sequence

from creditgate.backends.scalar.emit import Emitter, Module
from creditgate.backends.scalar.pieces import ALWAYS, Piece, either
from creditgate.backends.scalar.placing import Region, place
from creditgate.lowered.rules import Rule

# Thousands of rules stay in the caches of a processor only if their code is short: what is read as a
# variable, and added in place, takes a fifth of the bytes of a global name and a method.
LOCAL = ("MISSING=MISSING", "BLANK=BLANK")


def write_rules(module: Module, name: str, rules: Sequence[Rule], lists: Sequence[str]) -> None:
    """Write a function that adds the index of each rule to the list of its outcome.

    `lists` are the outcomes told apart: breached and undecided, and satisfied where it is asked
    for; a rule in none of them does not apply, or is satisfied.
    """
    body = Region()
    live = [rule for rule in rules if not rule.applies.is_constant(False)]
    regions = [body if rule.applies.constant else body.inside() for rule in live]
    roots = [(rule.applies, body) for rule in live]
    roots += [(rule.require, region) for rule, region in zip(live, regions, strict=True)]
    emitter = Emitter(module, place(roots), body)
    for rule, region in zip(live, regions, strict=True):
        emitter.line(f"# {' '.join(rule.id.split())}")
        _write_rule(emitter, rule, region, tell_satisfied="satisfied" in lists)
    lines = emitter.block.lines
    if all(line.startswith("#") for line in lines):
        lines.append("pass")
    module.function(name, ", ".join(["root", "claims", "as_of", *lists, *LOCAL]), lines)


def _write_rule(emitter: Emitter, rule: Rule, region: Region, *, tell_satisfied: bool) -> None:
    index = rule.index
    if rule.applies.constant:
        broken = "breached" if rule.applies.value is True else "undecided"
        lines = _settled(emitter.piece(rule.require), index, broken, tell_satisfied)
        emitter.block.lines.extend(lines)
        return
    condition = emitter.piece(rule.applies)
    known = [condition.opposite] if condition.certain else []
    if condition.certain:
        header, broken = f"if {condition.text}:", "breached"
    else:
        if not (condition.whole and condition.none is None):
            name = emitter.variables.fresh("applies")
            emitter.line(f"{name} = MISSING if {either(condition.strict)} else {condition.text}")
            condition = Piece(name)
        header = f"if {condition.text} is not False:"
        broken = f"(breached if {condition.text} is True else undecided)"
    with emitter.within(region, known) as block:
        piece = emitter.piece(rule.require)
    lines = [*block.lines, *_settled(piece, index, broken, tell_satisfied)]
    if lines:
        emitter.nest(header, lines)


def _settled(piece: Piece, index: int, broken: str, tell_satisfied: bool) -> list[str]:
    """Return the lines that note the outcome of a rule that applies, or may apply."""
    satisfied = f"satisfied += ({index},)"
    if ALWAYS in piece.strict:
        return [f"undecided += ({index},)"]
    if piece.certain and piece.text == "True":
        return [satisfied] if tell_satisfied else []
    told = f"{broken} += ({index},)" if broken.isidentifier() else f"{broken}.append({index})"
    lines = [f"if {piece.opposite}:", f"    {told}"]
    if piece.strict:
        unknown = [f"if {either(piece.strict)}:", f"    undecided += ({index},)"]
        lines = [*unknown, f"el{lines[0]}", lines[1]]
    if tell_satisfied:
        lines += ["else:", f"    {satisfied}"]
    return lines
