"""Generated cases hold, show all that they are to show, and notice every planted change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
import yaml
from tests.bad_input.processes import creditgate
from tests.generate.planted_rulebook import (
    Change,
    changes,
    china_in,
    generated,
    here,
    planted_in,
)

pytest.importorskip("z3")

SHIPPED_RULES: Final = (
    "short_price_not_below_last", "whole_lots", "return_from_next_trading_day",
    "client_financing_within_cap",
)  # fmt: skip
SHIPPED_CHANGES: Final = (
    (
        "trading.yaml",
        Change(
            "a lot moved by one unit",
            "type: quantity\n    history:\n      - from: 2010-03-31\n        value: 100 shares\n"
            "        cite: {instrument: pilot_2006}\n        evidence: secondary",
            "type: quantity\n    history:\n      - from: 2010-03-31\n        value: 101 shares\n"
            "        cite: {instrument: pilot_2006}\n        evidence: secondary",
        ),
    ),
    (
        "trading.yaml",
        Change(
            "a delay moved by one day",
            "type: duration\n    history:\n      - from: 2015-08-04\n        value: 1 trading",
            "type: duration\n    history:\n      - from: 2015-08-04\n        value: 2 trading",
        ),
    ),
    ("member_limits.yaml", Change("at most made less than", "order_value <= client_financing_cap", "order_value < client_financing_cap")),
)  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the planted rulebook with its generated cases."""
    rulebook = planted_in(tmp_path_factory.mktemp("planted"))
    done = generated(rulebook)
    assert done.status == 0, done.said
    (rulebook.parent / "summary.json").write_text(done.out, "utf-8")
    return rulebook


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shipped rulebook of Shanghai with generated cases of a few rules alone."""
    rulebook = china_in(tmp_path_factory.mktemp("china"))
    named = [part for rule in SHIPPED_RULES for part in ("--rule", rule)]
    assert generated(rulebook, *named).status == 0
    return rulebook


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder for a copy that is changed."""
    return tmp_path / "copy"


@pytest.mark.parametrize("which", ["planted", "shipped"])
def test_all_cases_hold_as_a_process_finds(which: str, request: pytest.FixtureRequest) -> None:
    rulebook = request.getfixturevalue(which)
    done = creditgate("test", rulebook)
    assert done.status == 0, done.said
    passed, failed = done.out.split()[0], done.out.split()[2]
    assert int(passed) > 60
    assert failed == "0"


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.what)
def test_a_planted_change_turns_a_case_red(change: Change, planted: Path, copy: Path) -> None:
    rulebook = Path(shutil.copytree(planted, copy / planted.name))
    change.made_in(rulebook / "rules.yaml")
    done = here("test", rulebook)
    assert done.status == 1, done.said
    assert "FAILED planted" in done.out


@pytest.mark.parametrize(
    ("chapter", "change"), SHIPPED_CHANGES, ids=lambda each: getattr(each, "what", each)
)
def test_a_changed_shipped_rule_turns_a_case_red(
    chapter: str, change: Change, shipped: Path, copy: Path
) -> None:
    root = Path(shutil.copytree(shipped.parents[1], copy))
    change.made_in(root / "cn" / "margin_trading" / chapter)
    done = here("test", root / "cn" / "sse")
    assert done.status == 1, done.said
    assert "FAILED cn/sse" in done.out


def test_conditions_inside_figures_are_shown_where_they_are_asked_for(tmp_path: Path) -> None:
    rulebook = planted_in(tmp_path)
    assert generated(rulebook, "--rule", "owed_within_limit", "--figures").status == 0
    change = Change("a sum over all rows", " where c.security is order.security", "")
    change.made_in(rulebook / "rules.yaml")
    done = here("test", rulebook)
    assert done.status == 1, done.said


def test_all_that_is_to_be_shown_is_shown_or_proved_to_be_impossible(planted: Path) -> None:
    found = json.loads((planted.parent / "summary.json").read_text("utf-8"))
    assert found["not_decided"] == 0
    assert found["covered"] == 0
    assert found["obligations"] == found["met"] + found["infeasible"]
    assert found["versions"] == 8  # one rule has two meanings
    proved = [
        (part["rule"], unmet["what"]["en"])
        for part in found["by_version"]
        for unmet in part["unmet"]
        if unmet["verdict"] == "infeasible"
    ]
    below = "`account.accrued_interest_and_fees is 0.00 CNY` decides one unit below its limit"
    assert proved == [("planted/line_kept", below)]


