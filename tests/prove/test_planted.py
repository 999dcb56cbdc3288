"""Every planted answer is found, and none is invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.prove.planted import Planted, about, asked_of, loads, planted

from creditgate.admit.certificates import certificate, write_certificate
from creditgate.prove.answers import Answer
from creditgate.prove.questions import is_certifiable

CASES = list(planted())
FEWEST = 60


def test_there_are_many_cases_of_each_question() -> None:
    assert len(CASES) >= FEWEST
    assert len({case.name for case in CASES}) == len(CASES)
    for question in {case.question for case in CASES}:
        said = {v for case in CASES if case.question == question for v in case.expected.values()}
        assert said == {"yes", "no"}, question


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}: {case.name}")
def test_planted(case: Planted, tmp_path: Path) -> None:
    asked, answers = asked_of(case, tmp_path)
    assert {about(answer): answer.verdict for answer in answers} == case.expected
    for answer in answers:
        assert_shown(answer)
    certified = bool(case.stated.get("certified"))
    assert (is_certifiable(asked, answers) and asked.subject.only_figures) is certified
    if certified:
        base, folder = asked.subject.base, asked.subject.folder
        assert base is not None
        assert folder is not None
        assert not loads(tmp_path)
        write_certificate(folder, certificate(base, asked.subject.book, ()))
        assert loads(tmp_path)


def assert_shown(answer: Answer) -> None:
    """An answer that an order can show is shown by one."""
    shows = {
        "only_tightens": "no", "never_fires": "no", "always_fires": "no", "never_binds": "no",
        "undated": "yes", "approves_without": "yes", "more_never_hurts": "no", "agree": "no",
    }  # fmt: skip
    if shows.get(answer.question) == answer.verdict and answer.why != "stands_in_one":
        assert answer.order
