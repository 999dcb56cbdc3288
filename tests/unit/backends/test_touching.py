"""What rows look up is touched before they are judged, and only what they read whatever they hold."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from creditgate.backends.columns.compile import uncompiled
from creditgate.backends.columns.kernel import Body, Kernel
from creditgate.backends.columns.touching import TOGETHER, touching

COLUMNS = ("to_a", "of_a_x", "pack0", "from_l", "of_l_y")
JUDGED = ["total[i] = value"]

CASES = {
    "a value of a record that each row looks up": (
        ["r1 = to_a[i]", "value = of_a_x[r1]"],
        ["of_a_x[r1]"],
    ),
    "values side by side, once for those that come together": (
        ["r1 = to_a[i]", "v2 = pack0[r1, 0]", "value = v2 + pack0[r1, 7] + pack0[r1, 8]"],
        ["pack0[r1, 0]", "pack0[r1, 8]"],
    ),
    "the first and the last row of a list, where it has rows": (
        [
            "j1 = from_l[i]", "j2 = from_l[i + 1]", "value = 0", "for j3 in range(j1, j2):",
            "    v4 = of_l_y[j3]", "    value = value + v4",
        ],
        ["of_l_y[j1]", "of_l_y[j2 - 1]"],
    ),
    "nothing that is looked up on a condition": (
        ["r1 = to_a[i]", "value = of_a_x[r1] if r1 >= 0 else 0"],
        [],
    ),
    "nothing that is looked up in a branch": (
        ["r1 = to_a[i]", "value = 0", "if r1 >= 0:", "    value = of_a_x[r1]"],
        [],
    ),
    "nothing at a place that must be worked out first": (
        ["v1 = narrow(to_a[i])", "value = of_a_x[v1]"],
        [],
    ),
    "nothing where a row looks nothing up": (["value = of_a_x[i]"], []),
}  # fmt: skip


def _kernel(lines: list[str]) -> Kernel:
    return Body([*lines, *JUDGED], {}, COLUMNS, outputs=("total",)).by_numbers()


@pytest.mark.parametrize("case", CASES)
def test_a_kernel_touches(case: str) -> None:
    lines, expected = CASES[case]
    plain = _kernel(lines)
    made = touching(plain)
    touched = [read for line in made.source.splitlines() if "touched +=" in line
               for read in re.findall(r"int\((.*?\])\)", line)]  # fmt: skip
    assert touched == expected
    assert (made is plain) == (not expected)


@pytest.mark.parametrize("count", [0, 1, TOGETHER - 1, TOGETHER, 2 * TOGETHER + 1])
def test_rows_are_judged_once_each_whatever_their_number(count: int) -> None:
    lines, _ = CASES["the first and the last row of a list, where it has rows"]
    sizes = np.arange(count) % 3
    starts = np.concatenate([[0], np.cumsum(sizes)])
    values = np.arange(starts[-1]) + 10
    found: list[Any] = []
    for kernel in (_kernel(lines), touching(_kernel(lines))):
        total = np.zeros(count, dtype=np.int64)
        rows = np.arange(count)[::-1]
        arrays = [np.zeros(1, dtype=np.int64)] * 3
        uncompiled(kernel)(0, count, rows, None, *arrays, starts, values, total)
        found.append(total.tolist())
    right = [int(values[b:e].sum()) for b, e in pairwise(starts)]
    assert found == [right, right]
