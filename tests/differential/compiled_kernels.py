"""Compiled kernels over long tables of random programs: `python -m tests.differential.compiled_kernels`.

Each program is tried on rows drawn from its situations, so every chunk and thread meets all of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random
from typing import Any

import numpy as np
from tests.differential.cases import BYTES_OF_FACTS, BYTES_OF_SITUATION, case
from tests.differential.columns import (
    WORDS,
    Columns,
    event_of,
    kernel_differences,
    right_of,
    texts_of,
)
from tests.differential.columns_shared import SharedRun, said_otherwise
from tests.differential.compare import expected
from tests.differential.facts import Limits, Situation, mixed, situation
from tests.differential.programs import Program
from tests.differential.programs_shared import account_programs
from tests.differential.widths import LONGEST, ranges_of, wide_from

from creditgate.backends.columns.bounds import largest_number
from creditgate.backends.columns.compile import SharingEvent
from creditgate.backends.columns.kernel import REDO, Body, Kernel
from creditgate.backends.columns.kernel_cache import compiled
from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.touching import touching
from creditgate.backends.columns.values import first_codes
from creditgate.backends.columns.widths import MOST_IN_64_BITS as IN_64_BITS
from creditgate.backends.columns.widths import MOST_IN_128_BITS as IN_128_BITS

ROWS = 20_000
#: Every so manyth program is one whose orders share accounts.
SHARING_EVERY = 4
SITUATIONS = 60


def programs(seed: int, *, large: bool = False) -> Iterator[tuple[Program, list[Situation]]]:
    """Yield programs without end, each with situations that kernels are given."""
    random = Random(seed)
    while True:
        made = case(random.randbytes(BYTES_OF_FACTS), random.randbytes(640))
        limits = Limits.of(made.program.epoch, made.program.nodes())
        drawn = [
            situation(limits, random.randbytes(BYTES_OF_SITUATION), large=large)
            for _ in range(SITUATIONS)
        ]
        kept = [each for each in drawn if each.as_of is not None and not each.facts.claims]
        if kept:
            yield made.program, [*kept, *mixed(limits, kept, random, len(kept))]


@dataclass(frozen=True, slots=True)
class Table:
    """A long table of a program: what judges its rows, its arrays, and what is right."""

    body: Body
    sharing: SharingEvent | None
    columns: Columns
    days: Any
    arrays: dict[str, Any]
    right: Sequence[tuple[int, ...]]

    @classmethod
    def of(cls, program: Program, situations: list[Situation], seed: int) -> Table:
        """Return a table whose rows are drawn from situations; raises `Unsupported`."""
        event = event_of(program)
        vocabulary = program.epoch.rulebook.vocabulary
        codes = first_codes(vocabulary, set(event.words_used) | texts_of(situations))
        drawn = Random(seed).choices(range(len(situations)), k=ROWS)
        columns = Columns.of([situations[place] for place in drawn], vocabulary, codes)
        shape = columns.shape(event.needs)
        body, sharing = event.body(shape, codes, WORDS), event.sharing(shape, codes, WORDS)
        arrays = {name: _in_64_bits(columns.arrays, name) for name in body.by_numbers().columns}
        days = np.array([situations[place].as_of for place in drawn], dtype=np.int64)
        wanted = [right_of(program, expected(program, each)) for each in situations]
        right = [wanted[place] for place in drawn]
        return cls(body, sharing, columns, days, arrays, right)

    def largest(self) -> int:
        """Return how large numbers may get."""
        kernel = self.body.by_numbers()
        ranges = kernel.ranges() | ranges_of(self.arrays)
        return largest_number(kernel.source, ranges, LONGEST)

    def disagreement(self, kernel: Kernel) -> str | None:
        """Return what a kernel, as machine code, says otherwise, if anything."""
        decision = np.zeros(ROWS, dtype=np.uint8)
        words = [np.zeros((ROWS, WORDS), dtype=np.uint64) for _ in range(3)]
        run = compiled(touching(kernel), keep=False)
        run(0, ROWS, np.arange(ROWS), self.days, *self.arrays.values(), decision, *words)
        for row, right in enumerate(self.right):
            found = int(decision[row]), *[int(each[row, 0]) for each in words]
            if decision[row] != REDO and found != right:
                return f"row {row}: {found} instead of {right}\n{kernel.source}"
        return None

    def disagreement_of_sharing(self, most: int) -> str | None:
        """Return what rows say otherwise, if anything, that look up what they share."""
        if self.sharing is None:
            return None
        run = SharedRun(
            self.sharing, self.columns, self.days, partial(compiled, keep=False), most,
            pack=True, are_any_size=False,
        )  # fmt: skip
        found = run.outcomes()
        return (
            None if found is None else next(said_otherwise(found, self.right, self.sharing), None)
        )


def _in_64_bits(arrays: dict[str, Any], name: str) -> Any:
    found = arrays[name]
    return found.astype(np.int64) if found.dtype == object else found


@dataclass(slots=True)
class Count:
    """How many programs were compared in which way."""

    narrow: int = 0
    wide: int = 0
    sharing: int = 0
    left_out: int = 0


def agreeing(count: int, seed: int) -> Count:
    """Compile so many programs and compare each with the reference.

    Every third has numbers that are large, so that only wide ones hold what is computed of them;
    of the others every third has nearly all numbers wide. In some, orders share accounts and look up
    what was worked out for them.
    """
    found = Count()
    ways = [programs(seed), programs(seed + 1), programs(seed + 2, large=True)]
    sharing = [account_programs(seed), account_programs(seed + 1, large=True)]
    number = 0
    while found.narrow + found.wide < count:
        is_sharing = number % SHARING_EVERY == 0
        way = sharing[number // SHARING_EVERY % 2] if is_sharing else ways[number % 3]
        program, situations = next(way)
        number += 1
        try:
            table = Table.of(program, situations, number)
        except Unsupported:
            found.left_out += 1
            continue
        kernel, largest = table.body.by_numbers(), table.largest()
        if largest >= IN_128_BITS:
            found.left_out += 1
            continue
        if number % 3 == 2 or largest >= IN_64_BITS:
            most = 2 if number % 3 == 2 else IN_64_BITS
            kernel = wide_from(table.body, table.arrays, most)
        said = table.disagreement(kernel)
        if is_sharing:
            said = said or table.disagreement_of_sharing(2 if number % 3 == 2 else IN_64_BITS)
            found.sharing += table.sharing is not None
        if said is not None:
            raise AssertionError(f"program {number} of seed {seed}, {said}")
        found.wide += kernel.wide
        found.narrow += not kernel.wide
    return found


def agreeing_uncompiled(count: int, seed: int, *, large: bool) -> int:
    """Compare so many programs as plain Python, with wide numbers too; return how many were left out."""
    left_out = 0
    for program, situations in islice(programs(seed, large=large), count):
        wanted = [expected(program, each) for each in situations]
        try:
            found = list(kernel_differences(program, situations, wanted, wide=True))
        except Unsupported:
            left_out += 1
            continue
        if found:
            raise AssertionError(found[0])
    return left_out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--uncompiled", type=int, default=0, help="so many as plain Python instead")
    chosen = parser.parse_args()
    if chosen.uncompiled:
        for is_large in (False, True):
            left = agreeing_uncompiled(chosen.uncompiled, chosen.seed, large=is_large)
            print(f"{chosen.uncompiled - left} programs agree with the reference, numbers wide too")
            print(f"{left} programs are left to the evaluator of single orders")
    else:
        counted = agreeing(chosen.programs, chosen.seed)
        print(f"{chosen.programs} compiled programs agree with the reference on {ROWS:,} rows each")
        print(f"{counted.wide} of them have wide numbers")
        print(f"{counted.sharing} of them were compared by what rows share too")
        print(f"{counted.left_out} programs are left to the evaluator of single orders")
