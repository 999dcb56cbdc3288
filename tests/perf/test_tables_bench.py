"""The benchmark of tables: every way answers as the exact reference does, without timing."""

from __future__ import annotations

import pytest
from tests.perf.orders30.tables import order_table
from tests.perf.tables.ways import Creditgate, Sum, Way
from tests.perf.tables_bench import WAYS, compared, drawn_orders, exact_bits

COUNT = 2_000
DRAWN = drawn_orders(COUNT)
TABLE = order_table(DRAWN)


@pytest.mark.parametrize("kind", [way for way in WAYS if way is not Sum])
def test_a_way_answers_as_the_exact_reference(kind: type[Way]) -> None:
    if kind.installed() is None:
        pytest.skip(f"{kind.distribution} is not installed")
    assert compared(kind(DRAWN, TABLE), exact_bits(DRAWN)) == 0


def test_it_fails_only_where_an_answer_of_the_gate_is_wrong() -> None:
    right = exact_bits(DRAWN)
    right[7] ^= 1
    with pytest.raises(SystemExit, match="creditgate gives 1 wrong answers"):
        compared(Creditgate(DRAWN, TABLE), right)


def test_the_sum_reads_the_columns_of_the_rules() -> None:
    way = Sum(DRAWN, TABLE)
    assert way.decide() != 0
    assert 150 < way.bytes_a_row < 8 * 42
