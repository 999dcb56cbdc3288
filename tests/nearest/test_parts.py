"""What the search rests on: polynomials, congruences, spans, and what is certain over a region."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any, Final

import pytest
from tests.cases.small_facts import changed
from tests.nearest.planted import gate_of
from tests.nearest.programs import order, rules

from creditgate.nearest.approval import IN_PARTS, NO, YES, Approval, OpenFact, SettledRulebooks
from creditgate.nearest.bounded_numbers import ROUNDINGS, Arithmetic, Bounded
from creditgate.nearest.congruences import Congruence, both, solved
from creditgate.nearest.polynomials import Polynomial
from creditgate.nearest.regions import Region, Span

ENDS: Final = [(-3, 4), (2, 5)]


def polynomial(random: Random) -> Polynomial:
    terms = {
        (random.randint(0, 2), random.randint(0, 1)): Fraction(random.randint(-9, 9), 4)
        for _ in range(3)
    }
    return Polynomial({powers: value for powers, value in terms.items() if value})


def points() -> list[tuple[int, ...]]:
    return list(product(*[range(low, high + 1) for low, high in ENDS]))


@pytest.mark.parametrize("seed", range(20))
def test_a_polynomial_lies_between_its_bounds(seed: int) -> None:
    random = Random(seed)
    one, other = polynomial(random), polynomial(random)
    for made in (one, one + other, one * other, -one, one - other):
        low, high = made.between(ENDS)
        values = [made.at(point) for point in points()]
        assert low <= min(values)
        assert high >= max(values)
    assert all((one * other).at(p) == one.at(p) * other.at(p) for p in points())
    assert all((one - other).at(p) == one.at(p) - other.at(p) for p in points())


def test_a_straight_polynomial_reaches_its_bounds() -> None:
    x, y = (Polynomial.fact(place, Fraction(1), 2) for place in (0, 1))
    made = x * y - x + Polynomial.constant(Fraction(2), 2)
    values = [made.at(point) for point in points()]
    assert made.between(ENDS) == (min(values), max(values))


@pytest.mark.parametrize("seed", range(20))
def test_bounded_numbers_hold_what_is_computed(seed: int) -> None:
    random = Random(seed)
    numbers = Arithmetic(ENDS)
    halves = [Fraction(x, 2) for x, _ in points()]
    plain: list[tuple[Bounded, list[Fraction]]] = [
        (numbers.fact(0, Fraction(1, 2)), halves),
        (numbers.fact(1, Fraction(1)), [Fraction(y) for _, y in points()]),
        (numbers.number(Fraction(5, 3)), [Fraction(5, 3)] * len(halves)),
    ]
    for _ in range(6):
        (one, left), (other, right) = random.choice(plain), random.choice(plain)
        mode = random.choice(list(ROUNDINGS))
        step = Fraction(random.randint(1, 5), 2)
        pairs = list(zip(left, right, strict=True))
        rounded = [ROUNDINGS[mode](a / step) * step for a in left]
        made = [
            (numbers.add(one, other), [a + b for a, b in pairs]),
            (numbers.subtract(one, other), [a - b for a, b in pairs]),
            (numbers.multiply(one, other), [a * b for a, b in pairs]),
            (numbers.rounded(one, step, mode), rounded),
        ]
        quotient = numbers.divide(one, other)
        if quotient is not None:
            made.append((quotient, [a / b for a, b in pairs]))
        for number, exact in made:
            low, high = numbers.between(number)
            assert low <= min(exact)
            assert high >= max(exact)
        plain += made


@pytest.mark.parametrize("seed", range(30))
def test_congruences_hold_the_numbers_that_they_say(seed: int) -> None:
    random = Random(seed)
    slope = Fraction(random.choice((1, -1, 3, 10, 25)), random.choice((1, 2, 4)))
    rest, step = Fraction(random.randint(-9, 9), 2), Fraction(random.choice((1, 3, 5, 7, -4)), 2)
    found = solved(slope, rest, step)
    for number in range(-30, 31):
        fits = ((slope * number + rest) / step).denominator == 1
        assert fits is (found is not None and found.holds(number))
    one, other = (Congruence(m, random.randrange(m)) for m in (random.randint(1, 12), 6))
    common = both(one, other)
    for number in range(-60, 61):
        fits = one.holds(number) and other.holds(number)
        assert fits is (common is not None and common.holds(number))
    assert one.holds(one.at_least(17))
    assert 17 <= one.at_least(17) < 17 + one.modulus
    assert one.at_most(17) <= 17


def test_spans_keep_what_is_left_of_them() -> None:
    span = Span(1, 40, +1).only(Congruence(6, 3))
    assert span is not None
    assert (span.low, span.high) == (3, 39)
    odd = span.but(Congruence(4, 3))
    assert odd is not None
    assert (odd.low, odd.high) == (9, 33)
    assert odd.only(Congruence(4, 3)) is None or odd.fits(Congruence(4, 3)) is False
    assert Span(1, 5, +1).only(Congruence(10, 0)) is None
    assert Span(1, 9, -1).nearest == 9


@pytest.mark.parametrize("seed", range(100, 108))
def test_what_is_certain_of_a_region_holds_for_all_its_values(seed: int, tmp_path: Any) -> None:
    """A region that is all approved, or all not, is so value by value."""
    random = Random(seed)
    gate = gate_of(tmp_path, {"act": rules(random)})
    document = order(random)
    facts = gate.read(document)
    day = facts.root.order.trade_date
    opened = [
        OpenFact(facts.root.order, "order", "quantity", Fraction(1)),
        OpenFact(facts.root.account, "account", "cash", Fraction(1, 100)),
    ]
    approval = Approval(SettledRulebooks(gate.engines, facts, day), opened)
    said = set()
    for _ in range(25):
        low, cash = random.randint(1, 380), random.randint(-5_000, 400_000)
        wide, deep = random.choice((0, 3, 20, 200)), random.choice((0, 0, 100, 40_000))
        spans = Span(low, low + wide, +1), Span(cash, cash + deep, +1)
        verdict = approval.over(Region(spans))
        said.add(verdict.word)
        if verdict.word == IN_PARTS:
            continue
        for _ in range(6):
            quantity = random.randint(low, low + wide)
            held = random.randint(cash, cash + deep)
            cash_as_text = str(Decimal(held).scaleb(-2))
            made = changed(document, order={"quantity": quantity}, account={"cash": cash_as_text})
            assert gate.decide(made).is_approved is (verdict.word == YES)
    assert NO in said or YES in said
