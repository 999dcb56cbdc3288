"""Generated code says what the reference says, on random programs and facts."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings, strategies
from tests.differential.compare import Compiled, differences, expected
from tests.differential.facts import SITUATION_BYTES, Limits, situation
from tests.differential.programs import PROGRAM_BYTES, program
from tests.differential.reached import Reached

EXAMPLES = 2_700  # of which Hypothesis varies the facts alone in some
PROGRAMS = 2_000


def test_generated_code_is_the_reference_on_random_rulebooks_and_facts() -> None:
    reached = Reached()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(PROGRAM_BYTES, strategies.lists(SITUATION_BYTES, min_size=3, max_size=3))
    def agrees(source: bytes, facts: list[bytes]) -> None:
        made = program(source)
        limits = Limits.of(made)
        compiled = Compiled.of(made)
        reached.program(source, made)
        for each in facts:
            given_facts = situation(limits, each)
            wanted = expected(made, given_facts)
            reached.expected(wanted)
            found = list(differences(made, compiled, given_facts, wanted))
            assert not found, found

    agrees()
    assert not reached.gaps()
    assert len(reached.programs) >= PROGRAMS
