"""Time one order under thirty rules beside other engines, and count their wrong answers.

    python -m tests.perf.peers_bench            about half a minute
    python -m tests.perf.peers_bench --full     more rounds, more answers compared
    python -m tests.perf.peers_bench --write    keep the results for docs/performance.md

Every way is asked about a run of orders once a round, each round beginning with another way, so
that a busy machine slows all of them alike. Aims are printed beside what was reached. The run fails only where an
answer of creditgate is not that of the exact reference.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from typing import Any, Final

from tests.docs.generate import parts
from tests.docs.pages import ROOT, with_generated
from tests.perf.bench import machine
from tests.perf.orders30.by_hand import failures_by_hand
from tests.perf.orders30.documents import RULEBOOK, json_document
from tests.perf.orders30.exact_reference import exact_failures
from tests.perf.orders30.facts import Row
from tests.perf.orders30.generator import columns, rows
from tests.perf.orders30.rules import rules_on
from tests.perf.peers.bar_chart import bar_chart
from tests.perf.peers.every_peer import PEERS
from tests.perf.peers.peer import Peer
from tests.perf.peers.report import report
from tests.perf.peers.results import CHART, KINDS, Results, Spread, Timed, keep
from tests.perf.peers.ways import (
    Way,
    by_engine,
    by_hand,
    by_peer,
    forms_of_engine,
    interleaved,
)

from creditgate import Gate, __version__

PAGE: Final = ROOT / "docs" / "performance.md"
SEED: Final = 2025
ORDERS: Final = 20_000
TIMED: Final = 60
QUICK_ROUNDS: Final = 150
FULL_ROUNDS: Final = 1_500
FULL_SAMPLE: Final = 10
ENGINE: Final = "creditgate"
BY_HAND: Final = "the same checks by hand, scaled integers"

Answers = Sequence[tuple[str, ...]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time every way, print; with `--write` keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="take several minutes")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md anew")
    chosen = parser.parse_args(arguments)
    results = measured(full=chosen.full)
    print(report(results), end="")
    if chosen.write:
        keep(results)
        CHART.write_text(bar_chart(results), "utf-8")
        PAGE.write_text(with_generated(PAGE, parts()), "utf-8")


def measured(*, full: bool) -> Results:
    """Return the results of a run.

    Errors: SystemExit where an answer of the engine is not that of the exact reference.
    """
    orders = rows(columns(ORDERS, SEED))
    expected = [exact_failures(row) for row in orders]
    gate = Gate.load([RULEBOOK])
    compare_engine(gate, orders, expected)
    peers = [peer() for peer in PEERS if peer.installed() is not None]
    rounds = FULL_ROUNDS if full else QUICK_ROUNDS
    answers = {
        peer.title: compared(peer, orders, expected, FULL_SAMPLE if full else 1) for peer in peers
    }
    wrong_by_hand = sum(
        tuple(sorted(failures_by_hand(row))) != right
        for row, right in zip(orders, expected, strict=True)
    )
    gc.collect()
    gc.freeze()  # what is kept for comparing is not looked through while times are taken
    times: dict[tuple[str, bool], dict[str, Spread]] = {}
    forms: dict[str, dict[str, Spread]] = {}
    for kind in KINDS:
        asked = chosen_orders(orders, expected, kind)
        for replied in (False, True):
            times[kind, replied] = interleaved(ways_of(gate, peers, asked, replied=replied), rounds)
        for title, spread in interleaved(forms_of_engine(gate, asked), rounds).items():
            forms.setdefault(title, {})[kind] = spread

    def timed(title: str, version: str, is_peer: bool, asked: int, wrong: int) -> Timed:
        decided, replied = (
            {kind: times[kind, whole][title] for kind in KINDS} for whole in (False, True)
        )
        return Timed(title, version, is_peer, asked, wrong, decided, replied)

    found = [
        timed(ENGINE, __version__, False, ORDERS, 0),
        timed(BY_HAND, "", False, ORDERS, wrong_by_hand),
        *(timed(p.title, p.installed() or "", True, *answers[p.title]) for p in peers),
    ]
    absent = [peer.distribution for peer in PEERS if peer.installed() is None]
    return Results(machine(), rounds, found, forms, absent)


def compare_engine(gate: Gate, orders: Sequence[Row], expected: Answers) -> None:
    """Exit where an answer of the engine is not that of the exact reference."""
    for row, right in zip(orders, expected, strict=True):
        decision = gate.decide(json_document(row))
        if decision.breached != right or decision.is_approved != (not right):
            raise SystemExit(f"creditgate answers {decision.core}, exact is {right}, on {row}")


def compared(
    peer: Peer, orders: Sequence[Row], expected: Answers, times: int
) -> tuple[int, int]:  # fmt: skip
    """Return how many answers of a peer were compared, and how many are wrong."""
    count = min(len(orders), peer.sample * times)
    wrong = 0
    for row, right in zip(orders[:count], expected[:count], strict=True):
        wrong += tuple(sorted(peer.failures(peer.prepared(row)))) != right
    return count, wrong


def chosen_orders(orders: Sequence[Row], expected: Answers, kind: str) -> list[Row]:
    """Return orders that are approved or rejected, of the sides that have rules, in turn."""
    found: dict[Any, list[Row]] = {"margin_buy": [], "short_sell": []}
    for row, right in zip(orders, expected, strict=True):
        if rules_on(row["side"]) and bool(right) == (kind == "rejected"):
            found[row["side"]].append(row)
    pairs = list(zip(*found.values(), strict=False))[: TIMED // 2]
    return [row for pair in pairs for row in pair]


def ways_of(
    gate: Gate, peers: Sequence[Peer], orders: Sequence[Row], *, replied: bool
) -> dict[str, Way]:
    """Return every way by its title."""
    return {
        ENGINE: by_engine(gate, orders, replied=replied),
        BY_HAND: by_hand(orders, replied=replied),
        **{peer.title: by_peer(peer, orders, replied=replied) for peer in peers},
    }


if __name__ == "__main__":
    main()
