"""Charts as inline SVG: bars of numbers, and shares of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from creditgate.base.render import visible

# Told apart by people who do not tell red from green, and on grey paper.
COLOURS: Final = {
    "approved": "#2b7bba",
    "rejected": "#c0392b",
    "undecided": "#e3a400",
    "pending": "#8e6bb0",
    "out_of_scope": "#9a9a9a",
}
MOST_BARS: Final = 20
_LONGEST: Final = 46
_ROW: Final = 24
_LABELS: Final = 400
_BARS: Final = 380
_WHOLE: Final = 880


def shares(numbers: Sequence[tuple[str, int]], *, width: int = _WHOLE, height: int = 28) -> str:
    """Return one bar cut into the shares of decisions; units of width and height are pixels.

    >>> shares([("approved", 3), ("rejected", 1)], width=100, height=10).count("<rect")
    2
    """
    whole = sum(number for _, number in numbers) or 1
    pieces, before = [], 0
    for name, number in numbers:
        if number:
            start, end = before * width / whole, (before + number) * width / whole
            pieces.append(
                f'<rect x="{start:.2f}" y="0" width="{end - start:.2f}" height="{height}" '
                f'fill="{COLOURS[name]}"><title>{escape(name)}: {number:,}</title></rect>'
            )
        before += number
    return _drawing(width, height, pieces)


def bars(rows: Sequence[tuple[str, int]], colour: str) -> str:
    """Return a bar for each label and number, the first rows only; labels are cut and escaped."""
    drawn = rows[:MOST_BARS]
    most = max((number for _, number in drawn), default=1) or 1
    pieces = []
    for place, (label, number) in enumerate(drawn):
        text = visible(label)
        text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        middle, length = place * _ROW + _ROW / 2, max(1, number * _BARS / most)
        pieces.append(
            f'<text x="{_LABELS - 8}" y="{middle + 4:.1f}" text-anchor="end" font-size="13">'
            f"{escape(text)}</text>"
            f'<rect x="{_LABELS}" y="{middle - 8:.1f}" width="{length:.2f}" height="16" fill="{colour}"/>'
            f'<text x="{_LABELS + length + 6:.2f}" y="{middle + 4:.1f}" font-size="13">{number:,}</text>'
        )
    return _drawing(_WHOLE, len(drawn) * _ROW, pieces)


def _drawing(width: int, height: int, pieces: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(pieces)}</svg>'
    )
