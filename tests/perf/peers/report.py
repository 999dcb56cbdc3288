"""The results in words and tables of Markdown, the same on the page and on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.perf.peers.results import AIM_MICROSECONDS, AIM_TIMES, KINDS, Results, Spread, Timed


def report(results: Results) -> str:
    """Return everything a run has to say."""
    parts = [
        results.machine + ".",
        _ways(results),
        _forms(results),
        *(_ratio(results, kind) for kind in KINDS),
        *(_reply_ratio(results, kind) for kind in KINDS),
    ]
    if results.absent:
        parts.append(f"Not installed and not measured: {', '.join(results.absent)}.")
    return "\n\n".join(parts) + "\n"


def _ways(results: Results) -> str:
    head = ["µs, median (p99)", "version", "approval", "rejection", "first approval of a run"]
    head += ["approval, from JSON", "rejection, from JSON", "wrong answers"]
    return as_table(head, (_row(way) for way in results.timed))


def _row(way: Timed) -> list[str]:
    decided = [_shown(way.decided[kind]) for kind in KINDS]
    first = _figures(way.decided["approved"].first)
    replied = [_shown(way.replied[kind]) for kind in KINDS]
    return [way.title, way.version, *decided, first, *replied, f"{way.wrong} of {way.asked:,}"]


def _forms(results: Results) -> str:
    rows = (
        [title, *(_shown(times[kind]) for kind in KINDS)] for title, times in results.forms.items()
    )
    return as_table(["creditgate, µs, median (p99)", "approval", "rejection"], rows)


def _ratio(results: Results, kind: str) -> str:
    own = results.engine.decided[kind].median
    below = _verdict(own <= AIM_MICROSECONDS)
    said = (
        f"{kind.capitalize()}, from decoded facts: {own:.1f} µs, aim {AIM_MICROSECONDS:g}: {below}"
    )
    peer, times = results.quickest_right(kind), results.times_quicker(kind)
    if peer is None or times is None:
        return f"{said}; no peer without wrong answers was measured."
    reached = _verdict(times >= AIM_TIMES)
    return f"{said}; {_beside(times)} the quickest right peer ({peer.title}), aim {AIM_TIMES:g}: {reached}."


def _reply_ratio(results: Results, kind: str) -> str:
    own = results.engine.replied[kind].median
    said = f"{kind.capitalize()}, from JSON to the reply: {own:.1f} µs"
    peer = results.quickest_right(kind, replied=True)
    times = results.times_quicker(kind, replied=True)
    if peer is None or times is None:
        return f"{said}."
    return f"{said}; {_beside(times)} the quickest right peer ({peer.title})."


def _beside(times: float) -> str:
    if times >= 1:
        return f"{times:.1f} times as quick as"
    return f"{1 / times:.1f} times as slow as"


def _verdict(reached: bool) -> str:
    return "reached" if reached else "not reached"


def _shown(spread: Spread) -> str:
    return f"{_figures(spread.median)} ({_figures(spread.p99)})"


def _figures(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns stand below one another on a screen as well."""
    lines = [list(head), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in lines
    )
