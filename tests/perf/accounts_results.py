"""What a run of the benchmark of credit accounts found: kept for the page, and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from tests.perf.workload import RULEBOOK

AIM: Final = 3.0
KEPT: Final = Path(__file__).resolve().parents[2] / "docs" / "performance" / "accounts.json"


class Results(msgspec.Struct, frozen=True):
    """What a run found: rates in millions of orders a second, seconds of the first tables."""

    machine: str
    orders: int
    accounts: int
    rounds: int
    rate: float
    best: float
    first_s: float
    decisions: dict[str, int]


def kept() -> Results:
    """Return the results of the last run that was kept."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Results)


def report(results: Results) -> str:
    """Return everything a run has to say."""
    of = ", ".join(f"{count:,} {word}" for word, count in sorted(results.decisions.items()))
    reached = "reached" if results.rate >= AIM else "not reached"
    return (
        f"{results.machine}.\n\n"
        f"{results.orders:,} orders of {results.accounts:,} accounts, {RULEBOOK}: {of}.\n\n"
        f"{results.rate:.2f} million orders a second (median of {results.rounds}; best "
        f"{results.best:.2f}), aim {AIM:g}: {reached}. The first table took {results.first_s:.1f} s, "
        "in which the kernels are compiled.\n"
    )


def keep(results: Results) -> None:
    """Write the results that the page shows."""
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
