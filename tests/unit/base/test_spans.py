"""Places in files: lines, columns and the text they cover."""

from __future__ import annotations

import pytest

from creditgate.base.spans import NOWHERE, ScalarMap, SourceFile, Span

MIXED = SourceFile("mixed.yaml", "融资: 1\r\nb: 2\rc: 3\n\nlast")


@pytest.mark.parametrize(
    ("offset", "place"),
    [
        pytest.param(0, (1, 1), id="the first character is line 1, column 1"),
        pytest.param(4, (1, 5), id="a Chinese character counts as one column"),
        pytest.param(7, (2, 1), id="a line starts after CR LF"),
        pytest.param(12, (3, 1), id="a line starts after a lone CR"),
        pytest.param(17, (4, 1), id="an empty line has a first column"),
        pytest.param(22, (5, 5), id="the end of the file is a place"),
        pytest.param(999, (5, 5), id="an offset beyond the file is its end"),
        pytest.param(-1, (1, 1), id="an offset before the file is its start"),
    ],
)
def test_line_column(offset: int, place: tuple[int, int]) -> None:
    assert MIXED.line_column(offset) == place


@pytest.mark.parametrize(
    ("line", "text"),
    [(1, "融资: 1"), (2, "b: 2"), (3, "c: 3"), (4, ""), (5, "last"), (6, ""), (0, "")],
)
def test_line_text_is_without_its_break(line: int, text: str) -> None:
    assert MIXED.line_text(line) == text


def test_line_start_is_the_offset_of_column_one() -> None:
    assert [MIXED.line_start(line) for line in (1, 2, 3, 5)] == [0, 7, 12, 18]


def test_a_span_covers_its_text_and_joins_with_a_later_one() -> None:
    key, value = Span(MIXED, 0, 2), Span(MIXED, 4, 5)
    assert (key.text, value.text, key.to(value).text) == ("融资", "1", "融资: 1")


def test_nowhere_covers_nothing_and_joins_with_nothing() -> None:
    assert NOWHERE.text == ""
    assert NOWHERE.to(Span(MIXED, 0, 2)) == NOWHERE
    assert Span(MIXED, 0, 2).to(NOWHERE) == Span(MIXED, 0, 2)


def test_a_scalar_without_a_file_is_nowhere() -> None:
    assert ScalarMap(None, 0, 0, "plain", "abc").span(0, 2) == NOWHERE


def test_a_scalar_that_cannot_be_followed_is_pointed_at_as_a_whole() -> None:
    file = SourceFile("a.yaml", "a: >-\n  b c\n")
    assert ScalarMap(file, 3, 12, "block", "something else").span(2, 3) == Span(file, 3, 12)