def test_a_limit_is_met_exactly_and_one_unit_off_it(planted: Path) -> None:
    (file,) = (planted / "scenarios").iterdir()
    cases = yaml.safe_load(file.read_text("utf-8"))["cases"]
    found = {
        (case["facts"]["order"]["price"], case["expect"]["outcome"])
        for case in cases
        if case["rule"] == "not_below_last" and "limit, the order's" in case["name"]
    }
    assert found == {(10.0, "satisfied"), (9.9999, "breached"), (10.0001, "satisfied")}


def test_the_file_says_that_it_pins_behaviour_and_not_law(planted: Path) -> None:
    (file,) = (planted / "scenarios").iterdir()
    head = file.read_text("utf-8").partition("rulebook:")[0]
    assert "behaviour, not law" in head
    assert "不代表法规要求" in head


def test_the_file_is_in_canonical_form(planted: Path) -> None:
    done = here("fmt", "--check", planted / "scenarios")
    assert done.status == 0, done.said


def test_the_same_rulebook_gives_the_same_bytes(tmp_path: Path) -> None:
    rulebook = planted_in(tmp_path)
    into = rulebook / "scenarios" / "generated_rules.yaml"
    found = set()
    for seed in ("1", "2"):  # into an empty place, and over what was generated
        done = creditgate(
            "test", rulebook, "--generate", "--rule", "owed_within_limit", "--rule", "returned_later",
            "--into", into.parent, environment={"PYTHONHASHSEED": seed},
        )  # fmt: skip
        assert done.status == 0, done.said
        found.add(into.read_bytes())
    assert len(found) == 1


def test_what_scenarios_cover_is_counted_and_not_written_again(planted: Path, copy: Path) -> None:
    rulebook = Path(shutil.copytree(planted, copy / planted.name))
    (file,) = (rulebook / "scenarios").iterdir()
    lines = file.read_text("utf-8").splitlines(keepends=True)
    by_hand = rulebook / "scenarios" / "by_hand.yaml"
    by_hand.write_text("".join(line for line in lines if not line.startswith("#")), "utf-8")
    file.unlink()
    again = json.loads(generated(rulebook).out)
    assert (again["cases"], again["files"]) == (0, [])
    assert again["covered"] == again["obligations"] - again["infeasible"]
    everything = json.loads(generated(rulebook, "--all", "--rule", "owed_within_limit").out)
    assert everything["cases"] >= 10
    assert file.is_file()


def test_one_rule_as_it_stands_on_one_day(tmp_path: Path) -> None:
    named = ("--rule", "planted/margin_covers", "--on", "2024-06-03")
    rulebook = planted_in(tmp_path)
    found = json.loads(generated(rulebook, *named).out)
    assert [part["rule"] for part in found["by_version"]] == ["planted/margin_covers"]
    (file,) = (rulebook / "scenarios").iterdir()
    cases = yaml.safe_load(file.read_text("utf-8"))["cases"]
    assert {case["rule"] for case in cases} == {"margin_covers"}
    # YAML takes `on` for yes.
    assert {case[True].isoformat() for case in cases} == {"2024-06-03"}
    assert any("Exchange-traded fund" in case["name"] for case in cases)


def test_rules_that_stand_in_the_base_alike_are_left_to_it(tmp_path: Path) -> None:
    planted_in(tmp_path)
    house = tmp_path / "house"
    house.mkdir()
    (house / "rulebook.yaml").write_text(
        "rulebook: house\ntitle: {en: House rules, zh: 内部规则}\n"
        "authority: {en: Example member (invented), zh: 示例会员（虚构）}\n"
        "extends: [planted]\nmode: tightens\n"
        "instruments: {manual: {title: {en: Manual, zh: 手册}, issued: 2019-12-02}}\n",
        "utf-8",
    )
    (house / "lots.yaml").write_text(
        "chapter: {en: Limits, zh: 限额}\nparameters:\n  short_ratio:\n    fixes: true\n"
        "    history: [{from: 2024-01-02, value: 90%, cite: {instrument: manual}, evidence: official}]\n",
        "utf-8",
    )
    found = json.loads(generated(house).out)
    assert {part["rule"] for part in found["by_version"]} == {"planted/margin_covers"}
    assert found["left_to_base"] > 0
    assert here("test", house).status == 0


def test_the_summary_is_in_chinese_too(tmp_path: Path) -> None:
    rulebook = planted_in(tmp_path)
    done = here(
        "test", rulebook, "--generate", "--rule", "line_kept", "--lang", "zh",
        "--into", tmp_path / "cases.yaml",
    )  # fmt: skip
    assert done.status == 0, done.said
    assert (
        "不可能（已证明）：`account.accrued_interest_and_fees is 0.00 CNY` 低于界限一个单位时决定结果"
        in done.out
    )
    assert "planted：规则 1 条" in done.out
    assert "文件在别处" in done.out
