"""Well-typed closed expressions and whole epochs, from bytes.

Expressions come in kinds: a type of the language, with or without none. Nodes made before are
used again now and then, in other places and inside loops, so that sharing is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies
from tests.differential.choices import Choices
from tests.differential.world import (
    CLAIMS,
    ENTITIES,
    ENUMS,
    FIRST_DAY,
    LAST_DAY,
    SINGLE,
    epoch,
    rule,
)

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
    ListOf,
    Optional,
    Record,
    SetOf,
    Type,
    without_none,
)
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AsOf,
    Band,
    Claimed,
    Dated,
    Expr,
    Fact,
    If,
    IsEmpty,
    IsNone,
    Key,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    OrElse,
    Root,
    Variable,
)
from creditgate.ir.rulebook import Epoch
from creditgate.ir.walk import every

Scope = Mapping[str, str]  # variable -> entity
CLOSED: Scope = {}

DAYS, MONTHS = Duration("days"), Duration("months")
TRADING, SETTLEMENT, SECONDS = (
    Duration("trading_days"),
    Duration("settlement_days"),
    Duration("seconds"),
)
ACTION, ORDER_TYPE, CLASS = Enum("action"), Enum("order_type"), Enum("security_class")
KINDS: tuple[Type, ...] = (
    COUNT,
    BOOLEAN,
    DATE,
    Optional(COUNT),
    INSTANT,
    DAYS,
    SECONDS,
    ACTION,
    TEXT,
    TIME,
    Optional(DATE),
    Optional(ORDER_TYPE),
)
NUMBERS = [
    Fraction(text)
    for text in [
        "0",
        "1",
        "2",
        "-1",
        "3",
        "5",
        "10",
        "100",
        "0.5",
        "1.3",
        "0.01",
        "2.5",
        "-2.5",
        "12.48",
        "0.0001",
        "0.123456",
        "1/3",
        "7",
    ]
]
FIRST_INSTANT = (FIRST_DAY - 719163) * 86_400_000_000
HOUR = 3_600_000_000
NAMES = (("p", "q"), ("r", "s"), ("t", "u"), ("v", "w"))
RENAMED = {BOOLEAN: "decided", COUNT: "figure"}


@dataclass(slots=True)
class Programs:
    """Make expressions of a kind from choices."""

    choices: Choices
    made: list[tuple[Type, Scope, Expr]]

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
        node = self.whole(kind, depth, scope)
        if self.choices.chance(10):
            node = Named(kind, "figure", RENAMED.get(kind, "value"), None, node)
        self.made.append((kind, dict(scope), node))
        return node

    def whole(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return an expression that is usually not a leaf."""
        makers: list[Callable[[Type, int, Scope], Expr]] = [self.fact, self.choice, self.lookup]
        match kind:
            case Optional():
                makers += [self.fact, self.optional]
                if kind.of in (COUNT, DATE):
                    makers.append(self.extreme)
            case _ if kind == BOOLEAN:
                makers += [self.condition, self.condition, self.condition, self.or_else]
                makers.append(self.quantified)
            case _ if kind == COUNT:
                makers += [self.arithmetic, self.arithmetic, self.arithmetic, self.or_else]
                makers += [self.folded, self.rounded, self.ratio_of_spans]
            case _ if kind == DATE:
                makers += [self.moved_date, self.moved_date, self.or_else, self.dated]
            case _ if kind == INSTANT:
                makers += [self.moved_instant, self.moved_instant, self.or_else]
            case Duration():
                makers += [self.span, self.span, self.folded_span]
            case Enum():
                makers += [self.or_else]
        return self.choices.one(makers)(kind, depth - 1, scope)

    # Leaves

    def leaf(self, kind: Type, scope: Scope) -> Expr:
        """Return a constant or a fact."""
        if kind == BOOLEAN and self.choices.chance(15):
            return Claimed(BOOLEAN, self.choices.one(CLAIMS))
        if kind == DATE and self.choices.chance(20):
            return AsOf(DATE)
        return self.fact(kind, 0, scope) if self.choices.chance(65) else self.constant(kind)

    def constant(self, kind: Type) -> Literal:
        """Return a constant of a kind."""
        choices = self.choices
        match kind:
            case Optional(of):
                return Literal(NOTHING, None) if choices.chance(25) else self.constant(of)
            case Enum(name):
                return Literal(kind, choices.one(ENUMS[name]))
            case SetOf(Enum(name)):
                members = frozenset(m for m in ENUMS[name] if choices.chance(45))
                return Literal(kind, members)
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
            return Literal(kind, choices.one(("A", "B", "it's")))
        assert kind == COUNT
        return Literal(kind, choices.one(NUMBERS))

    def fact(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a fact of some record, or a constant where no fact has the kind."""
        found = [
            (record, name, scale)
            for record in self.records(scope)
            for name, (type_, scale) in ENTITIES[_entity(record)].items()
            if type_ == kind
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
            for name, (kind, _) in ENTITIES[_entity(record)].items():
                if isinstance(without_none(kind), Record):
                    pointed = Fact(kind, record, name)
                    records.append(pointed)
                    if _entity(pointed) == "security":
                        issuer = ENTITIES["security"]["issuer"][0]
                        records.append(Fact(issuer, pointed, "issuer"))
        return records

    # What every kind has

    def choice(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return an `if`."""
        test = self.of(BOOLEAN, depth, scope)
        return If(kind, test, self.of(kind, depth, scope), self.of(kind, depth, scope))

    def or_else(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a value that may be none, with what stands in for it."""
        return OrElse(kind, self.of(Optional(kind), depth, scope), self.of(kind, depth, scope))

    def optional(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a value that is never none as one that may be."""
        inner = self.of(without_none(kind), depth, scope)
        if self.choices.chance(50):
            return inner
        return If(kind, self.of(BOOLEAN, depth, scope), inner, Literal(NOTHING, None))

    def lookup(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a table read at an enum, at a band, or at both."""
        if isinstance(without_none(kind), SetOf | ListOf):
            return self.constant(kind)
        enum = self.choices.one((ACTION, Optional(ORDER_TYPE), CLASS))
        band = self.choices.one((COUNT, Optional(COUNT)))
        dimensions = self.choices.one(([enum], [band], [enum, band], [band, enum]))
        keys: list[tuple[Key, ...]] = [()]
        for dimension in dimensions:
            places = self.places(dimension)
            keys = [(*some, place) for some in keys for place in places]
        rows = tuple((key, self.constant(kind)) for key in keys if not self.choices.chance(4))
        asked = tuple(self.of(dimension, depth, scope) for dimension in dimensions)
        table = Lookup(kind, asked, rows)
        return Named(kind, "table", "cells", None, table)

    def places(self, kind: Type) -> list[Key]:
        """Return the keys of one dimension of a table."""
        places: list[Key] = [None] if isinstance(kind, Optional) else []
        inner = without_none(kind)
        if isinstance(inner, Enum):
            return places + list(ENUMS[inner.name])
        ends = sorted({self.choices.one(NUMBERS) for _ in range(1 + self.choices.below(2))})
        lows, highs = [None, *ends], [*ends, None]
        return places + [Band(low, high) for low, high in zip(lows, highs, strict=True)]

    def dated(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return an entry chosen by a date."""
        days = sorted({FIRST_DAY + 13 * self.choices.below(8) for _ in range(3)})
        simple = self.choices.chance(50)
        entries = tuple(
            (day, self.constant(kind) if simple else self.of(kind, depth, scope)) for day in days
        )
        node = Dated(kind, entries, self.of(DATE, depth, scope))
        return Named(kind, "parameter", "ratio", None, node)

    # Conditions

    def condition(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a condition."""
        makers = (
            self.compared,
            self.compared,
            self.chained,
            self.chained,
            self.chosen_enum,
            self.opposite,
            self.none_asked,
            self.membership,
            self.guarded,
            self.multiple,
            self.empty,
            self.same_record,
            self.dated,
        )
        return self.choices.one(makers)(kind, depth, scope)

    def compared(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a comparison of two values of one kind, one of which may be none unguarded."""
        of = self.choices.one((COUNT, COUNT, DATE, INSTANT, TIME, SECONDS, DAYS))
        left = self.choices.one((of, of, Optional(of))) if of in (COUNT, DATE) else of
        operator = self.choices.one(
            ("less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal")
        )
        return self.apply(BOOLEAN, operator, (left, of), depth, scope)

    def apply(
        self,
        kind: Type,
        operator: str,
        kinds: tuple[Type, ...],
        depth: int,
        scope: Scope,
        calendar: str | None = None,
    ) -> Expr:
        """Return an operator on new arguments."""
        arguments = tuple(self.of(each, depth, scope) for each in kinds)
        return Apply(kind, operator, arguments, calendar)

    def chained(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `and` or `or`."""
        items = tuple(self.of(BOOLEAN, depth, scope) for _ in range(2 + self.choices.below(3)))
        return And(BOOLEAN, items) if self.choices.chance(50) else Or(BOOLEAN, items)

    def opposite(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `not`."""
        return Not(BOOLEAN, self.of(BOOLEAN, depth, scope))

    def none_asked(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `is none`."""
        of = self.choices.one((COUNT, DATE, ORDER_TYPE, BOOLEAN, TEXT))
        return IsNone(BOOLEAN, self.of(Optional(of), depth, scope))

    def guarded(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a condition on a value after the test that it is not none."""
        of = self.choices.one((COUNT, DATE, BOOLEAN))
        value = self.of(Optional(of), depth, scope)
        guard = Not(BOOLEAN, IsNone(BOOLEAN, value))
        if of == BOOLEAN:
            return And(BOOLEAN, (guard, value))
        test = Apply(BOOLEAN, "less_or_equal", (value, self.of(of, depth, scope)))
        return And(BOOLEAN, (guard, test))

    def chosen_enum(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a test of an enum against constants."""
        of = self.choices.one((ACTION, ACTION, CLASS, Optional(ORDER_TYPE), Optional(TEXT)))
        value, inner = self.fact(of, depth, scope), without_none(of)
        if isinstance(inner, Enum) and self.choices.chance(40):
            members = Literal(SetOf(inner), self.constant(SetOf(inner)).value)
            return Apply(BOOLEAN, "member", (value, members))
        operator = self.choices.one(("equal", "equal", "not_equal"))
        return Apply(BOOLEAN, operator, (value, self.constant(inner)))

    def membership(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a test against a set of facts, or of a number against a set of constants."""
        if self.choices.chance(50):
            return self.apply(BOOLEAN, "member", (CLASS, SetOf(CLASS)), depth, scope)
        members = frozenset(self.choices.one(NUMBERS) for _ in range(self.choices.below(4)))
        values = Literal(SetOf(COUNT), members)  # type: ignore[arg-type]  # numbers are values too
        return Apply(BOOLEAN, "member", (self.of(COUNT, depth, scope), values))

    def multiple(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `is a multiple of`."""
        return self.apply(BOOLEAN, "multiple", (COUNT, COUNT), depth, scope)

    def empty(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `is empty`, of a list or of a set."""
        entity = self.choices.one(("position", "contract"))
        of = self.choices.one((ListOf(entity), SetOf(CLASS)))
        return IsEmpty(BOOLEAN, self.fact(of, depth, scope))

    def same_record(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return whether two references hold one key."""
        references = [
            Fact(each, record, name)
            for record in self.records(scope)
            for name, (each, _) in ENTITIES[_entity(record)].items()
            if without_none(each) == Record("security")
        ]
        both = (self.choices.one(references), self.choices.one(references))
        return Apply(BOOLEAN, "equal", both)

    # Numbers

    def arithmetic(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a sum, difference, product, quotient, smallest, largest or negated number."""
        operator, count = self.choices.one(
            (
                ("add", 2),
                ("subtract", 2),
                ("multiply", 2),
                ("multiply", 2),
                ("divide", 2),
                ("minimum", 2),
                ("maximum", 3),
                ("negate", 1),
            )
        )
        kinds = tuple(Optional(COUNT) if self.choices.chance(10) else COUNT for _ in range(count))
        return self.apply(COUNT, operator, kinds, depth, scope)

    def rounded(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a rounded number."""
        mode = self.choices.one(("down", "up", "half_up", "half_even"))
        return self.apply(COUNT, f"round_{mode}", (COUNT, COUNT), depth, scope)

    def ratio_of_spans(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return how many times one span goes into another."""
        of = self.choices.one((DAYS, SECONDS))
        return self.apply(COUNT, "divide_durations", (of, of), depth, scope)

    # Aggregates

    def loop(self, scope: Scope) -> tuple[Variable, Expr, Scope]:
        """Return a variable, the list it runs through, and what can be read inside."""
        lists: list[Expr] = [
            Fact(ListOf("position"), Root(Record("account"), "account"), "positions"),
            Fact(ListOf("contract"), Root(Record("account"), "account"), "contracts"),
        ]
        for name, entity in scope.items():
            if entity == "contract":
                row = Variable(Record(entity), name)
                lists += [Fact(ListOf("rollover"), row, "rollovers")] * 2
        source = self.choices.one(lists)
        assert isinstance(source.type, ListOf)
        name = self.choices.one(NAMES[min(len(scope), len(NAMES) - 1)])
        entity = source.type.entity
        return Variable(Record(entity), name), source, {**scope, name: entity}

    def where(self, depth: int, scope: Scope) -> Expr | None:
        """Return a condition on a row, or nothing."""
        return self.of(BOOLEAN, depth, scope) if self.choices.chance(50) else None

    def folded(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a sum or a count."""
        variable, source, inside = self.loop(scope)
        if self.choices.chance(25):
            return Aggregate(COUNT, "count", variable, source, self.where(depth, inside), None)
        element = self.of(COUNT, depth, inside)
        return Aggregate(COUNT, "sum", variable, source, self.where(depth, inside), element)

    def folded_span(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a sum of spans."""
        variable, source, inside = self.loop(scope)
        element = self.of(kind, depth, inside)
        return Aggregate(kind, "sum", variable, source, self.where(depth, inside), element)

    def quantified(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return `any` or `all`."""
        variable, source, inside = self.loop(scope)
        element = self.of(BOOLEAN, depth, inside)
        word = self.choices.one(("any", "all"))
        return Aggregate(BOOLEAN, word, variable, source, self.where(depth, inside), element)

    def extreme(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return the smallest or largest of a list, none where it is empty."""
        variable, source, inside = self.loop(scope)
        word = self.choices.one(("min", "max"))
        if self.choices.chance(40):
            element = self.of(kind, depth, inside)
            where: Expr | None = Not(BOOLEAN, IsNone(BOOLEAN, element))
        else:
            element = self.of(without_none(kind), depth, inside)
            where = self.where(depth, inside)
        return Aggregate(kind, word, variable, source, where, element)

    # Time

    def moved_date(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a date moved, or found in a calendar."""
        operator, kinds, calendar = self.choices.one(
            (
                ("add_days", (DATE, DAYS), None),
                ("add_months", (DATE, MONTHS), None),
                ("add_trading_days", (DATE, TRADING), "TRADING"),
                ("add_settlement_days", (DATE, SETTLEMENT), "SETTLEMENT"),
                ("first_trading_day", (DATE,), "TRADING"),
                ("last_trading_day", (DATE,), "TRADING"),
                ("first_settlement_day", (DATE,), "SETTLEMENT"),
                ("last_settlement_day", (DATE,), "SETTLEMENT"),
                ("date_of", (INSTANT,), "SETTLEMENT"),
                ("date_of", (INSTANT,), "TRADING"),
                ("minimum", (DATE, DATE), None),
                ("maximum", (DATE, Optional(DATE)), None),
            )
        )
        return self.apply(DATE, operator, kinds, depth, scope, calendar)

    def moved_instant(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return an instant moved, or the opening or closing of a session."""
        operator, kinds, calendar = self.choices.one(
            (
                ("open_of", (DATE,), "TRADING"),
                ("close_of", (DATE,), "TRADING"),
                ("open_of", (DATE,), "SETTLEMENT"),
                ("add_elapsed", (INSTANT, SECONDS), None),
            )
        )
        return self.apply(INSTANT, operator, kinds, depth, scope, calendar)

    def span(self, kind: Type, depth: int, scope: Scope) -> Expr:
        """Return a span between two dates or instants, or made of spans."""
        makers = [("add", (kind, kind)), ("negate", (kind,)), ("minimum", (kind, kind))]
        if kind == DAYS:
            makers += [("days_between", (DATE, DATE))] * 3
        if kind == SECONDS:
            makers += [("elapsed_between", (INSTANT, INSTANT))] * 3
        operator, kinds = self.choices.one(makers)
        return self.apply(kind, operator, kinds, depth, scope)

    # Rules

    def when(self, depth: int) -> Expr | None:
        """Return the condition of a rule: it usually names an action, as rules on orders do."""
        if self.choices.chance(12):
            return None
        fact = Fact(ACTION, Root(Record("order"), "order"), "action")
        if self.choices.chance(50):
            test: Expr = Apply(BOOLEAN, "equal", (fact, self.constant(ACTION)))
        else:
            test = Apply(BOOLEAN, "member", (fact, self.constant(SetOf(ACTION))))
        match self.choices.below(5):
            case 0:
                return test
            case 1:
                return self.of(BOOLEAN, depth)
            case 2:
                return Or(BOOLEAN, (test, self.chosen_enum(BOOLEAN, 0, CLOSED)))
            case 3:
                return And(BOOLEAN, (test, self.chosen_enum(BOOLEAN, 0, CLOSED)))
            case _:
                return And(BOOLEAN, (self.of(BOOLEAN, depth), test))

    def epoch(self) -> Epoch:
        """Return an epoch of a few rules."""
        rules = []
        for number in range(1 + self.choices.below(5)):
            when = self.when(2)
            exemptions = tuple(
                Claimed(BOOLEAN, self.choices.one(CLAIMS))
                if self.choices.chance(30)
                else self.of(BOOLEAN, 2)
                for _ in range(self.choices.below(3))
            )
            require = self.of(BOOLEAN, 3)
            effect = "warn" if self.choices.chance(15) else "reject"
            rules.append(rule(f"rule_{number}", when, exemptions, require, effect))
        governs = None if self.choices.chance(3) else self.of(BOOLEAN, 1)
        if self.choices.chance(60):
            governs = Literal(BOOLEAN, True)
        return epoch(governs, tuple(rules))


def _entity(record: Expr) -> str:
    kind = without_none(record.type)
    assert isinstance(kind, Record)
    return kind.entity


@dataclass(frozen=True, slots=True)
class Program:
    """An epoch, and some expressions on their own."""

    epoch: Epoch
    expressions: tuple[Expr, ...]

    @property
    def roots(self) -> list[Expr]:
        """Return all expressions, those of the rules too."""
        roots = [*self.expressions, *self.epoch.governs.values()]
        for each in self.epoch.rules:
            roots += [each.require, *[when for _, when in each.exemptions]]
            roots += [] if each.when is None else [each.when]
        return roots

    def nodes(self) -> list[Expr]:
        """Return every node of every expression, each once."""
        return list({id(node): node for root in self.roots for node in every(root)}.values())


def program(source: bytes) -> Program:
    """Return the program that bytes stand for."""
    programs = Programs(Choices(source), [])
    expressions = tuple(programs.of(programs.choices.one(KINDS), 3) for _ in range(2))
    return Program(programs.epoch(), expressions)


# In chunks, because Hypothesis also repeats and swaps what it drew: whole programs would be equal.
PROGRAM_BYTES = strategies.lists(
    strategies.binary(min_size=64, max_size=64), min_size=8, max_size=11
).map(b"".join)
