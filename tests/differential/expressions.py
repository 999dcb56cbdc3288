"""Well-typed closed expressions of every kind, from choices.

A kind is a type of the language, with or without none. Nodes made before are used again now and
then, in other places and inside loops, so that sharing is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tests.differential.choices import Choices
from tests.differential.world import CLAIMS, ENTITIES, ENUMS, FIRST_DAY, LAST_DAY, SINGLE

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    NOTHING,
    TEXT,
    TIME,
    Duration,
    Enum,
    Optional,
    Record,
    SetOf,
    Type,
    without_none,
)
from creditgate.ir.nodes import (
    Apply,
    AsOf,
    Claimed,
    Expr,
    Fact,
    If,
    Literal,
    Named,
    OrElse,
    Root,
    Unpublished,
    Variable,
)

Scope = Mapping[str, str]  # variable -> entity
CLOSED: Scope = {}
Maker = Callable[["Expressions", Type, int, Scope], Expr]

DAYS, MONTHS, SECONDS = Duration("days"), Duration("months"), Duration("seconds")
TRADING, SETTLEMENT = Duration("trading_days"), Duration("settlement_days")
ACTION, ORDER_TYPE, CLASS = Enum("action"), Enum("order_type"), Enum("security_class")
# The first numbers and words are those that shrinking ends at.
NUMBERS = [
    *map(Fraction, (0, 1, 2, -1, 3, 5, 10, 100, 7)),
    *map(Fraction, ("0.5", "1.3", "0.01", "2.5", "-2.5", "12.48", "0.0001", "0.123456", "1/3")),
]
TEXTS = ("A", "B", "it's")
HOUR = 3_600_000_000
FIRST_INSTANT = (FIRST_DAY - 719163) * 24 * HOUR
NAMES_OF_VALUES = {BOOLEAN: "decided", COUNT: "figure"}


@dataclass(slots=True)
class Expressions:
    """Make expressions of a kind; `makers` returns what can make a kind that is not a leaf."""

    choices: Choices
    makers: Callable[[Type], Sequence[Maker]]
    made: list[tuple[Type, Scope, Expr]] = field(default_factory=list)

    def of(self, kind: Type, depth: int, scope: Scope = CLOSED) -> Expr:
        """Return an expression of a kind; it may be none only if the kind says so."""
        if depth <= 0:
            return self.leaf(kind, scope)
        if self.choices.chance(15):
            known = [
                node
                for other, needed, node in self.made
                if other == kind and all(scope.get(name) == of for name, of in needed.items())
            ]
            if known:
                return known[-1 - self.choices.below(min(len(known), 5))]
        node = self.choices.one(self.makers(kind))(self, kind, depth - 1, scope)
        if self.choices.chance(10):
            node = Named(kind, "figure", NAMES_OF_VALUES.get(kind, "value"), None, node)
        self.made.append((kind, dict(scope), node))
        return node

    def apply(
        self,
        kind: Type,
        operator: str,
        kinds: Sequence[Type],
        depth: int,
        scope: Scope,
        calendar: str | None = None,
    ) -> Expr:
        """Return an operator on new arguments."""
        arguments = tuple(self.of(each, depth, scope) for each in kinds)
        return Apply(kind, operator, arguments, calendar)

    def leaf(self, kind: Type, scope: Scope) -> Expr:
        """Return a constant, a fact, or now and then what was not published."""
        if kind == BOOLEAN and self.choices.chance(15):
            return Claimed(BOOLEAN, self.choices.one(CLAIMS))
        if kind == DATE and self.choices.chance(30):
            return AsOf(DATE)
        if self.choices.chance(65):
            return self.fact(kind, scope)
        return (
            Unpublished(kind, "value", FIRST_DAY) if self.choices.chance(4) else self.constant(kind)
        )

    def constant(self, kind: Type) -> Literal:
        """Return a constant of a kind."""
        choices = self.choices
        match kind:
            case Optional(of):
                return Literal(NOTHING, None) if choices.chance(25) else self.constant(of)
            case Enum(name):
                return Literal(kind, choices.one(ENUMS[name]))
            case SetOf(Enum(name)):
                return Literal(kind, frozenset(m for m in ENUMS[name] if choices.chance(45)))
            case Duration("seconds"):
                return Literal(kind, choices.below(8) * HOUR)
            case Duration():
                return Literal(kind, choices.below(7) - 2)
        if kind == BOOLEAN:
            return Literal(kind, choices.chance(50))
        if kind == DATE:
            return Literal(kind, FIRST_DAY - 2 + choices.below(LAST_DAY - FIRST_DAY + 5))
        if kind == INSTANT:
            return Literal(kind, FIRST_INSTANT + choices.below(200) * 12 * HOUR)
        if kind == TIME:
            return Literal(kind, 560 + choices.below(30))
        if kind == TEXT:
            return Literal(kind, choices.one(TEXTS))
        assert kind == COUNT
        return Literal(kind, choices.one(NUMBERS))

    def fact(self, kind: Type, scope: Scope) -> Expr:
        """Return a fact of some record, or a constant where no fact has the kind."""
        found = [
            (record, name, scale)
            for record in self.records(scope)
            for name, (other, scale) in ENTITIES[entity_of(record)].items()
            if other == kind
        ]
        if not found:
            return self.constant(kind)
        record, name, scale = self.choices.one(found)
        return Fact(kind, record, name, scale)

    def records(self, scope: Scope) -> list[Expr]:
        """Return the records that can be read: those at the roots, of loops, and referred to."""
        records: list[Expr] = [Root(Record(entity), entity) for entity in SINGLE]
        records += [Variable(Record(entity), name) for name, entity in scope.items()] * 2
        for record in list(records):
            for name, (kind, _) in ENTITIES[entity_of(record)].items():
                if isinstance(without_none(kind), Record):
                    pointed = Fact(kind, record, name)
                    issuer = ENTITIES["security"]["issuer"][0]
                    records += [pointed, Fact(issuer, pointed, "issuer")]
        return records


def entity_of(record: Expr) -> str:
    """Return the entity of a record."""
    kind = without_none(record.type)
    assert isinstance(kind, Record)
    return kind.entity


# What can be made of every kind.


def a_fact(make: Expressions, kind: Type, _depth: int, scope: Scope) -> Expr:
    """Return a fact."""
    return make.fact(kind, scope)


def a_choice(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return an `if`."""
    test = make.of(BOOLEAN, depth, scope)
    return If(kind, test, make.of(kind, depth, scope), make.of(kind, depth, scope))


def or_else(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a value that may be none, with what stands in for it."""
    return OrElse(kind, make.of(Optional(kind), depth, scope), make.of(kind, depth, scope))


def optional(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a value that is never none as one that may be."""
    inner = make.of(without_none(kind), depth, scope)
    if make.choices.chance(50):
        return inner
    return If(kind, make.of(BOOLEAN, depth, scope), inner, Literal(NOTHING, None))
