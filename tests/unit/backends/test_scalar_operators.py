"""Every operator of the language has its place in the generated evaluator."""

from __future__ import annotations

import pytest
from tests.differential.world import epoch, rule

from creditgate.backends.scalar.compile import compile_event, compile_expression
from creditgate.base.codes import Code
from creditgate.base.failures import RulebookRejected
from creditgate.domain.dsl_types import BOOLEAN, COUNT
from creditgate.ir.nodes import Apply, Literal
from creditgate.ir.operators import OPERATORS
from creditgate.lowered.operators import SUPPORTED

MEDIAN = Apply(BOOLEAN, "median", (Literal(COUNT, 1), Literal(COUNT, 2)))


def test_every_operator_of_the_table_is_placed_and_no_other() -> None:
    assert list(SUPPORTED) == list(OPERATORS)
    assert {support.placement for support in SUPPORTED.values()} == {"native", "runtime"}


def test_a_rule_with_an_operator_that_is_not_supported_is_refused() -> None:
    judged = rule("odd", None, (MEDIAN,), Literal(BOOLEAN, True))
    with pytest.raises(RulebookRejected) as refused:
        compile_event(epoch(Literal(BOOLEAN, True), (judged,)), "order")
    (finding,) = refused.value.diagnostics
    assert finding.code is Code.OPERATOR_NOT_SUPPORTED
    assert "`median`" in finding.message


def test_an_expression_with_an_operator_that_is_not_supported_is_refused() -> None:
    with pytest.raises(RulebookRejected):
        compile_expression(MEDIAN, epoch(None, ()))


def test_an_operator_in_a_branch_that_is_never_taken_is_no_concern() -> None:
    judged = rule("odd", Literal(BOOLEAN, False), (), Literal(BOOLEAN, True))
    assert compile_event(epoch(Literal(BOOLEAN, True), (judged,)), "order").rules == (judged,)
