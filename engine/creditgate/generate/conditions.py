"""The conditions of a rule, and the rule with one of them settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

    `nodes` are the places where it stands, `text` is how it is written. `node` is the condition and
    `sides` what it compares, where it compares what is counted. One about the rows of a list is
    asked of a list of one row: `rows` counts them. One that says something of a list is `quantified`
    as of some row and as of all.
    """

    number: int
    nodes: tuple[Expr, ...]
    node: Expr
    term: Term
    text: str
    comparison: Apply | None
    sides: tuple[Expr, ...]
    rows: Expr | None
    quantified: tuple[Expr, Expr] | None


def conditions_of(rule: EpochRule, lowering: Lowering) -> tuple[Condition, ...]:
    """Return the conditions of `when`, the exemptions, `require` and the deadline, in this order.

    Those inside formulas that give a number are no conditions of the rule, nor are those that
    choose the rows of a sum.
    """
    found: dict[tuple[Term, bool], list[tuple[Expr, Aggregate | None]]] = {}
    for part in _parts(rule):
        for node, around in _conditions(part, None):
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
    return Condition(
        number, tuple([place for place, _ in places]), _of_rows("any", node, around), term,
        formula_text(node), comparison,
        () if comparison is None
        else tuple([_of_rows("min", side, around) for side in comparison.arguments]),
        None if around is None
        else replace(around, type=COUNT, kind="count", where=None, element=None),
        (replace(node, kind="any"), replace(node, kind="all"))
        if isinstance(node, Aggregate) and node.kind in QUANTIFIERS and around is None else None,
    )  # fmt: skip


def _comparison(node: Expr) -> Apply | None:
    """Return a condition where it compares what is counted."""
    if not isinstance(node, Apply) or node.operator not in ORDERED:
        return None
    return node if any(_is_counted(side) for side in node.arguments) else None


def _of_rows(kind: str, node: Expr, around: Aggregate | None) -> Expr:
    """Return what is said of a row as what is said of a list that has one."""
    if around is None:
        return node
    found = BOOLEAN if kind == "any" else Optional(without_none(node.type))
    return replace(around, type=found, kind=kind, where=None, element=node)


def settled(rule: EpochRule, condition: Condition, *, holds: bool) -> EpochRule:
    """Return the rule with a condition replaced by yes or no, wherever it stands."""
    places = {id(node) for node in condition.nodes}
    constant = Literal(BOOLEAN, holds)

    def change(node: Expr) -> Expr:
        return constant if id(node) in places else _changed(node, change)

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


def _changed(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return an expression with the conditions it is made of changed."""
    match node:
        case And(items=items) | Or(items=items):
            return replace(node, items=tuple(map(change, items)))
        case Not(item=item):
            return replace(node, item=change(item))
        case If(type=kind, test=test, then=then, otherwise=otherwise) if kind == BOOLEAN:
            return If(kind, change(test), change(then), change(otherwise))
        case Named(type=kind, body=body) if kind == BOOLEAN:
            return replace(node, body=change(body))
        case Aggregate(kind=kind, where=where, element=element) if kind in QUANTIFIERS:
            return replace(
                node,
                where=None if where is None else change(where),
                element=None if element is None else change(element),
            )
        case _:
            return node


def _is_counted(side: Expr) -> bool:
    return isinstance(without_none(side.type), Number | Date | Time | Instant | Duration)
