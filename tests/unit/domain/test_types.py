"""Types: equality by structure, and their words."""

from __future__ import annotations

import pytest

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    DAYS,
    INSTANT,
    NOTHING,
    QUANTITY,
    RATIO_NUMBER,
    SECONDS,
    TEXT,
    TIME,
    Duration,
    Enum,
    Failed,
    ListOf,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
    describe,
    is_ordered,
    without_none,
)  # fmt: skip
from creditgate.domain.units import money, price

DESCRIBED = [
    (BOOLEAN, "yes or no", False),
    (COUNT, "number", True),
    (RATIO_NUMBER, "ratio", True),
    (QUANTITY, "quantity of shares", True),
    (Number(money("CNY")), "CNY", True),
    (Number(price("USD")), "USD/share", True),
    (DATE, "date", True),
    (TIME, "time of day", True),
    (INSTANT, "instant", True),
    (DAYS, "days", True),
    (SECONDS, "seconds", True),
    (Duration("trading_days"), "trading days", True),
    (TEXT, "text", False),
    (Enum("order_type"), "enum order_type", False),
    (SetOf(TEXT), "set of text", False),
    (Record("security"), "security", False),
    (ListOf("holding"), "list of holding", False),
    (NOTHING, "none", False),
    (Optional(DATE), "date or none", False),
    (Failed(), "mistaken expression", False),
]


@pytest.mark.parametrize(("kind", "words", "ordered"), DESCRIBED)
def test_a_type_has_words_and_perhaps_an_order(kind: Type, words: str, ordered: bool) -> None:
    assert describe(kind) == words
    assert is_ordered(kind) is ordered


def test_types_are_equal_by_structure() -> None:
    assert Optional(Number(money("CNY"))) == Optional(Number(money("CNY")))
    assert Number(money("CNY")) != Number(money("USD"))
    assert SetOf(Enum("a")) != SetOf(Enum("b"))
    assert len({kind for kind, _, _ in DESCRIBED}) == len(DESCRIBED)


def test_none_can_be_taken_away_once() -> None:
    assert without_none(Optional(DATE)) == DATE
    assert without_none(DATE) == DATE
