"""Generated code says what the reference says, on random programs and facts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.differential.cases import CASES, Case
from tests.differential.compare import Compiled, differences, expected
from tests.differential.reached import Reached

EXAMPLES = 2_200  # Hypothesis tries some programs again with other facts
PROGRAMS = 2_000


def test_generated_code_is_the_reference_on_random_rulebooks_and_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = Reached()
    reached.watch_indexes(monkeypatch)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CASES)
    def agrees(case: Case) -> None:
        compiled = Compiled.of(case.program)
        reached.program(case.source, case.program)
        for each in case.situations:
            wanted = expected(case.program, each)
            reached.expected(wanted)
            found = list(differences(case.program, compiled, each, wanted))
            assert not found, found

    agrees()
    assert not reached.gaps()
    assert len(reached.programs) >= PROGRAMS
