"""Time tables of orders under thirty rules beside other engines, and count their wrong answers.

    python -m tests.perf.tables_bench            a million orders, about half a minute
    python -m tests.perf.tables_bench --full     ten million orders; some minutes, eight gigabytes
    python -m tests.perf.tables_bench --write    keep the results for docs/performance.md

Every way decides all orders once a round, each round beginning with another way, so that a busy
machine slows all of them alike. Aims are printed beside what was reached. The run fails only where
an answer of creditgate is not that of the exact reference.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np
from tests.docs.generate import parts
from tests.docs.pages import with_generated
from tests.perf.bench import machine
from tests.perf.nothing_kept import nothing_kept
from tests.perf.orders30.exact_reference import exact_failures
from tests.perf.orders30.facts import FACTS
from tests.perf.orders30.generator import Columns, columns, rows
from tests.perf.orders30.rules import RULES
from tests.perf.orders30.tables import order_table
from tests.perf.peers_bench import PAGE
from tests.perf.tables.duckdb_decimals import DuckDBDecimals
from tests.perf.tables.polars_integers import PolarsIntegers
from tests.perf.tables.results import Results, Timed, keep, report
from tests.perf.tables.ways import Bits, Creditgate, Sum, Way, WideCreditgate

SEED: Final = 2026
DRAWN_AT_ONCE: Final = 1_000_000
ORDERS: Final = 1_000_000
FULL_ORDERS: Final = 10_000_000
ROUNDS: Final = 9
COMPARED: Final = 20_000
WAYS: Final[tuple[type[Way], ...]] = (
    Creditgate, WideCreditgate, Sum, PolarsIntegers, DuckDBDecimals,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time every way, print; with `--write` keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="ten million orders")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md anew")
    chosen = parser.parse_args(arguments)
    with nothing_kept():
        results = measured(FULL_ORDERS if chosen.full else ORDERS)
    print(report(results), end="")
    if chosen.write:
        keep(results)
        PAGE.write_text(with_generated(PAGE, parts()), "utf-8")


def measured(count: int, rounds: int = ROUNDS) -> Results:
    """Return the results of a run.

    Errors: SystemExit where an answer of the engine is not that of the exact reference.
    """
    drawn = drawn_orders(count)
    table = order_table(drawn)
    kinds = [way for way in WAYS if way.installed() is not None]
    ways = [way(drawn, table) for way in kinds]
    right = exact_bits(drawn)
    del drawn
    start = perf_counter()
    ways[0].decide()
    first = perf_counter() - start
    answers = [compared(way, right) for way in ways]
    times = interleaved(ways, rounds)
    timed = []
    for way, answer, taken in zip(ways, answers, times, strict=True):
        asked, wrong = (None, 0) if answer is None else (len(right), answer)
        rate, best = (count / 1e6 / seconds for seconds in (median(taken), min(taken)))
        known = way.title, way.installed() or "", way.is_peer
        timed.append(Timed(*known, rate, best, asked, wrong))
    size = next(way.bytes_a_row for way in ways if isinstance(way, Sum))
    absent = [way.distribution for way in WAYS if way.installed() is None]
    return Results(machine(), count, rounds, size, first, timed, absent)


def drawn_orders(count: int) -> Columns:
    """Return drawn orders, some at a time so that little memory is used beside them."""
    made = {name: np.empty(count, dtype=np.int64) for name in FACTS}
    for place, start in enumerate(range(0, count, DRAWN_AT_ONCE)):
        some = columns(min(DRAWN_AT_ONCE, count - start), SEED + place)
        for name, values in some.items():
            made[name][start : start + len(values)] = values
    return made


def exact_bits(drawn: Columns) -> Bits:
    """Return the rules that the first orders breach by the exact reference, a bit a rule."""
    places = {rule.id: place for place, rule in enumerate(RULES)}
    some = rows({name: values[:COMPARED] for name, values in drawn.items()})
    words = [sum(1 << places[rule] for rule in exact_failures(row)) for row in some]
    return np.array(words, dtype=np.uint64)


def compared(way: Way, right: Bits) -> int | None:
    """Return how many of its answers are wrong; None where a way decides nothing.

    Errors: SystemExit where it is the gate that is wrong.
    """
    if isinstance(way, Sum):
        return None
    wrong = int((way.breached(way.decide(), len(right)) != right).sum())
    if wrong and not way.is_peer:
        raise SystemExit(f"{way.title} gives {wrong} wrong answers of {len(right):,}")
    return wrong


def interleaved(ways: Sequence[Way], rounds: int) -> list[list[float]]:
    """Return the seconds of each way in each round."""
    taken: list[list[float]] = [[] for _ in ways]
    for turn in range(rounds):
        for step in range(len(ways)):
            place = (turn + step) % len(ways)
            gc.collect()
            start = perf_counter()
            result: Any = ways[place].decide()
            taken[place].append(perf_counter() - start)
            del result
    return taken


if __name__ == "__main__":
    main()
