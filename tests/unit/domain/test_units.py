"""Units and how they combine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.domain.units import PLAIN, RATIO, SHARE, Unit, money, price

ALWAYS_THE_SAME = settings(derandomize=True, database=None, deadline=None)

MEASURES = st.dictionaries(
    st.sampled_from(["share", "CNY", "USD"]), st.integers(-3, 3).filter(bool), min_size=1
).map(lambda powers: Unit(tuple(sorted(powers.items()))))
UNITS = st.one_of(MEASURES, st.sampled_from([PLAIN, RATIO]))


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        (SHARE, price("CNY"), money("CNY")),
        (money("CNY"), RATIO, money("CNY")),
        (money("CNY"), PLAIN, money("CNY")),
        (RATIO, RATIO, RATIO),
        (RATIO, PLAIN, RATIO),
        (PLAIN, PLAIN, PLAIN),
        (price("CNY"), price("CNY"), Unit((("CNY", 2), ("share", -2)))),
    ],
)
def test_a_product_has_the_product_of_the_units(left: Unit, right: Unit, product: Unit) -> None:
    assert left * right == product
    assert right * left == product


@pytest.mark.parametrize(
    ("above", "below", "quotient"),
    [
        (money("CNY"), SHARE, price("CNY")),
        (money("CNY"), price("CNY"), SHARE),
        (money("CNY"), money("CNY"), RATIO),
        (SHARE, SHARE, RATIO),
        (PLAIN, PLAIN, RATIO),
        (money("CNY"), RATIO, money("CNY")),
        (RATIO, PLAIN, RATIO),
        (PLAIN, RATIO, PLAIN),
        (money("CNY"), money("USD"), Unit((("CNY", 1), ("USD", -1)))),
    ],
)
def test_a_quotient_has_the_quotient_of_the_units(above: Unit, below: Unit, quotient: Unit) -> None:
    assert above / below == quotient


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (PLAIN, "number"),
        (RATIO, "ratio"),
        (SHARE, "share"),
        (price("USD"), "USD/share"),
        (Unit((("CNY", 2), ("share", -1))), "CNY^2/share"),
        (Unit((("share", -1),)), "1/share"),
        (Unit((("CNY", 1), ("USD", 1))), "CNY x USD"),
    ],
)
def test_a_unit_is_shown_as_people_write_it(unit: Unit, text: str) -> None:
    assert str(unit) == text


@ALWAYS_THE_SAME
@given(UNITS, UNITS)
def test_factors_may_be_swapped(left: Unit, right: Unit) -> None:
    assert left * right == right * left


@ALWAYS_THE_SAME
@given(MEASURES, MEASURES, MEASURES)
def test_factors_may_be_grouped_as_one_likes(a: Unit, b: Unit, c: Unit) -> None:
    assert ((a * b) * c).dimensions == (a * (b * c)).dimensions


@ALWAYS_THE_SAME
@given(MEASURES, MEASURES)
def test_dividing_undoes_multiplying(unit: Unit, by: Unit) -> None:
    assert (unit * by / by).dimensions == unit.dimensions
    assert (unit / by * by).dimensions == unit.dimensions


@ALWAYS_THE_SAME
@given(MEASURES)
def test_a_measure_by_itself_is_a_ratio(unit: Unit) -> None:
    assert unit / unit == RATIO
    assert unit * RATIO == unit
    assert unit * PLAIN == unit
    assert unit / RATIO == unit


@ALWAYS_THE_SAME
@given(UNITS, UNITS)
def test_no_dimension_with_power_zero_is_kept(left: Unit, right: Unit) -> None:
    for unit in (left * right, left / right):
        assert all(power for _, power in unit.dimensions)
        assert list(unit.dimensions) == sorted(unit.dimensions)
        assert not (unit.dimensions and unit.ratio)
