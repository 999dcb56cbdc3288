"""The passes in which kernels copy a block of a column: plain functions, compiled with the kernels.

Each has one loop that a compiler can run many rows at once.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

FIRST_DAY_OF_EPOCH = 719_163
#: Beyond so many members their codes are looked up one by one.
FEW = 24
# Eight bits are spread over the lowest bits of eight bytes.
ONES, PLACES = np.uint64(0x0101010101010101), np.uint64(0x8040201008040201)
BELOW, SEVEN = np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(7)


def copy_numbers(part: Any, room: Any, low: int, high: int, marks: Any) -> bool:
    """Copy numbers; mark those that are not between two limits, and tell whether there are any.

    No limit has more than 62 bits: where one difference is too large for its sign to be right the
    other is not.
    """
    seen = 0
    for q in range(len(part)):
        x = int(part[q])
        seen = seen | ((x - low) | (high - x))
        room[q] = x
    if seen >= 0:
        return False
    for q in range(len(part)):
        x = int(part[q])
        marks[q] = marks[q] | (((x - low) | (high - x)) < 0)
    return True


def copy_halves(pairs: Any, room: Any, low: int, high: int, marks: Any) -> bool:
    """Copy the low halves of numbers of 128 bits, as `copy_numbers` does."""
    return copy_numbers(pairs[::2], room, low, high, marks)


def wrong_halves(pairs: Any) -> int:
    """Return other than zero where a number of 128 bits does not fit into 64."""
    wrong = 0
    for q in range(len(pairs) // 2):
        wrong = wrong | ((int(pairs[2 * q]) >> 63) ^ int(pairs[2 * q + 1]))
    return wrong


def copy_bits(eights: Any, room: Any) -> None:
    """Copy bits as bytes, eight at a time."""
    for q in range(len(eights)):
        room[q] = (((np.uint64(eights[q]) * ONES & PLACES) + BELOW) >> SEVEN) & ONES


def copy_days(dates: Any, room: Any) -> int:
    """Copy days since 1970; return other than zero where one is too far away."""
    wrong = 0
    for q in range(len(dates)):
        day = int(dates[q])
        wrong = wrong | ((day ^ (day >> 31)) >> 30)
        room[q] = day + FIRST_DAY_OF_EPOCH
    return wrong


def copy_codes(part: Any, room: Any, codes: Any, own: Any) -> int:
    """Copy the codes of words; return other than zero where a number is of no word.

    `own` are the numbers of the words, as wide as those of the column.
    """
    least, most = part[0], part[0]
    for q in range(len(part)):
        least, most = min(least, part[q]), max(most, part[q])
    if least < 0 or most >= len(codes):
        return 1
    if len(codes) > FEW:
        for q in range(len(part)):
            room[q] = codes[part[q]]
        return 0
    for q in range(len(part)):
        room[q] = codes[0]
    for member in range(1, most + 1):
        code, number = codes[member], own[member]
        for q in range(len(part)):
            room[q] = code if part[q] == number else room[q]
    return 0


PASSES: tuple[Callable[..., Any], ...] = (
    copy_numbers, copy_halves, wrong_halves, copy_bits, copy_days, copy_codes,
)  # fmt: skip


def plain_passes() -> dict[str, Any]:
    """Return the passes by name."""
    return {each.__name__: each for each in PASSES}


def source_of_passes() -> str:
    """Return the text of this module, which compiled kernels hold too."""
    return inspect.getsource(sys.modules[__name__])


@cache
def compiled_passes() -> dict[str, Any]:
    """Return the passes as machine code by name; one that calls another calls its machine code."""
    import numba

    compile_ = numba.njit(nogil=True, error_model="numpy")
    names: dict[str, Any] = {}
    exec(compile(source_of_passes(), __file__, "exec"), names)
    for each in PASSES:
        names[each.__name__] = compile_(names[each.__name__])
    return {each.__name__: names[each.__name__] for each in PASSES}
