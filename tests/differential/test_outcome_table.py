"""Every evaluator keeps the published table of outcomes."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.differential.world import CALENDARS, epoch, record, root, rule

from creditgate.backends.scalar.compile import compile_event
from creditgate.domain.dsl_types import BOOLEAN, DATE, Optional, Record
from creditgate.domain.facts import MISSING, Facts
from creditgate.ir.nodes import Expr, Fact, Literal, Root
from creditgate.ir.rulebook import Deadline
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

TABLE = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "outcome_table.yaml").read_text("utf-8")
)
VALUES: dict[str, Any] = {"true": True, "false": False, "unknown": MISSING}


def _facts(when: str, unless: str, require: str) -> tuple[Facts, tuple[Expr, Expr, Expr]]:
    """Return facts of three records, and the conditions that read them."""
    securities = {
        name: record("security", suspended=VALUES[value])
        for name, value in (("first", unless), ("second", require))
    }
    order = record(
        "order",
        flag=VALUES[when],
        security="first",
        security_record=securities["first"],
        other="second",
        other_record=securities["second"],
    )
    holder = Root(Record("order"), "order")
    first = Fact(Record("security"), holder, "security")
    second = Fact(Record("security"), holder, "other")
    conditions = (
        Fact(BOOLEAN, holder, "flag"),
        Fact(BOOLEAN, first, "suspended"),
        Fact(BOOLEAN, second, "suspended"),
    )
    return Facts("order", root(order=order), {}), conditions


def test_the_table_has_a_row_for_every_combination() -> None:
    combinations = [tuple(row[:3]) for row in TABLE["rows"]]
    assert sorted(combinations) == sorted(product(VALUES, repeat=3))


@pytest.mark.parametrize(("when", "unless", "require", "outcome"), TABLE["rows"])
def test_reference_and_generated_code_keep_the_row(
    when: str, unless: str, require: str, outcome: str
) -> None:
    facts, conditions = _facts(when, unless, require)
    judged = rule("rule", conditions[0], (conditions[1],), conditions[2])
    compiled = compile_event(epoch(Literal(BOOLEAN, True), (judged,)), "order")
    assert judge(Evaluation(facts, None, CALENDARS), judged).outcome == outcome
    assert compiled.outcomes(facts.root, facts.claims, None) == (outcome,)
    found = {"breached": ((0,), ()), "undecided": ((), (0,))}.get(outcome, ((), ()))
    assert compiled.judge(facts.root, facts.claims, None) == (True, *found, (), ())


@pytest.mark.parametrize(("when", "unless", "require", "outcome"), TABLE["rows"])
def test_generated_code_keeps_the_row_where_the_values_are_constants(
    when: str, unless: str, require: str, outcome: str
) -> None:
    facts, conditions = _facts("unknown", "unknown", "unknown")
    given = [
        Literal(BOOLEAN, VALUES[value]) if value != "unknown" else condition
        for value, condition in zip((when, unless, require), conditions, strict=True)
    ]
    judged = rule("rule", given[0], (given[1],), given[2])
    compiled = compile_event(epoch(Literal(BOOLEAN, True), (judged,)), "order")
    assert compiled.outcomes(facts.root, facts.claims, None) == (outcome,)


def _with_deadline(when: str, unless: str, require: str, before: str) -> str:
    """Return what the row says with a deadline still to come in place of the requirement."""
    either = "unknown" if "unknown" in (require, before) else "false"
    either = "true" if "true" in (require, before) else either
    outcome: str = next(row[3] for row in TABLE["rows"] if row[:3] == [when, unless, either])
    return "pending" if outcome == "satisfied" and require != "true" else outcome


@pytest.mark.parametrize(("when", "unless", "require"), [row[:3] for row in TABLE["rows"]])
@pytest.mark.parametrize("before", VALUES)
@pytest.mark.parametrize("constant", [True, False], ids=["constant", "fact"])
def test_reference_and_generated_code_keep_the_row_with_a_deadline(
    when: str, unless: str, require: str, before: str, constant: bool
) -> None:
    facts, conditions = _facts(when, unless, require)
    marked = Fact(Optional(BOOLEAN), Root(Record("order"), "order"), "marked")
    facts.root.order.marked = VALUES[before]
    known = constant and before != "unknown"
    coming: Expr = Literal(BOOLEAN, VALUES[before]) if known else marked
    deadline = Deadline(Literal(DATE, 1), coming, "")
    judged = rule("rule", conditions[0], (conditions[1],), conditions[2], "reject", deadline)
    compiled = compile_event(epoch(Literal(BOOLEAN, True), (judged,)), "order")
    outcome = _with_deadline(when, unless, require, before)
    assert judge(Evaluation(facts, None, CALENDARS), judged).outcome == outcome
    assert compiled.outcomes(facts.root, facts.claims, None) == (outcome,)
    found = {"breached": ((0,), ()), "undecided": ((), (0,))}.get(outcome, ((), ()))
    assert compiled.judge(facts.root, facts.claims, None) == (True, *found, (), ())
    assert compiled.deadlines == (0,)
