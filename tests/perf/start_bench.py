"""Time how quickly a process decides its first order, and how long the code of an epoch takes.

    python -m tests.perf.start_bench            processes in turns, then epochs
    python -m tests.perf.start_bench --write    keep the results for docs/performance.md

Processes run from their start to their end, in turns, so that a busy machine slows all of them alike.
Python keeps its own compiled modules, as it does for whoever installed the package. Beside the
approval stands a process that imports all that it imports of others, and nothing else. Before
anything is timed, the answers with and without what is kept are compared.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from tests.docs.generate import parts
from tests.docs.pages import with_generated
from tests.perf import start_results as kept_results
from tests.perf.bench import machine
from tests.perf.peers_bench import PAGE
from tests.perf.start_results import Results, Timed, report
from tests.perf.workload import DAY, RULEBOOK, approved_order, json_bytes

from creditgate.base.own_files import FOLDER
from creditgate.decide.engine import Engine
from creditgate.pipeline import Gate

ROUNDS: Final = 15
OWN: Final = {"creditgate", "__main__", "__mp_main__"}


@dataclass(frozen=True, slots=True)
class Process:
    """What Python is given, with variables of its surroundings, and how many seconds are aimed at."""

    title: str
    arguments: Sequence[str]
    variables: Mapping[str, str]
    aim: float | None = None

    def run(self) -> bytes:
        """Run to the end and return what was printed."""
        around = {**os.environ, **self.variables}
        around.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, *self.arguments], env=around, capture_output=True, check=False
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{self.arguments} ended with {done.returncode}: {done.stderr!r}")
        return done.stdout

    def seconds(self) -> float:
        """Return how long it takes from start to end."""
        start = perf_counter()
        self.run()
        return perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time, print; with `--write` keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each process")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md anew")
    chosen = parser.parse_args(arguments)
    results = measured(chosen.rounds)
    print(report(results), end="")
    if chosen.write:
        kept_results.keep(results)
        PAGE.write_text(with_generated(PAGE, parts()), "utf-8")


def measured(rounds: int) -> Results:
    """Return the results of a run.

    Errors: SystemExit where a process fails, or decides otherwise with what is kept.
    """
    with tempfile.TemporaryDirectory() as folder:
        ways = _processes(Path(folder))
        nothing_kept, kept, *_ = ways
        answers = [nothing_kept.run(), kept.run(), kept.run()]
        if len(set(answers)) != 1:
            raise SystemExit(f"the answers differ: {answers}")
        taken: list[list[float]] = [[] for _ in ways]
        for turn in range(rounds + 1):
            for way, times in zip(ways, taken, strict=True):
                seconds = way.seconds()
                if turn:  # the first fills the caches, ours and those of the system
                    times.append(seconds)
        timed = [_timed(way.title, times, way.aim) for way, times in zip(ways, taken, strict=True)]
    first, second, libraries, *others = timed
    return Results(machine(), rounds, first, second, libraries, others, _compiled(rounds))


def _processes(folder: Path) -> list[Process]:
    nothing, kept = {FOLDER: ""}, {FOLDER: str(folder / "kept")}
    approved, rejected = folder / "approved.json", folder / "rejected.json"
    document = approved_order("margin_buy")
    approved.write_bytes(json_bytes(document))
    rejected.write_bytes(json_bytes({**document, "order": {**document["order"], "quantity": 1}}))

    def decide(order: Path, *options: str) -> list[str]:
        return ["-m", "creditgate", "decide", str(order), "--rulebook", RULEBOOK, *options]

    libraries = f"import {', '.join(_libraries(decide(approved)[2:], kept))}"
    aims = kept_results
    return [
        Process("an approval, nothing kept", decide(approved), nothing, aims.AIM_NOTHING_KEPT_S),
        Process("an approval, all kept", decide(approved), kept, aims.AIM_KEPT_S),
        Process("its libraries imported", ["-c", libraries], nothing),
        Process(
            "a rejection with its reasons, all kept", decide(rejected, "--format", "csv"), kept
        ),
        Process("a rejection explained, all kept", decide(rejected), kept),
        Process("lint, all rulebooks", ["-m", "creditgate", "lint"], nothing, aims.AIM_LINT_S),
    ]


def _libraries(arguments: Sequence[str], variables: Mapping[str, str]) -> list[str]:
    """Return the modules of others that a command imports where all that it needs is kept."""
    script = (
        "import atexit, sys; from creditgate.cli.main import main; "
        "atexit.register(lambda: print(*sys.modules)); main(sys.argv[1:])"
    )
    asked = Process("", ["-c", script, *arguments], variables)
    asked.run()
    named = asked.run().decode().splitlines()[-1].split()
    return sorted(name for name in named if name.partition(".")[0] not in OWN and _is_path(name))


def _is_path(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def _compiled(rounds: int) -> list[Timed]:
    """Time the code of one epoch: the branches of one kind of order, and those of all kinds."""
    book = Gate.load([RULEBOOK]).engines[0].rulebook
    facts = Gate.load([RULEBOOK]).read(json_bytes(approved_order("margin_buy")))
    day = DAY.toordinal()

    def one() -> None:
        compiled = Engine(book).compiled(day, "order")
        assert compiled is not None
        assert compiled.judge is not None
        compiled.judge(facts.root, facts.claims, day)

    def every() -> None:
        compiled = Engine(book).compiled(day, "order")
        assert compiled is not None
        assert compiled.event is not None
        assert compiled.event.judging.source

    works: dict[str, Callable[[], None]] = {
        "what a margin buy asks for": one,
        "all actions": every,
    }
    taken: dict[str, list[float]] = {title: [] for title in works}
    with _without_collection():
        for _ in range(rounds):
            for title, work in works.items():
                start = perf_counter()
                work()
                taken[title].append(perf_counter() - start)
    aim = kept_results.AIM_COMPILE_S
    return [_timed(title, times, aim) for title, times in taken.items()]


@contextmanager
def _without_collection() -> Iterator[None]:
    gc.disable()  # as while a rulebook is loaded
    try:
        yield
    finally:
        gc.enable()


def _timed(title: str, times: Sequence[float], aim: float | None) -> Timed:
    return Timed(title, median(times), min(times), aim)


if __name__ == "__main__":
    main()
