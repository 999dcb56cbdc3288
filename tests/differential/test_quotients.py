"""A quotient of amounts that are held in different units is the same on every evaluator."""

from __future__ import annotations

import pytest
from tests.differential.columns import kernel_differences
from tests.differential.compare import Compiled, differences, expected
from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.solver import solver_differences
from tests.differential.world import ENTITIES, FIRST_DAY, epoch, record, root, rule

from creditgate.domain.dsl_types import BOOLEAN, COUNT, Record
from creditgate.domain.facts import Facts, attribute
from creditgate.ir.nodes import Apply, Expr, Fact, Literal, Root

# Debt has two decimals, a factor three, a limit four, a quantity none.
AMOUNTS = {"quantity": 4, "factor": 2_500, "limit": 25_000}
DEBTS = (999, 1_000, 1_001)  # 10.00 / 4 is 2.5


def _fact(entity: str, name: str) -> Expr:
    scale = ENTITIES[entity][name][1]
    return Fact(COUNT, Root(Record(entity), entity), name, scale)


@pytest.mark.parametrize("operator", ["less", "equal", "greater_or_equal"])
@pytest.mark.parametrize("compared", ["factor", "limit"])
def test_a_quotient_is_compared_exactly_at_its_limit(operator: str, compared: str) -> None:
    quotient = Apply(COUNT, "divide", (_fact("account", "debt"), _fact("order", "quantity")))
    require = Apply(BOOLEAN, operator, (_fact("order", compared), quotient))
    rules = (rule("quotient", None, (), require),)
    program = Program(epoch(Literal(BOOLEAN, True), rules), ())
    order = {attribute(name): amount for name, amount in AMOUNTS.items()}
    situations = [
        Situation(
            Facts(
                "order",
                root(
                    **{
                        attribute("order"): record("order", **order),
                        attribute("account"): record("account", **{attribute("debt"): debt}),
                    }
                ),
                {},
            ),
            FIRST_DAY,
        )
        for debt in DEBTS
    ]
    wanted = [expected(program, each) for each in situations]
    assert {outcome for each in wanted for outcome in each.outcomes} >= {"breached"}
    compiled = Compiled.of(program)
    for situation, right in zip(situations, wanted, strict=True):
        assert not list(differences(program, compiled, situation, right))
    assert not list(kernel_differences(program, situations, wanted, wide=True))
    assert not list(solver_differences(program, situations, wanted))
