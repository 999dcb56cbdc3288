"""Imports only go down: the contracts of import-linter in pyproject.toml are kept."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_the_contracts_are_kept() -> None:
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    for contract in contracts():
        assert f"{contract['name']} KEPT" in run.stdout


def test_every_package_has_a_layer() -> None:
    layers = next(c for c in contracts() if c["type"] == "layers")
    named = {part.strip() for line in layers["layers"] for part in line.split("|")}
    engine = ROOT / "engine" / "creditgate"
    packages = {path.parent.name for path in engine.glob("*/__init__.py")}
    modules = {path.stem for path in engine.glob("*.py")} - {"__init__"}
    assert packages | modules == named
    assert layers["exhaustive"]


def test_evaluators_are_blind_to_yaml_and_grammar() -> None:
    forbidden = [c for c in contracts() if c["type"] == "forbidden"]
    apart = {
        (source, other)
        for contract in forbidden
        for source in contract["source_modules"]
        for other in contract["forbidden_modules"]
    }
    assert ("creditgate.backends", "creditgate.reference") in apart
    for evaluator in ("backends", "reference", "decide"):
        for stage in ("load", "syntax", "check"):
            assert (f"creditgate.{evaluator}", f"creditgate.{stage}") in apart
