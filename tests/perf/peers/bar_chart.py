"""The results as a chart of horizontal bars, in SVG."""

from __future__ import annotations

from html import escape
from math import log10
from typing import Final

from tests.perf.peers.results import Results, Timed

WIDTH: Final = 860
LEFT: Final = 330
RIGHT: Final = 90
TOP: Final = 64
BAR: Final = 20
STEP: Final = 30
COLOURS: Final = {"engine": "#0b6e4f", "right": "#4a6fa5", "wrong": "#c9c9c9", "hand": "#8d8d8d"}
LEGEND: Final = {
    "engine": "creditgate",
    "right": "peer, all answers right",
    "wrong": "peer, some answers wrong",
    "hand": "by hand, for these rules only",
}


def bar_chart(results: Results) -> str:
    """Return the chart of approvals from decoded facts, the quickest on top; the axis is logarithmic."""
    ways = sorted(results.timed, key=lambda way: way.decided["approved"].median)
    most = max(way.decided["approved"].median for way in ways)
    decades = max(1, len(str(int(most))))
    height = TOP + STEP * len(ways) + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(
            16, 24, "One order under 30 rules: median of approvals from decoded facts", weight=600
        ),
        _text(
            16,
            44,
            "microseconds, logarithmic: each line is ten times the one before",
            colour="#555555",
        ),
        *(_line(decade, decades, len(ways)) for decade in range(decades + 1)),
        *(_bar(way, place, decades, results) for place, way in enumerate(ways)),
        *_legend(height - 16),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _along(value: float, decades: int) -> float:
    return max(0.0, log10(value)) / decades * (WIDTH - LEFT - RIGHT)


def _line(decade: int, decades: int, count: int) -> str:
    x = LEFT + _along(10**decade, decades)
    bottom = TOP + STEP * count
    return (
        f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}" stroke="#dddddd"/>'
        + _text(x, bottom + 14, f"{10**decade:,}", colour="#555555", anchor="middle")
    )


def _bar(way: Timed, place: int, decades: int, results: Results) -> str:
    y = TOP + STEP * place
    median = way.decided["approved"].median
    length = max(2.0, _along(median, decades))
    colour = COLOURS[_kind(way, results)]
    shown = f"{median:,.1f}" if median < 100 else f"{median:,.0f}"
    return (
        _text(LEFT - 8, y + 15, way.title, anchor="end")
        + f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>'
        + _text(LEFT + length + 6, y + 15, shown)
    )


def _kind(way: Timed, results: Results) -> str:
    if way is results.engine:
        return "engine"
    if not way.is_peer:
        return "hand"
    return "wrong" if way.wrong else "right"


def _legend(y: int) -> list[str]:
    found = []
    for place, (kind, words) in enumerate(LEGEND.items()):
        x = 16 + 210 * place
        found.append(
            f'<rect x="{x}" y="{y - 11}" width="12" height="12" fill="{COLOURS[kind]}"/>'
            + _text(x + 18, y, words)
        )
    return found


def _text(
    x: float, y: float, words: str, *, colour: str = "#111111", anchor: str = "start",
    weight: int = 400,
) -> str:  # fmt: skip
    return (
        f'<text x="{x:.1f}" y="{y}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )
