"""`creditgate new rule`: what it writes is whole, canonical, and says what is still to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.cli.fmt import canonical
from creditgate.cli.main import group
from creditgate.load.schema_check import check_schema
from creditgate.load.yaml_reader import read_yaml
from creditgate.pipeline import catalogue
from creditgate.scenarios.case import cases_of

HEADER = """\
rulebook: house
title: {en: House rules, zh: 内部规则}
authority: {en: Example member, zh: 示例会员}
extends: [cn/sse]
mode: tightens
in_force: {from: 2020-01-02, cite: {instrument: manual}, evidence: official}
instruments:
  manual: {title: {en: Manual, zh: 手册}, issued: 2020-01-02}
"""
CHAPTER = """\
chapter: {en: Orders, zh: 委托}

rules:
    # four blanks, on purpose
    small_orders:
        title: {en: Orders are small, zh: 委托不得过大}
        on: order
        when: order.action is margin_buy
        require: order.quantity <= 1_000 shares
        reason: order_too_large
        breach: {en: Too large., zh: 数量超限。}
        in_force: [{from: 2020-01-02, cite: {instrument: manual}, evidence: official}]

# an end
"""
TO_FILL_IN = {"CG4001", "CG4002", "CG4006", "CG4014"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Make a house rulebook with one chapter."""
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "rulebook.yaml").write_text(HEADER, "utf-8")
    (folder / "orders.yaml").write_text(CHAPTER, "utf-8")
    return folder


def run(*arguments: str) -> tuple[int, str]:
    """Run the command and return its status and what it printed."""
    result = CliRunner().invoke(group, ["new", "rule", *arguments], standalone_mode=False)
    if result.exception is not None:
        return 2, str(result.exception)
    return int(result.return_value), result.output


def findings(house: Path) -> set[str]:
    """Return the codes of what lint says of the rulebook."""
    shelf = catalogue((house.parent,))
    shelf.checked("house")
    return {finding.code.number for finding in shelf.collector.diagnostics}


def test_a_rule_is_put_at_the_end_of_the_rules_and_the_rest_stays(house: Path) -> None:
    assert run("calm_orders", "--rulebook", str(house), "--chapter", "orders.yaml")[0] == 0
    text = (house / "orders.yaml").read_text("utf-8")
    before, after = CHAPTER.split("\n# an end\n")
    assert text.startswith(before)
    assert text.endswith("\n# an end\n")
    assert "\n    calm_orders:\n      title:" in text
    assert after == ""


@pytest.mark.parametrize("event", ["order", "withdrawal", "account_close_of_day", "short_report"])
def test_lint_finds_only_what_has_to_be_filled_in(house: Path, event: str) -> None:
    run("calm", "--rulebook", str(house), "--chapter", "orders", "--on-event", event)
    assert {"CG4001", "CG4006", "CG4014"} <= findings(house) <= TO_FILL_IN


@pytest.mark.parametrize("event", ["order", "settlement_fail"])
def test_the_scenarios_are_whole_and_hold_three_cases(house: Path, event: str) -> None:
    run("calm", "--rulebook", str(house), "--chapter", "orders", "--on-event", event)
    path = house / "scenarios" / "orders.yaml"
    collector = Collector()
    tree = read_yaml(SourceFile(str(path), path.read_text("utf-8")), collector)
    assert tree is not None
    assert check_schema(tree, "scenarios", collector)
    shelf = catalogue((house.parent,))
    cases = list(cases_of(path, shelf.shelf, shelf.vocabulary(), collector))
    assert not collector.diagnostics
    assert [case.outcome for case in cases] == ["satisfied", "breached", "undecided"]


def test_a_rule_with_a_deadline_has_a_pending_case_too(house: Path) -> None:
    run(
        "calm", "--rulebook", str(house), "--chapter", "orders", "--due",
        "--on-event", "account_close_of_day",
    )  # fmt: skip
    assert "      due: deadline_to_write\n" in (house / "orders.yaml").read_text("utf-8")
    cases = (house / "scenarios" / "orders.yaml").read_text("utf-8")
    assert cases.count("- name:") == 4
    assert "expect: {outcome: pending}" in cases
    assert findings(house) <= TO_FILL_IN


def test_a_rule_on_orders_gets_no_deadline(house: Path) -> None:
    status, output = run("calm", "--rulebook", str(house), "--chapter", "orders", "--due")
    assert status == 2
    assert "a rule on order has no deadline" in output
    assert (house / "orders.yaml").read_text("utf-8") == CHAPTER


def test_what_is_written_is_canonical(house: Path) -> None:
    run("calm", "--rulebook", str(house), "--chapter", "fresh")
    for path in (house / "fresh.yaml", house / "scenarios" / "fresh.yaml"):
        text = path.read_text("utf-8")
        assert canonical(path, SourceFile(str(path), text), Collector()) == text


def test_cases_are_added_behind_those_that_are_there(house: Path) -> None:
    run("calm", "--rulebook", str(house), "--chapter", "orders")
    run("calmer", "--rulebook", str(house), "--chapter", "orders")
    text = (house / "scenarios" / "orders.yaml").read_text("utf-8")
    assert text.count("- name:") == 6
    assert text.index("calm is undecided") < text.index("calmer is satisfied")


def test_the_day_is_the_latest_in_the_files_or_the_one_given(house: Path) -> None:
    run("calm", "--rulebook", str(house), "--chapter", "orders")
    run("calmer", "--rulebook", str(house), "--chapter", "orders", "--from", "2026-01-19")
    text = (house / "orders.yaml").read_text("utf-8")
    assert "- from: 2020-01-02" in text
    assert "- from: 2026-01-19" in text


@pytest.mark.parametrize("name", ["small_orders", "lot", "Calm", "margin_available"])
def test_a_name_that_is_known_or_malformed_is_refused(house: Path, name: str) -> None:
    status, _ = run(name, "--rulebook", str(house), "--chapter", "orders")
    assert status == 2
    assert (house / "orders.yaml").read_text("utf-8") == CHAPTER


def test_an_unknown_event_is_met_with_a_near_one(house: Path) -> None:
    status, output = run("x", "--rulebook", str(house), "--chapter", "orders", "--on-event", "ordr")
    assert status == 2
    assert "did you mean order?" in output


def test_scenarios_of_a_base_name_its_overlays(tmp_path: Path) -> None:
    folder = tmp_path / "base"
    folder.mkdir()
    base = HEADER.replace("extends: [cn/sse]\nmode: tightens\n", "abstract: true\n")
    base = base.replace("rulebook: house", "rulebook: base")
    base += "currency: CNY\ntime_zone: Asia/Shanghai\ncalendars: {trading: XSHG}\n"
    (folder / "rulebook.yaml").write_text(base, "utf-8")
    over = tmp_path / "over"
    over.mkdir()
    header = HEADER.replace("[cn/sse]", "[base]").replace("tightens", "replaces")
    (over / "rulebook.yaml").write_text(
        header.replace("rulebook: house", "rulebook: over")
        + "governs: {order: order.quantity > 0}\n",
        "utf-8",
    )
    assert run("calm", "--rulebook", str(folder), "--chapter", "orders")[0] == 0
    assert "rulebook: [over]\n" in (folder / "scenarios" / "orders.yaml").read_text("utf-8")
