"""Sheets of tables day by day, and what an overlay makes of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.cases.small_rulebooks import load

from creditgate.ir.nodes import Band
from creditgate.ir.rulebook import Rulebook

ACT = """\
chapter: {en: Chapter, zh: 章}
tables:
  lines:
    <title>
    columns: {class: security_class}
    values: {first: ratio, second: ratio}
    stricter: lower
    history:
      - {from: 2020-01-02, <cite>, rows: [{class: any, first: 60%, second: 70%}]}
      - {from: 2021-01-04, <cite>, rows: [{class: fund, first: 50%}]}
      - {from: 2022-01-04, <cite>, rows: [{class: any, second: 80%}, {class: bond, first: 40%}]}
  steps:
    <title>
    columns: {line: band of ratio or none}
    value: ratio
    stricter: lower
    history: [{from: 2020-01-02, <cite>, rows: [{line: any, value: 30%}, {line: 180% and above, value: 80%}]}]
"""
HOUSE = """\
chapter: {en: House, zh: 内部}
tables:
  lines: {fixes: yes, history: [{from: 2021-06-01, <house>, rows: [{class: stock, first: 20%}]}]}
  steps: {fixes: yes, history: [{from: 2021-06-01, <house>, rows: [{line: 240% and above, value: 75%}]}]}
"""


def cells(book: Rulebook, table: str, day: str, column: str = "value") -> dict[str, str]:
    sheet = book.tables[table].history.at(date.fromisoformat(day).toordinal())
    assert sheet is not None
    return {shown(keys[0]): str(row[column].value) for keys, row in sheet.rows}


def shown(key: str | Band | None) -> str:
    return f"{key.low} {key.high}" if isinstance(key, Band) else str(key)


def test_a_later_sheet_restates_only_what_changes(tmp_path: Path) -> None:
    book = load(tmp_path, {"act/chapter.yaml": ACT}).accepted("act").rulebook
    assert book.tables["lines"].history.at(date(2020, 1, 1).toordinal()) is None
    first = [
        cells(book, "lines", day, "first") for day in ("2020-06-01", "2021-06-01", "2022-06-01")
    ]
    assert first == [
        {"stock": "3/5", "fund": "3/5", "bond": "3/5"},
        {"stock": "3/5", "fund": "1/2", "bond": "3/5"},
        {"stock": "3/5", "fund": "1/2", "bond": "2/5"},
    ]
    second = [cells(book, "lines", day, "second") for day in ("2021-06-01", "2022-06-01")]
    assert second == [dict.fromkeys(first[0], "7/10"), dict.fromkeys(first[0], "4/5")]


def test_bands_are_cut_at_every_line_and_none_has_a_row(tmp_path: Path) -> None:
    book = load(tmp_path, {"act/chapter.yaml": ACT}).accepted("act").rulebook
    assert cells(book, "steps", "2020-06-01") == {
        "None": "3/10",
        "None 9/5": "3/10",
        "9/5 None": "4/5",
    }


def test_a_house_cell_stands_from_its_day_on_whatever_the_regulator_restates(
    tmp_path: Path,
) -> None:
    files = {"act/chapter.yaml": ACT, "house/chapter.yaml": HOUSE}
    book = load(tmp_path, files).accepted("house").rulebook
    days = ("2021-05-31", "2021-06-01", "2022-06-01")
    assert [cells(book, "lines", day, "first")["stock"] for day in days] == ["3/5", "1/5", "1/5"]
    assert cells(book, "lines", "2022-06-01", "first")["bond"] == "2/5"
    assert cells(book, "lines", "2022-06-01", "second")["stock"] == "4/5"
    assert cells(book, "steps", "2021-06-01") == {
        "None": "3/10",
        "None 9/5": "3/10",
        "9/5 12/5": "4/5",
        "12/5 None": "3/4",
    }
    assert Fraction("12/5") == Fraction("2.4")
