"""Run the command line: in this process, or as people do in one of its own.

`creditgate` runs it in this process, for tests of what it says and how it ends; a test holds it to
what `creditgate_process` says. That one is for what belongs to a process: its streams, its locale.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from tests.cli.in_process import run_here

# What stands in for libraries is imported by the command alone.
collect_ignore = ["libraries"]

EXPLAIN = Path(__file__).parents[1] / "unit" / "explain"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process left: its status, what it printed and what it complained of."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Return what was printed, line by line."""
        return self.out.splitlines()

    @property
    def documents(self) -> list[Any]:
        """Return what was printed as JSON, one document a line."""
        return [json.loads(line, parse_float=Decimal) for line in self.lines]


#: The zone is odd on purpose: nothing may depend on it.
SURROUNDINGS: Final = {"LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "COLUMNS": "100"}


@pytest.fixture
def creditgate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Finished]:
    """Return a function that runs the command in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, given: bytes = b"") -> Finished:
        return finished(*run_here([str(item) for item in arguments], given, SURROUNDINGS))

    return run


@pytest.fixture
def creditgate_process(tmp_path: Path) -> Callable[..., Finished]:
    """Return a function that runs the command in an empty folder, in a process of its own."""

    def run(*arguments: object, given: bytes = b"", **variables: str) -> Finished:
        done = subprocess.run(
            [sys.executable, "-m", "creditgate", *map(str, arguments)],
            input=given, capture_output=True, cwd=tmp_path, timeout=300, check=False,
            env={**os.environ, **SURROUNDINGS, **variables},
        )  # fmt: skip
        return finished(done.returncode, done.stdout, done.stderr)

    return run


def finished(status: int, out: bytes, err: bytes) -> Finished:
    """Return what was left by a command, which never ends with a traceback."""
    assert b"Traceback" not in err, err.decode()
    return Finished(status, out.decode(), err.decode())


@pytest.fixture
def book() -> Callable[[str], Path]:
    """Return the folder of a made-up rulebook."""
    return lambda name: EXPLAIN / "books" / name


@pytest.fixture
def sale() -> Callable[..., str]:
    """Return a short sale that passes, as one line of JSON, with some facts changed."""

    def written(**changes: Any) -> str:
        document = json.loads((EXPLAIN / "short_sale.json").read_text("utf-8"))
        for path, value in changes.items():
            entity, _, name = path.partition("__")
            if value is None:
                del document[entity][name]
            else:
                document[entity][name] = value
        return json.dumps(document, ensure_ascii=False)

    return written
