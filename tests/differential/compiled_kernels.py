"""Compiled kernels over long tables of random programs: `python -m tests.differential.compiled_kernels`.

Each program is tried on rows drawn from its situations, so every chunk and thread meets all of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from tests.differential.cases import BYTES_OF_FACTS, BYTES_OF_SITUATION, case
from tests.differential.columns import GOVERNS, WORDS, Columns, right_of, texts_of
from tests.differential.compare import expected
from tests.differential.facts import Limits, Situation, situation
from tests.differential.programs import Program

from creditgate.backends.columns.bounds import largest_number
from creditgate.backends.columns.compile import column_event
from creditgate.backends.columns.kernel import REDO
from creditgate.backends.columns.kernel_cache import compiled
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.values import first_codes

ROWS = 20_000
SITUATIONS = 60
IN_64_BITS = 2**62


def programs(seed: int) -> Iterator[tuple[Program, list[Situation]]]:
    """Yield programs without end, each with situations that kernels are given."""
    random = Random(seed)
    while True:
        made = case(random.randbytes(BYTES_OF_FACTS), random.randbytes(640))
        limits = Limits.of(made.program.epoch, made.program.nodes())
        drawn = [situation(limits, random.randbytes(BYTES_OF_SITUATION)) for _ in range(SITUATIONS)]
        kept = [each for each in drawn if each.as_of is not None and not each.facts.claims]
        if kept:
            yield made.program, kept


def disagreement(program: Program, situations: list[Situation], seed: int) -> str | None:
    """Return what the compiled kernel of a program says otherwise than the reference, if anything.

    Errors: Unsupported where columns cannot hold the program, or its numbers need more than 64 bits.
    """
    bits = {rule.id: place for place, rule in enumerate(program.epoch.rules)}
    bits[f"{program.epoch.rulebook.id}/governs"] = GOVERNS
    event = column_event(program.epoch, "order", bits)
    vocabulary = program.epoch.rulebook.vocabulary
    codes = first_codes(vocabulary, set(event.words_used) | texts_of(situations))
    drawn = Random(seed).choices(range(len(situations)), k=ROWS)
    columns = Columns.of([situations[place] for place in drawn], vocabulary, codes)
    kernel = event.kernel(columns.shape(event.needs), codes, WORDS)
    arrays = [_in_64_bits(columns.arrays, name) for name in kernel.columns]
    given = zip(kernel.columns, arrays, strict=True)
    ranges = {n: (min(0, int(a.min(initial=0))), max(0, int(a.max(initial=0)))) for n, a in given}
    if largest_number(kernel.source, {**kernel.ranges(), **ranges}, 3) >= IN_64_BITS:
        raise Unsupported("numbers of more than 64 bits")
    decision = np.zeros(ROWS, dtype=np.uint8)
    words = [np.zeros((ROWS, WORDS), dtype=np.uint64) for _ in range(3)]
    days = np.array([situations[place].as_of for place in drawn], dtype=np.int64)
    run = compiled(kernel, keep=False)
    run(0, ROWS, np.arange(ROWS), days, *arrays, decision, *words)
    wanted = [right_of(program, expected(program, each)) for each in situations]
    for row, place in enumerate(drawn):
        found = int(decision[row]), *[int(each[row, 0]) for each in words]
        if decision[row] != REDO and found != wanted[place]:
            return f"row {row}: {found} instead of {wanted[place]}\n{kernel.source}"
    return None


def _in_64_bits(arrays: dict[str, Any], name: str) -> Any:
    found = arrays.get(name, np.full(1, -1, dtype=np.int64))
    return found.astype(np.int64) if found.dtype == object else found


def agreeing(count: int, seed: int) -> int:
    """Compile so many programs and compare each; return how many could not be compiled."""
    left_out = compared = 0
    for number, (program, situations) in enumerate(programs(seed)):
        if compared == count:
            break
        try:
            found = disagreement(program, situations, number)
        except Unsupported:
            left_out += 1
            continue
        if found is not None:
            raise AssertionError(f"program {number} of seed {seed}, {found}")
        compared += 1
    return left_out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    left_out_ = agreeing(chosen.programs, chosen.seed)
    print(f"{chosen.programs} compiled programs agree with the reference on {ROWS:,} rows each")
    print(f"{left_out_} programs are left to the evaluator of single orders")
