"""What generated code calls."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from tests.differential.world import CALENDARS, LAST_DAY

from creditgate.backends.scalar import runtime
from creditgate.domain.facts import MISSING
from creditgate.lowered.calendar_functions import CALENDAR_FUNCTIONS, add_months
from creditgate.lowered.rounding import ROUNDING

QUOTIENTS = [(n, d) for n in range(-12, 13) for d in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-01-15", 0, "2024-01-15"),
        ("9999-12-31", 1, None),
        ("0001-01-01", -1, None),
    ],
)
def test_months_are_added_to_dates(start: str, months: int, end: str | None) -> None:
    found = add_months(date.fromisoformat(start).toordinal(), months)
    assert found == (MISSING if end is None else date.fromisoformat(end).toordinal())


@pytest.mark.parametrize("day", [0, -5, 3_652_060])
def test_months_are_not_added_to_what_is_no_date(day: int) -> None:
    assert add_months(day, 1) is MISSING


@pytest.mark.parametrize(("numerator", "denominator"), QUOTIENTS)
def test_quotients_are_rounded_exactly(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    away = floor(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    found = [round_(numerator, denominator) for round_ in ROUNDING.values()]
    assert found == [floor(exact), ceil(exact), away, round(exact)]


def test_past_the_horizon_of_a_calendar_nothing_is_known() -> None:
    calendar = CALENDARS["TRADING"]
    functions: dict[str, Any] = {name: make(calendar) for name, make in CALENDAR_FUNCTIONS.items()}
    assert functions["add_sessions"](LAST_DAY, 1) is MISSING
    assert functions["first_on_or_after"](LAST_DAY + 1) is MISSING
    assert functions["open_of"](LAST_DAY + 1) is MISSING
    assert functions["add_sessions"](LAST_DAY - 10, 1) == calendar.add_sessions(LAST_DAY - 10, 1)


def test_every_fact_of_a_blank_record_is_missing_and_every_record_beside_it_blank() -> None:
    assert runtime.BLANK.price is MISSING
    assert (runtime.BLANK.security_record or runtime.BLANK) is runtime.BLANK


@pytest.mark.parametrize(
    ("warnings", "expected"),
    [
        ({2, 3}, ((0, 4), (1,), (2,), (3,))),
        ({0, 2, 4}, ((), (1, 3), (0, 2, 4), ())),
        ({3}, ((0, 2, 4), (1,), (), (3,))),
        ({5}, ((0, 2, 4), (1, 3), (), ())),
        (set(), ((0, 2, 4), (1, 3), (), ())),
    ],
)
def test_a_verdict_lists_rules_in_legal_order_and_warnings_apart(
    warnings: set[int], expected: tuple[tuple[int, ...], ...]
) -> None:
    found = runtime.verdict(True, [4, 0, 2], [3, 1], frozenset(warnings))
    assert found == (True, *expected)
