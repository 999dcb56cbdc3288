"""Each planted fault is noticed by the comparison that guards generated code."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from tests.differential.cases import BYTES_OF_FACTS, case
from tests.differential.compare import Compiled, Expected, differences, expected
from tests.differential.facts import Situation
from tests.differential.faults import FAULTS, Fault
from tests.differential.programs import Program

MOST_PROGRAMS = 500


@cache
def _sample(seed: int) -> tuple[Program, list[tuple[Situation, Expected]]]:
    random = Random(seed)
    made = case(random.randbytes(BYTES_OF_FACTS), random.randbytes(640))
    cases = [(each, expected(made.program, each)) for each in made.situations]
    return made.program, cases


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
