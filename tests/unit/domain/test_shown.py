"""Exact values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.domain.citation import Bilingual, weakest
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    QUANTITY,
    RATIO_NUMBER,
    SECONDS,
    TEXT,
    TIME,
    Duration,
    Enum,
    Number,
    Optional,
    SetOf,
    Type,
)  # fmt: skip
from creditgate.domain.shown import decimal_text, shown
from creditgate.domain.units import money, price
from creditgate.domain.vocabulary import EnumDeclaration, Vocabulary

ALWAYS_THE_SAME = settings(derandomize=True, database=None, deadline=None)

WORDS = Vocabulary(
    {},
    {
        "security_class": EnumDeclaration(
            "security_class",
            Bilingual("Class", "类别"),
            {"stock": Bilingual("Stock", "股票"), "fund": Bilingual("Fund", "基金")},
        )
    },
    {},
    {},
    {},
)
CLASS = Enum("security_class")
NOON = int(datetime(2024, 7, 1, 4, 0, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("value", "kind", "english", "chinese"),
    [
        (True, BOOLEAN, "yes", "是"),
        (False, BOOLEAN, "no", "否"),
        (None, Optional(DATE), "none", "无"),
        (Fraction(1234567), COUNT, "1,234,567", "1,234,567"),
        (Fraction(-5, 2), COUNT, "-2.5", "-2.5"),
        (Fraction(13, 10), RATIO_NUMBER, "130%", "130%"),
        (Fraction(1, 3), RATIO_NUMBER, "33.333333…%", "33.333333…%"),
        (Fraction(1000), QUANTITY, "1,000 shares", "1,000股"),
        (Fraction(10001, 2), Number(money("CNY")), "5,000.50 CNY", "5,000.50 CNY"),
        (Fraction(123456, 10000), Number(price("USD")), "12.3456 USD/share", "12.3456 USD/share"),
        (date(2024, 2, 29).toordinal(), DATE, "2024-02-29", "2024-02-29"),
        (570, TIME, "09:30", "09:30"),
        (NOON, INSTANT, "2024-07-01T04:00:00+00:00", "2024-07-01T04:00:00+00:00"),
        (24 * 3_600_000_000, SECONDS, "24 hours", "24小时"),
        (1_500_000, SECONDS, "1.5 seconds", "1.5秒"),
        (2, Duration("trading_days"), "2 trading days", "2个交易日"),
        (6, Duration("months"), "6 months", "6个月"),
        ("stock", CLASS, "Stock", "股票"),
        ("warrant", CLASS, "warrant", "warrant"),
        (frozenset({"stock", "fund"}), SetOf(CLASS), "Fund, Stock", "基金、股票"),
        ("600000", TEXT, "600000", "600000"),
    ],
)
def test_a_value_is_shown_in_both_languages(
    value: Any, kind: Type, english: str, chinese: str
) -> None:
    assert shown(value, kind, WORDS, "en") == english
    assert shown(value, kind, WORDS, "zh") == chinese


def test_an_instant_is_shown_in_a_zone() -> None:
    assert shown(NOON, INSTANT, WORDS, zone="Asia/Shanghai") == "2024-07-01T12:00:00+08:00"


@ALWAYS_THE_SAME
@given(st.fractions(-10_000, 10_000, max_denominator=1_000_000))
def test_a_number_that_ends_is_shown_exactly(value: Fraction) -> None:
    text = decimal_text(value, 2)
    if text.endswith("…"):
        assert (value * 10**6).denominator != 1
    else:
        assert Fraction(text.replace(",", "")) == value
    assert len(text.rstrip("…").partition(".")[2]) >= 2


@ALWAYS_THE_SAME
@given(st.fractions(-10_000, 10_000), st.integers(0, 6))
def test_a_cut_number_is_never_rounded_away_from_zero(value: Fraction, places: int) -> None:
    shown_value = Fraction(decimal_text(value, places).replace(",", "").rstrip("…"))
    assert abs(shown_value) <= abs(value) < abs(shown_value) + Fraction(1, 10**6)


def test_the_weakest_grade_of_evidence_wins() -> None:
    assert weakest([]) == "official"
    assert weakest(["official", "reproduced"]) == "reproduced"
    assert weakest(["unverified", "official", "secondary"]) == "unverified"
