"""The solver's formulas say what the reference says, on random programs and facts."""

from __future__ import annotations

from tests.differential.solver_programs import agreeing

PROGRAMS = 160
ENCODED = 150  # some read lists that are chosen by an `if`


def test_formulas_are_the_reference_on_random_rulebooks_and_facts() -> None:
    assert agreeing(PROGRAMS, seed=1) >= ENCODED
