"""Deep, wide and large rulebooks compile, and mean what they say."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from tests.differential.world import epoch, record, root, rule

from creditgate.backends.scalar.compile import compile_event, compile_expression
from creditgate.backends.scalar.reads import plain_attribute
from creditgate.base.failures import InternalFailure
from creditgate.domain.dsl_types import BOOLEAN, COUNT, Enum, ListOf, Optional, Record
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Expr,
    Fact,
    If,
    Literal,
    Not,
    Or,
    Root,
    Variable,
)

ORDER, ACCOUNT = Root(Record("order"), "order"), Root(Record("account"), "account")
QUANTITY = Fact(COUNT, ORDER, "quantity")
PRICE = Fact(Optional(COUNT), ORDER, "price", 2)
FLAG = Fact(BOOLEAN, ORDER, "flag")
ACTION = Fact(Enum("action"), ORDER, "action")
YES = Literal(BOOLEAN, True)
HELD = tuple(record("position", id=f"p{n}", quantity=3) for n in range(2))
FACTS = root(
    order=record("order", quantity=5, flag=True, price=None, action="buy"),
    account=record("account", positions=HELD[:1]),
)


def number(value: int | Fraction) -> Literal:
    return Literal(COUNT, Fraction(value))


def nested_choices(depth: int) -> tuple[Expr, object]:
    node: Expr = number(0)
    for level in range(depth):
        test = Apply(BOOLEAN, "less", (QUANTITY, number(level)))
        node = If(COUNT, test, Apply(COUNT, "add", (node, number(1))), number(level))
    return node, depth - 1


def chained_choices(depth: int) -> tuple[Expr, object]:
    node: Expr = number(-1)
    for level in reversed(range(depth)):
        test = Apply(BOOLEAN, "equal", (QUANTITY, number(level)))
        node = If(COUNT, test, number(level * 10), Apply(COUNT, "add", (node, QUANTITY)))
    return node, 50 + 5 * 5


def long_sum(depth: int) -> tuple[Expr, object]:
    node: Expr = QUANTITY
    for level in range(depth):
        node = Apply(COUNT, "add", (node, number(Fraction(1, 10 ** (level % 7)))))
    return node, 5 + sum(Fraction(1, 10 ** (level % 7)) for level in range(depth))


def long_product(depth: int) -> tuple[Expr, object]:
    large = number(10**15 + 7)
    node: Expr = QUANTITY
    for _ in range(depth):
        node = Apply(COUNT, "multiply", (node, large))
    return node, 5 * (10**15 + 7) ** depth


def nested_conditions(depth: int) -> tuple[Expr, object]:
    node: Expr = FLAG
    value = True
    for level in range(depth):
        below = level > 5
        value = (below and not value) if level % 2 else (below or not value)
        items = (Apply(BOOLEAN, "less", (QUANTITY, number(level))), Not(BOOLEAN, node))
        node = And(BOOLEAN, items) if level % 2 else Or(BOOLEAN, items)
    return node, value


def wide_condition(width: int) -> tuple[Expr, object]:
    tests = [Apply(BOOLEAN, "equal", (QUANTITY, number(n))) for n in range(100, 100 + width)]
    return Or(BOOLEAN, tuple(tests)), False


def nested_loops(depth: int) -> tuple[Expr, object]:
    positions = Fact(ListOf("position"), ACCOUNT, "positions")
    rows = [Variable(Record("position"), f"p{level}") for level in range(depth)]
    node: Expr = Fact(COUNT, rows[0], "quantity")
    for row in rows[1:]:
        node = Apply(COUNT, "add", (node, Fact(COUNT, row, "quantity")))
    for row in reversed(rows):
        node = Aggregate(COUNT, "sum", row, positions, None, node)
    return node, 3 * depth


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        (nested_choices, 400),
        (chained_choices, 400),
        (long_sum, 1_000),
        (long_product, 600),
        (nested_conditions, 400),
        (wide_condition, 4_000),
        (nested_loops, 40),
    ],
)
def test_deep_and_wide_expressions_compile(
    shape: Callable[[int], tuple[Expr, object]], size: int
) -> None:
    limit = sys.getrecursionlimit()
    node, value = shape(size)
    assert compile_expression(node, epoch(None, ()))(FACTS, (), None) == value
    assert sys.getrecursionlimit() == limit


def test_a_rulebook_of_thousands_of_rules_compiles_and_judges_those_that_apply() -> None:
    actions = ("buy", "sell", "short", "cover")
    rules = tuple(
        rule(
            f"rule_{n}",
            Apply(BOOLEAN, "equal", (ACTION, Literal(ACTION.type, actions[n % 4]))),
            (),
            Apply(BOOLEAN, "greater", (QUANTITY, number(n % 7))),
        )
        for n in range(2_000)
    )
    compiled = compile_event(epoch(YES, rules), "order")
    breached = compiled.judge(FACTS, (), None)[1]
    assert breached == tuple(n for n in range(2_000) if n % 4 == 0 and n % 7 >= 5)
    starts = [place.start() for place in _functions(compiled.judging.source)]
    longest = max(
        later - earlier for earlier, later in pairwise([*starts, len(compiled.judging.source)])
    )
    assert longest < len(compiled.judging.source) / 10


def _functions(source: str) -> list[re.Match[str]]:
    return list(re.finditer(r"^def ", source, re.MULTILINE))


def test_a_name_that_is_no_identifier_never_becomes_source() -> None:
    with pytest.raises(InternalFailure):
        plain_attribute("x; import os")
