"""Numbers, dates, instants and spans: arithmetic, aggregates, calendars."""

from __future__ import annotations

from fractions import Fraction

from tests.differential.expressions import (
    DAYS,
    MONTHS,
    SECONDS,
    SETTLEMENT,
    TRADING,
    Expressions,
    Maker,
    Scope,
)

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    ListOf,
    Optional,
    Record,
    Type,
    without_none,
)
from creditgate.ir.nodes import Aggregate, Apply, Expr, Fact, IsNone, Literal, Not, Root, Variable

NAMES = (("p", "q"), ("r", "s"), ("t", "u"), ("v", "w"))
Row = tuple[str, tuple[Type, ...], str | None]
STEPS = (Fraction(1), Fraction(100), Fraction(1, 100))
ARITHMETIC = (
    ("add", 2),
    ("subtract", 2),
    ("multiply", 2),
    ("multiply", 2),
    ("divide", 2),
    ("minimum", 2),
    ("maximum", 3),
    ("negate", 1),
)
MOVED_DATES: tuple[Row, ...] = (
    ("add_days", (DATE, DAYS), None),
    ("add_months", (DATE, MONTHS), None),
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
MOVED_INSTANTS: tuple[Row, ...] = (
    ("open_of", (DATE,), "TRADING"),
    ("close_of", (DATE,), "TRADING"),
    ("open_of", (DATE,), "SETTLEMENT"),
    ("add_elapsed", (INSTANT, SECONDS), None),
)


def arithmetic(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a sum, difference, product, quotient, smallest, largest or negated number."""
    operator, count = make.choices.one(ARITHMETIC)
    kinds: list[Type] = [
        Optional(COUNT) if make.choices.chance(10) else COUNT for _ in range(count)
    ]
    return make.apply(COUNT, operator, kinds, depth, scope)


def rounded(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a rounded number, often a whole number of half steps."""
    mode = make.choices.one(("down", "up", "half_up", "half_even"))
    if make.choices.chance(60):
        step = make.choices.one(STEPS)
        halves = (make.fact(COUNT, scope), Literal(COUNT, step / 2))
        value = Apply(COUNT, "multiply", halves)
        return Apply(COUNT, f"round_{mode}", (value, Literal(COUNT, step)))
    return make.apply(COUNT, f"round_{mode}", (COUNT, COUNT), depth, scope)


def ratio_of_spans(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return how many times one span goes into another."""
    of = make.choices.kind(DAYS, SECONDS)
    return make.apply(COUNT, "divide_durations", (of, of), depth, scope)


def loop(make: Expressions, scope: Scope) -> tuple[Variable, Expr, Scope]:
    """Return a variable, the list it runs through, and what can be read inside."""
    account = Root(Record("account"), "account")
    lists: list[tuple[str, Expr]] = [
        ("position", Fact(ListOf("position"), account, "positions")),
        ("contract", Fact(ListOf("contract"), account, "contracts")),
    ]
    for name, entity in scope.items():
        if entity == "contract":
            row = Variable(Record(entity), name)
            lists += [("rollover", Fact(ListOf("rollover"), row, "rollovers"))] * 2
    entity, source = make.choices.one(lists)
    name = make.choices.one(NAMES[min(len(scope), len(NAMES) - 1)])
    return Variable(Record(entity), name), source, {**scope, name: entity}


def row_condition(make: Expressions, depth: int, scope: Scope) -> Expr | None:
    """Return a condition on a row, or nothing."""
    return make.of(BOOLEAN, depth, scope) if make.choices.chance(50) else None


def folded(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a sum or a count."""
    variable, source, inside = loop(make, scope)
    if make.choices.chance(25):
        where = row_condition(make, depth, inside)
        return Aggregate(COUNT, "count", variable, source, where, None)
    element = make.of(COUNT, depth, inside)
    where = row_condition(make, depth, inside)
    return Aggregate(COUNT, "sum", variable, source, where, element)


def folded_span(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a sum of spans."""
    variable, source, inside = loop(make, scope)
    element = make.of(kind, depth, inside)
    where = row_condition(make, depth, inside)
    return Aggregate(kind, "sum", variable, source, where, element)


def extreme(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return the smallest or largest of a list, none where it is empty."""
    variable, source, inside = loop(make, scope)
    word = make.choices.one(("min", "max"))
    if make.choices.chance(40):
        element = make.of(kind, depth, inside)
        where: Expr | None = Not(BOOLEAN, IsNone(BOOLEAN, element))
    else:
        element = make.of(without_none(kind), depth, inside)
        where = row_condition(make, depth, inside)
    return Aggregate(kind, word, variable, source, where, element)


def moved_date(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a date moved, or found in a calendar."""
    operator, kinds, calendar = make.choices.one(MOVED_DATES)
    return make.apply(DATE, operator, kinds, depth, scope, calendar)


def moved_instant(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return an instant moved, or the opening or closing of a session."""
    operator, kinds, calendar = make.choices.one(MOVED_INSTANTS)
    return make.apply(INSTANT, operator, kinds, depth, scope, calendar)


def span(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a span between two dates or instants, or made of spans."""
    rows: list[Row] = [
        ("add", (kind, kind), None),
        ("negate", (kind,), None),
        ("minimum", (kind, kind), None),
    ]
    if kind == DAYS:
        rows += [("days_between", (DATE, DATE), None)] * 3
    if kind == SECONDS:
        rows += [("elapsed_between", (INSTANT, INSTANT), None)] * 3
    operator, kinds, _ = make.choices.one(rows)
    return make.apply(kind, operator, kinds, depth, scope)


NUMBERS_MADE: tuple[Maker, ...] = (
    *(arithmetic,) * 3,
    *(folded, rounded, rounded, ratio_of_spans),
)
