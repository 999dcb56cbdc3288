"""Scenario files to cases, and what running them says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_facts import VOCABULARY
from tests.cases.small_rulebooks import DEFAULT_HEADERS, WORLD, expanded, write

from creditgate.admit.admission import admit
from creditgate.base.render import render_text
from creditgate.check.load import Catalogue
from creditgate.load.rulebook_files import Shelf
from creditgate.scenarios.case import merged
from creditgate.scenarios.coverage import coverage_gaps
from creditgate.scenarios.run import Result
from creditgate.scenarios.suite import cases_for, run_suites

ACT = """\
chapter: {en: Chapter, zh: 章}
parameters:
  most: {<title>, type: quantity, history: [{from: 2020-01-02, value: 100 shares, <cite>}, {from: 2021-01-04, value: 200 shares, <cite>}]}
figures:
  worth: {<title>, unit: money, formula: sum(h.value for h in account.holdings)}
  doubled: {<title>, of: holding, as: h, unit: money, formula: h.value * 2}
rules:
  size:
    when: order.type is limit
    require: order.quantity <= most
    unless:
      urgent: {when: order.urgent, in_force: [{from: 2022-01-04, <cite>}]}
      makers: {when: claimed(market_making), in_force: [{<since>}]}
    <rule>
determinations:
  status:
    <title>
    on: valuation
    values: {rich: {en: Rich, zh: 富}, poor: {en: Poor, zh: 贫}}
    cases: [{to: rich, when: worth > 100 CNY}, {to: poor}]
    in_force: [{<since>}]
  later:
    <title>
    on: valuation
    values: {rich: {en: Rich, zh: 富}, poor: {en: Poor, zh: 贫}}
    cases: [{to: rich, when: worth >= 0}, {to: poor}]
    in_force: [{from: 2022-01-04, <cite>}]
"""
WAITING = """\
chapter: {en: Chapter, zh: 章}
rules:
  paid:
    <title>
    on: delivery
    require: account.debt <= account.cash
    due: account.opened_on + 2 trading days
    reason: too_thin
    breach: {en: Not so., zh: 不符。}
    in_force: [{<since>}]
  covered:
    <title>
    on: delivery
    require: account.debt <= account.cash
    due: open of (account.opened_on + 2 trading days)
    reason: too_thin
    breach: {en: Not so., zh: 不符。}
    in_force: [{<since>}]
"""
GIVEN = """\
rulebook: act
given:
  order: {action: open_long, type: limit, quantity: 150, price: 10, security: S1, urgent: no}
  account: {holdings: [{id: "1", value: 60}, {id: "2", value: 70}]}
  securities: [{id: S1, class: stock, price: 10}, {id: S2, class: fund, price: 2}]
