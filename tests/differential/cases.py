"""A program with situations to try it in, as a strategy of Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies
from tests.differential.facts import Limits, Situation, situation
from tests.differential.programs import Program, program

BYTES_OF_SITUATION = 160
BYTES_OF_FACTS = 3 * BYTES_OF_SITUATION


@dataclass(frozen=True, slots=True)
class Case:
    """A program with situations; `source` are the bytes that the program was made from."""

    source: bytes
    program: Program
    situations: tuple[Situation, ...]


def case(facts: bytes, source: bytes) -> Case:
    """Return the case that bytes stand for."""
    made = program(source)
    limits = Limits.of(made.epoch, made.nodes())
    starts = range(0, BYTES_OF_FACTS, BYTES_OF_SITUATION)
    parts = [facts[start : start + BYTES_OF_SITUATION] for start in starts]
    return Case(source, made, tuple(situation(limits, part) for part in parts))


# In chunks, because Hypothesis also repeats and swaps what it drew: whole programs would be equal.
CASES = strategies.builds(
    case,
    strategies.binary(min_size=BYTES_OF_FACTS, max_size=BYTES_OF_FACTS),
    strategies.lists(strategies.binary(min_size=64, max_size=64), min_size=8, max_size=11).map(
        b"".join
    ),
)
