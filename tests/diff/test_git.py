"""Git's own diff, the hook before a commit and the workflow of a pull request."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.diff.repository import commit, git
from tests.diff.two_books import LIMIT, chapter, write_book

from creditgate.cli.main import COMMANDS

pytest.importorskip("z3")

ROOT = Path(__file__).parents[2]
Run = Callable[..., Any]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository in which git compares rulebooks by their meaning."""
    commit(tmp_path, LIMIT)
    (tmp_path / ".gitattributes").write_text("rulebooks/**/*.yaml diff=creditgate\n", "utf-8")
    driver = f"{shlex.quote(sys.executable)} -m creditgate diff --driver --lang en"
    git(tmp_path, "config", "diff.creditgate.command", driver)
    return tmp_path


@pytest.fixture(autouse=True)
def _engine_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT / "engine"), str(ROOT))))


def test_git_diff_tells_text_and_meaning(repository: Path) -> None:
    write_book(repository / "rulebooks", LIMIT.replace("500 shares", "400 shares"))
    told = git(repository, "diff")
    assert "Before: a/rulebooks/act/rules.yaml" in told
    assert "STRICTER" in told
    assert "500 shares" in told


def test_git_diff_of_a_new_a_moved_and_a_taken_file_does_not_fail(repository: Path) -> None:
    (repository / "rulebooks" / "act" / "more.yaml").write_text(
        chapter("rules:\n  more:\n    {<rule>, when: order.action is open_long, require: order.urgent}\n"),
        "utf-8",
    )  # fmt: skip
    git(repository, "add", "--intent-to-add", "--all")
    assert "STRICTER" in git(repository, "diff", "--", "rulebooks")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "More")
    git(repository, "mv", "rulebooks/act/more.yaml", "rulebooks/act/other.yaml")
    assert "NO CHANGE OF MEANING" in git(repository, "diff", "--cached", "--find-renames")


def test_git_show_of_a_file_that_is_gone_tells_it(repository: Path) -> None:
    git(repository, "rm", "--quiet", "rulebooks/act/rules.yaml")
    told = git(repository, "diff", "--cached")
    assert "removed" in told
    assert "CG9033" in told


def test_a_file_of_no_rulebook_is_compared_line_by_line(repository: Path) -> None:
    path = repository / "rulebooks" / "vocabulary" / "reasons.yaml"
    path.write_text(path.read_text("utf-8").replace("Too large", "Much too large"), "utf-8")
    told = git(repository, "diff")
    assert "+  too_large: {title: {en: Much too large" in told


def test_a_driver_that_is_set_wrong_is_told(creditgate: Run) -> None:
    done = creditgate("diff", "--driver", "a", "b")
    assert done.status == 2
    assert "CG9030 error" in done.err
    assert "git config diff.creditgate.command" in done.err


def test_the_hook_compares_what_is_to_be_committed(repository: Path) -> None:
    write_book(repository / "rulebooks", LIMIT.replace("500 shares", "400 shares"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == [
        "creditgate-lint",
        "creditgate-fmt",
        "creditgate-diff",
    ]
    for hook in hooks:
        first, name, *_ = shlex.split(hook["entry"])
        assert (first, name in COMMANDS) == ("creditgate", True)
    hook = hooks[-1]
    command = [*shlex.split(hook["entry"])[1:], *hook["args"], "--lang", "en"]
    done = subprocess.run(
        [sys.executable, "-m", "creditgate", *command], cwd=repository, capture_output=True,
        check=True,
    )  # fmt: skip
    assert b"STRICTER" in done.stdout


def test_the_workflow_runs_commands_that_there_are(repository: Path) -> None:
    write_book(repository / "rulebooks", LIMIT.replace("500 shares", "400 shares"))
    path = ROOT / "docs" / "examples" / "pull_request" / "rulebooks.yml"
    workflow = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    steps = workflow["jobs"]["diff"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert all("${{" not in run for run in runs), "what others wrote stands in no script"
    (compare,) = [run for run in runs if run.startswith("creditgate diff")]
    command = compare.replace("creditgate", f"{shlex.quote(sys.executable)} -m creditgate")
    done = subprocess.run(
        ["bash", "-c", command], cwd=repository, env={**os.environ, "BASE": "HEAD"}, check=True,
        capture_output=True,
    )  # fmt: skip
    assert done.stderr == b""
    assert "STRICTER" in (repository / "comment.md").read_text("utf-8") or "收紧" in (
        repository / "comment.md"
    ).read_text("utf-8")
