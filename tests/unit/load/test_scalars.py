"""Text to values: what is accepted, what is refused, and where the mistake is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.spans import SourceFile
from creditgate.load.located import Map, Text
from creditgate.load.scalars import (
    read_boolean,
    read_date,
    read_decimal,
    read_instant,
    read_integer,
    read_time,
)
from creditgate.load.yaml_reader import read_yaml

Reader = Callable[[Text, Collector], object]


def scalar(written: str) -> Text:
    node = read_yaml(SourceFile("file.yaml", f"value: {written}\n"), Collector())
    assert isinstance(node, Map)
    value = node.get("value")
    assert isinstance(value, Text)
    return value


def refusal(reader: Reader, written: str) -> Diagnostic:
    collector = Collector()
    assert reader(scalar(written), collector) is None
    (diagnostic,) = collector.diagnostics
    return diagnostic


@pytest.mark.parametrize(
    ("reader", "written", "value"),
    [
        (read_decimal, "1_000.50", Decimal("1000.50")),
        (read_decimal, "-0.25", Decimal("-0.25")),
        (read_decimal, "0", Decimal(0)),
        (read_decimal, "'10.10'", Decimal("10.10")),
        (read_decimal, "1000000000000", Decimal(10**12)),
        (read_integer, "1_000_000", 1_000_000),
        (read_integer, "-3", -3),
        (read_integer, "0", 0),
        (read_date, "2024-02-29", date(2024, 2, 29)),
        (read_time, "09:30", time(9, 30)),
        (read_time, "14:57:59", time(14, 57, 59)),
        (read_instant, "2026-01-19T10:31:00+08:00",
         datetime.fromisoformat("2026-01-19T10:31:00+08:00")),
        (read_instant, "2026-01-19T10:31Z", datetime.fromisoformat("2026-01-19T10:31:00+00:00")),
        (read_instant, "2026-01-19T10:31:00.000250-05:00",
         datetime.fromisoformat("2026-01-19T10:31:00.000250-05:00")),
        (read_boolean, "yes", True),
        (read_boolean, "no", False),
        (read_boolean, "true", True),
        (read_boolean, "false", False),
    ],
)  # fmt: skip
def test_what_is_read(reader: Reader, written: str, value: object) -> None:
    collector = Collector()
    assert reader(scalar(written), collector) == value
    assert collector.diagnostics == ()


def test_decimals_keep_every_digit_as_written() -> None:
    read = read_decimal(scalar("0.1000000000000000055511151231257827"), Collector())
    assert str(read) == "0.1000000000000000055511151231257827"


@pytest.mark.parametrize(
    ("reader", "written", "underlined"),
    [
        pytest.param(read_decimal, "1,000", ",", id="a comma does not group digits"),
        pytest.param(read_decimal, "50%", "%", id="a per cent sign belongs to ratios"),
        pytest.param(read_decimal, "1e5", "e", id="an exponent is refused"),
        pytest.param(read_decimal, "1０0", "０", id="a full-width digit is refused"),
        pytest.param(read_decimal, "'1\\u00b2'", "\\", id="a character is found in quotes"),
        pytest.param(read_decimal, "nan", "nan", id="not a number is no number"),
        pytest.param(read_decimal, "-inf", "-inf", id="infinity is no number"),
        pytest.param(read_decimal, "007", "007", id="a code with leading zeros is no number"),
        pytest.param(read_decimal, "1__0", "1__0", id="two underscores in a row"),
        pytest.param(read_decimal, "1_", "1_", id="an underscore at the end"),
        pytest.param(read_decimal, ".5", ".5", id="a point at the start"),
        pytest.param(read_decimal, "5.", "5.", id="a point at the end"),
        pytest.param(read_decimal, "+5", "+5", id="a plus sign"),
        pytest.param(read_decimal, "1" * 5_000, "1" * 5_000, id="five thousand digits"),
        pytest.param(read_decimal, "''", "''", id="no text at all"),
        pytest.param(read_integer, "1.0", "1.0", id="a decimal is no whole number"),
        pytest.param(read_integer, "12 shares", " ", id="a number with its unit"),
        pytest.param(read_date, "2023-02-29", "2023-02-29", id="a day that does not exist"),
        pytest.param(read_date, "2024/07/22", "2024/07/22", id="slashes in a date"),
        pytest.param(read_date, "20240722", "20240722", id="a date without hyphens"),
        pytest.param(read_date, "0000-01-01", "0000-01-01", id="the year zero"),
        pytest.param(read_date, "2024-07-22T00:00", "2024-07-22T00:00", id="a date with a time"),
        pytest.param(read_time, "9:30", "9:30", id="an hour of one digit"),
        pytest.param(read_time, "24:00", "24:00", id="the end of the day"),
        pytest.param(read_time, "09:30:60", "09:30:60", id="a second too many"),
        pytest.param(read_instant, "2026-01-19T10:31:00", "2026-01-19T10:31:00",
                     id="an instant without an offset"),
        pytest.param(read_instant, "2026-01-19 10:31:00Z", "2026-01-19 10:31:00Z",
                     id="a space for the T"),
        pytest.param(read_instant, "2026-02-30T10:31:00Z", "2026-02-30T10:31:00Z",
                     id="an instant of a day that does not exist"),
        pytest.param(read_instant, "2026-01-19T24:00:00Z", "2026-01-19T24:00:00Z",
                     id="an instant at hour twenty-four"),
        pytest.param(read_instant, "2026-01-19T10:00:00+24:00", "2026-01-19T10:00:00+24:00",
                     id="an offset that does not exist"),
        pytest.param(read_boolean, "on", "on", id="on is not yes"),
        pytest.param(read_boolean, "Yes", "Yes", id="yes is written small"),
        pytest.param(read_boolean, "1", "1", id="one is not yes"),
    ],
)  # fmt: skip
def test_what_is_refused_and_what_is_underlined(
    reader: Reader, written: str, underlined: str
) -> None:
    diagnostic = refusal(reader, written)
    assert diagnostic.primary.span.text == underlined
    assert diagnostic.code.number in ("CG5009", "CG4021")
    assert diagnostic.hint is not None


@pytest.mark.parametrize("reader", [read_date])
@pytest.mark.parametrize("written", ["2023-02-29", "22.07.2024"])
def test_dates_have_a_code_of_their_own(reader: Reader, written: str) -> None:
    assert refusal(reader, written).code.number == "CG4021"


def test_a_missing_offset_is_named() -> None:
    assert "offset" in refusal(read_instant, "2026-01-19T10:31:00").message


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_survive_grouping(number: int) -> None:
    assert read_integer(scalar(f"{number:_}"), Collector()) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**9)))
def test_decimals_are_exact(number: Decimal) -> None:
    written = f"{number:f}"
    if len(written) <= 60:
        read = read_decimal(scalar(f"'{written}'"), Collector())
        assert read is not None
        assert Fraction(read) == Fraction(number)


@given(st.text(max_size=80))
def test_no_text_makes_a_reader_fail(text: str) -> None:
    value = scalar("x")
    any_text = Text(text, value.span, value.map, "plain")
    readers: list[Reader] = [
        read_decimal, read_integer, read_date, read_time, read_instant, read_boolean,
    ]  # fmt: skip
    for reader in readers:
        collector = Collector()
        assert (reader(any_text, collector) is None) == collector.has_errors
