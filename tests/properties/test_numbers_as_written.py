"""Numbers of JSON are taken as written: exact or refused, whatever carries them on the way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from creditgate import Gate
from creditgate.decide.read import FactsRefused
from creditgate.domain.facts import attribute
from creditgate.domain.vocabulary import FactDeclaration

# A fact of each number of decimals, some with negative values, all read by the rulebook.
FACTS: Final = (
    ("order", "quantity"),
    ("account", "cash"),
    ("market", "last_price"),
    ("account", "minimum_line"),
)
DIGITS: Final = st.text("0123456789", min_size=1, max_size=22)
NUMERALS: Final = st.builds(
    lambda sign, whole, broken, exponent: f"{sign}{int(whole)}{broken}{exponent}",
    st.sampled_from(["", "-"]),
    st.one_of(DIGITS, st.text("0123456789", min_size=1, max_size=6)),
    st.one_of(st.just(""), DIGITS.map(lambda digits: f".{digits}")),
    st.one_of(
        st.just(""),
        st.one_of(st.integers(-25, 25), st.integers(-400, 400)).map(lambda power: f"e{power}"),
    ),
)
# A number that is fit for its fact, and then what a careless sender appends to it.
NEAR_FITS: Final = st.builds(
    lambda whole, cents, zeros, tail: f"{whole}.{cents:02}{'0' * zeros}{tail}",
    st.integers(0, 10**12),
    st.integers(0, 99),
    st.integers(0, 16),
    st.sampled_from(["", "1", "9", "e0", "e-1", "e1"]),
)


@cache
def gate() -> Gate:
    return Gate.load(["cn/sse"])


def wanted(text: str, fact: FactDeclaration) -> int | None:
    """Return the scaled integer that a numeral stands for, or None where it must be refused."""
    value = Fraction(Decimal(text))
    scaled = value * 10**fact.scale
    assert fact.low is not None
    assert fact.high is not None
    fits = Fraction(fact.low) <= value <= Fraction(fact.high) and scaled.denominator == 1
    return int(scaled) if fits else None


def read(text: str, entity: str, name: str) -> int | None:
    try:
        facts = gate().read(f'{{"{entity}": {{"{name}": {text}}}}}')
    except FactsRefused:
        return None
    value = getattr(getattr(facts.root, entity), attribute(name))
    assert type(value) is int
    return value


@pytest.mark.parametrize(("entity", "name"), FACTS)
@settings(max_examples=1_500, deadline=None, derandomize=True, database=None)
@given(text=st.one_of(NUMERALS, NEAR_FITS))
@example(text="10.10")
@example(text="10.1000000000000000000001")
@example(text="0.1000000000000000055511151231257827")
@example(text="9007199254740993")
@example(text="9007199254740.993")
@example(text="99999999999.99")
@example(text="-0.0")
@example(text="1e400")
@example(text="1e-400")
@example(text="-1e-400")
@example(text="1.5E-99999")
@example(text="0e-400")
@example(text="0e99")
@example(text="12345678901234567890e-10")
@example(text="4503599627370.497")
def test_a_numeral_is_read_exactly_or_refused(text: str, entity: str, name: str) -> None:
    fact = gate().vocabulary.entities[entity].facts[name]
    assert read(text, entity, name) == wanted(text, fact)


@pytest.mark.parametrize(("entity", "name"), FACTS)
def test_every_bound_is_read_and_one_step_beyond_it_is_refused(entity: str, name: str) -> None:
    fact = gate().vocabulary.entities[entity].facts[name]
    step = Decimal(1).scaleb(-fact.scale)
    assert fact.low is not None
    assert fact.high is not None
    for bound, beyond in ((fact.low, -step), (fact.high, step)):
        inside, outside = f"{bound:f}", f"{bound + beyond:f}"
        assert read(inside, entity, name) == wanted(inside, fact) is not None
        assert read(outside, entity, name) is wanted(outside, fact) is None
