"""Hostile and very long expressions get a finding, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.spans import ScalarMap, SourceFile
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree, parts
from creditgate.syntax.parse import MOST_CHARACTERS, MOST_DEPTH, MOST_NESTED, parse

DEEP = 10_000


def parsed(text: str) -> tuple[Tree | None, Collector]:
    collector = Collector()
    places = ScalarMap(SourceFile("expression", text), 0, len(text), "plain", text)
    return parse(text, places, collector), collector


def codes(text: str) -> set[str]:
    tree, collector = parsed(text)
    assert tree is None or not collector.has_errors
    return {diagnostic.code.number for diagnostic in collector.diagnostics}


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "a" + ")" * DEEP,
        "(" * DEEP,
        "max(a, " * (DEEP // 10) + "b" + ")" * (DEEP // 10),
        "t[" * DEEP + "a" + "]" * DEEP,
        "{" * DEEP,
        "not " * (DEEP // 3) + "a",
        "-" * DEEP + "a",
        "- " * (DEEP // 2) + "a",
        "if a then b else " * (DEEP // 20) + "c",
        "open of " * (DEEP // 10) + "a",
        "a" + " + a" * (DEEP // 5),
        "a" + " * a" * (DEEP // 5),
        "a" + " or if none a" * (DEEP // 20),
        "（" * DEEP + "a" + "）" * DEEP,
    ],
    ids=lambda text: text[:12],
)
def test_what_is_nested_too_deep_is_refused(text: str) -> None:
    assert codes(text) & {"CG3004"}


def test_an_expression_of_too_many_characters_is_refused() -> None:
    chain = "a or " * MOST_CHARACTERS
    assert codes(chain[: MOST_CHARACTERS - 1].rpartition(" or ")[0]) == set()
    assert codes("a" + " " * (MOST_CHARACTERS - 1)) == set()
    assert codes("a" + " " * MOST_CHARACTERS) == {"CG3004"}


def test_long_chains_without_nesting_are_read() -> None:
    tree, _ = parsed(" and ".join(["a"] * 3_000))
    assert isinstance(tree, nodes.AndChain)
    assert len(tree.items) == 3_000


def test_brackets_are_allowed_to_a_depth_that_can_be_read() -> None:
    assert codes("(" * MOST_NESTED + "a" + ")" * MOST_NESTED) == set()
    assert codes("(" * (MOST_NESTED + 1) + "a" + ")" * (MOST_NESTED + 1)) == {"CG3004"}
    assert MOST_NESTED < MOST_DEPTH


@pytest.mark.parametrize("unit", ["", "%", " CNY", " shares", " days", ".5", " CNY/share"])
def test_numbers_have_a_length_that_can_be_read(unit: str) -> None:
    assert codes("9" * 40 + unit) == set()
    assert codes("9" * 41 + unit) == {"CG5009"}
    assert codes("9" * 5_000 + unit) == {"CG5009"}
    assert codes("0." + "1" * 41) == {"CG5009"}


def test_a_hostile_expression_has_a_bounded_number_of_findings() -> None:
    _, collector = parsed("＞" * 15_000)
    assert len(collector.diagnostics) <= 101


TOKENS = st.sampled_from(
    [
        "a",
        "order.price",
        "5",
        "130%",
        "5",
        "CNY",
        "2",
        "days",
        "2024-01-31",
        "09:30",
        "yes",
        "none",
        "as_of",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "+",
        "-",
        "*",
        "/",
        "<",
        "<=",
        ">",
        ">=",
        "is",
        "in",
        "not",
        "and",
        "or",
        "if",
        "then",
        "else",
        "for",
        "where",
        "at",
        "between",
        "min",
        "max",
        "sum",
        "count",
        "all",
        "any",
        "claimed",
        "rounded",
        "up",
        "to",
        "of",
        "open",
        "first",
        "trading",
        "day",
        "on",
        "after",
        "=",
        "==",
        "!=",
        "％",
        "（",
        "。",
        ";",
        '"',
        "\\",
        "$",
        "委托",
        "'",
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.lists(TOKENS, max_size=25).map(" ".join))
def test_any_words_are_read_or_refused_where_they_stand(text: str) -> None:
    tree, collector = parsed(text)
    assert tree is not None or collector.has_errors
    for diagnostic in collector.diagnostics:
        span = diagnostic.primary.span
        assert 0 <= span.start <= span.end <= len(text)
        assert diagnostic.hint
    if tree is not None:
        check_places(tree, len(text))


def check_places(tree: Tree, length: int) -> None:
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        assert 0 <= current.place.start < current.place.end <= length
        for part in parts(current):
            assert current.place.start <= part.place.start
            assert part.place.end <= current.place.end
            waiting.append(part)
