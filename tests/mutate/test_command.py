"""`creditgate test --mutate` as somebody runs it: text in both languages, JSON, status, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Final

SMALL: Final = "brokers/futu_hk"
COMMAND: Final = [sys.executable, "-m", "creditgate", "test", "--mutate"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_whole_run_of_a_small_rulebook_catches_what_is_asked_for() -> None:
    done = run(SMALL, "--at-least", "95", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = json.loads(done.stdout)
    assert report["rulebook"] == SMALL
    assert report["changes"] == report["of"] > 0
    idle = len(report["same"]) + len(report["refused"])
    assert report["caught"] + len(report["not_caught"]) + idle == report["changes"]
    for change in (*report["not_caught"], *report["same"], *report["refused"]):
        assert change["place"].startswith("rulebooks/brokers/futu_hk/")
        assert all(change[key][language] for key in ("was", "is") for language in ("en", "zh"))


def test_text_is_in_the_language_asked_for_and_the_same_every_time() -> None:
    english = run("us/reg_nms", "--only", "first_tier", "--lang", "en")
    again = run("us/reg_nms", "--only", "first_tier", "--lang", "en")
    chinese = run("us/reg_nms", "--only", "first_tier", "--lang", "zh")
    assert english.stdout == again.stdout
    assert english.stdout.splitlines()[-1].startswith("us/reg_nms: ")
    assert chinese.stdout.splitlines()[-1].startswith("us/reg_nms：")


def test_an_unknown_rulebook_is_bad_usage() -> None:
    done = run("no/such_rulebook")
    assert done.returncode == 2
    assert "no/such_rulebook" in done.stderr


def test_ctrl_c_ends_with_what_is_known() -> None:
    with subprocess.Popen(
        [*COMMAND, SMALL, "us/reg_t", "--format", "text", "--lang", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(SMALL):  # the next rulebook has begun
                break
        process.send_signal(signal.SIGINT)
        rest, wrong = process.communicate(timeout=60)
    assert process.returncode in (1, 2)
    assert "Traceback" not in rest + wrong
    assert "interrupted" in rest + wrong