cases:
"""
GOVERNING = DEFAULT_HEADERS["act"].replace('order: "yes"', 'order: "yes", delivery: "yes"')


def run(
    root: Path, cases: str, act: str = ACT, header: str = DEFAULT_HEADERS["act"]
) -> tuple[Catalogue, Sequence[Result]]:
    write(root, {"act/rulebook.yaml": header, "act/chapter.yaml": act})
    folder = root / "act" / "scenarios"
    folder.mkdir()
    (folder / "chapter.yaml").write_text(expanded(GIVEN + cases), encoding="utf-8")
    shelf = Catalogue(Shelf((root, WORLD)), admit)
    return shelf, run_suites(shelf, ["act"])


def said(root: Path, case: str) -> tuple[str, ...]:
    shelf, results = run(root, f"  - name: a case\n{case}")
    assert not shelf.collector.diagnostics, render_text(shelf.collector.diagnostics)
    (result,) = results
    assert result.passed is not bool(result.problems)
    return result.problems


@pytest.mark.parametrize(
    ("case", "problems"),
    [
        ("    rule: size\n    on: 2020-06-01\n    expect: {outcome: breached, decision: rejected}", ()),
        (
            "    rule: size\n    on: 2021-06-01\n    expect: {outcome: breached}",
            ("the rule is satisfied, not breached",),
        ),
        (
            "    rule: size\n    on: 2021-06-01\n    expect: {outcome: satisfied, decision: rejected}",
            ("the decision is approved, not rejected (no rule)",),
        ),
        (
            "    rule: size\n    on: 2020-06-01\n    expect: {outcome: breached, decision: approved}",
            ("the decision is rejected, not approved (act/size)",),
        ),
        ("    rule: size\n    on: 2020-06-01\n    missing: [order.quantity]\n    expect: {outcome: undecided}", ()),
        ("    rule: size\n    on: 2020-06-01\n    claims: [market_making]\n    expect: {outcome: not_applicable}", ()),
        ("    rule: size\n    on: 2020-06-01\n    facts: {order: {quantity: 100}}\n    expect: {outcome: satisfied}", ()),
        ("    rule: size\n    on: 2019-06-03\n    expect: {outcome: out_of_scope, decision: out_of_scope}", ()),
        ("    figure: worth\n    on: 2020-06-01\n    expect: {value: 130 CNY}", ()),
        (
            "    figure: worth\n    on: 2020-06-01\n    expect: {value: 131 CNY}",
            ("the figure is 130, not 131 CNY",),
        ),
        ("    figure: worth\n    on: 2020-06-01\n    missing: [account.holdings.2.value]\n    expect: {value: unknown}", ()),
        ("    figure: order.security.price\n    on: 2020-06-01\n    expect: {value: 10 CNY/share}", ()),
        ("    figure: order.security.class\n    on: 2020-06-01\n    facts: {order: {security: S2}}\n    expect: {value: fund}", ()),
        ("    determination: status\n    event: valuation\n    on: 2020-06-01\n    expect: {value: rich}", ()),
        (
            "    determination: status\n    event: valuation\n    on: 2020-06-01\n    facts: {account: {holdings: []}}\n    expect: {value: rich}",
            ("the status is poor, not rich",),
        ),
        ("    determination: status\n    event: valuation\n    on: 2020-06-01\n    missing: [account.holdings]\n    expect: {value: unknown}", ()),
        ("    determination: later\n    event: valuation\n    on: 2021-12-31\n    expect: {value: not_in_force}", ()),
        ("    determination: later\n    event: valuation\n    on: 2022-01-04\n    expect: {value: rich}", ()),
        (
            "    determination: later\n    event: valuation\n    on: 2022-01-04\n    expect: {value: not_in_force}",
            ("the status is rich, not not_in_force",),
        ),
        (
            "    determination: later\n    event: valuation\n    on: 2021-12-31\n    expect: {value: unknown}",
            ("the status is not_in_force, not unknown",),
        ),
        (
            "    determination: latter\n    event: valuation\n    on: 2022-01-04\n    expect: {value: rich}",
            ("there is no determination latter",),
        ),
        ("    figure: account.holdings[2].value\n    on: 2020-06-01\n    expect: {value: 70 CNY}", ()),
        ("    figure: account.holdings[2].doubled\n    on: 2020-06-01\n    expect: {value: 140 CNY}", ()),
        ("    figure: account.holdings[2].doubled\n    on: 2020-06-01\n    missing: [account.holdings.2.value]\n    expect: {value: unknown}", ()),
        ("    figure: account.holdings[2].doubled\n    on: 2020-06-01\n    missing: [account.holdings]\n    expect: {value: unknown}", ()),
        (
            "    figure: account.holdings[3].doubled\n    on: 2020-06-01\n    expect: {value: unknown}",
            ("there is no account.holdings[3] among the facts of this case",),
        ),
        (
            "    rule: sise\n    on: 2020-06-01\n    expect: {outcome: breached}",
            ("the rule is no such rule, not breached",),
        ),
    ],
)  # fmt: skip
def test_a_case_says_what_differs(tmp_path: Path, case: str, problems: tuple[str, ...]) -> None:
    assert said(tmp_path, f"{case}\n") == problems


LATE = "event: delivery\n    facts: {account: {cash: 1, debt: 2, opened_on: 2020-06-01}, order: {entered_at: 2020-06-03T09:29:59+08:00}}"


@pytest.mark.parametrize(
    ("case", "problems"),
    [
        (f"    rule: paid\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, decision: pending, due: 2020-06-03}}", ()),
        (f"    rule: paid\n    on: 2020-06-03\n    {LATE}\n    expect: {{outcome: breached, decision: rejected, due: 2020-06-03}}", ()),
        (
            f"    rule: paid\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, due: 2020-06-04}}",
            ("the deadline is 2020-06-03, not 2020-06-04",),
        ),
        (
            f"    rule: paid\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, due: 2020-06-03T00:00:00}}",
            ("the deadline is 2020-06-03, not 2020-06-03T00:00:00",),
        ),
        (
            f"    rule: paid\n    on: 2020-06-02\n    {LATE}\n    missing: [account.opened_on]\n    expect: {{outcome: undecided, due: 2020-06-03}}",
            ("the deadline is not shown, not 2020-06-03",),
        ),
        (f"    rule: covered\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, due: 2020-06-03T09:30:00+08:00}}", ()),
        (f"    rule: covered\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, due: 2020-06-03T01:30:00Z}}", ()),
        (
            f"    rule: covered\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending, due: 2020-06-03T09:30:00}}",
            ("the deadline is 2020-06-03T09:30:00+08:00, not 2020-06-03T09:30:00",),
        ),
        (f"    rule: covered\n    on: 2020-06-02\n    {LATE}\n    missing: [order.entered_at]\n    expect: {{outcome: undecided}}", ()),
    ],
)  # fmt: skip
def test_a_case_expects_a_deadline(tmp_path: Path, case: str, problems: tuple[str, ...]) -> None:
    shelf, results = run(tmp_path, f"  - name: a case\n{case}\n", WAITING, GOVERNING)
    assert not shelf.collector.diagnostics, render_text(shelf.collector.diagnostics)
    assert [result.problems for result in results] == [problems]


def test_a_rule_with_a_deadline_wants_a_pending_case(tmp_path: Path) -> None:
    case = f"  - name: a case\n    rule: paid\n    on: 2020-06-02\n    {LATE}\n    expect: {{outcome: pending}}\n"
    shelf, results = run(tmp_path, case, WAITING, GOVERNING)
    gaps = coverage_gaps(shelf, ["act"], results)
    assert "act/covered: no case in which it is pending" in gaps
    assert "act/paid: no case in which it is pending" not in gaps
    shelf, results = run(
        tmp_path / "plain",
        "  - {name: one, rule: size, on: 2020-06-01, expect: {outcome: breached}}\n",
    )
    assert not any("pending" in gap for gap in coverage_gaps(shelf, ["act"], results))


def test_a_fact_that_is_not_stated_cannot_be_missing(tmp_path: Path) -> None:
    shelf, results = run(
        tmp_path,
        "  - name: a case\n    rule: size\n    on: 2020-06-01\n    missing: [order.mark]\n    expect: {outcome: breached}\n",
    )
    assert not results
    assert [d.code.number for d in shelf.collector.diagnostics] == ["CG9002"]


def test_facts_that_are_refused_are_said(tmp_path: Path) -> None:
    problems = said(
        tmp_path,
        "    rule: size\n    on: 2020-06-01\n    facts: {order: {quantity: 0}}\n    expect: {outcome: breached}\n",
    )
    assert len(problems) == 1
    assert problems[0].startswith("the facts are refused: ")


def test_cases_may_be_chosen_by_a_word_of_their_name(tmp_path: Path) -> None:
    body = "    rule: size\n    on: 2020-06-01\n    expect: {outcome: breached}\n"
    shelf, _ = run(tmp_path, f"  - name: first of all\n{body}  - name: second\n{body}")
    assert len(cases_for(shelf, ["act"])) == 2
    assert [r.case.name for r in run_suites(shelf, ["act"], only="first")] == ["first of all"]


@pytest.mark.parametrize(
    ("given", "facts", "result"),
    [
        ({"order": {"a": 1}}, {"order": {"b": 2}}, {"order": {"a": 1, "b": 2}}),
        ({"order": {"a": 1}}, {"order": {"a": 2}}, {"order": {"a": 2}}),
        ({"account": {"holdings": [1]}}, {"account": {"holdings": []}}, {"account": {"holdings": []}}),
        (
            {"securities": [{"id": "S1", "price": 1}]},
            {"securities": [{"id": "S1", "class": "stock"}, {"id": "S2"}]},
            {"securities": [{"id": "S1", "price": 1, "class": "stock"}, {"id": "S2"}]},
        ),
        (None, {"order": {"a": 1}}, {"order": {"a": 1}}),
        ({"order": {"a": 1}}, None, {"order": {"a": 1}}),
    ],
)  # fmt: skip
def test_maps_merge_lists_replace_and_rows_merge_by_key(
    given: Any, facts: Any, result: Any
) -> None:
    assert merged(given, facts, VOCABULARY) == result


def test_merging_leaves_what_was_given_as_it_was() -> None:
    given = {"order": {"a": [1]}, "securities": [{"id": "S1"}]}
    result = merged(given, {"securities": [{"id": "S1", "price": 1}]}, VOCABULARY)
    result["order"]["a"].append(2)
    assert given == {"order": {"a": [1]}, "securities": [{"id": "S1"}]}


def test_what_no_case_stands_on_is_named(tmp_path: Path) -> None:
    shelf, results = run(
        tmp_path,
        """\
  - {name: one, rule: size, on: 2020-06-01, expect: {outcome: breached}}
  - {name: two, rule: size, on: 2021-01-04, expect: {outcome: satisfied}}
  - {name: three, rule: size, on: 2022-01-04, expect: {outcome: satisfied}}
