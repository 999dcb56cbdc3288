"""Blocks as text for a terminal, wide characters counted as two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.base.render import visible
from creditgate.diff.blocks import Block, Folded, Grid, Heading, Items, Line, Pre
from creditgate.explain.show_layout import WIDTH, padded, width_of, wrapped

_INDENT: Final = "  "


def text_of_blocks(blocks: Sequence[Block]) -> str:
    """Return blocks as lines; every character that a terminal would obey is written out."""
    return "\n".join(line for block in blocks for line in _lines(block)).strip("\n")


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=1, text=text):
            yield visible(text)
        case Heading(level=level, text=text):
            yield from ("", visible(text))
            if level == 2:
                yield "=" * width_of(text)
        case Line(text=text, mark=mark):
            yield from wrapped(visible(f"{mark}  {text}" if mark else text), "", _INDENT)
        case Items(texts=texts):
            for text in texts:
                yield from wrapped(visible(text), "  - ", "    ")
        case Grid(head=head, rows=rows, numbers=numbers):
            yield from _grid(head, rows, numbers)
        case Pre(caption=caption, text=text) | Folded(caption=caption, text=text):
            if caption:
                yield f"{_INDENT}{visible(caption)}"
            yield from (f"{_INDENT}{_INDENT}{visible(line)}" for line in text.splitlines())


def _grid(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[int]
) -> Iterator[str]:
    """Yield a table; where it is too wide each row is a list of its cells under their titles."""
    lines = [[visible(cell) for cell in line] for line in (head, *rows)]
    widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
    if sum(widths) + 2 * len(widths) + 2 <= WIDTH:
        for line in lines:
            cells = [
                " " * (width - width_of(cell)) + cell if place in numbers else padded(cell, width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            yield (_INDENT + "  ".join(cells)).rstrip()
        return
    titles, *bodies = lines
    column = max(map(width_of, titles)) + 2
    for body in bodies:
        for place, (title, cell) in enumerate(zip(titles, body, strict=True)):
            if cell:
                first = f"{_INDENT}{'- ' if place == 0 else '  '}{padded(title, column)}"
                yield from wrapped(cell, first, " " * (column + 4))
