"""Each planted fault is noticed by the comparison that guards generated code."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from tests.differential.compare import Compiled, Expected, differences, expected
from tests.differential.facts import Limits, Situation, situation
from tests.differential.faults import FAULTS, Fault
from tests.differential.programs import Program, program

MOST_PROGRAMS = 500
SITUATIONS = 4


@cache
def _sample(seed: int) -> tuple[Program, list[tuple[Situation, Expected]]]:
    random = Random(seed)
    made = program(random.randbytes(640))
    limits = Limits.of(made)
    facts = [situation(limits, random.randbytes(160)) for _ in range(SITUATIONS)]
    return made, [(each, expected(made, each)) for each in facts]


def _notices(seed: int) -> bool:
    made, cases = _sample(seed)
    try:
        compiled = Compiled.of(made)
        return any(list(differences(made, compiled, facts, wanted)) for facts, wanted in cases)
    except Exception:
        return True


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.sentence for fault in FAULTS])
def test_the_comparison_notices_that(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.plant(monkeypatch)
    assert any(_notices(seed) for seed in range(MOST_PROGRAMS))


def test_the_comparison_notices_nothing_without_a_fault() -> None:
    assert not any(_notices(seed) for seed in range(MOST_PROGRAMS // 5))


def test_the_faults_are_distinct() -> None:
    assert len({fault.sentence for fault in FAULTS}) == len(FAULTS) >= 30
