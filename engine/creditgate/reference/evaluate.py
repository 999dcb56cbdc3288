"""Evaluate an expression on facts: this file is the meaning of the language.

Values are those of `ir.nodes`; `none` is None; a value that cannot be known is an `Unknown` with
the reasons why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as calendar_day
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from creditgate.domain.calendar import Calendar
from creditgate.domain.dsl_types import Duration, Number, Record, SetOf, without_none
from creditgate.domain.facts import MISSING, Facts, attribute, record_attribute
from creditgate.ir.formula_text import shown_key
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AsOf,
    AtDate,
    Base,
    Claimed,
    Dated,
    Expr,
    Fact,
    FigureUse,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    OrElse,
    Parameter,
    Root,
    Row,
    TableCell,
    Unpublished,
    Variable,
)
from creditgate.ir.operators import OPERATORS
from creditgate.ir.walk import children
from creditgate.reference.operators import PLAIN, WITH_CALENDAR

Cache: TypeAlias = dict[int, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a value cannot be known: paths of missing facts, or sentences about the rest."""

    missing: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def __or__(self, other: Unknown) -> Unknown:
        return Unknown(self.missing | other.missing, self.reasons | other.reasons)


def _unite(values: list[Unknown]) -> Unknown:
    result = values[0]
    for value in values[1:]:
        result = result | value
    return result


def _reason(text: str) -> Unknown:
    return Unknown(reasons=frozenset({text}))


@dataclass(frozen=True, slots=True)
class Located:
    """A record with the path by which a person finds it."""

    record: Any
    path: str


