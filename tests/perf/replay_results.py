"""What a run of the benchmark of replays found: kept for the page, and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from tests.perf.workload import RULEBOOK

AIM: Final = 0.6
MOST_GROWTH: Final = 1.1
MOST_MB: Final = 2048
KEPT: Final = Path(__file__).resolve().parents[2] / "docs" / "performance" / "replay.json"


class Peak(msgspec.Struct, frozen=True):
    """The most memory that a replay of so many orders took, in MiB."""

    orders: int
    mb: float


class Results(msgspec.Struct, frozen=True):
    """What a run found: rates in thousands of orders a second, seconds of the parts of a replay.

    `joined` is reading and joining with the columns of the records, `placed` with their numbers.
    """

    machine: str
    orders: int
    accounts: int
    joined: float
    placed: float
    replayed: float
    tables_s: float
    in_all_s: float
    peaks: list[Peak]
    decisions: dict[str, int]


def kept() -> Results:
    """Return the results of the last run that was kept."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Results)


def report(results: Results) -> str:
    """Return everything a run has to say."""
    of = ", ".join(f"{count:,} {word}" for word, count in sorted(results.decisions.items()))
    share = results.replayed / results.joined
    peaks = "; ".join(f"{each.mb:,.0f} MiB for {each.orders:,} orders" for each in results.peaks)
    growth = results.peaks[-1].mb / results.peaks[0].mb
    is_bounded = growth <= MOST_GROWTH and results.peaks[-1].mb < MOST_MB
    return (
        f"{results.machine}.\n\n"
        f"{results.orders:,} orders of {results.accounts:,} accounts, {RULEBOOK}: {of}.\n\n"
        f"{results.replayed:,.0f} thousand orders a second, decided and written. Reading the same files and "
        f"joining them as of the same instants gives {results.joined:,.0f} thousand with the columns of the "
        f"records, {results.placed:,.0f} thousand with no more than their numbers: the replay has "
        f"{share:.2f} of the first rate (aim {AIM:g}: {_reached(share >= AIM)}) and "
        f"{results.replayed / results.placed:.2f} of the second. The tables beside the orders took "
        f"{results.tables_s:.0f} s before the first order; in all it took {results.in_all_s:.0f} s.\n\n"
        f"Most memory: {peaks}; {growth:.2f} times (aim {MOST_GROWTH:g} and {MOST_MB:,} MiB: "
        f"{_reached(is_bounded)}).\n"
    )


def _reached(is_reached: bool) -> str:
    return "reached" if is_reached else "not reached"


def keep(results: Results) -> None:
    """Write the results that the page shows."""
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
