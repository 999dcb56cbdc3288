"""What cannot be done is said once, with a code and what to do, and nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest
from tests.bad_input.processes import UNUSABLE, Finished, creditgate
from tests.generate.planted_rulebook import here, planted_in

pytest.importorskip("z3")

ENGINE: Final = Path(__file__).parents[2] / "engine"
RULE: Final = ("--generate", "--rule", "line_kept")
HIDES: Final = """\
import importlib.util as util
found = util.find_spec
util.find_spec = lambda name, *rest: None if name == 'z3' else found(name, *rest)
"""
INTERRUPTS: Final = """\
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *rest):
        if name == 'z3.z3core':
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
"""


def assert_said_once(done: Finished, code: str, *words: str) -> None:
    """Hold a command to one diagnostic with a code."""
    assert done.status == UNUSABLE, done.said
    assert done.err.count(" error: ") == 1, done.said
    assert done.codes == {code}
    assert "Traceback" not in done.said
    for word in words:
        assert word in done.err


def at_start(folder: Path, text: str) -> dict[str, str]:
    """Return an environment in which Python begins with some text."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(text, "utf-8")
    return {"PYTHONPATH": f"{folder}:{ENGINE}"}


def test_without_the_solver_it_says_what_to_install(tmp_path: Path) -> None:
    hidden = at_start(tmp_path / "hidden", HIDES)
    done = creditgate("test", planted_in(tmp_path), *RULE, environment=hidden)
    assert_said_once(done, "CG9023", "pip install 'creditgate[prove]'")


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    interrupted = at_start(tmp_path / "interrupted", INTERRUPTS)
    into = tmp_path / "cases.yaml"
    done = creditgate(
        "test", planted_in(tmp_path), *RULE, "--into", into, environment=interrupted
    )  # fmt: skip
    assert_said_once(done, "CG9042", "run it again")
    assert not into.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["interrupted", "planted"]


def test_a_rulebook_that_does_not_load_is_reported(tmp_path: Path) -> None:
    rulebook = planted_in(tmp_path)
    rules = rulebook / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace("ratio_held > line", "ratio_kept > line"))
    assert_said_once(here("test", rulebook, *RULE), "CG4001", "ratio_held")


@pytest.mark.parametrize(
    ("rulebook", "code"), [("cn/no_such_exchange", "CG4009"), ("cn/margin_trading", "CG4020")]
)
def test_a_rulebook_that_decides_nothing_is_reported(rulebook: str, code: str) -> None:
    assert_said_once(here("test", rulebook, *RULE), code)


def test_scenarios_that_cannot_be_read_are_reported(tmp_path: Path) -> None:
    rulebook = planted_in(tmp_path)
    (rulebook / "scenarios").mkdir()
    (rulebook / "scenarios" / "broken.yaml").write_text("rulebook: planted\ncases: {\n", "utf-8")
    done = here("test", rulebook, *RULE)
    assert done.status == UNUSABLE
    assert "broken.yaml" in done.err


def test_a_file_that_was_not_generated_is_left_alone(tmp_path: Path) -> None:
    by_hand = tmp_path / "by_hand.yaml"
    by_hand.write_text("rulebook: planted\ncases: []\n", "utf-8")
    done = here("test", planted_in(tmp_path), *RULE, "--into", by_hand)
    assert_said_once(done, "CG9040", "by_hand.yaml", "--into")
    assert by_hand.read_text("utf-8") == "rulebook: planted\ncases: []\n"


def test_a_file_in_the_folder_that_was_not_generated_is_left_alone(tmp_path: Path) -> None:
    by_hand = tmp_path / "cases" / "generated_rules.yaml"
    by_hand.parent.mkdir()
    by_hand.write_text("mine\n", "utf-8")
    done = here("test", planted_in(tmp_path), *RULE, "--into", by_hand.parent)
    assert_said_once(done, "CG9040", "generated_rules.yaml")
    assert by_hand.read_text("utf-8") == "mine\n"


@pytest.mark.parametrize("into", ["a_file/cases", "a_file/cases.yaml", "no/such/folder/cases.yaml"])
def test_a_place_where_nothing_can_be_written_is_reported(into: str, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("", "utf-8")
    done = here("test", planted_in(tmp_path), *RULE, "--into", tmp_path / into)
    assert_said_once(done, "CG9041", "--into")


def test_a_folder_named_like_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").mkdir()
    done = here("test", planted_in(tmp_path), *RULE, "--into", tmp_path / "cases.yaml")
    assert_said_once(done, "CG9041", "is a directory")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--generate", "--rule", "line_kep"), "did you mean line_kept?"),
        (("--rule", "line_kept"), "--rule goes with --generate"),
        (("--all",), "--all goes with --generate"),
        (("--into", "cases.yaml"), "--into goes with --generate"),
        (("--generate", "--coverage"), "--generate runs no scenarios"),
        (("--generate", "cn/sse"), "name it"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = here("test", planted_in(tmp_path), *arguments)
    assert done.status == UNUSABLE
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_diagnostic_is_json_where_json_is_asked_for(tmp_path: Path) -> None:
    by_hand = tmp_path / "by_hand.yaml"
    by_hand.write_text("mine\n", "utf-8")
    done = here("test", planted_in(tmp_path), *RULE, "--into", by_hand, "--format", "json")
    assert done.status == UNUSABLE
    assert [found["code"] for found in json.loads(done.out)] == ["CG9040"]
