"""Time one order: generated code, reference, a loop by hand, and JSON to reply.

    python -m tests.perf.bench            all figures
    python -m tests.perf.bench --quick    fewer rounds

The ways are asked in turns, so that a busy machine slows all of them alike. A turn is a run of the
same order; its first answer, given while the caches hold what the way before used, stands apart.
Before anything is timed their answers are compared. Aims are printed beside what was reached;
nothing fails on time.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random
from time import perf_counter_ns
from typing import Any, Final

from tests.perf.contestants import Contestants
from tests.perf.workload import (
    DAY,
    FINANCING_CONTRACTS,
    POSITIONS,
    RULEBOOK,
    SHORT_CONTRACTS,
    approved_order,
    json_bytes,
    order_document,
)

from creditgate import __version__

ACTIONS: Final = {"margin_buy": "a margin buy", "short_sell": "a short sale"}
TITLES: Final = {
    "generated": "generated code, facts decoded",
    "by hand": "the same checks by hand",
    "reference": "reference evaluator",
    "decision": "gate.decide(facts)",
    "reply": "JSON bytes to reply bytes",
}
AIM_GENERATED_US: Final = 15.0
AIM_REPLY_US: Final = 40.0
AIM_TIMES_BY_HAND: Final = 3.0
AIM_P99_TIMES_BY_HAND: Final = 2.0
COMPARED: Final = 200
TURN: Final = 20


@dataclass(frozen=True, slots=True)
class Times:
    """How long the calls of one way took, in nanoseconds, ascending; `first` those of each turn."""

    ascending: Sequence[int]
    first: Sequence[int] = ()

    @property
    def median(self) -> float:
        """Return the median in microseconds."""
        return self.ascending[len(self.ascending) // 2] / 1000

    @property
    def p99(self) -> float:
        """Return the 99th percentile in microseconds."""
        return self.ascending[len(self.ascending) * 99 // 100] / 1000

    @property
    def first_of_turn(self) -> float:
        """Return the median of the first calls of turns, in microseconds."""
        return self.first[len(self.first) // 2] / 1000


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time every way, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--rounds", type=int, default=400, help="rounds in which each way has a turn"
    )
    parser.add_argument("--quick", action="store_true", help="30 rounds")
    chosen = parser.parse_args(arguments)
    print(machine())
    contestants = Contestants()
    print(f"{RULEBOOK} as of {DAY}: {_compared(contestants)} orders get the same answer every way")
    print(
        f"account: {POSITIONS} positions, {FINANCING_CONTRACTS} financing contracts, "
        f"{SHORT_CONTRACTS} short contracts; nothing derived is given"
    )
    print(
        "on a busy machine the 99th percentile is the scheduler's: compare it down the column only"
    )
    for action, title in ACTIONS.items():
        ways = contestants.ways(approved_order(action))
        _print_order(title, interleaved(ways, 30 if chosen.quick else chosen.rounds))


def machine() -> str:
    """Say on what the times were taken."""
    model = platform.processor() or platform.machine()
    about = Path("/proc/cpuinfo")
    if about.is_file():
        names = [line for line in about.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"creditgate {__version__}, msgspec {version('msgspec')}; "
        f"{os.getloadavg()[0]:.1f} processes at work in the last minute"
    )


def interleaved(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, Times]:
    """Give every way a turn a round, each round beginning with another one.

    The slow reference has one call a turn. The first tenth of the rounds warms up.
    """
    names = list(ways)
    taken: dict[str, list[int]] = {name: [] for name in names}
    first: dict[str, list[int]] = {name: [] for name in names}
    warm = rounds // 10
    for turn in range(warm + rounds):
        begin = turn % len(names)
        for name in (*names[begin:], *names[:begin]):
            ask = ways[name]
            times: list[int] = []
            for _ in range(1 if name == "reference" else TURN):
                start = perf_counter_ns()
                ask()
                times.append(perf_counter_ns() - start)
            if turn >= warm:
                taken[name] += times
                first[name].append(times[0])
    return {name: Times(sorted(taken[name]), sorted(first[name])) for name in names}


def _compared(contestants: Contestants) -> int:
    for action in ACTIONS:
        random = Random(action)
        documents = [approved_order(action)]
        documents += [order_document(random, action) for _ in range(COMPARED // 2)]
        for document in documents:
            answers = contestants.answers(document)
            if len(set(answers.values())) != 1:
                raise SystemExit(
                    f"the answers differ: {answers}\non {json_bytes(document).decode()}"
                )
    return COMPARED + len(ACTIONS)


def _print_order(title: str, times: dict[str, Times]) -> None:
    print(f"\n{title}, approved    median      p99    first   (microseconds)")
    by_hand = times["by hand"]
    for name, words in TITLES.items():
        found = times[name]
        note = ""
        if name == "generated":
            note = _aim(found.median, AIM_GENERATED_US, "us")
            note += "; " + _aim(found.median / by_hand.median, AIM_TIMES_BY_HAND, "x by hand")
            note += "; p99 " + _aim(found.p99 / by_hand.p99, AIM_P99_TIMES_BY_HAND, "x by hand")
        elif name == "reply":
            note = _aim(found.median, AIM_REPLY_US, "us")
        print(
            f"  {words:<30} {found.median:>8.1f} {found.p99:>8.1f} {found.first_of_turn:>8.1f}   {note}"
        )


def _aim(reached: float, aim: float, unit: str) -> str:
    verdict = "reached" if reached < aim else "not reached"
    return f"{reached:.2f} {unit}, aim under {aim:g}: {verdict}"


if __name__ == "__main__":
    main()
