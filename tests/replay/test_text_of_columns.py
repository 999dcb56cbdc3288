"""Columns of Arrow become text that says exactly the same, or are refused."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("duckdb")

import pyarrow
from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.codes import Code
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import TEXT
from creditgate.domain.vocabulary import FactDeclaration
from creditgate.replay.arrow_text import misfit, texts_of


def fact(kind: str, scale: int = 4) -> FactDeclaration:
    return FactDeclaration("made", kind, TEXT, Bilingual("Made", "虚构"), scale)


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (pyarrow.array(["  a ", "", None, " "]), ["a", None, None, None]),
        (pyarrow.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pyarrow.array(["a"], pyarrow.large_string()), ["a"]),
        (pyarrow.array([True, False, None]), ["true", "false", None]),
        (pyarrow.array([0, -(2**63), None]), ["0", str(-(2**63)), None]),
        (pyarrow.array([2**64 - 1], pyarrow.uint64()), [str(2**64 - 1)]),
        (pyarrow.array([Decimal("12.4700"), Decimal("1E+5")], pyarrow.decimal128(20, 4)),
         ["12.4700", "100000.0000"]),
        (pyarrow.array([Decimal("0.00000001")], pyarrow.decimal128(38, 8)), ["0.00000001"]),
        (pyarrow.array([date(2020, 1, 2)]), ["2020-01-02"]),
        (pyarrow.array([time(9, 30), time(9, 30, 1)]), ["09:30", "09:30:01"]),
        (pyarrow.array([["a", "b"], [], None]), ["a;b", "{}", None]),
        (pyarrow.array([0], pyarrow.timestamp("s", "UTC")), ["1970-01-01T00:00:00+00:00"]),
        (pyarrow.array([0], pyarrow.timestamp("ns", "-03:30")), ["1969-12-31T20:30:00-03:30"]),
        (pyarrow.nulls(2), [None, None]),
    ],
)  # fmt: skip
def test_a_column_says_the_same_as_text(column: Any, cells: list[str | None]) -> None:
    found = texts_of(column, None)
    assert (found.cells, found.flaws) == (cells, {})


@given(st.decimals(-(10**10), 10**10, places=4, allow_nan=False, allow_infinity=False))
def test_a_float_that_stands_for_one_decimal_is_got_back_exactly(number: Decimal) -> None:
    found = texts_of(pyarrow.array([float(number)]), fact("money"))
    assert Decimal(found.cells[0] or "") == number


@given(st.floats())
def test_a_float_is_taken_exactly_or_not_at_all(number: float) -> None:
    found = texts_of(pyarrow.array([number]), fact("money"))
    (cell,) = found.cells
    assert (cell is None) == bool(found.flaws)
    if cell is not None:
        assert float(cell) == number
        assert Decimal(cell) == round(Decimal(cell), 4)
        assert len(Decimal(cell).normalize().as_tuple().digits) <= 15


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (float("nan"), Code.NOT_A_NUMBER), (float("-inf"), Code.NOT_A_NUMBER),
        (0.1 + 0.2, Code.FLOAT_REFUSED), (12.47001, Code.FLOAT_REFUSED), (1e16, Code.FLOAT_REFUSED),
        (1e300, Code.FLOAT_REFUSED),
    ],
)  # fmt: skip
def test_a_float_that_is_not_exact_is_refused(number: float, code: Code) -> None:
    found = texts_of(pyarrow.array([number]), fact("money"))
    assert found.flaws[0].code is code


def test_a_single_precision_float_is_no_price() -> None:
    found = texts_of(pyarrow.array([12.48, 12.5], pyarrow.float32()), fact("price"))
    assert found.cells == [None, "12.5"]


@pytest.mark.parametrize(
    ("kind", "of", "fits"),
    [
        (pyarrow.float64(), "money", True), (pyarrow.bool_(), "money", False),
        (pyarrow.float64(), "text", False), (pyarrow.int64(), "text", True),
        (pyarrow.int64(), "boolean", False), (pyarrow.string(), "boolean", True),
        (pyarrow.timestamp("us"), "instant", False), (pyarrow.timestamp("us", "UTC"), "instant", True),
        (pyarrow.timestamp("us", "UTC"), "date", False), (pyarrow.list_(pyarrow.string()), "set", True),
        (pyarrow.list_(pyarrow.int64()), "set", False), (pyarrow.binary(), "text", False),
        (pyarrow.struct([("a", pyarrow.int64())]), "money", False), (pyarrow.null(), "set", True),
    ],
)  # fmt: skip
def test_a_type_fits_a_fact_or_not(kind: Any, of: str, fits: bool) -> None:
    assert (misfit(kind, fact(of)) is None) == fits
