"""A certificate admits an overlay for exactly the two meanings it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_rulebooks import WORLD, write
from tests.prove.planted import SECONDS, Planted, loads, planted

from creditgate.admit.certificates import certificate, write_certificate
from creditgate.load.rulebook_files import CERTIFICATE
from creditgate.prove.questions import QUESTIONS, Asked
from creditgate.prove.rulebooks import Library

PROVED = next(case for case in planted() if case.stated.get("certified"))


def certified(root: Path, case: Planted = PROVED) -> dict[str, Any]:
    write(root, case.files())
    subject = Library((root, WORLD)).subject("house")
    assert subject is not None
    assert subject.base is not None
    assert subject.folder is not None
    made = certificate(subject.base, subject.book, ("act/ratio",))
    write_certificate(subject.folder, made)
    return made


def test_with_a_certificate_the_overlay_loads(tmp_path: Path) -> None:
    certified(tmp_path)
    assert loads(tmp_path)


@pytest.mark.parametrize("side", ["act", "house"])
def test_a_change_of_either_rulebook_makes_it_as_none(tmp_path: Path, side: str) -> None:
    certified(tmp_path)
    chapter = tmp_path / side / "chapter.yaml"
    chapter.write_text(
        chapter.read_text("utf-8").replace("50%", "51%").replace("base +", "base + 1% +")
    )
    assert not loads(tmp_path)


@pytest.mark.parametrize(
    "broken",
    [
        {"form": 2},
        {"proved": "agrees"},
        {"base": {"rulebook": "act", "digest": "0" * 64}},
        {"overlay": None},
    ],
)
def test_a_certificate_of_something_else_is_none(tmp_path: Path, broken: dict[str, Any]) -> None:
    made = certified(tmp_path)
    (tmp_path / "house" / CERTIFICATE).write_text(json.dumps({**made, **broken}))
    assert not loads(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"form": 1}', "[" * 100_000, "\ufeff{}"])
def test_what_is_no_certificate_is_none(tmp_path: Path, text: str) -> None:
    certified(tmp_path)
    (tmp_path / "house" / CERTIFICATE).write_text(text, "utf-8")
    assert not loads(tmp_path)


def test_a_value_that_is_looser_is_refused_with_any_certificate(tmp_path: Path) -> None:
    lowered = next(case for case in planted() if "lowered by a hair" in case.name)
    certified(tmp_path, lowered)
    assert not loads(tmp_path)


def test_a_proof_is_made_again_although_a_certificate_fits(tmp_path: Path) -> None:
    """One that was written without a proof lets a looser overlay load; asking finds it out."""
    looser = next(case for case in planted() if case.name == "a haircut rounded up is loosened")
    certified(tmp_path, looser)
    assert loads(tmp_path)
    house = Library((tmp_path, WORLD)).subject("house")
    assert house is not None
    answers = list(QUESTIONS["only_tightens"](Asked(house, SECONDS)))
    assert {answer.verdict for answer in answers} == {"no"}
    assert all(answer.order for answer in answers)
