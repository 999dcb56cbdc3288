"""Conditions of every form, and tables and entries chosen by keys and dates."""

from __future__ import annotations

from tests.differential.expressions import (
    ACTION,
    CLASS,
    DAYS,
    NUMBERS,
    ORDER_TYPE,
    SECONDS,
    Expressions,
    Maker,
    Scope,
    entity_of,
)
from tests.differential.quantities import loop, row_condition
from tests.differential.world import ENTITIES, ENUMS, FIRST_DAY

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    TEXT,
    TIME,
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
    Band,
    Dated,
    Expr,
    Fact,
    IsEmpty,
    IsNone,
    Key,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    Root,
)

# Keys of records that are given, and texts beside them: parts of one another, odd ones, many.
KEYS = (
    "security0", "security1", "A", "security", "security00", "it's", "B", "", 'a "b" \\', "证券",
    "None", "0",
)  # fmt: skip
COMPARISONS = ("less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal")


def lookup(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a table read at an enum, at a band, or at both."""
    if isinstance(without_none(kind), SetOf | ListOf):
        return make.constant(kind)
    enum = make.choices.kind(ACTION, Optional(ORDER_TYPE), CLASS)
    band = make.choices.kind(COUNT, Optional(COUNT))
    dimensions = make.choices.one(([enum], [band], [enum, band], [band, enum]))
    keys: list[tuple[Key, ...]] = [()]
    for dimension in dimensions:
        places = _places(make, dimension)
        keys = [(*some, place) for some in keys for place in places]
    rows = tuple((key, make.constant(kind)) for key in keys if not make.choices.chance(4))
    asked = tuple(make.of(dimension, depth, scope) for dimension in dimensions)
    return Named(kind, "table", "cells", None, Lookup(kind, asked, rows))


def _places(make: Expressions, kind: Type) -> list[Key]:
    places: list[Key] = [None] if isinstance(kind, Optional) else []
    inner = without_none(kind)
    if isinstance(inner, Enum):
        return places + list(ENUMS[inner.name])
    ends = sorted({make.choices.one(NUMBERS) for _ in range(1 + make.choices.below(2))})
    lows, highs = [None, *ends], [*ends, None]
    return places + [Band(low, high) for low, high in zip(lows, highs, strict=True)]


def dated(make: Expressions, kind: Type, depth: int, scope: Scope) -> Expr:
    """Return an entry chosen by a date."""
    days = sorted({FIRST_DAY + 13 * make.choices.below(8) for _ in range(3)})
    simple = make.choices.chance(50)
    entries = tuple(
        (day, make.constant(kind) if simple else make.of(kind, depth, scope)) for day in days
    )
    node = Dated(kind, entries, make.of(DATE, depth, scope))
    return Named(kind, "parameter", "ratio", None, node)


def compared(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a comparison of two values of one kind, one of which may be none unguarded."""
    of = make.choices.kind(COUNT, COUNT, DATE, INSTANT, TIME, SECONDS, DAYS)
    left = make.choices.kind(of, of, Optional(of)) if of in (COUNT, DATE) else of
    return make.apply(BOOLEAN, make.choices.one(COMPARISONS), (left, of), depth, scope)


def chained(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return `and` or `or`."""
    items = tuple(make.of(BOOLEAN, depth, scope) for _ in range(2 + make.choices.below(3)))
    return And(BOOLEAN, items) if make.choices.chance(50) else Or(BOOLEAN, items)


def opposite(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return `not`."""
    return Not(BOOLEAN, make.of(BOOLEAN, depth, scope))


def none_asked(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return `is none`."""
    of = make.choices.kind(COUNT, DATE, ORDER_TYPE, BOOLEAN, TEXT)
    return IsNone(BOOLEAN, make.of(Optional(of), depth, scope))


def guarded(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a condition on a value after the test that it is not none."""
    of = make.choices.kind(COUNT, DATE, BOOLEAN)
    value = make.of(Optional(of), depth, scope)
    guard = Not(BOOLEAN, IsNone(BOOLEAN, value))
    if of == BOOLEAN:
        return And(BOOLEAN, (guard, value))
    test = Apply(BOOLEAN, "less_or_equal", (value, make.of(of, depth, scope)))
    return And(BOOLEAN, (guard, test))


def chosen_enum(make: Expressions, _kind: Type, _depth: int, scope: Scope) -> Expr:
    """Return a test of an enum against constants."""
    of = make.choices.kind(ACTION, ACTION, CLASS, Optional(ORDER_TYPE), Optional(TEXT))
    value, inner = make.fact(of, scope), without_none(of)
    if isinstance(inner, Enum) and make.choices.chance(40):
        return Apply(BOOLEAN, "member", (value, make.constant(SetOf(inner))))
    operator = make.choices.one(("equal", "equal", "not_equal"))
    return Apply(BOOLEAN, operator, (value, make.constant(inner)))


def chosen_key(make: Expressions, _kind: Type, _depth: int, scope: Scope) -> Expr:
    """Return a test of a key or a text against constants."""
    text = Fact(TEXT, Root(Record("order"), "order"), "label")
    return keyed(make, make.choices.one((*references(make, scope), text)))


def keyed(make: Expressions, fact: Expr) -> Expr:
    """Return a test of one key or text: is it this one, or one of these, which may be many."""
    # Mostly the same key, so that enough rules name it to be sorted once more.
    key = Literal(TEXT, KEYS[0] if make.choices.chance(70) else make.choices.one(KEYS))
    match make.choices.below(8):
        case 0:
            return Apply(BOOLEAN, "equal", (key, fact))
        case 1:
            return Apply(BOOLEAN, "member", (fact, Literal(SetOf(TEXT), frozenset(KEYS))))
        case 2:
            some = frozenset(make.choices.one(KEYS) for _ in range(make.choices.below(4)))
            return Apply(BOOLEAN, "member", (fact, Literal(SetOf(TEXT), some)))
        case 3:
            return Apply(BOOLEAN, "not_equal", (fact, key))
        case _:
            return Apply(BOOLEAN, "equal", (fact, key))


def membership(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return a test against a set of facts, or of a number against a set of constants."""
    if make.choices.chance(50):
        item = make.constant(CLASS) if make.choices.chance(40) else make.of(CLASS, depth, scope)
        return Apply(BOOLEAN, "member", (item, make.of(SetOf(CLASS), depth, scope)))
    members = frozenset(make.choices.one(NUMBERS) for _ in range(make.choices.below(4)))
    values = Literal(SetOf(COUNT), members)  # type: ignore[arg-type]  # numbers are values too
    return Apply(BOOLEAN, "member", (make.of(COUNT, depth, scope), values))


def multiple(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return `is a multiple of`."""
    return make.apply(BOOLEAN, "multiple", (COUNT, COUNT), depth, scope)


def empty(make: Expressions, _kind: Type, _depth: int, scope: Scope) -> Expr:
    """Return `is empty`, of a list or of a set."""
    of = make.choices.kind(ListOf("position"), ListOf("contract"), SetOf(CLASS))
    return IsEmpty(BOOLEAN, make.fact(of, scope))


def same_record(make: Expressions, _kind: Type, _depth: int, scope: Scope) -> Expr:
    """Return whether two references hold one key."""
    found = references(make, scope)
    return Apply(BOOLEAN, "equal", (make.choices.one(found), make.choices.one(found)))


def references(make: Expressions, scope: Scope) -> list[Expr]:
    """Return the facts that hold the key of a security."""
    return [
        Fact(each, record, name)
        for record in make.records(scope)
        for name, (each, _) in ENTITIES[entity_of(record)].items()
        if without_none(each) == Record("security")
    ]


def quantified(make: Expressions, _kind: Type, depth: int, scope: Scope) -> Expr:
    """Return `any` or `all`."""
    variable, source, inside = loop(make, scope)
    element = make.of(BOOLEAN, depth, inside)
    word = make.choices.one(("any", "all"))
    return Aggregate(BOOLEAN, word, variable, source, row_condition(make, depth, inside), element)


CONDITIONS: tuple[Maker, ...] = (
    *(compared,) * 4,
    *(chained,) * 4,
    *(chosen_enum, guarded, quantified) * 2,
    *(chosen_key, opposite, none_asked, membership, multiple, empty, same_record, dated),
)
