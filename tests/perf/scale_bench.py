"""Time one order under thirty rules, and under thousands of which thirty apply.

    python -m tests.perf.scale_bench            all sizes
    python -m tests.perf.scale_bench --quick    up to 300 rules, fewer rounds

Each order is of another group of rules (see `many_rules`). The sizes are asked in turns, so that a
busy machine slows all alike. A turn is some hundred orders one after the other, as a gate decides
them; the first time through it warms the caches of the processor and is not timed.
Before anything is timed, answers are compared with the reference; only a difference fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter, perf_counter_ns
from typing import Any, Final

from tests.perf.bench import Times, machine
from tests.perf.many_rules import APPLYING, DAY, Group, order, whole_groups, write
from tests.perf.workload import json_bytes

from creditgate import Gate
from creditgate.domain.outcomes import BREACHED, UNDECIDED
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

SIZES: Final = (APPLYING, 300, 3_000, 10_000)
BESIDE: Final = 10  # rulebooks that do not govern, each of so many rules:
BESIDE_RULES: Final = 300
AIM_TIMES: Final = 1.5
ORDERS: Final = 400
PASSES: Final = 5
COMPARED: Final = 25
TITLES: Final = {
    "generated": "generated code, facts decoded",
    "decision": "gate.decide(facts)",
    "reply": "JSON bytes to reply bytes",
}


@dataclass(frozen=True, slots=True)
class World:
    """A gate with a rulebook of some size, orders under it, and how long it took to be ready."""

    title: str
    gate: Gate
    orders: tuple[dict[str, Any], ...]
    load_s: float
    first_s: float

    @classmethod
    def of(cls, title: str, folders: Sequence[Path], rules: int) -> World:
        """Load the rulebook of the first folder, and others beside it."""
        random = Random(rules)
        groups = whole_groups(rules)
        places = [place % groups for place in range(ORDERS)]
        random.shuffle(places)
        orders = tuple(order(random, Group.of(place), plain=True) for place in places)
        start = perf_counter()
        gate = Gate.load(folders)
        loaded = perf_counter()
        gate.decide(json_bytes(orders[0]))
        return cls(title, gate, orders, loaded - start, perf_counter() - loaded)

    def ways(self) -> dict[str, Callable[[], Any]]:
        """Return each way to decide the next order, ready to be called without arguments."""
        day = DAY.toordinal()
        compiled = self.gate.engines[0].compiled(day, "order")
        assert compiled is not None
        assert compiled.event is not None
        judge_generated, gate = compiled.event.judge, self.gate
        raw = [json_bytes(document) for document in self.orders]
        facts = [gate.read(each) for each in raw]
        for each in raw:  # the rules of a key are compiled when they are first asked for
            decision = gate.decide(each)
            assert decision.is_approved, decision
        roots, read, written = cycle([f.root for f in facts]), cycle(facts), cycle(raw)
        return {
            "generated": lambda: judge_generated(next(roots), (), day),
            "decision": lambda: gate.decide(next(read)),
            "reply": lambda: gate.decide(next(written)).core_bytes(),
        }


def differences(gate: Gate, document: dict[str, Any]) -> list[str]:
    """Return the rules on which generated code and the reference differ for one order."""
    engine, day = gate.engines[0], DAY.toordinal()
    compiled = engine.compiled(day, "order")
    assert compiled is not None
    assert compiled.event is not None
    facts = gate.read(json_bytes(document))
    verdict = compiled.event.judge(facts.root, facts.claims, day)
    evaluation = Evaluation(facts, day, engine.rulebook.calendars)
    found = dict.fromkeys((*verdict[1], *verdict[3]), BREACHED)
    found |= dict.fromkeys((*verdict[2], *verdict[4]), UNDECIDED)
    wrong = []
    for place, rule in enumerate(compiled.event.rules):
        outcome = judge(evaluation, rule).outcome
        wanted = outcome if outcome in {BREACHED, UNDECIDED} else None
        if found.get(place) != wanted:
            wrong.append(f"{rule.id}: {found.get(place)} instead of {outcome}")
    return wrong


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time every size, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--turns", type=int, default=15, help="turns in which each size is asked")
    parser.add_argument("--quick", action="store_true", help="up to 300 rules, three turns")
    chosen = parser.parse_args(arguments)
    sizes = SIZES[:2] if chosen.quick else SIZES
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        worlds = _worlds(Path(folder), sizes)
    for rules, world in zip((*sizes, sizes[-1]), worlds, strict=True):
        _compare(world, rules)
    ways = [world.ways() for world in worlds]
    for way, title in TITLES.items():
        asked = {world.title: each[way] for world, each in zip(worlds, ways, strict=True)}
        _print(title, _in_turns(asked, 3 if chosen.quick else chosen.turns))


def _worlds(root: Path, sizes: Sequence[int]) -> list[World]:
    print(f"\n{'':44}{'load':>10}{'first decision':>18}")
    beside = [
        write(root / "beside", BESIDE_RULES, name=f"beside_{place}", exchange="SZSE")
        for place in range(BESIDE)
    ]
    worlds = []
    for rules, others in (*((size, []) for size in sizes), (sizes[-1], beside)):
        title = f"{rules:,} rules"
        if others:
            title += f", {BESIDE} rulebooks beside them"
        folder = write(root / f"{rules}", rules)
        worlds.append(World.of(title, [folder, *others], rules))
        print(f"{title:44}{worlds[-1].load_s:>8.2f} s{worlds[-1].first_s:>16.2f} s")
    return worlds


def _compare(world: World, rules: int) -> None:
    random = Random(f"compared {rules}")
    groups = whole_groups(rules)
    for _ in range(COMPARED):
        document = order(random, Group.of(random.randrange(groups)))
        other = Group.of(random.randrange(groups))
        if random.random() < 0.3:  # the account of other rules
            document["account"]["id"] = other.account
        wrong = differences(world.gate, document)
        if wrong:
            sys.exit(f"{world.title}: {wrong[:5]} for {document}")
    print(f"{world.title}: {COMPARED} orders get the answers of the reference")


def _in_turns(ways: dict[str, Callable[[], Any]], turns: int) -> dict[str, Times]:
    """Ask each size for all its orders several times in every turn."""
    names = list(ways)
    taken: dict[str, list[int]] = {name: [] for name in names}
    for turn in range(turns):
        first = turn % len(names)
        for name in (*names[first:], *names[:first]):
            ask = ways[name]
            for call in range(PASSES * ORDERS):
                start = perf_counter_ns()
                ask()
                passed = perf_counter_ns() - start
                if call >= ORDERS:
                    taken[name].append(passed)
    return {name: Times(sorted(times)) for name, times in taken.items()}


def _print(title: str, times: dict[str, Times]) -> None:
    print(f"\n{title}\n{'':44}{'median':>12}{'to thirty':>12}")
    medians = [each.median for each in times.values()]
    for place, (name, median) in enumerate(zip(times, medians, strict=True)):
        ratio = median / medians[0]
        word = "" if place == 0 else "reached" if ratio <= AIM_TIMES else f"aim {AIM_TIMES}"
        if place == len(medians) - 1:
            word = f"{(median - medians[-2]) / BESIDE:.2f} us for each rulebook beside"
        print(f"{name:44}{median:>9.1f} us{ratio:>12.2f}  {word}".rstrip())


if __name__ == "__main__":
    main()
