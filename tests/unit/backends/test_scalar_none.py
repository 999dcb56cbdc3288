"""None that reaches a condition or a computation unguarded makes it unknown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.differential.world import epoch, record, root, rule

from creditgate.backends.scalar.compile import compile_event, compile_expression
from creditgate.domain.dsl_types import BOOLEAN, COUNT, ListOf, Optional, Record
from creditgate.domain.facts import MISSING
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Expr,
    Fact,
    If,
    IsNone,
    Literal,
    Not,
    Or,
    OrElse,
    Root,
    Variable,
)

ORDER, ACCOUNT = Root(Record("order"), "order"), Root(Record("account"), "account")
MARKED = Fact(Optional(BOOLEAN), ORDER, "marked")
RATE = Fact(Optional(COUNT), ORDER, "rate", 6)
YES, NO = Literal(BOOLEAN, True), Literal(BOOLEAN, False)
ONE = Literal(COUNT, Fraction(1))
ROW = Variable(Record("position"), "p")
COST = Fact(Optional(COUNT), ROW, "cost", 2)
POSITIONS = Fact(ListOf("position"), ACCOUNT, "positions")
FACTS = root(
    order=record("order", marked=None, rate=None, other=None),
    account=record("account", positions=(record("position", id="p", cost=None),)),
)


def over_rows(kind: str, where: Expr | None, element: Expr | None) -> Expr:
    return Aggregate(COUNT, kind, ROW, POSITIONS, where, element)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (And(BOOLEAN, (MARKED, YES)), MISSING),
        (And(BOOLEAN, (MARKED, NO)), False),
        (Or(BOOLEAN, (MARKED, NO)), MISSING),
        (Or(BOOLEAN, (MARKED, YES)), True),
        (Not(BOOLEAN, MARKED), MISSING),
        (If(COUNT, MARKED, ONE, ONE), MISSING),
        (over_rows("count", MARKED, None), MISSING),
        (over_rows("sum", None, COST), MISSING),
        (over_rows("max", None, COST), MISSING),
        (over_rows("any", None, MARKED), MISSING),
        (over_rows("sum", Not(BOOLEAN, IsNone(BOOLEAN, COST)), COST), 0),
        (over_rows("max", Not(BOOLEAN, IsNone(BOOLEAN, COST)), COST), None),
        (Apply(COUNT, "add", (RATE, ONE)), MISSING),
        (Apply(BOOLEAN, "equal", (RATE, ONE)), MISSING),
        (IsNone(BOOLEAN, RATE), True),
        (OrElse(COUNT, RATE, ONE), 1),
        (RATE, None),
        (Fact(COUNT, Fact(Optional(Record("security")), ORDER, "other"), "price", 4), MISSING),
    ],
)
def test_none_is_never_taken_for_a_value(node: Expr, value: Any) -> None:
    found = compile_expression(node, epoch(None, ()))(FACTS, (), None)
    assert found == value
    assert type(found) is not bool or found is value


def test_whether_a_missing_fact_is_none_is_undecided_even_where_it_may_not_be() -> None:
    quantity = Fact(COUNT, ORDER, "quantity")
    never = Not(BOOLEAN, IsNone(BOOLEAN, quantity))
    compiled = compile_event(epoch(YES, (rule("rule", None, (), never),)), "order")
    assert compiled.judge(FACTS, (), None)[2] == (0,)


@pytest.mark.parametrize(
    ("when", "unless", "require"),
    [(None, (), MARKED), (MARKED, (), NO), (None, (MARKED,), NO)],
)
def test_a_rule_with_a_condition_that_is_none_is_undecided(
    when: Expr | None, unless: tuple[Expr, ...], require: Expr
) -> None:
    compiled = compile_event(epoch(YES, (rule("rule", when, unless, require),)), "order")
    assert compiled.outcomes(FACTS, (), None) == ("undecided",)
    assert compiled.judge(FACTS, (), None)[2] == (0,)
