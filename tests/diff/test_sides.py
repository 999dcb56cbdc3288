"""Every way to name a side, and what is said of a side that cannot be used."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.diff.repository import commit, git
from tests.diff.two_books import LIMIT, Books, write_book

pytest.importorskip("z3")

Make = Callable[..., Books]
Run = Callable[..., Any]
NARROW = LIMIT.replace("500 shares", "400 shares")
ENGINE = Path(__file__).parents[2] / "engine"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return the current folder as a repository of two commits and a working tree that differs."""
    commit(tmp_path, LIMIT)
    commit(tmp_path, NARROW)
    write_book(tmp_path / "rulebooks", LIMIT.replace("500 shares", "300 shares"))
    return tmp_path


@pytest.mark.parametrize(
    ("sides", "before", "after"),
    [
        (("HEAD~1:rulebooks/act", "HEAD:rulebooks/act"), "500 shares", "400 shares"),
        (("HEAD:rulebooks/act",), "400 shares", "300 shares"),
        (("HEAD:./rulebooks/act",), "400 shares", "300 shares"),
        (("HEAD~1:rulebooks", "HEAD:rulebooks"), "500 shares", "400 shares"),
        (("HEAD~1:rulebooks",), "500 shares", "300 shares"),
        (("main:rulebooks/act/rules.yaml", "rulebooks/act/rules.yaml"), "400 shares", "300 shares"),
        (("HEAD~1:rulebooks/act@2021-01-04", "rulebooks/act@2021-01-04"), "500 shares", "300 shares"),
    ],
)  # fmt: skip
def test_a_revision_is_compared(
    creditgate: Run, repository: Path, sides: tuple[str, ...], before: str, after: str
) -> None:
    done = creditgate("diff", *sides, "--format", "json")
    report = json.loads(done.out)
    assert (report["verdict"], done.status) == ("stricter", 1)
    (change,) = report["text"]
    (text,) = [text for text in change["texts"] if text["sort"] == "value"]
    assert (text["before"], text["after"]) == (before, after)


def test_nothing_of_a_revision_is_left_behind(creditgate: Run, repository: Path) -> None:
    git(repository, "checkout", "--quiet", ".")
    done = creditgate("diff", "HEAD:rulebooks", "--lang", "en")
    assert done.status == 0
    assert git(repository, "status", "--short") == ""


def test_a_link_of_a_revision_is_not_followed(creditgate: Run, repository: Path) -> None:
    (repository / "secret.yaml").write_text("chapter: {en: Secret, zh: 密}\n", "utf-8")
    (repository / "rulebooks" / "act" / "link.yaml").symlink_to(repository / "secret.yaml")
    git(repository, "add", "rulebooks/act/link.yaml")
    git(repository, "commit", "--quiet", "--message", "A link")
    done = creditgate("diff", "HEAD~1:rulebooks/act", "HEAD:rulebooks/act", "--lang", "en")
    assert done.status == 0
    assert "Secret" not in done.out


@pytest.mark.parametrize(
    ("sides", "code", "words"),
    [
        (("nowhere~9:rulebooks",), "CG9032", "there is no revision `nowhere~9`"),
        (("HEAD:nowhere",), "CG9032", "the revision has no `nowhere`"),
        (("HEAD:../../..",), "CG9032", "outside the repository"),
        (("--option:rulebooks",), "", "No such option"),
        (("cn/sse",), "CG9030", "nothing to be compared with"),
        (("@2021-01-04", "@2022-01-04"), "CG9030", "both sides are days"),
        (("cn/sse@2021-02-30", "@2021-03-01"), "CG4021", "there is no day 2021-02-30"),
        (("cn/sze", "cn/sse"), "CG4009", "did you mean `cn/sse`"),
        (("rulebooks", "cn/sse"), "CG9030", "not of one kind"),
        (("rulebooks/vocabulary", "rulebooks/act"), "CG9030", "holds no rulebook"),
        (("rulebooks/vocabulary/order.yaml", "cn/sse"), "CG9030", "holds no rulebook"),
    ],
)
def test_a_side_that_is_not_there_is_one_diagnostic(
    creditgate: Run, repository: Path, sides: tuple[str, ...], code: str, words: str
) -> None:
    done = creditgate("diff", *sides)
    assert done.status == 2
    assert done.out == ""
    assert words in done.err
    assert done.err.count(f"{code} error") == (1 if code else 0)


@pytest.mark.parametrize("sides", [(), ("a", "b", "c"), ("cn/sse", "cn/szse", "--facts", "x")])
def test_bad_usage_says_what_is_wanted(creditgate: Run, sides: tuple[str, ...]) -> None:
    done = creditgate("diff", *sides)
    assert done.status == 2
    assert "Error:" in done.err


def test_outside_a_repository_it_is_said(creditgate_process: Run, tmp_path: Path) -> None:
    done = creditgate_process(
        "diff", "HEAD:rulebooks", GIT_CEILING_DIRECTORIES=str(tmp_path.parent)
    )
    assert done.status == 2
    assert "CG9031 error" in done.err
    assert "lies in no git repository" in done.err


