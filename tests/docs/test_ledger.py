"""Nothing of the law is left out in silence: the ledger has a row for every numbered rule."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.docs.ledger import fate_of, grades_of, ledger, parts_of_ledger, problems_of
from tests.docs.pages import ROOT

PARTS = parts_of_ledger()
# The numbers that the inventory of the law gives to changes, rules and constants.
CHINESE_CHANGES = [f"T{number}" for number in range(23)]
CHINESE_RULES = [f"R-{number:02}" for number in range(1, 45) if number not in range(5, 10)]
AMERICAN_CONSTANTS = [f"K{number:02}" for number in range(1, 71)]


def items() -> set[str]:
    return {entry["item"] for part in PARTS.values() for entry in part["entries"]}


@pytest.mark.parametrize("part", PARTS)
def test_every_entry_says_what_became_of_it_and_names_what_exists(part: str) -> None:
    found = [problem for entry in PARTS[part]["entries"] for problem in problems_of(entry)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("part", PARTS)
def test_no_number_stands_twice_in_a_part(part: str) -> None:
    counted = Counter(entry["item"] for entry in PARTS[part]["entries"])
    assert [item for item, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("number", [*CHINESE_CHANGES, *CHINESE_RULES, *AMERICAN_CONSTANTS], ids=str)
def test_every_number_of_the_inventory_has_its_row(number: str) -> None:
    assert any(re.search(rf"(?<!\w){number}(?!\d)", item) for item in items())


def test_a_row_that_says_nothing_is_found() -> None:
    title = {"en": "Something", "zh": "某事"}
    assert fate_of({"item": "X1", "title": title}) is None
    assert list(problems_of({"item": "X1", "title": title}))
    assert list(problems_of({"item": "X1", "title": title, "encoded": ["cn/sse/no_such_rule"]}))
    assert list(problems_of({"item": "X1", "title": title, "not_encoded": "too_hard"}))
    assert list(problems_of({"item": "X1", "title": title, "delegated": "exchange", "to": ["a.b"]}))


def test_the_ledger_is_up_to_date() -> None:
    page = (ROOT / "docs" / "ledger.md").read_text("utf-8")
    assert ledger() in page, "run `python -m tests.docs.generate`"


def test_the_open_points_name_what_exists() -> None:
    page = (ROOT / "docs" / "open_points.md").read_text("utf-8")
    named = re.findall(r"`([a-z_]+(?:/[a-z0-9_]+)+)`", page)
    assert len(named) > 20
    assert [name for name in named if not grades_of(name)] == []
