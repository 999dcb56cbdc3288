"""Quotients of numbers held in different units are the same on every evaluator."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.differential.columns import kernel_differences
from tests.differential.compare import Compiled, differences, expected
from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.solver import solver_differences
from tests.differential.world import FIRST_DAY, epoch, record, root, rule

from creditgate.domain.dsl_types import BOOLEAN, COUNT, Record
from creditgate.domain.facts import Facts
from creditgate.ir.nodes import Apply, Fact, Literal, Root

ORDER = Root(Record("order"), "order")


@pytest.mark.parametrize("limit", ["5", "0.0005", "50000", "0.5"])
@pytest.mark.parametrize(
    ("above", "below"), [(("share", 5), ("tick", 1)), (("tick", 1), ("share", 5))]
)
def test_a_finer_number_by_a_coarser_one(
    limit: str, above: tuple[str, int], below: tuple[str, int]
) -> None:
    quotient = Apply(COUNT, "divide", (Fact(COUNT, ORDER, *above), Fact(COUNT, ORDER, *below)))
    wanted = Apply(BOOLEAN, "equal", (quotient, Literal(COUNT, Fraction(limit))))
    program = Program(epoch(Literal(BOOLEAN, True), (rule("limit", None, (), wanted),)), ())
    facts = Facts("order", root(order=record("order", share=500_000, tick=10)), {})
    situations = [Situation(facts, FIRST_DAY)]
    right = [expected(program, each) for each in situations]
    assert not list(differences(program, Compiled.of(program), situations[0], right[0]))
    assert not list(kernel_differences(program, situations, right))
    assert not list(solver_differences(program, situations, right))
