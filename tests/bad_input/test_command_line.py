"""Wrong commands, closed pipes and interruptions: the status says so, and no traceback shows."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from tests.bad_input.processes import (
    ALL_APPROVED,
    COMMAND,
    HANGS,
    OUR_FAULT,
    RULEBOOK,
    UNUSABLE,
    approved_order,
    assert_refused,
    changed,
    creditgate,
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("deside",), ("--bogus",), ("decide", "--bogus"), ("decide",), ("decide", "order.json"),
        ("decide", "--rulebook"), ("decide", "x.json", "--rulebook", RULEBOOK, "--on", "2024-02-30"),
        ("decide", "x.json", "--rulebook", RULEBOOK, "--on", "yesterday"),
        ("decide", "x.json", "--rulebook", RULEBOOK, "--format", "xml"),
        ("decide", "x.json", "--rulebook", RULEBOOK, "--lang", "fr"),
        ("lint", "--format", "csv"), ("test", "--only"), ("compute",), ("show",), ("new",),
        ("schema", "no_such_schema"), ("calendar",), ("", "lint"), ("lint\n",), ("__init__",), ("main",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_is_bad_usage(arguments: tuple[str, ...], tmp_path: Path) -> None:
    finished = creditgate(*arguments, folder=tmp_path)
    assert_refused(finished, UNUSABLE)
    assert finished.err.strip()


def test_a_figure_that_does_not_exist_is_bad_usage(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(approved_order(), "utf-8")
    arguments = ("decide", file, "--rulebook", RULEBOOK, "--figure", "no_such_figure")
    assert_refused(creditgate(*arguments), UNUSABLE, "CG9016")


@pytest.mark.parametrize(
    "text", ["", "{}", "not json", '{"core": {}}', "[" * 5_000, '{"schema": 1, "facts": {}}']
)
def test_a_record_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(text, "utf-8")
    finished = creditgate("decide", "--again", file)
    assert "Traceback" not in finished.said
    assert "fault of creditgate" not in finished.said
    assert finished.status == UNUSABLE, finished.said


def test_a_reader_that_stops_reading_is_not_told_that_all_was_approved(tmp_path: Path) -> None:
    """Far more than a pipe holds is written, so the command meets the closed pipe."""
    file = tmp_path / "orders.jsonl"
    refused = changed('"mark":"long",', "")
    file.write_text(f"{refused}\n" * 4_000, "utf-8")
    command = [*COMMAND, "decide", str(file), "--rulebook", RULEBOOK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"UNDECIDED")
        process.stdout.close()
        said = process.stderr.read().decode()
        status = process.wait(HANGS)
    assert "Traceback" not in said
    assert "fault of creditgate" not in said
    assert status not in (ALL_APPROVED, OUR_FAULT)


def test_an_interruption_ends_the_command_in_order() -> None:
    command = [*COMMAND, "decide", "-", "--rulebook", RULEBOOK]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        # The first answer shows that the command waits for the second order.
        process.stdin.write(changed('"mark":"long",', "").encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"UNDECIDED")
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        status = process.wait(HANGS)
        process.stdin.close()
    assert status == UNUSABLE
    assert "interrupted" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_terminal_without_chinese_still_gets_the_answer(language: str, tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(changed('"mark":"long",', ""), "utf-8")
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    arguments = ("decide", file, "--rulebook", RULEBOOK, "--lang", language, "--explain")
    assert_refused(creditgate(*arguments, environment=plain), 1)
