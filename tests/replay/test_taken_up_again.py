"""A replay that is killed is taken up again, and nobody can tell from what it wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.good_tables import TABLES

pytest.importorskip("duckdb")

from creditgate import Gate
from creditgate.replay.outcomes import Outcomes
from creditgate.replay.parts import size_of
from creditgate.replay.run import replay

BOOK = Path(__file__).parents[1] / "unit" / "explain" / "books" / "exchange"
HEAD, *ROWS = TABLES["order.csv"].splitlines()
ORDERS = 14_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with some thousand orders and the tables for them."""
    (tmp_path / "tables").mkdir()
    for name, text in TABLES.items():
        if name not in {"order.csv", "claims.csv"}:
            (tmp_path / "tables" / name).write_text(text, "utf-8")
    lines = [HEAD]
    for number in range(ORDERS):
        _, rest = ROWS[number % len(ROWS)].split(",", 1)
        lines.append(f"{number},{rest}")
    (tmp_path / "orders.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def command(out: str, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "creditgate", "replay", "orders.csv", "--facts", "tables",
        "--rulebook", str(BOOK), "--out", out, "--summary", f"{out}.html", "--lang", "en", *more,
    ]  # fmt: skip


def run(folder: Path, out: str, *more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(out, *more), cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def kill_in_the_middle(folder: Path, out: str, *more: str, parts: int = 1) -> None:
    """Begin a replay and kill it, as `kill -9` does, once some parts are there."""
    begun = subprocess.Popen(
        command(out, *more), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 240
    while len(list((folder / f"{out}.parts").glob("part-*.arrow"))) < parts:
        assert begun.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.002)
    os.kill(begun.pid, signal.SIGKILL)
    assert begun.wait(60) == -signal.SIGKILL
    assert not (folder / out).exists()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_killed_replay_goes_on_and_comes_to_the_same_bytes(folder: Path, form: str) -> None:
    whole, again = f"whole.{form}", f"again.{form}"
    evidence = ["--evidence"] if form == "parquet" else []
    done = run(folder, whole, *evidence)
    assert done.returncode == 1, done.stderr
    kill_in_the_middle(folder, again, *evidence)
    resumed = run(folder, again, *evidence)
    assert resumed.returncode == 1, resumed.stderr
    assert "were decided by an earlier run" in resumed.stderr
    assert (folder / again).read_bytes() == (folder / whole).read_bytes()
    assert (folder / f"{again}.html").read_bytes() == (folder / f"{whole}.html").read_bytes()
    assert resumed.stdout == done.stdout
    assert not (folder / f"{again}.parts").exists()
    if form == "csv":
        ids = [line.split(",")[1] for line in (folder / again).read_text("utf-8").splitlines()[1:]]
        assert ids == [str(number) for number in range(ORDERS)]


def test_a_replay_begun_with_other_inputs_is_refused_unless_it_begins_anew(folder: Path) -> None:
    kill_in_the_middle(folder, "out.csv")
    account = folder / "tables" / "account.csv"
    account.write_text(account.read_text("utf-8").replace("5000.00", "5000.01"), "utf-8")
    refused = run(folder, "out.csv")
    assert refused.returncode == 2
    assert "CG9022 error" in refused.stderr
    assert "begun with other tables" in refused.stderr
    assert not (folder / "out.csv").exists()
    anew = run(folder, "out.csv", "--restart")
    assert anew.returncode == 1
    assert "earlier run" not in anew.stderr
    whole = run(folder, "whole.csv")
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()
    assert whole.stdout == anew.stdout


def test_a_part_that_is_not_whole_is_made_again(folder: Path) -> None:
    run(folder, "whole.csv")
    kill_in_the_middle(folder, "out.csv", parts=2)
    parts = sorted((folder / "out.csv.parts").glob("part-*.arrow"))
    data = parts[1].read_bytes()
    parts[1].write_bytes(data[: len(data) // 2])
    (folder / "out.csv.parts" / f"{parts[0].name}.1.unfinished").write_bytes(data[:100])
    assert run(folder, "out.csv").returncode == 1
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()


def test_stopped_before_the_file_of_decisions_is_written_nothing_is_lost(folder: Path) -> None:
    assert run(folder, "whole.csv").returncode == 1
    gate, parts = Gate.load([BOOK]), 0

    def stop_after_the_last(outcomes: Outcomes) -> None:
        nonlocal parts
        parts += 1
        if len(outcomes) < size_of(parts - 1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(
            folder / "orders.csv", folder / "tables", folder / "out.csv", gate,
            told=stop_after_the_last,
        )  # fmt: skip
    assert parts == len(list((folder / "out.csv.parts").glob("part-*.arrow")))
    assert not (folder / "out.csv").exists()
    assert run(folder, "out.csv").returncode == 1
    assert (folder / "out.csv").read_bytes() == (folder / "whole.csv").read_bytes()
