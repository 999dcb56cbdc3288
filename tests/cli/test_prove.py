"""`creditgate prove` as people run it: text, JSON, exit statuses, the extra that is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cases.small_rulebooks import WORLD, write
from tests.prove.planted import Planted, loads, planted

pytest.importorskip("z3")

Run = Callable[..., Any]


def case(words: str) -> Planted:
    """Return the planted case whose name has some words."""
    return next(each for each in planted() if words in each.name)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes the rulebooks of a planted case beside a vocabulary."""

    def made(words: str) -> Path:
        for part in ("vocabulary", "calendars"):
            (tmp_path / part).symlink_to(WORLD / part)
        write(tmp_path, case(words).files())
        return tmp_path

    return made


def test_a_loosened_overlay_is_shown_with_an_order_and_both_decisions(
    creditgate: Run, folder: Callable[[str], Path]
) -> None:
    root = folder("a haircut rounded up is loosened")
    done = creditgate("prove", root / "house", "--question", "only_tightens", "--format", "json")
    assert done.status == 1
    (answer,) = json.loads(done.out)
    assert answer["answer"] == "no"
    (order,) = answer["orders"]
    below, above = order["decisions"]
    assert (below["rulebook"], above["rulebook"]) == ("act", "house")
    assert above["decision"] == "approved"
    assert below["decision"] in {"rejected", "undecided"}
    assert not (root / "house" / "certificates").exists()


def test_a_proof_leaves_a_certificate_with_which_the_overlay_loads(
    creditgate: Run, folder: Callable[[str], Path]
) -> None:
    root = folder("a haircut rounded down")
    assert not loads(root)
    done = creditgate("prove", root / "house", "--question", "only_tightens", "--lang", "en")
    assert done.status == 0, done.err
    assert "whatever passes house passes act (act/worth); proved for all orders" in done.out
    assert (root / "house" / "certificates" / "only_tightens.json").is_file()
    assert loads(root)


def test_a_question_about_one_day_leaves_none(
    creditgate: Run, folder: Callable[[str], Path]
) -> None:
    root = folder("a haircut rounded down")
    done = creditgate("prove", root / "house", "--question", "only_tightens", "--on", "2021-03-01")
    assert done.status == 0
    assert not (root / "house" / "certificates").exists()


def test_all_rulebooks_of_a_folder_in_chinese(
    creditgate: Run, folder: Callable[[str], Path]
) -> None:
    root = folder("a lower limit beside a higher one never binds")
    done = creditgate("prove", "--all", root, "--lang", "zh", "--question", "binds")
    assert done.status == 1
    assert "act/low 从不单独阻止任何委托" in done.out
    assert "act/low 被 act/high 掩盖" in done.out
    assert "其中 2 个需要查看" in done.out


def test_what_is_in_order_ends_well(creditgate: Run, folder: Callable[[str], Path]) -> None:
    root = folder("two limits on different facts both bind")
    done = creditgate("prove", root / "act", "--question", "binds", "--lang", "en")
    assert done.status == 0
    assert done.out.count("stops something by itself") == 2
    assert "act: rejected (act/one)" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name a rulebook"),
        (("cn/sse", "--all", "."), "name a rulebook"),
        (("cn/sse", "--question", "agrees"), "--with"),
        (("cn/sse", "--with", "cn/szse"), "agrees"),
        (("cn/sse", "--question", "more_never_hurts"), "--fact"),
        (("cn/sse", "--question", "nothing"), "nothing"),
        (("cn/sse", "--fact", "cash"), "account.cash"),
        (("cn/sse", "--fact", "account.nothing"), "account.nothing"),
        (("cn/sse", "--limit", "0"), "--limit"),
        (("cn/nowhere",), "cn/nowhere"),
        (("cn/margin_trading",), "is a base"),
        (("--all", "nowhere"), "nowhere"),
        (("--all", "."), "no rulebook"),
    ],
)
def test_bad_usage_says_what_is_wanted(
    creditgate: Run, arguments: tuple[str, ...], words: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    done = creditgate("prove", *arguments, "--question", "fires") if arguments[-1:] in (
        ("nowhere",), (".",),
    ) else creditgate("prove", *arguments)  # fmt: skip
    assert done.status == 2
    assert words in done.err


def test_without_the_extra_it_says_what_to_install(creditgate_process: Run, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'z3' else found(name, *rest)\n"
    )
    engine = Path(__file__).parents[2] / "engine"
    done = creditgate_process("prove", "cn/sse", PYTHONPATH=f"{hidden}:{engine}")
    assert done.status == 2
    assert "CG9023 error" in done.err
    assert "pip install 'creditgate[prove]'" in done.err
