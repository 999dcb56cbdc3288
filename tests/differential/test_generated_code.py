"""Generated code and columns say what the reference says, on random programs and facts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from tests.differential.cases import CASES, Case
from tests.differential.columns import kernel_differences
from tests.differential.compare import Compiled, differences, expected
from tests.differential.reached import Reached

from creditgate.backends.columns.needs import Unsupported

EXAMPLES = 2_200  # Hypothesis tries some programs again with other facts
PROGRAMS = 2_000
PROGRAMS_IN_COLUMNS = 1_900  # sums of quotients by row are left to the other evaluator
WIDE_EVERY = 6  # the others are tried by `tests.differential.compiled_kernels --uncompiled`


def test_generated_code_is_the_reference_on_random_rulebooks_and_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = Reached()
    in_columns: set[bytes] = set()
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
        wanted = [expected(case.program, each) for each in case.situations]
        for each, right in zip(case.situations, wanted, strict=True):
            reached.expected(right)
            found = list(differences(case.program, compiled, each, right))
            assert not found, found
        wide = len(reached.programs) % WIDE_EVERY == 0
        try:
            found = list(kernel_differences(case.program, case.situations, wanted, wide=wide))
        except Unsupported:
            return
        assert not found, found
        in_columns.add(case.source)

    agrees()
    assert not reached.gaps()
    assert len(reached.programs) >= PROGRAMS
    assert len(in_columns) >= PROGRAMS_IN_COLUMNS
