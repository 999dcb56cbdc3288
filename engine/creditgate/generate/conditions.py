"""The conditions of a rule, and the rule with one of them settled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    Date,
    Duration,
    Instant,
    Number,
    Optional,
    Time,
    without_none,
)
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Aggregate, And, Apply, Expr, If, Literal, Named, Not, Or
from creditgate.ir.rulebook import EpochRule
from creditgate.ir.walk import children, rebuild
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.terms import Term

#: Operators whose two sides may stand below, on and above each other.
ORDERED: Final = frozenset(
    {"less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal"}
)
#: What says of the rows of a list that some or all are so.
QUANTIFIERS: Final = frozenset({"any", "all"})


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition that is not made of others; equal ones of a rule are one.

    `nodes` are the places where it stands, the first of them `node`; `text` is how it is written.
    One said of the rows of a list holds or fails where it does so of just one row: `rows` counts
    those of which it holds and those of which it fails. `sides` are what it compares where it holds
    and where it fails, for what is counted. One that says something of a list is `quantified` as of
    some row and as of all.
    """

    number: int
    nodes: tuple[Expr, ...]
    node: Expr
    term: Term
    text: str
    comparison: Apply | None
    sides: Mapping[bool, tuple[Expr, ...]]
    rows: Mapping[bool, Expr] | None
    quantified: tuple[Expr, Expr] | None


def conditions_of(
    rule: EpochRule, lowering: Lowering, *, figures: bool = False
) -> tuple[Condition, ...]:
    """Return the conditions of `when`, the exemptions, `require` and the deadline, in this order.

    Those said of the rows of a list are among them. With `figures` so are those by which formulas
    that give a number choose, and those by which lists choose their rows; not those of lists within
    lists.
    """
    found: dict[tuple[Term, bool], list[tuple[Expr, Aggregate | None]]] = {}
    for part in _parts(rule):
        inside = _within(part) if figures else ()
        for node, around in (*_conditions(part, None), *inside):
            key = lowering.term(_of_rows("any", node, around)), around is not None
            places = found.setdefault(key, [])
            if all(node is not place for place, _ in places):
                places.append((node, around))
    return tuple(
        _condition(number, term, places) for number, ((term, _), places) in enumerate(found.items())
    )


def _condition(
    number: int, term: Term, places: Sequence[tuple[Expr, Aggregate | None]]
) -> Condition:
    node, around = places[0]
    comparison = _comparison(node)
    chosen: dict[bool, Expr] = {True: node, False: Not(BOOLEAN, node)}
    sides = () if comparison is None else comparison.arguments
    found = dict.fromkeys(chosen, sides)
    rows = None
    quantified = None
    if around is not None:
        found = {
            value: tuple([_of_rows("min", side, around, where) for side in sides])
            for value, where in chosen.items()
        }
        rows = {
            value: replace(around, type=COUNT, kind="count", where=where, element=None)
            for value, where in chosen.items()
        }
    elif isinstance(node, Aggregate) and node.kind in QUANTIFIERS:
        quantified = replace(node, kind="any"), replace(node, kind="all")
    return Condition(
        number, tuple([place for place, _ in places]), _of_rows("any", node, around), term,
        formula_text(node), comparison, found, rows, quantified,
    )  # fmt: skip


def _comparison(node: Expr) -> Apply | None:
    """Return a condition where it compares what is counted."""
    if not isinstance(node, Apply) or node.operator not in ORDERED:
        return None
    return node if any(_is_counted(side) for side in node.arguments) else None


def _of_rows(kind: str, node: Expr, around: Aggregate | None, where: Expr | None = None) -> Expr:
    """Return what is said of a row as what is said of a list, of the rows that are chosen."""
    if around is None:
        return node
    found = BOOLEAN if kind == "any" else Optional(without_none(node.type))
    return replace(around, type=found, kind=kind, where=where, element=node)


def settled(rule: EpochRule, condition: Condition, *, holds: bool) -> EpochRule:
    """Return the rule with a condition replaced by yes or no, wherever it stands."""
    known: dict[int, Expr] = {id(node): Literal(BOOLEAN, holds) for node in condition.nodes}

    def change(node: Expr) -> Expr:
        # What many formulas share stays one.
        if id(node) not in known:
            inside = children(node)
            changed = any(change(child) is not child for child in inside)
            known[id(node)] = rebuild(node, change) if changed else node
        return known[id(node)]

    deadline = rule.deadline
    return replace(
        rule,
        when=None if rule.when is None else change(rule.when),
        exemptions=tuple([(name, change(node)) for name, node in rule.exemptions]),
        require=change(rule.require),
        deadline=None if deadline is None else replace(deadline, before=change(deadline.before)),
    )


def _parts(rule: EpochRule) -> Iterator[Expr]:
    if rule.when is not None:
        yield rule.when
    yield from (node for _, node in rule.exemptions)
    yield rule.require
    if rule.deadline is not None:
        yield rule.deadline.before


def _conditions(node: Expr, around: Aggregate | None) -> Iterator[tuple[Expr, Aggregate | None]]:
    """Yield conditions, each with the list of whose rows it speaks."""
    match node:
        case And(items=items) | Or(items=items):
            for item in items:
                yield from _conditions(item, around)
        case Not(item=item):
            yield from _conditions(item, around)
        case If(type=kind, test=test, then=then, otherwise=otherwise) if kind == BOOLEAN:
            for item in (test, then, otherwise):
                yield from _conditions(item, around)
        case Named(type=kind, body=body) if kind == BOOLEAN:
            yield from _conditions(body, around)
        case Literal():
            return
        case _:
            yield node, around
            if around is None and isinstance(node, Aggregate) and node.kind in QUANTIFIERS:
                for part in (node.where, node.element):
                    if part is not None:
                        yield from _conditions(part, node)


def _within(whole: Expr) -> Iterator[tuple[Expr, Aggregate | None]]:
    """Yield the conditions by which formulas choose, each with the list of whose rows it speaks."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Expr, Aggregate | None]] = [(whole, None)]
    while waiting:
        node, around = waiting.pop()
        if (id(node), id(around)) in seen:
            continue
        seen.add((id(node), id(around)))
        if isinstance(node, If) and node.type != BOOLEAN:
            yield from _conditions(node.test, around)
        if isinstance(node, Aggregate):
            if around is not None:
                continue
            if node.where is not None and node.kind not in QUANTIFIERS:
                yield from _conditions(node.where, node)
            inside = [part for part in (node.where, node.element) if part is not None]
            waiting += [(part, node) for part in reversed(inside)]
            continue
        waiting += [(child, around) for child in reversed(children(node))]


def _is_counted(side: Expr) -> bool:
    return isinstance(without_none(side.type), Number | Date | Time | Instant | Duration)