class Evaluation:
    """Evaluate expressions on one set of facts, as of one day.

    Each expression is evaluated once for each binding of the variables around it, so the work is
    linear in the expression and in the lists it walks.
    """

    def __init__(self, facts: Facts, as_of: int | None, calendars: Mapping[str, Calendar]) -> None:
        self.facts = facts
        self.as_of = as_of
        self.calendars = calendars
        self._cache: Cache = {}
        self._kept: list[Expr] = []
        self._bound: list[tuple[str, Located, Cache]] = []
        self._free: dict[int, frozenset[str]] = {}

    def value(self, node: Expr) -> Any:
        """Return the value of `node`: a value, None for none, or `Unknown`."""
        key = id(node)
        cache = self._cache_for(node)
        if key not in cache:
            self._kept.append(node)
            cache[key] = self._evaluate(node)
        return cache[key]

    def known(self, node: Expr) -> Any:
        """Return the value of something computed with: none is unknown there."""
        value = self.value(node)
        return _reason("a value that is none was computed with") if value is None else value

    def _cache_for(self, node: Expr) -> Cache:
        if self._bound:
            free = self._free_variables(node)
            for name, _, cache in reversed(self._bound):
                if name in free:
                    return cache
        return self._cache

    def _free_variables(self, node: Expr) -> frozenset[str]:
        known = self._free.get(id(node))
        if known is None:
            known = frozenset[str]().union(*map(self._free_variables, children(node)))
            if isinstance(node, Variable):
                known = frozenset({node.name})
            elif isinstance(node, Aggregate):
                known -= {node.variable.name}
            self._free[id(node)] = known
            self._kept.append(node)
        return known

    def _evaluate(self, node: Expr) -> Any:
        match node:
            case Literal(value=value):
                return value
            case Root(entity=entity):
                record = getattr(self.facts.root, attribute(entity), MISSING)
                if record is MISSING or record is None:
                    return Unknown(missing=frozenset({entity}))
                return Located(record, entity)
            case Variable(name=name):
                return next(row for bound, row, _ in reversed(self._bound) if bound == name)
            case Row():
                return self._row(node)
            case Fact():
                return self._fact(node)
            case AsOf():
                return self.as_of if self.as_of is not None else _reason("the day is not known")
            case Claimed(claim=claim):
                return claim in self.facts.claims
            case Apply():
                return self._apply(node)
            case And(items=items):
                return self._kleene(items, decides=False)
            case Or(items=items):
                return self._kleene(items, decides=True)
            case Not(item=item):
                value = self.known(item)
                return value if isinstance(value, Unknown) else not value
            case If(test=test, then=then, otherwise=otherwise):
                value = self.known(test)
                if isinstance(value, Unknown):
                    return value
                return self.value(then if value else otherwise)
            case IsNone(item=item):
                value = self.value(item)
                return value if isinstance(value, Unknown) else value is None
            case OrElse(item=item, other=other):
                value = self.value(item)
                return self.value(other) if value is None else value
            case IsEmpty(item=item):
                value = self.known(item)
                return value if isinstance(value, Unknown) else not value
            case Aggregate():
                return self._aggregate(node)
            case Lookup():
                return self._lookup(node)
            case Dated(entries=entries, date=date):
                day = self.known(date)
                if isinstance(day, Unknown):
                    return day
                place = bisect_right(entries, day, key=lambda entry: entry[0])
                if not place:
                    return _reason("the date lies before the first entry")
                return self.value(entries[place - 1][1])
            case Named(body=body):
                return self.value(body)
            case Unpublished(name=name, known_on=day):
                shown = calendar_day.fromordinal(day).isoformat()
                return _reason(f"nothing about `{name}` had been published by {shown}")
            case Parameter() | TableCell() | FigureUse() | AtDate() | Base():
                raise TypeError(f"{type(node).__name__} must be specialised before evaluation")
            case _:
                assert_never(node)

    def _row(self, node: Row) -> Any:
        rows = self.known(node.source)
        if isinstance(rows, Unknown):
            return rows
        path = f"{self._path_of(node.source)}[{shown_key(node.key)}]"
        for row in rows:
            if getattr(row, attribute(row.RECORD_KEY)) == node.key:
                return Located(row, path)
        return Unknown(missing=frozenset({path}))

    def _fact(self, node: Fact) -> Any:
        holder = self.record(node.record)
        if isinstance(holder, Unknown):
            return holder
        path = f"{holder.path}.{node.name}"
        value = getattr(holder.record, attribute(node.name), MISSING)
        if value is MISSING:
            return Unknown(missing=frozenset({path}), reasons=self._withheld(node))
        if value is None:
            return None
        match without_none(node.type):
            case Number():
                return Fraction(value, 10**node.scale)
            case SetOf():
                return frozenset(value)
            case _:
                return value

    def _withheld(self, node: Fact) -> frozenset[str]:
        """Return why a fact is missing that was given."""
        holder = without_none(node.record.type)
        if not self.facts.withheld or not isinstance(holder, Record):
            return frozenset()
        why = self.facts.withheld.get((holder.entity, node.name))
        return frozenset() if why is None else frozenset({why})

    def record(self, node: Expr) -> Located | Unknown:
        """Return the record that a record-valued expression points to."""
        if isinstance(node, Fact) and isinstance(without_none(node.type), Record):
            key = self.value(node)
            if isinstance(key, Unknown):
                return key
            holder = self.record(node.record)
            assert isinstance(holder, Located)
            pointed = getattr(holder.record, record_attribute(node.name), MISSING)
            if key is None or pointed is MISSING:
                return Unknown(missing=frozenset({f"{holder.path}.{node.name} ({key})"}))
            return Located(pointed, f"{holder.path}.{node.name}")
        value = self.value(node)
        assert isinstance(value, Located | Unknown)
        return value

    def _apply(self, node: Apply) -> Any:
        values = [self.known(argument) for argument in node.arguments]
        unknown = [value for value in values if isinstance(value, Unknown)]
        if unknown:
            return _unite(unknown)
        if node.calendar is None:
            result = PLAIN[node.operator](*values)
        else:
            calendar = self.calendars[node.calendar]
            if node.operator in {"add_trading_days", "add_settlement_days", "date_of"}:
                result = WITH_CALENDAR[node.operator](calendar, *map(int, values))
            else:
                result = WITH_CALENDAR[node.operator](calendar, values[0])
        if result is None:
            words = OPERATORS[node.operator].fails or "the result is outside what can be computed"
            return _reason(words if node.calendar is None else f"{words} ({node.calendar})")
        return result

    def _kleene(self, items: tuple[Expr, ...], *, decides: bool) -> Any:
        unknown: list[Unknown] = []
        for item in items:
            value = self.known(item)
            if isinstance(value, Unknown):
                unknown.append(value)
            elif value is decides:
                return decides
        return _unite(unknown) if unknown else not decides

    def _aggregate(self, node: Aggregate) -> Any:
        rows = self.known(node.source)
        if isinstance(rows, Unknown):
            return rows
        where_to = self._path_of(node.source)
        chosen: list[Any] = []
        unknown: list[Unknown] = []
        for row in rows:
            label = getattr(row, attribute(row.RECORD_KEY))
            self._bound.append((node.variable.name, Located(row, f"{where_to}[{label}]"), {}))
            where = True if node.where is None else self.known(node.where)
            if isinstance(where, Unknown):
                unknown.append(where)
            elif where:
                value = True if node.element is None else self.known(node.element)
                if isinstance(value, Unknown):
                    unknown.append(value)
                else:
                    chosen.append(value)
            self._bound.pop()
        if unknown:
            return _unite(unknown)
        match node.kind:
            case "sum":
                return sum(chosen, 0 if isinstance(node.type, Duration) else Fraction(0))
            case "count":
                return Fraction(len(chosen))
            case "any":
                return any(chosen)
            case "all":
                return all(chosen)
            case "min":
                return min(chosen) if chosen else None
            case "max":
                return max(chosen) if chosen else None
            case kind:
                raise ValueError(f"no aggregate {kind}")

    def _path_of(self, source: Expr) -> str:
        if isinstance(source, Fact):
            holder = self.record(source.record)
            if isinstance(holder, Located):
                return f"{holder.path}.{source.name}"
        return "list"

    def _lookup(self, node: Lookup) -> Any:
        keys = [self.value(key) for key in node.keys]
        unknown = [key for key in keys if isinstance(key, Unknown)]
        if unknown:
            return _unite(unknown)
        for pattern, cell in node.rows:
            if all(_matches(want, have) for want, have in zip(pattern, keys, strict=True)):
                return cell.value
        return _reason("the table has no row for these keys")


def _matches(want: Any, have: Any) -> bool:
    if want is None or have is None:
        return want is None and have is None
    return bool(want == have) if isinstance(want, str) else bool(want.covers(have))
