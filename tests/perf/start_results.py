"""What a run of the benchmark of starting found: kept for the page, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from tests.perf.peers.report import as_table
from tests.perf.workload import RULEBOOK

AIM_KEPT_S: Final = 0.25
AIM_TIMES_LIBRARIES: Final = 2.0
AIM_NOTHING_KEPT_S: Final = 0.8
AIM_LINT_S: Final = 2.0
AIM_COMPILE_S: Final = 0.5
KEPT: Final = Path(__file__).resolve().parents[2] / "docs" / "performance" / "start.json"


class Timed(msgspec.Struct, frozen=True):
    """The median and the best of the times of one command or piece of work, in seconds."""

    title: str
    median: float
    best: float
    aim: float | None = None


class Results(msgspec.Struct, frozen=True):
    """What a run found; `libraries` is what it takes to import what an approval imports."""

    machine: str
    rounds: int
    nothing_kept: Timed
    kept: Timed
    libraries: Timed
    others: Sequence[Timed]
    compiled: Sequence[Timed]


def kept() -> Results:
    """Return the results of the last run that was kept."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Results)


def keep(results: Results) -> None:
    """Write the results that the page shows."""
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")


def report(results: Results) -> str:
    """Return everything a run has to say."""
    commands = (results.nothing_kept, results.kept, results.libraries, *results.others)
    times = results.kept.median / results.libraries.median
    verdict = "reached" if times <= AIM_TIMES_LIBRARIES else "not reached"
    return (
        f"{results.machine}.\n\n"
        f"{_table('process, from start to end; s', commands)}\n\n"
        f"An approval with its rulebook and code kept takes {times:.2f} times as long as starting "
        f"Python and importing the same libraries, aim {AIM_TIMES_LIBRARIES:g}: {verdict}.\n\n"
        f"{_table(f'one epoch of {RULEBOOK}, orders; s', results.compiled)}\n"
    )


def _table(title: str, timed: Sequence[Timed]) -> str:
    rows = [
        [each.title, f"{each.median:.3f}", f"{each.best:.3f}", _verdict(each)] for each in timed
    ]
    return as_table([title, "median", "best", "aim"], rows)


def _verdict(timed: Timed) -> str:
    if timed.aim is None:
        return ""
    return f"{timed.aim:g}: {'reached' if timed.median <= timed.aim else 'not reached'}"