""",
    )
    gaps = coverage_gaps(shelf, ["act"], results)
    assert "act/size: no case in which it is undecided" in gaps
    assert "act/size: no case in which it is breached" not in gaps
    assert any("no case on 2021-01-01" in gap and "most" in gap for gap in gaps)
    assert not any("most: no case on 2021-01-04" in gap for gap in gaps)
    assert any("act/size.urgent: no case on 2022-01-03" in gap for gap in gaps)
    assert not any("act/size.urgent: no case on 2022-01-04" in gap for gap in gaps)


def test_a_case_that_fails_covers_nothing(tmp_path: Path) -> None:
    case = "  - {name: one, rule: size, on: 2020-06-01, expect: {outcome: satisfied}}\n"
    shelf, results = run(tmp_path, case)
    gaps = coverage_gaps(shelf, ["act"], results)
    assert "act/size: no case in which it is breached" in gaps


GAPS = {
    "no case for its value": "act/worth: no case for its value",
    "unknown figure": "act/worth: no case in which it is unknown",
    "rich": "act/status: no case in which it is rich",
    "poor": "act/status: no case in which it is poor",
    "unknown status": "act/status: no case in which it is unknown",
    "below most": "act/size: no case below the limit of `order.quantity <= most`",
    "on most": "act/size: no case exactly on the limit of `order.quantity <= most`",
    "above most": "act/size: no case above the limit of `order.quantity <= most`",
    "on 100": "act/status: no case exactly on the limit of `worth > 100.00 CNY`",
    "above 100": "act/status: no case above the limit of `worth > 100.00 CNY`",
}


@pytest.mark.parametrize(
    ("case", "covered"),
    [
        ("figure: worth, on: 2020-06-01, expect: {value: 130 CNY}", {"no case for its value"}),
        (
            "figure: worth, on: 2020-06-01, missing: [account.holdings.2.value], expect: {value: unknown}",
            {"unknown figure"},
        ),
        (
            "determination: status, event: valuation, on: 2020-06-01, expect: {value: rich}",
            {"rich", "above 100"},
        ),
        (
            'determination: status, event: valuation, on: 2020-06-01, facts: {account: {holdings: [{id: "1", value: 100}]}}, expect: {value: poor}',
            {"poor", "on 100"},
        ),
        (
            "determination: status, event: valuation, on: 2020-06-01, missing: [account.holdings], expect: {value: unknown}",
            {"unknown status"},
        ),
        ("rule: size, on: 2020-06-01, expect: {outcome: breached}", {"above most"}),
        ("rule: size, on: 2021-06-01, expect: {outcome: satisfied}", {"below most"}),
        (
            "rule: size, on: 2020-06-01, facts: {order: {quantity: 100}}, expect: {outcome: satisfied}",
            {"on most"},
        ),
        ("figure: worth, on: 2020-06-01, expect: {value: 131 CNY}", set()),
        ("figure: worth, on: 2019-06-03, expect: {value: unknown}", set()),
        (
            "determination: status, event: valuation, on: 2019-06-03, expect: {value: unknown}",
            set(),
        ),
    ],
)  # fmt: skip
def test_values_statuses_and_sides_of_limits_without_a_case_are_named(
    tmp_path: Path, case: str, covered: set[str]
) -> None:
    shelf, results = run(tmp_path, f"  - {{name: one, {case}}}\n")
    gaps = set(coverage_gaps(shelf, ["act"], results))
    assert {name for name, gap in GAPS.items() if gap not in gaps} == covered


def test_a_figure_of_a_row_is_covered_by_a_case_that_names_the_row(tmp_path: Path) -> None:
    shelf, results = run(
        tmp_path,
        """\
  - {name: one, figure: "account.holdings[2].doubled", on: 2020-06-01, expect: {value: 140 CNY}}
  - {name: two, figure: "account.holdings[2].doubled", on: 2020-06-01, missing: [account.holdings.2.value], expect: {value: unknown}}
