"""`creditgate lint`: warnings, what fails on them, and that the shipped rulebooks have none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from creditgate.base.codes import Code
from creditgate.lint.lints import lints
from creditgate.pipeline import catalogue

Run = Callable[..., Any]
CASES = Path(__file__).parents[1] / "cases" / "lint"
HEADER = """\
rulebook: my_house
title: {en: House rules, zh: 内部规则}
authority: {en: My broker, zh: 我司}
extends: [cn/sse]
mode: tightens
in_force: {from: 2026-02-02, cite: {instrument: memo}, evidence: official}
instruments:
  memo: {title: {en: Memo, zh: 内部通知}, issued: 2026-01-26}
"""
CHAPTER = """\
chapter: {en: Orders, zh: 委托}
rules:
  order_not_too_large:
    title: {en: An order is not too large, zh: 委托不得过大}
    on: order
    when: order.action is margin_buy
    require: order.quantity <= 10_000 shares
    reason: order_too_large
    breach: {en: Too large., zh: 委托过大。}
    in_force: [{from: 2026-02-02, review: 2026-07-01, cite: {instrument: memo}, evidence: official}]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Write a house rulebook with a number that has no citation."""
    folder = tmp_path / "my_house"
    folder.mkdir()
    (folder / "rulebook.yaml").write_text(HEADER, "utf-8")
    (folder / "orders.yaml").write_text(CHAPTER, "utf-8")
    return folder


def test_a_warning_is_shown_and_fails_only_where_it_is_asked_to(
    creditgate: Run, house: Path
) -> None:
    done = creditgate("lint", house)
    assert done.status == 0
    assert done.err.startswith("CG8003 warning: `10,000 shares` in `order_not_too_large`")
    strict = creditgate("lint", house, "--strict")
    assert (strict.status, strict.err) == (1, done.err)


def test_a_warning_is_data_as_well(creditgate: Run, house: Path) -> None:
    (found,) = json.loads(creditgate("lint", house, "--format", "json").out)
    assert (found["code"], found["severity"]) == ("CG8003", "warning")


def test_days_of_review_are_held_against_the_day_that_is_named(
    creditgate: Run, house: Path
) -> None:
    before = creditgate("lint", house, "--on", "2026-06-30")
    due = creditgate("lint", house, "--on", "2026-07-01")
    assert "CG8004" not in before.err
    assert "CG8004 warning: `order_not_too_large` was to be reviewed by 2026-07-01" in due.err


def test_a_mistake_fails_whatever_else_is_found(creditgate: Run, house: Path) -> None:
    wrong = CHAPTER.replace("10_000 shares", "10_000 CNY")
    (house / "orders.yaml").write_text(wrong, "utf-8")
    assert creditgate("lint", house).status == 1


def test_the_shipped_rulebooks_have_no_findings() -> None:
    shelf = catalogue()
    names = shelf.shelf.ids()
    found = lints(shelf, names)
    assert not found, [item.message for item in found]
    assert not shelf.collector.diagnostics


def test_each_alone_has_none_either() -> None:
    for name in ("cn/margin_trading", "us/reg_t", "us/short_sales", "brokers/example_cn_member"):
        assert not lints(catalogue(), [name]), name


@pytest.mark.parametrize(
    "code",
    [code for code in Code if code.number.startswith("CG8") and code is not Code.QUOTED_EXPRESSION],
    ids=lambda code: code.slug,
)
def test_each_lint_has_a_case_that_it_reports_and_one_that_it_does_not(code: Code) -> None:
    pages = [path.read_text("utf-8") for path in CASES.glob("*.md")]
    reported = [page for page in pages if f"{code.number} warning" in page]
    assert reported
    silent = [
        case for page in reported for case in page.split("\n## ")[1:] if code.number not in case
    ]
    assert silent
