"""The canonical spelling of expressions: what it is, that it changes no meaning, that it stays."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.spans import ScalarMap, SourceFile
from creditgate.syntax.format import edits_of, formatted, spliced, tokens_of
from creditgate.syntax.nodes import Place
from creditgate.syntax.parse import parse

CASES = [
    ("blanks around operators", "a+b*c-d/e", "a + b * c - d / e"),
    ("none inside brackets", "( a + b ) * { x , y }", "(a + b) * {x, y}"),
    ("none before a call's bracket", "min ( a , b )", "min(a, b)"),
    ("one before a bracket behind a word", "not(a or b)", "not (a or b)"),
    ("none inside a table's keys", "t [ a,b ] . c", "t[a, b].c"),
    ("a sign stands close", "- 5 + - x", "-5 + -x"),
    ("a sign behind a comparison", "a>-5", "a > -5"),
    ("a minus between operands", "a-5", "a - 5"),
    ("words of several parts", "a  is   not  none", "a is not none"),
    ("a unit behind its number", "2.50  USD/share", "2.50 USD/share"),
    ("a date is one word", "a>=2024-01-31", "a >= 2024-01-31"),
    ("full-width punctuation", "a ≥ （b，c）", None),
    ("full-width comparison", "a≥50％", "a >= 50%"),
    ("a full-width word", "a≠none", "a is not none"),
    ("a line break stays", "a\n  and b", "a\n  and b"),
    ("blanks before a line break go", "a   \n  and   b", "a\n  and b"),
    ("blanks at the ends go", "  a and b  ", "a and b"),
    ("an aggregate", "sum( p.x*2 for p in a.b where p.c )", "sum(p.x * 2 for p in a.b where p.c)"),
    ("a text in quotes stays as it is", 'a  is  "x  ，y"', 'a is "x  ，y"'),
    ("texts in a set", 'a in {"x","y"}', 'a in {"x", "y"}'),
    ("what is not read stays", "a == b", None),
]


@pytest.mark.parametrize(
    ("text", "canonical"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_an_expression_has_one_spelling(text: str, canonical: str | None) -> None:
    assert formatted(text) == canonical


def tree_of(text: str) -> Any:
    """Return the tree of a text without places."""
    places = ScalarMap(SourceFile("t", text), 0, len(text), "plain", text)
    return without_places(parse(text, places, Collector()))


def without_places(value: Any) -> Any:
    """Return a tree as plain data, places left out."""
    if isinstance(value, Place):
        return None
    if isinstance(value, tuple):
        return tuple(map(without_places, value))
    if is_dataclass(value):
        parts = (without_places(getattr(value, field.name)) for field in fields(value))
        return (type(value).__name__, *parts)
    return value


NAMES = st.sampled_from(["a", "order.price", "p.security.haircut", "lot", "as_of"])
LITERALS = st.sampled_from(
    ["130%", "5", "1.5", "500_000 CNY", "2.50 USD/share", "100 shares", "2 trading days",
     "2024-01-31", "09:30", "yes", "none", "{a, b}", "{}"]
)  # fmt: skip


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions made of others, always in brackets where that could matter."""
    whole = inner.map(lambda text: f"({text})")
    operator = st.sampled_from(["+", "-", "*", "/", "<", "<=", ">", ">=", "is", "is not", "in"])
    return st.one_of(
        st.tuples(whole, operator, whole).map(" ".join),
        st.tuples(whole, whole).map(lambda pair: f"{pair[0]} and {pair[1]}"),
        st.tuples(whole, whole).map(lambda pair: f"{pair[0]} or if none {pair[1]}"),
        st.tuples(inner, inner, inner).map(lambda t: f"if {t[0]} then {t[1]} else ({t[2]})"),
        st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        inner.map(lambda text: f"sum({text} for q in a.b where q.c)"),
        inner.map(lambda text: f"t[{text}].column at (as_of)"),
        whole.map(lambda text: f"{text} rounded down to 1 CNY"),
        whole.map(lambda text: f"not {text}"),
        whole.map(lambda text: f"-{text}"),
        whole.map(lambda text: f"first trading day on or after {text}"),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, LITERALS), compound, max_leaves=8)
BLANKS = st.sampled_from(["", " ", "  ", "\n", " \n    "])


@st.composite
def untidy(draw: st.DrawFn) -> tuple[str, str]:
    """Return an expression, and the same with other blanks between its tokens."""
    text = draw(EXPRESSIONS)
    words = tokens_of(text)
    assert words is not None
    said = ""
    for word in words:
        blank = draw(BLANKS)
        touches = bool(said) and (said[-1].isalnum() or said[-1] in "_%") and word[0].isalnum()
        said += (blank or " ") + word if touches else blank + word
    return text, said


@settings(max_examples=300, deadline=None)
@given(untidy())
def test_the_canonical_form_means_the_same(pair: tuple[str, str]) -> None:
    text, said = pair
    canonical = formatted(said)
    assert canonical is not None
    assert tree_of(canonical) == tree_of(said) == tree_of(text)


@settings(max_examples=300, deadline=None)
@given(untidy())
def test_the_canonical_form_stays_as_it_is(pair: tuple[str, str]) -> None:
    canonical = formatted(pair[1])
    assert canonical is not None
    assert formatted(canonical) == canonical


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_blanks_on_one_line_do_not_matter(text: str) -> None:
    words = tokens_of(text)
    assert words is not None
    assert formatted("  ".join(words)) == formatted(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .,()[]{}+-*/<>=0123456789%≥，（）isnotadr\n", max_size=30))
def test_any_text_is_formatted_or_left_alone(text: str) -> None:
    edits = edits_of(text)
    assert edits is None or formatted(spliced(text, edits)) == spliced(text, edits)