""",
    )
    gaps = coverage_gaps(shelf, ["act"], results)
    assert "act/worth: no case for its value" in gaps
    assert not any("act/doubled" in gap for gap in gaps)


def test_a_side_on_which_nothing_can_stand_is_not_asked_for(tmp_path: Path) -> None:
    act = ACT.replace("when: worth > 100 CNY", "when: count(h for h in account.holdings) > 0")
    assert act != ACT
    shelf, results = run(
        tmp_path, "  - {name: one, rule: size, on: 2020-06-01, expect: {outcome: breached}}\n", act
    )
    limits = {gap for gap in coverage_gaps(shelf, ["act"], results) if "count(" in gap}
    assert {gap.split(" the limit")[0] for gap in limits} == {
        "act/status: no case exactly on",
        "act/status: no case above",
    }


def test_a_case_may_be_judged_with_what_was_known_and_covers_nothing_then(tmp_path: Path) -> None:
    act = ACT.replace(
        "{from: 2021-01-04, value: 200 shares, <cite>}",
        "{from: 2021-01-04, published: 2020-12-01, value: 200 shares, <cite>}",
    )
    case = "rule: size, on: 2021-01-04"
    shelf, results = run(
        tmp_path,
        f"""\
  - {{name: before, {case}, known_on: 2020-11-30, expect: {{outcome: breached, decision: rejected}}}}
  - {{name: after, {case}, known_on: 2020-12-01, expect: {{outcome: satisfied}}}}
  - {{name: nothing, {case}, known_on: 2019-11-30, expect: {{outcome: out_of_scope}}}}
  - {{name: none, figure: worth, on: 2021-01-04, known_on: 2019-11-30, expect: {{value: unknown}}}}
""",
        act,
    )
    assert [result.problems for result in results] == [(), (), (), ()]
    gaps = coverage_gaps(shelf, ["act"], results)
    assert "act/size: no case in which it is breached" in gaps
    assert any("most: no case on 2021-01-04" in gap for gap in gaps)
