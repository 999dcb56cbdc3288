"""The wheel holds all it needs: it checks and decides in an environment that has nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

from docs.examples.sse_600000.documents import read_desk
from docs.examples.sse_600000.tape import orders_of, read_trades

from creditgate import Gate

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / ".ci" / "requirements.lock"
DECIDE = """
import pathlib, sys
import creditgate
decision = creditgate.Gate.load(["cn/sse"]).decide(pathlib.Path("order.json").read_bytes())
print(pathlib.Path(creditgate.__file__).is_relative_to(sys.prefix), decision.core_bytes().decode())
"""


def run(folder: Path, *command: str | Path) -> str:
    """Run a command in a folder and return what it printed."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=surroundings, text=True, encoding="utf-8",
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_alone_lints_its_rulebooks_and_decides(tmp_path: Path) -> None:
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    built = ("--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, ROOT)
    run(tmp_path, sys.executable, *pip, "wheel", *built)
    (wheel,) = tmp_path.glob("creditgate-*.whl")

    # The versions that the lock pins; pip takes no hashes for a wheel built just now.
    pins = re.findall(r"^[\w.-]+==[^\s;]+", LOCK.read_text("utf-8"), re.MULTILINE)
    (tmp_path / "constraints.txt").write_text("\n".join(pins), "utf-8")
    venv.create(tmp_path / "alone", with_pip=False)
    python = tmp_path / "alone" / "bin" / "python"
    install = ("install", "--constraint", "constraints.txt", wheel)
    run(tmp_path, sys.executable, *pip, "--python", python, *install)

    command = tmp_path / "alone" / "bin" / "creditgate"
    assert "no findings" in run(tmp_path, command, "lint")

    desk, order = read_desk(), next(orders_of(read_trades()))
    document = json.dumps(desk.document(order, desk.accounts[0]))
    (tmp_path / "order.json").write_text(document, "utf-8")
    decide = (command, "decide", "order.json", "--rulebook", "cn/sse", "--lang", "en")
    assert run(tmp_path, *decide).startswith("APPROVED")
    inside, _, core = run(tmp_path, python, "-c", DECIDE).partition(" ")
    assert inside == "True"
    assert core.strip() == Gate.load(["cn/sse"]).decide(document).core_bytes().decode()
