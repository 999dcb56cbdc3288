"""The conditions of a rule, and the rule with one of them settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from creditgate.domain.dsl_types import (
    BOOLEAN,
    Date,
    Duration,
    Instant,
    Number,
    Time,
    without_none,
)
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import And, Apply, Expr, If, Literal, Named, Not, Or
from creditgate.ir.rulebook import EpochRule
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.terms import Term

#: Operators whose two sides may stand below, on and above each other.
ORDERED: Final = frozenset(
    {"less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition that is not made of others; equal ones of a rule are one.

    `nodes` are the places where it stands, `text` is how it is written.
    """

    number: int
    nodes: tuple[Expr, ...]
    term: Term
    text: str

    @property
    def node(self) -> Expr:
        """Return the condition as an expression."""
        return self.nodes[0]

    @property
    def comparison(self) -> Apply | None:
        """Return the condition where it compares what is counted."""
        node = self.node
        if not isinstance(node, Apply) or node.operator not in ORDERED:
            return None
        return node if any(_is_counted(side) for side in node.arguments) else None


def conditions_of(rule: EpochRule, lowering: Lowering) -> tuple[Condition, ...]:
    """Return the conditions of `when`, the exemptions, `require` and the deadline, in this order.

    Those inside lists and inside formulas that give a number are no conditions of the rule.
    """
    found: dict[Term, list[Expr]] = {}
    for part in _parts(rule):
        for node in _conditions(part):
            places = found.setdefault(lowering.term(node), [])
            if all(node is not place for place in places):
                places.append(node)
    return tuple(
        Condition(number, tuple(nodes), term, formula_text(nodes[0]))
        for number, (term, nodes) in enumerate(found.items())
    )


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


def _conditions(node: Expr) -> Iterator[Expr]:
    match node:
        case And(items=items) | Or(items=items):
            for item in items:
                yield from _conditions(item)
        case Not(item=item):
            yield from _conditions(item)
        case If(type=kind, test=test, then=then, otherwise=otherwise) if kind == BOOLEAN:
            for item in (test, then, otherwise):
                yield from _conditions(item)
        case Named(type=kind, body=body) if kind == BOOLEAN:
            yield from _conditions(body)
        case Literal():
            return
        case _:
            yield node


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
        case _:
            return node


def _is_counted(side: Expr) -> bool:
    return isinstance(without_none(side.type), Number | Date | Time | Instant | Duration)
