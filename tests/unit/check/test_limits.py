"""Hostile rulebooks get a finding, never a crash or a hang."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.small_facts import COMPLETE, decision, reader
from tests.cases.small_rulebooks import Loaded, load


def loaded(root: Path, chapter: str) -> Loaded:
    return load(root, {"act/chapter.yaml": f"chapter: {{en: Chapter, zh: 章}}\n{chapter}"})


def figures(formulas: list[str]) -> str:
    lines = [
        f"  f{n}: {{<title>, unit: ratio, formula: {formula}}}\n"
        for n, formula in enumerate(formulas)
    ]
    return "figures:\n" + "".join(lines)


def rule(require: str) -> str:
    return f"rules:\n  probe:\n    require: >-\n      {require}\n    <rule>\n"


def test_five_thousand_figures_built_on_one_another_are_refused(tmp_path: Path) -> None:
    chain = ["1%", *(f"f{n} + 1%" for n in range(4_999))]
    found = loaded(tmp_path, figures(chain) + rule("account.score <= f4999"))
    assert found.found() == {"CG3004"}


def test_a_circle_of_five_thousand_figures_is_refused(tmp_path: Path) -> None:
    chain = ["f4999 + 1%", *(f"f{n} + 1%" for n in range(4_999))]
    assert loaded(tmp_path, figures(chain)).found() == {"CG4007"}


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_long_chain_of_conditions_is_checked_and_decided(tmp_path: Path, word: str) -> None:
    parts = ["order.urgent", "order.quantity > 5 shares", "order.type is limit"] * 250
    found = loaded(tmp_path, rule(f" {word} ".join(parts)))
    book = found.accepted("act").rulebook
    facts = reader().from_plain(dict(COMPLETE))
    assert decision(book, facts) == ("rejected" if word == "and" else "approved")


def test_figures_that_double_are_worked_out_once_each(tmp_path: Path) -> None:
    chain = ["account.score", *(f"f{n} - f{n}" for n in range(33))]
    found = loaded(tmp_path, figures(chain) + rule("f33 <= 50%"))
    facts = reader().from_plain(dict(COMPLETE))
    assert decision(found.accepted("act").rulebook, facts) == "approved"


def test_many_mistakes_are_counted_not_kept(tmp_path: Path) -> None:
    found = loaded(tmp_path, figures(["account.scor"] * 2_000))
    assert len(found.diagnostics) == 101
    assert found.diagnostics[-1].message.endswith("more findings are not shown")


def test_a_product_with_zero_of_something_of_either_sign_has_bounds(tmp_path: Path) -> None:
    chapter = """\
parameters: {rate: {<title>, type: ratio, stricter: higher, history: [{from: 2020-01-02, value: 5%, <cite>}]}}
""" + rule("rate * (0% * account.score) <= 5%")
    assert loaded(tmp_path, chapter).found() == set()


def test_a_table_with_too_many_cells_is_refused_before_they_are_made(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(30)]
    columns = ", ".join(f"{name}: security_class" for name in names)
    row = ", ".join(f"{name}: any" for name in names)
    chapter = f"""\
tables:
  wide:
    <title>
    columns: {{{columns}}}
    value: ratio
    history: [{{from: 2020-01-02, <cite>, rows: [{{{row}, value: 5%}}]}}]
"""
    assert loaded(tmp_path, chapter).found() == {"CG2007"}


def test_a_table_with_many_bands_is_read(tmp_path: Path) -> None:
    rows = ["{line: below 1%, value: 0%}", "{line: 200% and above, value: 200%}"]
    rows += [f"{{line: {n}% to below {n + 1}%, value: {n}%}}" for n in range(1, 200)]
    chapter = f"""\
tables:
  steps:
    <title>
    columns: {{line: band of ratio}}
    value: ratio
    history: [{{from: 2020-01-02, <cite>, rows: [{", ".join(rows)}]}}]
""" + rule("steps[account.score] is 50%")
    book = loaded(tmp_path, chapter).accepted("act").rulebook
    assert decision(book, reader().from_plain(dict(COMPLETE))) == "approved"
