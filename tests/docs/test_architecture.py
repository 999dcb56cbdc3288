"""The page on the architecture says what is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from tests.docs.pages import ROOT

from creditgate.pipeline import STAGES

PAGE = ROOT / "docs" / "ARCHITECTURE.md"
PATH = re.compile(r"`((?:engine|rulebooks|tests|docs)(?:/[\w./]+)?|pyproject\.toml)`")


def rows_under(heading: str) -> Iterator[list[str]]:
    """Yield the cells of the table under a heading, its head left out."""
    section = PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_every_path_named_exists() -> None:
    named = PATH.findall(PAGE.read_text("utf-8"))
    assert named
    for path in named:
        assert (ROOT / path).exists(), path


def test_the_stages_are_those_of_the_pipeline() -> None:
    stated = [(name.strip("`"), words) for name, words in rows_under("Stages")]
    assert stated == list(STAGES)


def test_the_layers_are_those_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]
    layers = [set(layer.split(" | ")) for layer in contract["layers"]]
    stated = [set(re.findall(r"`([\w.]+)`", cells[0])) for cells in rows_under("Layers")]
    assert stated == layers


def test_every_package_of_the_engine_is_in_a_layer() -> None:
    stated = {name for cells in rows_under("Layers") for name in re.findall(r"`(\w+)`", cells[0])}
    packages = {p.parent.name for p in (ROOT / "engine" / "creditgate").glob("*/__init__.py")}
    assert packages <= stated
