"""Run the command line as people do: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def creditgate(tmp_path: Path) -> Callable[..., Finished]:
    """Return a function that runs the command in an empty folder."""

    def run(*arguments: object, given: bytes = b"", **variables: str) -> Finished:
        # The zone and the hash seed are odd on purpose: nothing may depend on them.
        environment = {
            **os.environ, "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "COLUMNS": "100", **variables
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "creditgate", *map(str, arguments)],
            input=given, capture_output=True, cwd=tmp_path, env=environment, timeout=300, check=False,
        )  # fmt: skip
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return Finished(done.returncode, out, err)

    return run


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
