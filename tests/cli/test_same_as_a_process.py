"""A command run in this process leaves the very bytes that a process of its own leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from creditgate.cli.main import COMMANDS

Run = Callable[..., Any]
ASKED: Final = {
    "results and findings": ("decide", "-", "--rulebook", "exchange", "--lang", "zh"),
    "JSON": ("decide", "-", "--rulebook", "exchange", "--format", "json"),
    "a usage that means nothing": ("decide", "-", "--rulebook", "exchange", "--on", "yesterday"),
    "a figure": ("compute", "margin_required", "-", "--rulebook", "exchange"),
    "a rulebook without findings": ("lint", "exchange"),
    "a file that would change": ("fmt", "untidy.yaml", "--diff"),
    "an option that there is not": ("test", "--twice"),
    "a table in Chinese": ("show", "exchange", "lot", "--lang", "zh"),
    "a list of facts": ("facts", "exchange", "--format", "json"),
    "a name that is not known": ("schema", "chapters"),
    "a day": ("calendar", "XSHG", "2026-10-01"),
    "orders that are not there": (
        "replay", "nowhere.csv", "--rulebook", "exchange", "--out", "out.csv",
    ),
    "a question that it has no answer to": (
        "prove", "exchange", "--question", "only_tightens", "--lang", "zh",
    ),
    "a side without another": ("diff", "exchange"),
    "a name that is refused": ("new", "rule", "Calm", "--rulebook", "exchange", "--chapter", "o"),
}  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_both_ways_of_running_leave_the_same(
    creditgate: Run, creditgate_process: Run, book: Run, sale: Run, tmp_path: Path, what: str
) -> None:
    (tmp_path / "untidy.yaml").write_text("chapter: {en: X, zh: 甲}\n\n\nrules: {}\n\n", "utf-8")
    arguments = [book(name) if name == "exchange" else name for name in ASKED[what]]
    lines = (sale(order__id="委托7"), "{oops", sale(order__quantity=450))
    given = "\n".join(lines).encode()
    assert creditgate(*arguments, given=given) == creditgate_process(*arguments, given=given)


def test_every_command_is_run_both_ways() -> None:
    assert {arguments[0] for arguments in ASKED.values()} == COMMANDS.keys()
