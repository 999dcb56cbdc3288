"""Spoilt facts documents: never an exception, never an approval that the reference would not give.

Every mutant is decided from its bytes, some of them twice, and from the plain document, read by a
reader of the tests; every answer is judged again by the reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from tests.fuzz.answers import (
    NotPlain,
    Subject,
    plain_document,
    subject,
    verdict_of,
    verdict_of_reference,
)
from tests.fuzz.facts_mutations import BYTE_MUTATIONS, TREE_MUTATIONS, boundaries
from tests.fuzz.facts_tree import (
    NUMBERS,
    Members,
    Site,
    Token,
    copied,
    sites,
    tree_of,
    written,
)

from creditgate.pipeline import Gate

# Together more than 18,000, spread over the documents of each rulebook.
WANTED = {"cn/sse": 9_200, "us/reg_sho": 8_000, "brokers/example_cn_member": 2_400}
LONGEST_ANSWER = 40_000


def mutants(rulebook: str, wanted: int, seed: int = 0) -> Iterator[bytes]:
    """Yield mutants of all documents of a rulebook, the same ones each time."""
    random = Random(f"facts of {rulebook} {seed}")
    found = subject(rulebook)
    vocabulary = found.gate.vocabulary
    trees = [tree_of(document, vocabulary) for document in found.documents]
    for number in range(wanted):
        tree = copied(trees[number % len(trees)])
        assert isinstance(tree, Members)
        round_ = number // len(trees) + number
        for _ in range(random.choice((0, 1, 1, 1, 2)) if number % 3 == 0 else 1):
            mutate = TREE_MUTATIONS[round_ % len(TREE_MUTATIONS)]
            places = sites(tree, vocabulary)
            if places:
                mutate(tree, random.choice(places), vocabulary, random)
            round_ += random.randrange(len(TREE_MUTATIONS))
        data = written(tree).encode("utf-8", "surrogatepass")
        if number % 3 == 0:
            data = random.choice(BYTE_MUTATIONS)(data, random)
        yield data


def check(gate: Gate, data: bytes, *, twice: bool = True) -> str:
    """Check one mutant and return what became of it."""
    decision = gate.decide(data)
    core = decision.core_bytes()
    if twice:
        assert gate.decide(bytes(data)).core_bytes() == core
    assert len(core) < LONGEST_ANSWER
    try:
        plain = plain_document(data)
    except NotPlain:
        assert decision.core.refusals, f"not a plain document, yet {decision.outcome}: {data!r}"
        plain = None
    if plain is not None:
        assert gate.decide(plain).core_bytes() == core, data
    if decision.core.refusals:
        assert decision.outcome == "undecided"
        return "refused"
    assert verdict_of(decision) == verdict_of_reference(gate, gate.read(plain)), data
    return decision.outcome


@pytest.mark.parametrize("rulebook", WANTED)
def test_no_spoilt_document_raises_or_is_approved_against_the_reference(rulebook: str) -> None:
    gate = subject(rulebook).gate
    found = Counter(
        check(gate, data, twice=number % 5 == 0)
        for number, data in enumerate(mutants(rulebook, WANTED[rulebook]))
    )
    assert found.total() == WANTED[rulebook]
    for outcome in ("refused", "undecided", "rejected", "approved", "out_of_scope"):
        assert found[outcome] >= 10, found


def test_the_mutants_are_as_many_as_are_promised() -> None:
    assert sum(WANTED.values()) >= 18_000


def test_two_runs_make_the_same_mutants() -> None:
    again = mutants("us/reg_sho", 200)
    assert all(data == next(again) for data in mutants("us/reg_sho", 200))


def _numbers(found: Subject) -> dict[tuple[str, str], tuple[Members, int]]:
    """Return, for each numeric fact stated anywhere, a document that states it and the place."""
    vocabulary = found.gate.vocabulary
    numbers: dict[tuple[str, str], tuple[Members, int]] = {}
    for document in found.documents:
        tree = tree_of(document, vocabulary)
        for place, site in enumerate(sites(tree, vocabulary)):
            if site.fact is not None and site.entity is not None and _is_stated_number(site):
                numbers.setdefault((site.entity.name, site.fact.name), (tree, place))
    return numbers


def _is_stated_number(site: Site) -> bool:
    is_number = site.fact is not None and site.fact.kind in NUMBERS and site.fact.low is not None
    return is_number and isinstance(site.value, Token) and site.value.text != "null"


@pytest.mark.parametrize("rulebook", WANTED)
def test_each_number_is_read_up_to_its_bounds_and_refused_beyond_them(rulebook: str) -> None:
    found = subject(rulebook)
    numbers = _numbers(found)
    assert len(numbers) > 20
    for name, (tree, place) in numbers.items():
        outcomes = []
        for text in boundaries(sites(tree, found.gate.vocabulary)[place]):
            mutant = copied(tree)
            assert isinstance(mutant, Members)
            sites(mutant, found.gate.vocabulary)[place].put(Token(text))
            outcomes.append(check(found.gate, written(mutant).encode()) == "refused")
        assert outcomes == [False, False, True, True, False, False, True], name


TWICE = (
    '{"event":"order","order":{"quantity":100,"quantity" :200}}',
    '{"event":"order","order":{"quantity":100,"quantity"\n:200}}',
    '{"event":"order","order":{"quantity":100,"\\u0071uantity":200}}',
    '{"event":"order","order":{"id":"a\\u0022:","quantity":100,"quantity":200}}',
    '{"event":"order","order":{"id":"a\\u003a","quantity":100,"quantity":200}}',
    '{"event":"order","order":{"id":"a\\u003Ab","quantity":100,"quantity":200}}',
    '{"event":"order","order":{"entered_at":"2026-01-19T10:31:00+0800","quantity":1,"quantity":2}}',
    '{"event":"order","event":"withdrawal","order":{"quantity":100}}',
    '{"event":"order","order":{"quantity":100},"order" : {"quantity":200}}',
    '{"securities":[{"id":"600000","id" :"600036"}]}',
    '{"claims":[{"claim":"bona_fide_market_making","by":"a","by" :"b","at":"2026-01-19T09:00:00Z"}]}',
)


@pytest.mark.parametrize("text", TWICE)
def test_a_key_given_twice_is_refused_however_it_is_written(text: str) -> None:
    decision = subject("cn/sse").gate.decide(text)
    assert [refusal.code for refusal in decision.core.refusals] == ["CG9008"]


def test_text_with_half_a_character_is_refused_and_the_refusal_can_be_written() -> None:
    gate = subject("cn/sse").gate
    for text in ('{"order":{"id":"\\ud800"}}', '{"\\ud800":1}', '{"event":"\\udfff"}', '"\ud800"'):
        decision = gate.decide(text)
        assert decision.core.refusals
        assert b"CG9001" in decision.core_bytes()


ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 10**5_000, 1.5, float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"),
    Decimal("-Infinity"), Decimal("1e-400"), Decimal(0), Decimal("0.00"), 2**0.5, 1j, "", "x", "5",
    "\ud800", b"5", bytearray(b"5"), (), [], [[]], [None], [{}], {}, {"id": "x"}, {1: 2}, {None: 1},
    {10**5_000: 1}, {("a",): 1}, set(), frozenset({"x"}), {1.5}, object(), int, range(3), date.max,
    date(2026, 1, 19), datetime.min, datetime.max.replace(tzinfo=UTC), time(9, 30), time(9, 30, 30),
    time(9, 30, tzinfo=UTC), timedelta(1), Fraction(1, 3), [10**5_000], ["x", "x"], "x" * 100_000,
)  # fmt: skip


def test_odd_python_values_are_refused_or_read_and_never_raise() -> None:
    gate = subject("us/reg_sho").gate
    outcomes: Counter[str] = Counter()
    for entity in gate.vocabulary.entities.values():
        if entity.kind == "element":
            continue
        for name in (*entity.facts, "no_such_fact", None, 10**5_000):
            for value in ODD_VALUES:
                record = {entity.key or "id": "x", name: value}
                document = {
                    entity.list_name or entity.name: [record] if entity.list_name else record
                }
                decision = gate.decide(document)
                assert decision.outcome == "undecided"
                assert len(decision.core_bytes()) < LONGEST_ANSWER
                outcomes["refused" if decision.core.refusals else "read"] += 1
    for value in ODD_VALUES:
        for document in (value, {"event": value}, {"claims": value}, {"order": value}):
            assert not gate.decide(document).is_approved
            assert gate.decide(document).core_bytes()
    assert min(outcomes["refused"], outcomes["read"]) > 500


def test_many_mistakes_give_a_short_answer() -> None:
    gate = subject("cn/sse").gate
    unknown = ",".join(f'"fact_{number}":1' for number in range(200_000))
    twice = "{" + unknown + ',"fact_199999":2}'
    long_name = '{"' + "x" * 1_000_000 + '":1}'
    long_key = '{"securities":[{"id":"' + "长" * 900 + '","no_such_fact":1,"name":2}]}'
    for text in ("{" + unknown + "}", twice, long_name, long_key, '{"order":{' + unknown + "}}"):
        decision = gate.decide(text)
        assert decision.core.refusals
        assert len(decision.core_bytes()) < LONGEST_ANSWER
