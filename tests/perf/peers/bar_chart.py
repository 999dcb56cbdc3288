"""The results as a chart of horizontal bars, in SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its words, how long it is, the `kind` of the legend."""

    title: str
    value: float
    kind: str


def bar_chart(results: Results) -> str:
    """Return the chart of approvals from decoded facts, the quickest on top."""
    ways = sorted(results.timed, key=lambda way: way.decided["approved"].median)
    bars = [Bar(way.title, way.decided["approved"].median, _kind(way, results)) for way in ways]
    title = "One order under 30 rules: median of approvals from decoded facts"
    return chart(title, "microseconds", bars, LEGEND)


def chart(title: str, unit: str, bars: Sequence[Bar], legend: Mapping[str, str]) -> str:
    """Return a chart of bars in their order; the axis is logarithmic."""
    decades = max(1, len(str(int(max(bar.value for bar in bars)))))
    height = TOP + STEP * len(bars) + 56
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(16, 24, title, weight=600),
        _text(
            16,
            44,
            f"{unit}, logarithmic: each line is ten times the one before",
            colour="#555555",
        ),
        *(_line(decade, decades, len(bars)) for decade in range(decades + 1)),
        *(_bar(bar, place, decades) for place, bar in enumerate(bars)),
        *_legend(height - 16, legend),
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


def _bar(bar: Bar, place: int, decades: int) -> str:
    y = TOP + STEP * place
    length = max(2.0, _along(bar.value, decades))
    shown = f"{bar.value:,.1f}" if bar.value < 100 else f"{bar.value:,.0f}"
    return (
        _text(LEFT - 8, y + 15, bar.title, anchor="end")
        + f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{COLOURS[bar.kind]}"/>'
        + _text(LEFT + length + 6, y + 15, shown)
    )


def _kind(way: Timed, results: Results) -> str:
    if way is results.engine:
        return "engine"
    if not way.is_peer:
        return "hand"
    return "wrong" if way.wrong else "right"


def _legend(y: int, legend: Mapping[str, str]) -> list[str]:
    found = []
    for place, (kind, words) in enumerate(legend.items()):
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
