"""What more money and more shares can do to an order, under every rulebook that comes along."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.test_facts_settle import BOUNDED, cases, gate

from creditgate.scenarios.case import Case

# Where the facts hold money that a client has: more of it never makes anything worse.
MONEY = (
    ("account", "cash"),
    ("account", "settled_cash"),
    ("account", "equity"),
    ("account", "other_collateral_value"),
)
OPENING = frozenset({"margin_buy", "short_sell", "buy", "sell"})
MARGIN = frozenset({"insufficient_margin", "insufficient_equity", "credit_line_exceeded"})


def with_number(document: dict[str, Any], path: tuple[str, str], value: str) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed[path[0]][path[1]] = value
    return changed


def orders() -> list[Case]:
    return [case for case in cases() if case.event == "order"]


@BOUNDED
@given(data=st.data())
def test_more_money_never_turns_an_approval_into_a_refusal(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(orders()))
    document: dict[str, Any] = dict(case.facts)
    stated = [p for p in MONEY if document.get(p[0], {}).get(p[1]) is not None]
    if not stated or not gate(case.rulebook).decide(document).is_approved:
        return
    path = data.draw(st.sampled_from(stated))
    more = data.draw(st.sampled_from(["0.01", "1", "12345.67", "1000000", "900000000"]))
    raised = str(Decimal(str(document[path[0]][path[1]])) + Decimal(more))
    assert gate(case.rulebook).decide(with_number(document, path, raised)).is_approved, path


@BOUNDED
@given(data=st.data())
def test_a_larger_order_is_not_approved_where_a_smaller_one_lacks_margin(
    data: st.DataObject,
) -> None:
    case = data.draw(st.sampled_from([c for c in orders() if action_of(c) in OPENING]))
    document: dict[str, Any] = dict(case.facts)
    smaller = data.draw(st.integers(1, 400)) * 100
    larger = smaller + data.draw(st.integers(1, 10_000)) * 100
    refused = gate(case.rulebook).decide(with_number(document, ("order", "quantity"), str(smaller)))
    if not MARGIN & {item.reason for item in refused.core.breached}:
        return
    answer = gate(case.rulebook).decide(with_number(document, ("order", "quantity"), str(larger)))
    assert not answer.is_approved
    assert {item.rule for item in refused.core.breached if item.reason in MARGIN} <= {
        *(item.rule for item in answer.core.breached),
        *(item.rule for item in answer.core.undecided),
    }


@BOUNDED
@given(data=st.data())
def test_the_largest_quantity_that_margin_covers_is_covered_and_one_lot_more_is_not(
    data: st.DataObject,
) -> None:
    chinese = [c for c in orders() if action_of(c) in {"margin_buy", "short_sell"}]
    case = data.draw(st.sampled_from(chinese))
    document: dict[str, Any] = dict(case.facts)
    asked = gate(case.rulebook).decide(document, figures=["largest_quantity", "order_lot"])
    largest, lot = (asked.core.figures[name].value for name in ("largest_quantity", "order_lot"))
    if largest is None or lot is None or Fraction(largest) <= 0:
        return
    for quantity, covered in ((largest, True), (str(Fraction(largest) + Fraction(lot)), False)):
        decision = gate(case.rulebook).decide(
            with_number(document, ("order", "quantity"), quantity)
        )
        short = {item.rule for item in decision.core.breached if item.reason in MARGIN}
        assert not (covered and "cn/margin_trading/margin_covers_order" in short)
        assert covered or "cn/margin_trading/margin_covers_order" in short


def action_of(case: Case) -> str:
    return str(case.facts.get("order", {}).get("action"))
