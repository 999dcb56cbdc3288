"""Expressions on facts of which some are left open: what is certain is computed, the rest is kept.

The reference evaluator computes whatever does not depend on an open fact, so its meaning is that
of the language. What depends on one becomes an `Open` expression over values and other such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from creditgate.domain.calendar import Calendar
from creditgate.domain.dsl_types import Record, without_none
from creditgate.domain.facts import Facts, attribute
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Dated,
    Expr,
    Fact,
    If,
    IsEmpty,
    IsNone,
    Lookup,
    Not,
    Or,
    OrElse,
)
from creditgate.ir.walk import children
from creditgate.reference.evaluate import Evaluation, Located, Unknown

#: A fact as (entity, fact).
FactName = tuple[str, str]

FACT: Final = "fact"
AND: Final = "and"
OR: Final = "or"
NOT: Final = "not"
IF: Final = "if"
IS_NONE: Final = "is_none"
OR_ELSE: Final = "or_else"
LOOKUP: Final = "lookup"
FOLD: Final = "fold"
OPAQUE: Final = "opaque"
ROUNDINGS: Final = frozenset({"round_down", "round_up", "round_half_up", "round_half_even"})

SETTLED_ROWS: Final = ((True, True), (True, False))


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """A value that depends on open facts: an operation on values and open values.

    Operations are those of the operator table and the words above. `own` is the place of a fact,
    the calendar of an operator, the rows of a table, the kind of a fold (whose parts are, row by
    row, whether it counts and what).
    """

    operation: str
    parts: tuple[Any, ...] = ()
    own: Any = None


class Settled:
    """What the facts as given settle for a rulebook, whichever of them are open afterwards.

    Each expression that reads no open fact is evaluated here once, for all questions about an event.
    """

    def __init__(self, facts: Facts, as_of: int, calendars: Mapping[str, Calendar]) -> None:
        self.evaluation = Evaluation(facts, as_of, calendars)
        self._reads: dict[int, frozenset[FactName]] = {}

    def reads(self, node: Expr) -> frozenset[FactName]:
        """Return the facts, as (entity, fact), that an expression may read."""
        known = self._reads.get(id(node))
        if known is None:
            known = frozenset[FactName]().union(*[self.reads(child) for child in children(node)])
            if isinstance(node, Fact):
                holder = without_none(node.record.type)
                if isinstance(holder, Record):
                    known |= {(holder.entity, node.name)}
            self._reads[id(node)] = known
        return known


class PartialEvaluation(Evaluation):
    """Evaluate as the reference does, with some facts of some records left open.

    `places` gives, by the identity of a record and the name of a fact, the place of an open fact;
    `names` are these facts as (entity, fact); `computed` counts the expressions evaluated.
    """

    def __init__(
        self, settled: Settled, places: Mapping[tuple[int, str], int], names: frozenset[FactName]
    ) -> None:
        given = settled.evaluation
        super().__init__(given.facts, given.as_of, given.calendars)
        self._settled = settled
        self._places = places
        self._names = names
        self.computed = 0
        self._open = {place: Open(FACT, (), place) for place in places.values()}

    def _fact(self, node: Fact) -> Any:
        holder = self.record(node.record)
        if isinstance(holder, Located):
            place = self._places.get((id(holder.record), node.name))
            if place is not None:
                return self._open[place]
        return super()._fact(node)

    def _evaluate(self, node: Expr) -> Any:
        if self._names.isdisjoint(self._settled.reads(node)) and not self._is_bound(node):
            return self._settled.evaluation.value(node)
        self.computed += 1
        match node:
            case Not(item=item):
                value = self.known(item)
                return Open(NOT, (value,)) if isinstance(value, Open) else super()._evaluate(node)
            case If(test=test, then=then, otherwise=otherwise):
                decided = self.known(test)
                if not isinstance(decided, Open):
                    return super()._evaluate(node)
                return Open(IF, (decided, self.value(then), self.value(otherwise)))
            case IsNone(item=item):
                value = self.value(item)
                return (
                    Open(IS_NONE, (value,)) if isinstance(value, Open) else super()._evaluate(node)
                )
            case OrElse(item=item, other=other):
                value = self.value(item)
                if not isinstance(value, Open):
                    return super()._evaluate(node)
                return Open(OR_ELSE, (value, self.value(other)))
            case IsEmpty(item=item):
                value = self.known(item)
                return (
                    Open(OPAQUE, (value,)) if isinstance(value, Open) else super()._evaluate(node)
                )
            case Dated(date=date):
                day = self.known(date)
                return Open(OPAQUE, (day,)) if isinstance(day, Open) else super()._evaluate(node)
            case And(items=items) | Or(items=items):
                return self._connected(items, decides=isinstance(node, Or))
            case _:
                return super()._evaluate(node)

    def _is_bound(self, node: Expr) -> bool:
        return bool(self._bound) and bool(self._free_variables(node))

    def _connected(self, items: tuple[Expr, ...], *, decides: bool) -> Any:
        kept: list[Any] = []
        unknown: list[Unknown] = []
        for item in items:
            value = self.known(item)
            if value is decides:
                return decides
            if isinstance(value, Open):
                kept.append(value)
            elif isinstance(value, Unknown):
                unknown.append(value)
        if not kept:
            return unknown[0] if unknown else not decides
        return Open(OR if decides else AND, (*kept, *unknown[:1]))

    def _apply(self, node: Apply) -> Any:
        values = tuple([self.known(argument) for argument in node.arguments])
        unknown = [value for value in values if isinstance(value, Unknown)]
        if unknown or not any(isinstance(value, Open) for value in values):
            return super()._apply(node)
        whole = _whole_steps(node.operator, values)
        if whole is not None:
            return whole
        calendar = None if node.calendar is None else self.calendars[node.calendar]
        return Open(node.operator, values, calendar)

    def _lookup(self, node: Lookup) -> Any:
        keys = tuple([self.value(key) for key in node.keys])
        unknown = [key for key in keys if isinstance(key, Unknown)]
        if unknown or not any(isinstance(key, Open) for key in keys):
            return super()._lookup(node)
        return Open(LOOKUP, keys, node.rows)

    def _aggregate(self, node: Aggregate) -> Any:
        rows = self.known(node.source)
        if isinstance(rows, Unknown):
            return rows
        if isinstance(rows, Open):
            return Open(OPAQUE, (rows,))
        where_to = self._path_of(node.source)
        pairs: list[tuple[Any, Any]] = []
        for row in rows:
            label = getattr(row, attribute(row.RECORD_KEY))
            self._bound.append((node.variable.name, Located(row, f"{where_to}[{label}]"), {}))
            where = True if node.where is None else self.known(node.where)
            if where is not False:
                value = True if node.element is None else self.known(node.element)
                pairs.append((where, value))
            self._bound.pop()
        if not any(isinstance(item, Open) for pair in pairs for item in pair):
            return super()._aggregate(node)
        kind = node.kind
        if kind == "count":
            kind, pairs = "sum", [(where, Fraction(1)) for where, _ in pairs]
        if kind == "sum":
            pairs = _summed(pairs)
        elif kind in {"any", "all"}:
            # Of rows that are certain one of each kind says as much as all of them.
            settled = {pair: None for pair in pairs if pair in SETTLED_ROWS}
            pairs = [*settled, *(pair for pair in pairs if pair not in SETTLED_ROWS)]
        return Open(FOLD, tuple([item for pair in pairs for item in pair]), kind)


def _whole_steps(operator: str, values: tuple[Any, ...]) -> Open | None:
    """Return the comparison of a number with itself rounded as what it asks: is it a multiple."""
    if operator not in {"equal", "not_equal"}:
        return None
    for one, other in (values, values[::-1]):
        if isinstance(other, Open) and other.operation in ROUNDINGS and other.parts[0] is one:
            step = other.parts[1]
            if isinstance(step, Fraction) and step > 0:
                multiple = Open("multiple", (one, step))
                return multiple if operator == "equal" else Open(NOT, (multiple,))
    return None


def _summed(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return rows with those added up that certainly count, and of which the value is certain."""
    settled = [value for where, value in pairs if where is True and isinstance(value, Fraction)]
    others = [
        (where, value)
        for where, value in pairs
        if where is not True or not isinstance(value, Fraction)
    ]
    return [*others, (True, sum(settled, Fraction(0)))] if settled else others
