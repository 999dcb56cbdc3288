"""Compare the solver's formulas with the reference on many random programs.

`python -m tests.differential.solver_programs 5000 --seed 7` compares as many as one likes.
"""

from __future__ import annotations

from argparse import ArgumentParser
from random import Random

from tests.differential.cases import BYTES_OF_FACTS, case
from tests.differential.compare import expected
from tests.differential.solver import NotEncodable, solver_differences

CHUNK = 64


def agreeing(programs: int, seed: int) -> int:
    """Return how many programs have formulas; raises AssertionError where some are wrong."""
    encoded = 0
    for number in range(programs):
        random = Random(f"{seed} {number}")
        source = random.randbytes(CHUNK * random.randint(8, 11))
        made = case(random.randbytes(BYTES_OF_FACTS), source)
        wanted = [expected(made.program, each) for each in made.situations]
        try:
            found = list(solver_differences(made.program, made.situations, wanted))
        except NotEncodable:
            continue
        assert not found, f"program {number} of seed {seed}: {found}"
        encoded += 1
    return encoded


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("programs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print(f"{agreeing(asked.programs, asked.seed)} of {asked.programs} programs agree")
