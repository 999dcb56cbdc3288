"""Tables whose numbers 64 bits may not hold are decided by kernels with wide numbers, and the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.differential.world import ENTITIES, VOCABULARY
from tests.perf.orders30.documents import EVENT, RULEBOOK, document
from tests.perf.orders30.generator import Columns, columns, rows
from tests.perf.orders30.tables import order_table
from tests.tables.test_same_decisions import row_of, rows_of

from creditgate import Gate
from creditgate.backends.columns.compile import Run, uncompiled
from creditgate.backends.columns.kernel import Kernel
from creditgate.backends.columns.values import Codes
from creditgate.backends.columns.widths import MOST_IN_64_BITS
from creditgate.decide.decision import Core
from creditgate.decide.table import TableDecider
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_days import Days
from creditgate.decide.table_proof import PROBES
from creditgate.decide.table_widths import CHUNK, FEW, Exactness, Widths

# The greatest that each column may hold, in its own smallest unit.
GREATEST = {
    "quantity": 10_000_000, "price": 1_000_000_000, "cash": 10**12, "available_margin": 10**12,
    "total_assets": 10**13, "total_debt": 10**13, "equity": 10**13, "position_value": 10**13,
    "credit_line": 10**13, "credit_used": 10**13,
}  # fmt: skip
ROWS = 300
WIDTHS = {
    "as it needs": Widths(),
    "wide where the declared bounds ask for it": Widths(always_wide=True),
    "nearly all wide": Widths(wide_from=2**8, always_wide=True),
}


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load([RULEBOOK])


def _at_their_bounds(drawn: Columns) -> Columns:
    """Return columns in which many numbers are as great as they may be, or one less."""
    stream = np.random.default_rng(11)
    found = dict(drawn)
    for name, greatest in GREATEST.items():
        chosen = stream.random(ROWS) < 0.4
        large = greatest - stream.integers(0, 2, ROWS)
        found[name] = np.where(chosen, large, drawn[name])
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_at_their_bounds_are_decided_as_they_are_one_by_one(gate: Gate, width: str) -> None:
    drawn = _at_their_bounds(columns(ROWS, seed=5))
    wanted = [row_of(gate.decide(document(row)).core) for row in rows(drawn)]
    compiled: list[Kernel] = []
    asked: list[Any] = []

    def compile_(kernel: Kernel) -> Run:
        compiled.append(kernel)
        return uncompiled(kernel)

    def decide(facts: Any) -> Core:
        asked.append(facts)
        return gate.decide(facts).core

    decider = TableDecider(gate.engines, gate.vocabulary, compile_, WIDTHS[width])
    # A row beyond the limits of a kernel is computed all the same before another decides it.
    with np.errstate(over="ignore"):
        found = decider.decide(order_table(drawn), {}, EVENT, decide)
    assert rows_of(found) == wanted
    assert len({decision for decision, _ in wanted}) > 1
    assert any(kernel.wide for kernel in compiled)
    assert len(asked) <= 4 * PROBES < ROWS


PRODUCT = Kernel(
    """def kernel(begin, end, rows, day_of, of_order_quantity, of_order_limit):
    for place in range(begin, end):
        i = rows[place]
        v1 = of_order_quantity[i] * of_order_limit[i]
        v2 = v1 * v1
""",
    {},
    ("of_order_quantity", "of_order_limit"),
)
DECLARED = {"of_order_quantity": (-(2**50), 2**50), "of_order_limit": (0, 2**40), "day_of": (0, 9)}


def _stretches(quantities: Any, limits: Any, widths: Widths | None = None) -> Any:
    count = len(quantities)
    order = frozenset({"order"})
    frames = {"order": VOCABULARY.entities["order"]}
    by_name = {"of_order_quantity": quantities, "of_order_limit": limits}
    arrays = Arrays(VOCABULARY, Codes({}), "order", order, count, by_name, frames=frames)
    days = Days(None, np.ones(count, dtype=np.int64), (0, 1))
    exact = Exactness(PRODUCT, DECLARED, widths or Widths())
    return list(exact.stretches(np.arange(count), days, arrays))


def test_each_chunk_is_as_wide_as_its_own_numbers_ask_for() -> None:
    assert {"quantity", "limit"} <= set(ENTITIES["order"])
    quantities = np.full(4 * CHUNK, 2**15)
    limits = np.full(4 * CHUNK, 2**12)
    small = [(False, 0, 4 * CHUNK)]
    assert _stretches(quantities, limits) == small
    assert _stretches(quantities, limits, Widths(always_wide=True)) == [(True, 0, 4 * CHUNK)]
    quantities[CHUNK + 5] = -(2**30)
    assert _stretches(quantities, limits) == [
        (False, 0, CHUNK), (True, CHUNK, 2 * CHUNK), (False, 2 * CHUNK, 4 * CHUNK),
    ]  # fmt: skip


def test_few_rows_whose_numbers_128_bits_may_not_hold_are_left_out() -> None:
    quantities = np.full(2 * CHUNK, 2**15)
    limits = np.full(2 * CHUNK, 2**12)
    quantities[7], limits[7] = 2**50, 2**39
    (*_, last) = found = _stretches(quantities, limits)
    assert (found[0][1], last) == (FEW, (False, FEW, 2 * CHUNK))
    # What is not within the declared bounds has no kernel with wide numbers.
    quantities[7], limits[7] = 2**51, 1
    assert _stretches(quantities, limits)[0][1] == FEW


def test_the_least_range_that_needs_wide_numbers_is_found() -> None:
    limits = np.array([1, 1])
    edge = int(MOST_IN_64_BITS**0.5)
    assert _stretches(np.array([1, edge // 2]), limits) == [(False, 0, 2)]
    assert _stretches(np.array([1, edge]), limits) == [(True, 0, 2)]
