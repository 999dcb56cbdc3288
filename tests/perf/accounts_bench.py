"""Time tables of orders of credit accounts with positions.

    python -m tests.perf.accounts_bench            a million orders of ten thousand accounts
    python -m tests.perf.accounts_bench --full     ten million orders of a hundred thousand accounts
    python -m tests.perf.accounts_bench --write    keep the results for docs/performance.md

The orders, accounts and rules are those of the benchmark of single orders: ten positions and five
contracts an account, nothing derived, many orders that breach or cannot be decided. Accounts drawn
by chance stand in the table many times, each under an id of its own. Before anything is timed,
orders are compared with single decisions; only a difference fails.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tests.docs.generate import parts
from tests.docs.pages import with_generated
from tests.perf.accounts_results import Results, keep, report
from tests.perf.bench import machine
from tests.perf.nothing_kept import nothing_kept
from tests.perf.peers_bench import PAGE
from tests.perf.workload import RULEBOOK, json_bytes, order_document
from tests.tables.order_tables import OrderTables

from creditgate import Gate

SEED: Final = 2026
DRAWN: Final = 2_000
ORDERS, ACCOUNTS = 1_000_000, 10_000
FULL_ORDERS, FULL_ACCOUNTS = 10_000_000, 100_000
ROUNDS: Final = 5
COMPARED: Final = 500


@dataclass(frozen=True, slots=True)
class Tables:
    """A table of orders, those beside it, and the drawn document of each order."""

    orders: pa.Table
    others: dict[str, pa.Table]
    drawn: Any
    documents: Sequence[dict[str, Any]]


def drawn_tables(gate: Gate, orders: int, accounts: int) -> Tables:
    """Return tables of orders; each drawn account stands there `accounts / DRAWN` times."""
    random = Random(SEED)
    actions = ("margin_buy", "short_sell")
    documents = [order_document(random, actions[n % 2], plain=n % 3 == 0) for n in range(DRAWN)]
    made = OrderTables(documents, gate.vocabulary)
    times = accounts // DRAWN
    own = made.others["account"]
    ids = own.column("id").to_pylist()
    every = pa.array([f"{number}/{turn}" for turn in range(times) for number in ids])
    others = {**made.others, "account": pa.concat_tables([own] * times)}
    others["account"] = others["account"].set_column(own.schema.get_field_index("id"), "id", every)
    places = np.random.default_rng(SEED).integers(0, DRAWN * times, orders)
    table = made.orders.take(pa.array(places % DRAWN))
    named = pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), every)
    table = table.set_column(table.schema.get_field_index("account"), "account", named)
    return Tables(table.combine_chunks(), others, places % DRAWN, documents)


def measured(orders: int, accounts: int, rounds: int = ROUNDS) -> Results:
    """Return the results of a run.

    Errors: SystemExit where a decision is not that of the order alone.
    """
    gate = Gate.load([RULEBOOK])
    tables = drawn_tables(gate, orders, accounts)
    start = perf_counter()
    found = gate.decide_table(tables.orders, tables.others)
    first = perf_counter() - start
    _compare(gate, tables, found)
    taken: list[float] = []
    for _ in range(rounds):
        del found
        gc.collect()
        start = perf_counter()
        found = gate.decide_table(tables.orders, tables.others)
        taken.append(perf_counter() - start)
    counts = pc.value_counts(found.column("decision").cast(pa.string())).to_pylist()
    decisions = {each["values"]: each["counts"] for each in counts}
    rates = [orders / 1e6 / seconds for seconds in taken]
    return Results(machine(), orders, accounts, rounds, median(rates), max(rates), first, decisions)


def _compare(gate: Gate, tables: Tables, found: pa.Table) -> None:
    step = max(1, len(tables.drawn) // COMPARED)
    decisions = found.column("decision")
    for row in range(0, len(tables.drawn), step):
        document = tables.documents[int(tables.drawn[row])]
        alone = gate.decide(json_bytes(document)).outcome
        if decisions[row].as_py() != alone:
            raise SystemExit(f"row {row} is {decisions[row].as_py()}, alone {alone}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare the answers, time, print; with `--write` keep the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--full", action="store_true", help="ten million orders")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md anew")
    chosen = parser.parse_args(arguments)
    sizes = (FULL_ORDERS, FULL_ACCOUNTS) if chosen.full else (ORDERS, ACCOUNTS)
    with nothing_kept():
        results = measured(*sizes)
    print(report(results), end="")
    if chosen.write:
        keep(results)
        PAGE.write_text(with_generated(PAGE, parts()), "utf-8")


if __name__ == "__main__":
    main()
