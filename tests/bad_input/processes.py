"""Run the `creditgate` command as a user would, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.fuzz.answers import subject
from tests.fuzz.facts_tree import tree_of, written

COMMAND = (sys.executable, "-m", "creditgate")
RULEBOOK = "us/reg_sho"
# So long that only a hang reaches it.
HANGS = 300

ALL_APPROVED, REFUSED, UNUSABLE, OUR_FAULT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def codes(self) -> set[str]:
        return set(re.findall(r"CG\d{4}", self.said))


def creditgate(
    *arguments: str | Path, given: bytes | None = None, folder: Path | None = None,
    environment: Mapping[str, str] | None = None, through: Sequence[str] = (),
) -> Finished:  # fmt: skip
    """Run the command to its end, `through` another command where one is named."""
    done = subprocess.run(
        [*through, *COMMAND, *map(str, arguments)], input=b"" if given is None else given, cwd=folder,
        env={**os.environ, **(environment or {})}, capture_output=True, timeout=HANGS,
        check=False,
    )  # fmt: skip
    return Finished(
        done.returncode,
        done.stdout.decode("utf-8", "replace"),
        done.stderr.decode("utf-8", "replace"),
    )


def decide(*files: str | Path, rulebook: str | Path = RULEBOOK, **more: Any) -> Finished:
    """Run `creditgate decide`."""
    return creditgate("decide", *files, "--rulebook", rulebook, **more)


def assert_refused(finished: Finished, status: int, *codes: str) -> None:
    """Check that nothing was approved, and that the reason was said in an orderly way."""
    assert "Traceback" not in finished.said, finished.said
    assert "fault of creditgate" not in finished.said, finished.said
    assert "APPROVED" not in finished.said, finished.said
    assert '"decision":"approved"' not in finished.said, finished.said
    assert finished.status == status, finished.said
    assert set(codes) <= finished.codes, finished.said
    assert len(finished.said) < 100_000


@cache
def approved_order() -> str:
    """Return the JSON text of a long sale that is approved: a scenario of the rulebook."""
    found = subject(RULEBOOK)
    for document in found.documents:
        is_long_sale = document["event"] == "order" and document["order"].get("mark") == "long"
        if is_long_sale and found.gate.decide(document).is_approved:
            return written(tree_of(document, found.gate.vocabulary))
    raise AssertionError("no scenario is approved")


def changed(old: str, new: str) -> str:
    """Return the approved order with one piece of its text replaced."""
    text = approved_order()
    assert old in text, old
    return text.replace(old, new, 1)
