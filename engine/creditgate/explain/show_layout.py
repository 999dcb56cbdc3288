"""Lines of a given width: labels on the left, text beside them, wide characters counted as two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from creditgate.backends.words.passages import Passage

WIDTH: Final = 100
_OPENS: Final = "“（"
_CLOSES: Final = "，。；：、”）"
#: A line may break before a token: a blank, one wide character with what opens before it and closes
#: behind it, or a word.
_TOKEN: Final = re.compile(
    rf"\s+|[{_OPENS}]*(?:[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef{_OPENS}{_CLOSES}]+)"
    rf"[{_CLOSES}]*|[{_OPENS}{_CLOSES}]+"
)


def width_of(text: str) -> int:
    """Return how many columns a text takes.

    >>> width_of("ab"), width_of("委托")
    (2, 4)
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int) -> str:
    """Return a text with blanks behind it up to a width."""
    return text + " " * (width - width_of(text))


def wrapped(text: str, first: str, rest: str, width: int = WIDTH) -> Iterator[str]:
    """Yield a text as lines, the first behind `first`, the others behind `rest`."""
    line, is_empty = first, True
    for token in _TOKEN.findall(" ".join(text.split())):
        if token.isspace():
            line += "" if is_empty else " "
            continue
        if not is_empty and width_of(line + token) > width:
            yield line.rstrip()
            line = rest
        line += token
        is_empty = False
    yield line.rstrip()


def labelled(label: str, texts: Iterable[str], indent: str, column: int) -> Iterator[str]:
    """Yield texts beside a label; several become a list."""
    listed = list(texts)
    first = indent + padded(label, column)
    rest = indent + " " * column
    for text in listed:
        mark = "- " if len(listed) > 1 else ""
        yield from wrapped(text, first + mark, rest + " " * len(mark))
        first = rest


def listing(
    label: str, passages: Iterable[Passage], indent: str, column: int, language: str
) -> Iterator[str]:
    """Yield sentences beside a label; several, and the parts of one, become lists.

    Items end with a semicolon, the last one with a full stop.
    """
    listed = list(passages)
    first, rest = indent + padded(label, column), indent + " " * column
    for place, passage in enumerate(listed):
        bullet = "- " if len(listed) > 1 else ""
        inside = rest + " " * len(bullet)
        yield from set_out(passage, first + bullet, inside, language, last=place == len(listed) - 1)
        first = rest


def set_out(
    passage: Passage, first: str, rest: str, language: str, *, last: bool = True
) -> Iterator[str]:
    """Yield a sentence with its parts in a list below it; the last of all has a full stop."""
    semicolon, stop, colon = "；。：" if language == "zh" else ";.:"
    if not passage.parts:
        yield from wrapped(f"{passage}{stop if last else semicolon}", first, rest)
        return
    yield from wrapped(f"{passage.lead}{colon}", first, rest)
    for place, part in enumerate(passage.parts):
        bullet = "" if passage.named else "- "
        closes = last and place == len(passage.parts) - 1
        inside = rest + " " * len(bullet)
        yield from set_out(part, rest + bullet, inside, language, last=closes)


def grid(head: Iterable[str], rows: Iterable[Iterable[str]], indent: str) -> Iterator[str]:
    """Yield rows under their head, each column as wide as its widest cell."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [padded(cell, width) for cell, width in zip(line, widths, strict=True)]
        yield (indent + "  ".join(cells)).rstrip()
