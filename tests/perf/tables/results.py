"""What a run of the benchmark of tables found: kept for the page, in words, as a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from tests.perf.peers.bar_chart import LEGEND, Bar, chart
from tests.perf.peers.report import as_table

_PLACE: Final = Path(__file__).resolve().parents[3] / "docs" / "performance"
KEPT: Final = _PLACE / "tables.json"
CHART: Final = _PLACE / "tables.svg"
#: What is aimed at: the rate of the gate over those of others.
AIMS: Final = {
    "numba, the sum of the same columns": 0.7,
    "Polars, scaled integers": 4.0,
    "DuckDB, DECIMAL": 15.0,
}
#: The same of the gate with wide numbers.
WIDE: Final = "creditgate, wide numbers"
WIDE_AIMS: Final = {"numba, the sum of the same columns": 0.5}


class Timed(msgspec.Struct, frozen=True):
    """A way to decide a table: millions of orders a second, and its wrong answers of those compared.

    `rate` is of the median time, `best` of the shortest. `asked` is None of what decides nothing.
    """

    title: str
    version: str
    is_peer: bool
    rate: float
    best: float
    asked: int | None
    wrong: int


class Results(msgspec.Struct, frozen=True):
    """All ways, the gate's first; engines that are not installed."""

    machine: str
    orders: int
    rounds: int
    bytes_a_row: float
    first_s: float
    timed: list[Timed]
    absent: list[str]


def report(results: Results) -> str:
    """Return everything a run has to say."""
    own, *others = [way for way in results.timed if way.title != WIDE]
    wide = [way for way in results.timed if way.title == WIDE]
    head = ["million orders a second", "version", "median", "best", "wrong answers"]
    rows = [
        [
            way.title, way.version, f"{way.rate:.1f}", f"{way.best:.1f}",
            "" if way.asked is None else f"{way.wrong} of {way.asked:,}",
        ]
        for way in results.timed
    ]  # fmt: skip
    said = [
        results.machine + ".",
        f"{results.orders:,} orders, {results.bytes_a_row:.0f} bytes each in the columns that the rules"
        f" read; {results.rounds} rounds. The first table took {results.first_s:.1f} s, in which the"
        " kernel is compiled.",
        as_table(head, rows),
        *(_ratio(own, way, AIMS[way.title]) for way in others),
        *(
            f"With wide numbers: {_ratio(each, way, WIDE_AIMS[way.title])}"
            for each in wide
            for way in others
            if way.title in WIDE_AIMS
        ),
    ]
    if results.absent:
        said.append(f"Not installed and not measured: {', '.join(results.absent)}.")
    return "\n\n".join(said) + "\n"


def _ratio(own: Timed, other: Timed, aim: float) -> str:
    if other.wrong:
        return f"{other.title}: some answers are wrong, and it sets no ratio."
    times = own.rate / other.rate
    reached = "reached" if times >= aim else "not reached"
    return f"{times:.2f} times the rate of {other.title}; aim {aim:g}: {reached}."


def bars(results: Results) -> str:
    """Return the chart of the rates."""
    kinds = {True: "right", False: "hand"}
    found = [
        Bar(
            way.title, way.rate,
            "engine" if way.title in {results.timed[0].title, WIDE} else "wrong" if way.wrong else kinds[way.is_peer],
        )
        for way in sorted(results.timed, key=lambda way: -way.rate)
    ]  # fmt: skip
    title = f"{results.orders:,} orders under 30 rules, in memory"
    legend = {**LEGEND, "hand": "reading memory, no rule"}
    return chart(title, "million orders a second", found, legend)


def kept() -> Results:
    """Return the results that the page shows."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Results)


def keep(results: Results) -> None:
    """Write the results that the page shows, and their chart."""
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    CHART.write_text(bars(results), "utf-8")