def test_without_git_it_is_said(creditgate_process: Run, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = creditgate_process("diff", "HEAD:rulebooks", PATH=str(tmp_path / "bin"))
    assert done.status == 2
    assert "git is not installed" in done.err


@pytest.mark.parametrize("broken", ["before", "after"])
def test_of_a_rulebook_that_does_not_load_the_text_is_compared(
    creditgate: Run, books: Make, broken: str
) -> None:
    wrong = NARROW.replace("order.quantity <= most", "order.quantity <= account.cash")
    made = books(wrong, LIMIT) if broken == "before" else books(LIMIT, wrong)
    done = creditgate("diff", *made.sides, "--lang", "en")
    assert done.status == 2
    assert "CG9033 error: `act` does not load" in done.out
    assert "Why it matters" in done.out
    assert "CG5003 error" in done.out
    assert "400 shares" in done.out


def test_of_a_file_that_is_no_yaml_the_other_text_is_compared(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, NARROW, files_after={"act/worse.yaml": "rules: {a: [}\n"})
    done = creditgate("diff", *made.sides, "--lang", "en")
    assert done.status == 2
    assert "CG1001 error" in done.out
    assert "400 shares" in done.out


def test_a_day_outside_the_time_of_a_rulebook_is_said(creditgate: Run, books: Make) -> None:
    before, _ = books(LIMIT, LIMIT).sides
    done = creditgate("diff", f"{before}@2009-01-05", "@2026-01-19", "--lang", "en")
    assert done.status == 2
    assert "CG9034 error: `act` does not govern on 2009-01-05: it begins on 2020-01-02" in done.out


def test_a_base_that_decides_nothing_is_compared_in_text(creditgate: Run, books: Make) -> None:
    made = books(LIMIT, NARROW)
    for side in made.sides:
        header = side / "rulebook.yaml"
        header.write_text(header.read_text("utf-8") + "abstract: true\n", "utf-8")
    done = creditgate("diff", *made.sides, "--lang", "en")
    assert done.status == 2
    assert "CG9035 error: `act` is a base and decides nothing by itself" in done.out
    assert "400 shares" in done.out


def test_a_base_is_compared_in_what_builds_on_it(creditgate: Run, books: Make) -> None:
    over = {
        "over/rulebook.yaml": (
            "rulebook: over\ntitle: {en: Rules over it, zh: 上层规则}\n"
            "authority: {en: A house, zh: 公司}\nextends: [act]\nmode: replaces\n"
            'governs: {trade: "yes"}\n'
            "instruments:\n  manual: {title: {en: The manual, zh: 手册}, issued: 2019-12-01}\n"
        )
    }
    made = books(LIMIT, NARROW, files_before=over, files_after=over)
    for side in made.sides:
        header = side / "rulebook.yaml"
        text = header.read_text("utf-8").replace('governs: {trade: "yes"}\n', "")
        header.write_text(text + "abstract: true\n", "utf-8")
    report = json.loads(creditgate("diff", *made.sides, "--format", "json").out)
    assert report["verdict"] == "stricter"
    assert [book["after"] for book in report["meaning"]] == ["over"]


def test_without_a_solver_the_text_is_compared(
    creditgate_process: Run, books: Make, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'z3' else found(name, *rest)\n"
    )
    sides = books(LIMIT, NARROW).sides
    done = creditgate_process("diff", *sides, "--lang", "en", PYTHONPATH=f"{hidden}:{ENGINE}")
    assert done.status == 2
    assert "CG9023 error" in done.out
    assert "pip install 'creditgate[prove]'" in done.out
    assert "400 shares" in done.out


def test_an_interrupt_ends_with_what_is_answered(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "creditgate", "diff", "cn/sse@2010-03-31", "@2026-01-19", "--lang", "en",
         "--limit", "60"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ENGINE)},
    )  # fmt: skip
    maps = Path(f"/proc/{running.pid}/maps")
    until = time.monotonic() + 60
    while b"libz3" not in maps.read_bytes() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 2, err
    assert b"Traceback" not in err
    assert b"CG9037 error: the comparison was interrupted" in out
    assert b"What is written" in out


def test_a_file_that_cannot_be_written_is_said(
    creditgate: Run, books: Make, tmp_path: Path
) -> None:
    sides = books(LIMIT, LIMIT).sides
    done = creditgate("diff", *sides, "--text-only", "--out", tmp_path / "no" / "file")
    assert done.status == 2
    assert "no/file" in done.err


def test_a_shelf_tells_what_came_and_what_went(creditgate: Run, tmp_path: Path) -> None:
    old, new = write_book(tmp_path / "old", LIMIT), write_book(tmp_path / "new", LIMIT)
    shutil.copytree(old / "act", old / "law")
    header = old / "law" / "rulebook.yaml"
    header.write_text(header.read_text("utf-8").replace("rulebook: act", "rulebook: law"), "utf-8")
    done = creditgate("diff", old, new, "--format", "json")
    report = json.loads(done.out)
    assert {(c["what"], c["rulebook"]) for c in report["text"]} == {("removed", "law")}
    assert report["unchanged"] == ["act"]
