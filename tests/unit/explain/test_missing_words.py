"""What is missing, and other causes, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from creditgate.explain.missing_words import cause_words, titles_of
from creditgate.ir.operators import OPERATORS
from creditgate.pipeline import catalogue

ENGINE = Path(__file__).parents[3] / "engine" / "creditgate"
CHINESE = re.compile("[\u4e00-\u9fff]")
#: Where evaluators and the gate word a cause.
WORDED_IN = ("reference/evaluate.py", "reference/judge.py", "explain/computed.py")
CAUSE = re.compile(r'(?:_reason\(|reasons=frozenset\(\s*\{)\s*f?"([^"]+)"')


def causes() -> set[str]:
    """Return every cause that the engine can give, with its placeholders filled."""
    found = {row.fails for row in OPERATORS.values() if row.fails}
    for name in WORDED_IN:
        found |= set(CAUSE.findall((ENGINE / name).read_text("utf-8")))
    filled = {re.sub(r"\{[^}]*\}", "x", cause) for cause in found}
    calendars = {f"{row.fails} (XSHG)" for row in OPERATORS.values() if "horizon" in str(row.fails)}
    return filled | calendars | {
        "the list `x` is of 2026-02-02, not of 2026-02-03",
        "the list `x` is of 2026-02-02, and the day of the event is not known",
        "no rulebook that governs has a figure of this name on this day",
        "the result is outside what can be computed",
    }  # fmt: skip


@pytest.mark.parametrize("cause", sorted(causes()))
def test_every_cause_has_words_in_both_languages(cause: str) -> None:
    assert cause_words(cause, "en") == cause
    chinese = cause_words(cause, "zh")
    assert CHINESE.search(chinese), chinese
    assert "None" not in chinese
    assert "{" not in chinese


def test_a_cause_that_nobody_knows_stays_as_it_is() -> None:
    assert cause_words("something else", "zh") == "something else"


def test_a_path_is_called_by_the_fact_it_ends_in() -> None:
    vocabulary = catalogue().vocabulary()
    assert vocabulary is not None
    titles = titles_of(
        [
            "market.last_price",
            "member",
            "account.collateral[600036].security.price",
            "order.security (600000)",
            "securities[600000].price",
            "no.such",
        ],
        vocabulary,
    )
    assert {path: title.en for path, title in titles.items()} == {
        "market.last_price": "Last trade price",
        "member": "Member",
        "account.collateral[600036].security.price": "Valuation price",
        "order.security (600000)": "security 600000",
        "securities[600000].price": "Valuation price",
    }
