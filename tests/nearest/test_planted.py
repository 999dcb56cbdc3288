"""The nearest approval of planted cases is the one that is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.nearest.planted import Planted, gate_of, planted, said, together

CASES = list(planted())


def test_cases_have_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}: {case.name}")
def test_planted(case: Planted, tmp_path: Path) -> None:
    named = ("act", "house")
    chapters: dict[str, str] = {name: case.stated[name] for name in named if name in case.stated}
    gate = gate_of(tmp_path, chapters)
    decision = gate.decide(case.document)
    assert decision.outcome == case.stated.get("decision", "rejected")
    limit, horizon = case.stated.get("limit"), case.stated.get("horizon")
    answer = decision.nearest_approval(case.change, limit=limit, horizon_days=horizon)
    assert said(answer) == {k: str(v) for k, v in case.expected("expect").items()}
    assert [together(item) for item in answer.together] == [
        {path: str(value) for path, value in item.items()}
        for item in case.stated.get("together", [])
    ]
    assert list(answer.missing) == case.stated.get("needs", [])
    steps = {c.step.exact for item in answer.alone for c in item.changes if c.step is not None}
    assert steps == {str(step) for step in case.stated.get("steps", [])}
    stopped = {rule for item in answer.alone for rule in item.stopped_by}
    assert stopped >= set(case.stated.get("stopped_by", []))
    for item in answer.found:
        assert gate.decide(item.document).is_approved
