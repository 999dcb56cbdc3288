"""`close of` on half days: the law's last moment is the hour at which the session really ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from creditgate import Gate
from creditgate.base.collector import Collector
from creditgate.check.asked import asked_expression
from creditgate.explain.evidence import evidence_of
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: As under Rule 204, something is due by a moment of a settlement day.
HEADER: Final = """\
rulebook: due
title: {en: Due by the close, zh: 收市前到期}
authority: {en: A market (invented), zh: 市场（虚构）}
currency: USD
time_zone: America/New_York
calendars: {trading: XNYS, settlement: US_SETTLEMENT}
in_force: {from: 2020-01-02, cite: {instrument: act}, evidence: official}
governs: {order: "yes"}
instruments: {act: {title: {en: Act, zh: 法}, issued: 2019-12-02}}
"""
CHAPTER: Final = """\
chapter: {en: Due, zh: 到期}
figures:
  deadline:
    title: {en: Last moment, zh: 最后时刻}
    unit: instant
    cite: {instrument: act}
    evidence: official
    formula: close of order.trade_date
  close_out_deadline:
    title: {en: Close of the settlement day after, zh: 次一交收日收市}
    unit: instant
    cite: {instrument: act}
    evidence: official
    formula: close of (order.trade_date + 1 settlement days)
rules:
  before_the_close:
    title: {en: Entered by the close, zh: 收市前申报}
    on: order
    when: >-
      order.action in {buy, sell, collateral_buy, collateral_sell, margin_buy, short_sell, sell_to_repay, buy_to_return,
      cash_repay, stock_return, surplus_transfer, collateral_in, collateral_out, interest_repay, debt_extension}
    require: order.entered_at <= deadline
    reason: session_not_allowed
    breach: {en: "Entered at {order.entered_at}, after {deadline}.", zh: "{order.entered_at} 晚于 {deadline}。"}
    in_force: [{from: 2020-01-02, cite: {instrument: act}, evidence: official}]
"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    folder = tmp_path_factory.mktemp("books") / "due"
    folder.mkdir()
    (folder / "rulebook.yaml").write_text(HEADER, encoding="utf-8")
    (folder / "due.yaml").write_text(CHAPTER, encoding="utf-8")
    return Gate.load([folder])


def order(trade_date: str, entered_at: str) -> dict[str, Any]:
    return {
        "order": {
            "id": "1", "action": "sell", "security": "X", "quantity": 100, "price": Decimal(1),
            "trade_date": trade_date, "entered_at": entered_at,
        },
        "securities": [{"id": "X"}],
    }  # fmt: skip


#: The day, the moment entered, and whether the session was still open.
MOMENTS: Final = {
    "one o'clock on the day after Thanksgiving 2024": ("2024-11-29", "13:00:00-05:00", True),
    "one second later": ("2024-11-29", "13:00:01-05:00", False),
    "two o'clock on that day": ("2024-11-29", "14:00:00-05:00", False),
    "four o'clock on the session before it": ("2024-11-27", "16:00:00-05:00", True),
    "four o'clock on the session after it": ("2024-12-02", "16:00:00-05:00", True),
    "one second past four on the session after it": ("2024-12-02", "16:00:01-05:00", False),
    "one o'clock in summer time before Independence Day": ("2024-07-03", "13:00:00-04:00", True),
    "one second later in summer time": ("2024-07-03", "13:00:01-04:00", False),
    "one o'clock on Christmas Eve 2025": ("2025-12-24", "13:00:00-05:00", True),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_order_is_in_time_up_to_the_close_of_the_half_day(gate: Gate, moment: str) -> None:
    day, hour, in_time = MOMENTS[moment]
    decision = gate.decide(order(day, f"{day}T{hour}"))
    assert decision.is_approved is in_time
    (part,) = evidence_of(decision)  # made by the reference from the same facts
    assert [rule.outcome for rule in part.rules] == ["satisfied" if in_time else "breached"]


def test_on_a_closure_no_close_is_known_and_nothing_passes(gate: Gate) -> None:
    decision = gate.decide(order("2024-11-28", "2024-11-28T12:00:00-05:00"))
    assert decision.outcome == "undecided"


@pytest.mark.parametrize(
    ("traded", "closes"),
    [
        # The settlement day after is the half day itself; Thanksgiving lies between.
        ("2024-11-27", "2024-11-29T18:00:00+00:00"),
        ("2024-11-29", "2024-12-02T21:00:00+00:00"),
        # Columbus Day trades and settles nothing.
        ("2024-10-11", "2024-10-15T20:00:00+00:00"),
        ("2024-07-02", "2024-07-03T17:00:00+00:00"),
    ],
)
def test_a_deadline_at_the_close_of_a_settlement_day_knows_half_days(
    gate: Gate, traded: str, closes: str
) -> None:
    facts = order(traded, f"{traded}T10:00:00-04:00")
    decision = gate.decide(facts, figures=["close_out_deadline"])
    (shown,) = [decision.core.figures["close_out_deadline"]]
    assert shown.value == closes
    engine = gate.engines[0]
    asked = asked_expression(engine.rulebook, "close_out_deadline", Collector())
    assert asked is not None
    day = date.fromisoformat(traded).toordinal()
    evaluation = Evaluation(gate.read(facts), day, engine.rulebook.calendars)
    assert evaluation.value(closed(engine.rulebook, asked, day)) == (
        datetime.fromisoformat(closes) - EPOCH
    ) // timedelta(microseconds=1)
