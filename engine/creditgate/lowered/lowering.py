"""Turn expressions into terms: rows take the place of variables, integers that of fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, assert_never

from creditgate.domain.dsl_types import (
    Date,
    Duration,
    Instant,
    Optional,
    Record,
    Text,
    Time,
    Type,
    without_none,
)
from creditgate.domain.dsl_types import Number as NumberType
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import Vocabulary
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
from creditgate.ir.walk import children
from creditgate.lowered.folding import make
from creditgate.lowered.operators import SUPPORTED
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Number, Op, Reading, Term, Terms

Scope = Mapping[str, Term]
NO_ROWS: Scope = {}


def is_number(kind: Type) -> bool:
    """Tell whether values of a type are held as integers with a unit."""
    return isinstance(without_none(kind), NumberType | Date | Time | Instant | Duration)


class Lowering:
    """Make the terms of expressions that are closed for one epoch.

    `unsupported` collects the operators that this evaluator does not know.
    """

    def __init__(self, terms: Terms, vocabulary: Vocabulary) -> None:
        self.terms = terms
        self.vocabulary = vocabulary
        self.unsupported: list[str] = []
        self._known: dict[tuple[int, tuple[tuple[str, int], ...]], Term] = {}
        self._kept: list[Expr] = []
        self._free: dict[int, frozenset[str]] = {}

    def term(self, node: Expr, scope: Scope = NO_ROWS) -> Term:
        """Return the term of a closed expression."""
        key = (
            id(node),
            tuple([(name, scope[name].index) for name in sorted(self._variables(node))]),
        )
        found = self._known.get(key)
        if found is None:
            self._kept.append(node)
            self._known[key] = found = self._lower(node, scope)
        return found

    def _lower(self, node: Expr, scope: Scope) -> Term:
        match node:
            case Literal(type=kind, value=value):
                return self.terms.constant(_held(kind, value))
            case Fact():
                return self._fact(node, scope)
            case AsOf():
                return self._make(Op.AS_OF)
            case Claimed(claim=claim):
                return self._make(Op.CLAIMED, own=claim)
            case Apply(operator=operator, arguments=arguments, calendar=calendar):
                values = [self.term(argument, scope) for argument in arguments]
                if operator not in SUPPORTED:
                    self.unsupported.append(operator)
                    return self.terms.unknown
                return SUPPORTED[operator].build(self.terms, values, calendar)
            case And(items=items):
                return self._make(Op.AND, *[self.term(item, scope) for item in items])
            case Or(items=items):
                return self._make(Op.OR, *[self.term(item, scope) for item in items])
            case Not(item=item):
                return self._make(Op.NOT, self.term(item, scope))
            case If(test=test, then=then, otherwise=otherwise):
                decided = self.term(test, scope)
                if decided.is_constant(True):
                    return self.term(then, scope)
                if decided.is_constant(False):
                    return self.term(otherwise, scope)
                branches = [self.term(then, scope), self.term(otherwise, scope)]
                return self._make(Op.IF, decided, *branches)
            case IsNone(item=item):
                return self._make(Op.IS_NONE, self.term(item, scope))
            case OrElse(item=item, other=other):
                return self._make(Op.OR_ELSE, self.term(item, scope), self.term(other, scope))
            case IsEmpty(item=item):
                return self._make(Op.IS_EMPTY, self.term(item, scope))
            case Aggregate():
                return self._aggregate(node, scope)
            case Lookup(keys=keys, rows=rows):
                cells = tuple([(key, _held(cell.type, cell.value)) for key, cell in rows])
                table = Table.of(cells, len(keys))
                return self._make(Op.LOOKUP, *[self.term(key, scope) for key in keys], own=table)
            case Dated(entries=entries, date=date):
                days = tuple([day for day, _ in entries])
                bodies = [self.term(body, scope) for _, body in entries]
                return self._make(Op.DATED, self.term(date, scope), *bodies, own=days)
            case Named(name=name, body=body):
                term = self.term(body, scope)
                if term.op not in (Op.CONSTANT, Op.READ):
                    self.terms.hints.setdefault(term, name)
                return term
            case Unpublished():
                return self.terms.unknown
            case Root() | Variable():
                raise TypeError("a record is only read from, never computed with")
            case Row():
                raise TypeError("a row by its key is asked for, never compiled")
            case Parameter() | TableCell() | FigureUse() | AtDate() | Base():
                raise TypeError(f"{type(node).__name__} must be specialised before compiling")
            case _:
                assert_never(node)

    def _make(self, op: Op, *parts: Term, own: Any = None) -> Term:
        return make(self.terms, op, parts, own)

    def _fact(self, node: Fact, scope: Scope) -> Term:
        number = None
        if is_number(node.type):
            scaled = isinstance(without_none(node.type), NumberType)
            number = Number(10**node.scale if scaled else 1)
        identity = isinstance(without_none(node.type), Text | Record)
        reading = Reading(attribute(node.name), number, self._may_be_none(node), identity)
        return self._make(Op.READ, self._record(node.record, scope), own=reading)

    def _may_be_none(self, node: Fact) -> bool:
        if isinstance(node.type, Optional):
            return True
        holder = without_none(node.record.type)
        declared = (
            self.vocabulary.fact(holder.entity, node.name) if isinstance(holder, Record) else None
        )
        # A type that was narrowed by a test elsewhere does not bind a fact that is read once.
        return declared is None or declared.may_be_none or declared.none_when is not None

    def _record(self, node: Expr, scope: Scope) -> Term:
        match node:
            case Root(entity=entity):
                return self._make(Op.ROOT, own=attribute(entity))
            case Variable(name=name):
                return scope[name]
            case Fact(record=record, name=name):
                return self._make(
                    Op.RECORD, self._record(record, scope), own=record_attribute(name)
                )
            case Named(body=body):
                return self._record(body, scope)
            case _:
                raise TypeError(f"{type(node).__name__} is not a record")

    def _aggregate(self, node: Aggregate, scope: Scope) -> Term:
        source = self.term(node.source, scope)
        if node.kind == "count" and node.where is None:
            return self._make(Op.LENGTH, source)
        around = [_level(scope[name]) for name in self._variables(node)]
        entity = without_none(node.variable.type)
        label = entity.entity if isinstance(entity, Record) else node.variable.name
        # Loops over one list at one depth share their row: equal parts of them are equal terms.
        row = self._make(Op.ROW, source, own=(1 + max(around, default=0), label))
        inside = {**scope, node.variable.name: row}
        where = self.terms.true if node.where is None else self.term(node.where, inside)
        element = self.terms.true if node.element is None else self.term(node.element, inside)
        return self._make(Op.AGGREGATE, row, where, element, own=node.kind)

    def _variables(self, node: Expr) -> frozenset[str]:
        """Return the variables that are read in `node` and bound outside it."""
        known = self._free.get(id(node))
        if known is None:
            match node:
                case Variable(name=name):
                    known = frozenset({name})
                case Aggregate(source=source, where=where, element=element, variable=variable):
                    parts = [part for part in (where, element) if part is not None]
                    inside = frozenset[str]().union(*[self._variables(part) for part in parts])
                    known = self._variables(source) | (inside - {variable.name})
                case _:
                    known = frozenset[str]().union(
                        *[self._variables(child) for child in children(node)]
                    )
            self._free[id(node)] = known
            self._kept.append(node)
        return known


def _level(row: Term) -> int:
    assert isinstance(row.own, tuple)
    level = row.own[0]
    assert isinstance(level, int)
    return level


def _held(kind: Type, value: Any) -> Any:
    """Return a constant as terms hold it: all that is counted is a fraction."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, frozenset):
        return frozenset([Fraction(item) if isinstance(item, int) else item for item in value])
    return Fraction(value) if is_number(kind) else value
