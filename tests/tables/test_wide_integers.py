"""The functions on integers of 128 bits compute what Python computes, up to where they are used."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from creditgate.backends.columns import wide as machine
from creditgate.backends.columns.plain_wide import PLAIN_FUNCTIONS
from creditgate.backends.columns.widths import FUNCTIONS, MOST_IN_128_BITS

_WORD: Final = 2**64
COMPARED: Final = ("less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal")
joined, narrow, wide = machine.joined, machine.narrow, machine.wide
add, subtract, multiply = machine.add, machine.subtract, machine.multiply
floor, rest = machine.floor, machine.rest
less, less_or_equal, equal = machine.less, machine.less_or_equal, machine.equal
greater, greater_or_equal = machine.greater, machine.greater_or_equal
not_equal = machine.not_equal


@njit
def _halves(found: Any) -> Any:
    return narrow(floor(found, joined(1, 0))), narrow(rest(found, joined(1, 0)))


@njit
def _halves_of_sums(a: Any, b: Any, c: Any, d: Any) -> Any:
    one, other = joined(a, b), joined(c, d)
    return _halves(add(one, other)), _halves(subtract(one, other))


@njit
def _halves_of_product(a: Any, b: Any, c: Any, d: Any) -> Any:
    return _halves(multiply(joined(a, b), joined(c, d)))


@njit
def _halves_of_quotient(a: Any, b: Any, c: Any, d: Any) -> Any:
    one, other = joined(a, b), joined(c, d)
    return _halves(floor(one, other)), _halves(rest(one, other))


@njit
def _comparisons(a: Any, b: Any, c: Any, d: Any) -> Any:
    one, other = joined(a, b), joined(c, d)
    return (
        less(one, other),
        less_or_equal(one, other),
        greater(one, other),
        greater_or_equal(one, other),
        equal(one, other),
        not_equal(one, other),
    )


@njit
def _chosen_and_added(values: Any) -> Any:
    total = wide(0)
    for value in values:
        total = add(total, wide(value)) if value > 0 else total
    return _halves(add(total, wide(False)))


def _split(number: int) -> tuple[np.int64, np.uint64]:
    return np.int64(number // _WORD), np.uint64(number % _WORD)


def _whole(halves: tuple[int, int]) -> int:
    return int(halves[0]) * _WORD + int(halves[1]) % _WORD


def _near(power: int) -> st.SearchStrategy[int]:
    return st.integers(-2, 2).map(lambda step: 2**power + step)


SIZES: Final = st.one_of(
    st.integers(0, MOST_IN_128_BITS - 1),
    st.integers(0, 2**66),
    st.sampled_from([0, 1, 2, 31, 32, 33, 62, 63, 64, 65, 95, 96, 97, 125]).flatmap(_near),
).filter(lambda size: 0 <= size < MOST_IN_128_BITS)
NUMBERS: Final = st.builds(lambda size, sign: size * sign, SIZES, st.sampled_from((1, -1)))
EXAMPLES: Final = settings(max_examples=400, deadline=None)


@EXAMPLES
@given(NUMBERS, NUMBERS)
def test_sums_differences_and_comparisons_are_those_of_python(one: int, other: int) -> None:
    parts = (*_split(one), *_split(other))
    assert [_whole(each) for each in _halves_of_sums(*parts)] == [one + other, one - other]
    found = dict(zip(COMPARED, _comparisons(*parts), strict=True))
    assert found == {name: PLAIN_FUNCTIONS[name](one, other) for name in COMPARED}


@EXAMPLES
@given(NUMBERS, NUMBERS)
def test_products_are_those_of_python(one: int, other: int) -> None:
    if abs(one * other) >= MOST_IN_128_BITS:
        other = int(np.sign(other)) * ((MOST_IN_128_BITS - 1) // max(1, abs(one)))
    assert _whole(_halves_of_product(*_split(one), *_split(other))) == one * other


@EXAMPLES
@given(NUMBERS, SIZES.filter(bool))
def test_quotients_are_rounded_down_and_rests_are_left_as_in_python(one: int, other: int) -> None:
    found = _halves_of_quotient(*_split(one), *_split(other))
    assert [_whole(each) for each in found] == [one // other, one % other]


def test_a_wide_number_can_be_chosen_and_added_up_in_a_loop() -> None:
    values = np.array([2**62, -1, 2**62, 2**62, 2**62 - 1, 0])
    assert _whole(_chosen_and_added(values)) == 2**64 - 1
    unsigned = np.array([2**64 - 1, 1], dtype=np.uint64)
    assert _whole(_chosen_and_added(unsigned)) == 2**64


@pytest.mark.parametrize("name", ["wide", "narrow", "add", "multiply"])
def test_plain_functions_refuse_what_the_machine_could_not_hold(name: str) -> None:
    largest = 2**63 if name in {"wide", "narrow"} else 2**126
    parts = [largest] if name in {"wide", "narrow"} else [largest, largest]
    with pytest.raises(OverflowError):
        PLAIN_FUNCTIONS[name](*parts)


def test_there_is_a_plain_function_for_each_of_the_machine() -> None:
    assert set(FUNCTIONS) == set(PLAIN_FUNCTIONS)
    assert all(hasattr(machine, name) for name in FUNCTIONS)
