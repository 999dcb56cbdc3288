"""From a word in a scalar's text back to the word in the file, for every style of scalar."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditgate.base.collector import Collector
from creditgate.base.spans import SourceFile
from creditgate.load.located import Map, Text
from creditgate.load.yaml_reader import read_yaml

WORDS = st.text("abcxyz融资买入>=%.😀", min_size=1, max_size=6).filter(
    lambda word: word[0] not in ">=%"
)
PLANTED = st.text("KLMNO卖出标的", min_size=1, max_size=6)
LINE_BREAKS = st.sampled_from(["\n", "\r\n", "\r"])
BEFORE = st.sampled_from(["", "# 注释 #\n", "\ufeff", "before: 'x'\n"])


@dataclass(frozen=True)
class Planted:
    """A scalar as written, with the word to be found and how the file writes that word."""

    written: str
    word: str
    word_written: str


@st.composite
def flow_scalars(draw: st.DrawFn, quote: str) -> Planted:
    """Write words over one or several lines, plain or in quotes."""
    word = draw(PLANTED)
    words = [*draw(st.lists(WORDS, max_size=3)), word, *draw(st.lists(WORDS, max_size=3))]
    between = [" ", "   ", "\n    ", "  \n     ", "\n\n    ", "\n \n\n   "]
    if quote == '"':
        between += ["\\\n    ", " \\\n   ", "\\n", "\\t", "\\\n\n    ", "\\ \n   "]
    written, word_written = "", ""
    for each in words:
        text = draw(quoted_words(each, quote)) if quote else each
        word_written = text if each == word else word_written
        written += (draw(st.sampled_from(between)) if written else "") + text
    return Planted(f"{quote}{written}{quote}", word, word_written)


@st.composite
def quoted_words(draw: st.DrawFn, word: str, quote: str) -> str:
    """Write a word within quotes, some of its characters as escapes."""
    if quote == "'":
        return word
    written = ""
    for character in word:
        digits = [f"\\U{ord(character):08x}", character]
        if ord(character) < 0x10000:
            digits.append(f"\\u{ord(character):04X}")
        if ord(character) < 0x100:
            digits.append(f"\\x{ord(character):02x}")
        written += draw(st.sampled_from(digits))
    return written


@st.composite
def block_scalars(draw: st.DrawFn) -> Planted:
    """Write lines below `|` or `>`, with or without chomping and indentation indicators."""
    word = draw(PLANTED)
    line = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
    first = draw(line)
    others = st.one_of(line, st.just(""), line.map(lambda text: "  " + text))
    lines = draw(st.lists(others, max_size=3))
    place = draw(st.integers(0, len(lines)))
    lines.insert(place, draw(st.sampled_from(["", "   ", "x "])) + word)
    lines.insert(0, first)
    depth = draw(st.integers(1, 4))
    indicator = draw(st.sampled_from(["", str(depth)]))
    if indicator and draw(st.booleans()):
        lines[0] = " " + lines[0]
    chomping = draw(st.sampled_from(["", "-", "+"]))
    order = draw(st.sampled_from([indicator + chomping, chomping + indicator]))
    comment = draw(st.sampled_from(["", "  # a comment"]))
    blank = draw(st.sampled_from(["", " "]))
    body = "\n".join(" " * depth + text if text else blank for text in lines)
    tail = draw(st.sampled_from(["", "\n", "\n\n"]))
    return Planted(f"{draw(st.sampled_from('|>'))}{order}{comment}\n{body}{tail}", word, word)


def scalar_in(planted: Planted, before: str, line_break: str, after: str) -> Text:
    text = f"{before}key: {planted.written}{after}".replace("\n", line_break)
    collector = Collector()
    node = read_yaml(SourceFile("file.yaml", text), collector)
    assert isinstance(node, Map), collector.diagnostics
    value = node.get("key")
    assert isinstance(value, Text)
    return value


def check(planted: Planted, before: str, line_break: str, after: str) -> None:
    value = scalar_in(planted, before, line_break, after)
    at = value.value.index(planted.word)
    assert value.map.span(at, at + len(planted.word)).text == planted.word_written
    whole = value.map.span(0, len(value.value))
    assert whole.file is not None
    assert value.map.start <= whole.start <= whole.end <= value.map.end
    for offset, character in enumerate(value.value):
        one = value.map.span(offset, offset + 1)
        assert whole.start <= one.start < one.end <= whole.end
        if not character.isspace() and value.style != "quoted":
            assert one.text == character


AFTER = st.sampled_from(["\n", "\nafter: x\n", "\n# the end\n", "\n\n\nafter: [y]\n"])


@given(flow_scalars(""), BEFORE, LINE_BREAKS, AFTER)
def test_a_word_in_a_plain_scalar(
    planted: Planted, before: str, line_break: str, after: str
) -> None:
    check(planted, before, line_break, after)


@given(flow_scalars("'"), BEFORE, LINE_BREAKS, AFTER)
def test_a_word_in_single_quotes(
    planted: Planted, before: str, line_break: str, after: str
) -> None:
    check(planted, before, line_break, after)


@given(flow_scalars('"'), BEFORE, LINE_BREAKS, AFTER)
def test_a_word_in_double_quotes(
    planted: Planted, before: str, line_break: str, after: str
) -> None:
    check(planted, before, line_break, after)


@given(block_scalars(), BEFORE, LINE_BREAKS, AFTER)
def test_a_word_in_a_block(planted: Planted, before: str, line_break: str, after: str) -> None:
    check(planted, before, line_break, after)


@pytest.mark.parametrize(
    ("written", "part", "expected"),
    [
        pytest.param("'it''s so'", "'", "''", id="a doubled quote is one character"),
        pytest.param('"say \\"so\\""', '"so"', '\\"so\\"', id="escaped quotes"),
        pytest.param('"a\\\n  b"', "ab", "a\\\n  b", id="an escaped line break joins words"),
        pytest.param('"\\u878d资"', "融", "\\u878d", id="an escaped Chinese character"),
        pytest.param('"a\\tb"', "\t", "\\t", id="a tab by its name"),
        pytest.param("a\n  b", "a b", "a\n  b", id="a folded line break is a space"),
        pytest.param("a\n\n  b", "\n", "\n", id="an empty line is a line break"),
        pytest.param(">-\n  a\n  b\n", "a b", "a\n  b", id="a folded block"),
        pytest.param(">-\n  a\n\n\n  b\n", "\n\n", "\n\n", id="empty lines of a folded block"),
        pytest.param(">\n  a\n    b\n  c\n", "  b", "  b", id="a deeper line keeps its blanks"),
        pytest.param("|2\n    a\n", "  a", "  a", id="an explicit indentation"),
        pytest.param("|+\n  a\n\n", "a\n\n", "a\n\n", id="trailing lines that are kept"),
        pytest.param("|\n  a\n\n", "a\n", "a\n", id="one line break at the end is kept"),
    ],
)
def test_parts_of_scalars(written: str, part: str, expected: str) -> None:
    value = scalar_in(Planted(written, part, expected), "", "\n", "\n")
    at = value.value.index(part)
    assert value.map.span(at, at + len(part)).text == expected


@pytest.mark.parametrize(
    ("written", "offset", "column"),
    [
        pytest.param("abc", 0, 6, id="in front of a plain scalar"),
        pytest.param("abc", 3, 9, id="behind a plain scalar"),
        pytest.param("'abc'", 0, 7, id="behind the opening quote"),
        pytest.param("'abc'", 3, 10, id="in front of the closing quote"),
        pytest.param("''", 0, 7, id="between two quotes"),
        pytest.param("'abc'", 99, 10, id="an offset beyond the text is its end"),
        pytest.param("'abc'", -5, 7, id="an offset before the text is its start"),
    ],
)
def test_an_empty_range_is_a_place_between_characters(
    written: str, offset: int, column: int
) -> None:
    value = scalar_in(Planted(written, "", ""), "", "\n", "\n")
    span = value.map.span(offset, offset)
    assert span.start == span.end
    assert span.file is not None
    assert span.file.line_column(span.start) == (1, column)


def test_the_span_of_a_block_is_its_content() -> None:
    value = scalar_in(Planted(">-  # why\n\n  a\n  b\n\n", "", ""), "", "\n", "x: y\n")
    assert value.span.text == "a\n  b"
    assert value.style == "block"
