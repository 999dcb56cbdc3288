"""Text: what a trader reads, in English and Chinese, for every decision there can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from tests.unit.explain.shipped_scenarios import RULEBOOKS, cases, shelf, told

from creditgate.explain.report import report_of
from creditgate.explain.text import text_of
from creditgate.pipeline import Gate

Gates = Callable[..., Gate]
Sales = Callable[..., dict[str, Any]]
CONTROL = {chr(point) for point in (*range(32), *range(127, 160))} - {"\n"}


def lines_of(gate: Gate, facts: Any, language: str = "en", **asked: Any) -> list[str]:
    """Return the text of a decision, line by line."""
    explain = asked.pop("explain", False)
    names = asked.pop("names", False)
    report = report_of(gate.decide(facts, **asked), explain=explain)
    return text_of(report, language, names=names).split("\n")


def test_an_approved_order_is_one_line(gate: Gates, short_sale: Sales) -> None:
    board = gate("exchange")
    assert lines_of(board, short_sale()) == [
        "APPROVED  order 17: short_sell 600000, 500 shares at 12.47 CNY/share on 2020-07-01 (exchange)"
    ]
    assert lines_of(board, short_sale(), "zh") == [
        "通过  委托 17：融券卖出 600000，500股，价格每股人民币12.47元，2020-07-01（exchange）"
    ]


def test_a_rejection_tells_message_citation_grade_distance_and_remedy(
    gate: Gates, short_sale: Sales
) -> None:
    sale = short_sale({"order.quantity": 1050, "order.price": "12.46"})
    assert lines_of(gate("venue"), sale) == [
        "REJECTED  order 17: short_sell 600000, 1,050 shares at 12.46 CNY/share on 2020-07-01 (venue)",
        "  ✗ wrong_lot  1,050 shares is no multiple of 100 shares.",
        "      Trading Act, article 4; evidence: reproduced; over by 50 shares; [exchange/whole_lots]",
        "  ✗ price_below_limit  Priced at 12.46 CNY/share, below 12.47 CNY/share; "
        "the last trade was at 12.47 CNY/share.",
        "      Handbook of the Venue, article 22; evidence: secondary; short by 0.01 CNY/share; "
        "[exchange/price_not_below_floor]",
        "  → Round down to whole lots; Price it at the floor "
        "(Quantity 1,000 shares, Limit price 12.47 CNY/share): approved",
    ]
    assert lines_of(gate("venue"), sale, "zh") == [
        "拒绝  委托 17：融券卖出 600000，1,050股，价格每股人民币12.46元，2020-07-01（venue）",
        "  ✗ wrong_lot  1,050股不是100股的整数倍。",
        "      交易法第4条；依据等级：转载文本；超出50股；[exchange/whole_lots]",
        "  ✗ price_below_limit  申报价格每股人民币12.46元低于每股人民币12.47元，最近成交价为每股人民币12.47元。",
        "      场内手册第22条；依据等级：二手资料；差每股人民币0.01元；[exchange/price_not_below_floor]",
        "  → 向下取整；按最低价申报（委托数量 1,000股，委托价格 每股人民币12.47元）：可通过",
    ]


def test_an_undecided_order_tells_what_is_missing(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"account.cash": None})
    assert lines_of(gate("exchange"), sale)[1:] == [
        "  ? insufficient_margin  The collateral covers the margin: cannot be decided: "
        "missing cash including short sale proceeds (account.cash)",
        "      Trading Act, article 8; evidence: official; [exchange/collateral_covers_margin]",
    ]
    assert lines_of(gate("exchange"), sale, "zh")[1:] == [
        "  ? insufficient_margin  担保物须覆盖保证金：无法判定：缺少 现金（含融券卖出所得资金）（account.cash）",
        "      交易法第8条；依据等级：官方文本；[exchange/collateral_covers_margin]",
    ]


def test_a_split_is_shown_part_by_part(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.quantity": 9000, "account.cash": "1000000.00"})
    assert lines_of(gate("exchange"), sale)[-3:] == [
        "  → Split the order: approved",
        "      1. Quantity 5,000 shares",
        "      2. Quantity 4,000 shares",
    ]


def test_a_house_rule_that_warns_is_shown_under_an_approval(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.quantity": 1000})
    first, *rest = lines_of(gate("member"), sale)
    assert first.startswith("APPROVED")
    assert rest == [
        "  ! order_too_large  1,000 shares is large.",
        "      Manual of the Member, article 1; evidence: official; exactly at the limit; "
        "[member/large_orders_are_seen]",
    ]


def test_values_that_were_asked_for_stand_below(gate: Gates, short_sale: Sales) -> None:
    lines = lines_of(gate("exchange"), short_sale(), figures=["margin_required", "size"])
    assert lines[1:] == ["  margin_required = 3,117.50 CNY", "  size = Small"]
    unknown = lines_of(
        gate("exchange"), short_sale({"market.last_price": None}), figures=["margin_required"]
    )
    assert unknown[-1] == (
        "  margin_required = not known: missing last trade price (market.last_price)"
    )


def test_an_order_that_no_rulebook_governs_is_out_of_scope(gate: Gates, short_sale: Sales) -> None:
    sale = short_sale({"order.trade_date": "2019-12-31"})
    assert lines_of(gate("exchange"), sale) == [
        "OUT OF SCOPE  order 17: short_sell 600000, 500 shares at 12.47 CNY/share on 2019-12-31 "
        "(exchange)",
        "  no rulebook that is loaded governs this on that day; it is not approved",
    ]


def test_an_answer_by_the_law_of_another_day_says_so(gate: Gates, short_sale: Sales) -> None:
    (line,) = lines_of(gate("exchange"), short_sale(), on=date(2020, 5, 29))
    assert ", what if the law of 2020-05-29 applied (exchange)" in line


def test_it_is_said_when_it_is_not_known_which_rulebook_governs(
    gate: Gates, short_sale: Sales
) -> None:
    sale = short_sale({"securities": None})
    assert lines_of(gate("exchange"), sale)[1] == (
        "  ? governs  Whether exchange governs: cannot be decided: "
        "missing security 600000 (order.security)"
    )


def test_names_of_the_language_come_on_request(gate: Gates, short_sale: Sales) -> None:
    lines = lines_of(gate("exchange"), short_sale(), explain=True, names=True)
    assert "        order.quantity (500 shares) is a multiple of lot (100 shares)" in lines
    assert "        lot = 100 shares since 2020-06-01: Notice on Lots; evidence: secondary" in lines


def test_an_explanation_in_chinese_is_chinese(gate: Gates, short_sale: Sales) -> None:
    lines = lines_of(gate("exchange"), short_sale(), "zh", explain=True)
    assert any("委托数量（500股）为" in line for line in lines)
    assert not any(" is a multiple of " in line or ">=" in line for line in lines)


def test_an_explanation_shows_passing_rules_exemptions_and_claims(
    gate: Gates, short_sale: Sales
) -> None:
    claim = {"claim": "bona_fide_market_making", "by": "desk 7", "at": "2020-07-01T09:00:00+08:00"}
    sale = short_sale({"order.price": "12.00", "claims": [claim]})
    assert lines_of(gate("exchange"), sale, explain=True)[1:] == [
        "  exchange  Rules of an exchange",
        "    ✓ exchange/known_actions  Only margin buys and short sales are entered",
        "        Trading Act, article 1; evidence: official",
        "        the order's credit action (Short sale) is Margin buy or Short sale",
        "    ✓ exchange/whole_lots  Orders are in whole lots",
        "        Trading Act, article 4; evidence: secondary",
        "        the order's quantity (500 shares) is a whole multiple of the lot (100 shares)",
        "        Lot: 100 shares since 2020-06-01; Notice on Lots; evidence: secondary",
        "    – exchange/price_not_below_floor  A short sale is not priced below the floor",
        "        Trading Act, article 5; evidence: official",
        "        exempt: it is claimed that the sale is bona fide market making in the security",
        "          Trading Act, article 7; evidence: official",
        "    ✓ exchange/not_too_large  An order has at most 5 000 shares",
        "        Trading Act, article 3; evidence: official",
        "        the order's quantity (500 shares) is at most 5,000 shares: 4,500 shares to spare",
        "    ✓ exchange/collateral_covers_margin  The collateral covers the margin",
        "        Trading Act, article 8; evidence: official",
        "        the margin required (3,117.50 CNY) is at most the value of the collateral (9,000.00 CNY): "
        "5,882.50 CNY to spare",
        "        Margin (Stock): 50% since 2020-01-02; Trading Act, article 9; evidence: official",
        "    ✓ exchange/not_while_financed  No short sale of what is financed",
        "        Trading Act, article 2; evidence: official",
        "        for none of the account's open financing contracts, the security bought on "
        "margin is the order's security",
        "  The sale is bona fide market making in the security: "
        "by desk 7 at 2020-07-01T09:00:00+08:00; relied on",
    ]


@pytest.mark.parametrize(
    "id", ["\x1b[31m17\x1b[0m", "17\nAPPROVED  order 18", "\u202e71", "x" * 5000, "\ud800"]
)
def test_no_text_of_a_stranger_can_disguise_the_answer(
    gate: Gates, short_sale: Sales, id: str
) -> None:
    (first, *rest) = lines_of(
        gate("exchange"), short_sale({"order.id": id, "order.price": "12.46"})
    )
    assert not CONTROL & set(first)
    assert "\u202e" not in first
    assert len(first) < 250
    assert not any(line.startswith("APPROVED") for line in rest)


@pytest.mark.parametrize(
    "facts",
    ["", "[]", "{", "null", '{"event": 7}', '{"event": "nothing"}', '{"order": []}', "[" * 10_000,
     {"order": {"quantity": 10**5000}}, {"order": {"price": 1.5}}, {1: 2}, {"claims": [{}]},
     {"order": {"quantity": "1e999999999", "action": ["short_sell"], "id": {"a": 1}}},
     {"event": "withdrawal", "withdrawal": {"id": 5, "cash": "1.00"}}, {"market": None}],
)  # fmt: skip
def test_facts_that_cannot_be_read_are_shown_and_not_approved(gate: Gates, facts: Any) -> None:
    for language in ("en", "zh"):
        first, *rest = lines_of(gate("exchange", "venue"), facts, language, explain=True)
        assert first.startswith(("UNDECIDED  ", "无法判定  "))
        assert rest


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_the_chosen_scenarios_have_every_rule_figure_outcome_and_decision(rulebook: str) -> None:
    chosen = [case for case, _, _ in told(rulebook)]
    for parts in ("kind", "subject", "outcome"), ("kind", "subject", "decision"), ("event",):
        asked = attrgetter(*parts)
        assert set(map(asked, chosen)) == set(map(asked, cases(rulebook))), parts
    law = shelf().checked(rulebook)
    assert law is not None
    reports = [report for _, _, report in told(rulebook)]
    judged = [rule for report in reports for part in report.evidence for rule in part.rules]
    assert {rule.rule for rule in judged} == {rule.id for rule in law.rulebook.rules.values()}
    assert {rule.outcome for rule in judged} >= {"satisfied", "breached", "undecided"}
    decisions = {report.core.decision for report in reports}
    assert decisions == {"approved", "rejected", "undecided", "pending", "out_of_scope"}


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_every_decision_of_the_shipped_scenarios_has_words(rulebook: str) -> None:
    assert told(rulebook)
    for case, decision, report in told(rulebook):
        for language in ("en", "zh"):
            text = text_of(report, language)
            assert not CONTROL & set(text), case.name
        found = {finding.rule for finding in report.findings}
        warned = {item.rule for item in decision.core.warnings}
        unmet = {*decision.breached, *decision.undecided, *decision.pending}
        assert found == unmet | warned, case.name
        for finding in report.findings:
            assert finding.message or finding.missing or finding.because or finding.due, case.name


@pytest.mark.parametrize("rulebook", RULEBOOKS)
def test_the_evidence_and_the_generated_code_agree_on_every_shipped_scenario(rulebook: str) -> None:
    for case, _, report in told(rulebook):
        if case.outcome is None or case.kind != "rule":
            continue
        judged = {
            rule.rule.rpartition("/")[2]: rule for part in report.evidence for rule in part.rules
        }
        if case.subject in judged:
            assert judged[case.subject].outcome == case.outcome, case.name


def test_the_books_of_these_tests_are_good(gate: Gates) -> None:
    folder = Path(__file__).parent / "books"
    assert {path.parent.name for path in folder.glob("*/rulebook.yaml")} == {
        "clearing",
        "dealer",
        "exchange",
        "member",
        "venue",
    }
    for names in (("exchange", "member", "venue"), ("clearing", "dealer")):
        assert tuple(engine.rulebook.id for engine in gate(*names).engines) == names
