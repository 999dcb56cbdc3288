"""A small planted rulebook, the shipped Chinese ones, and cases generated for them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from tests.bad_input.processes import Finished
from tests.cli.conftest import SURROUNDINGS
from tests.cli.in_process import run_here

HERE: Final = Path(__file__).parent
SHIPPED: Final = HERE.parents[1] / "rulebooks"
PLANTED: Final = HERE / "planted"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a file that cases must notice: some text, and what stands in its place."""

    what: str
    old: str
    new: str

    def made_in(self, path: Path) -> None:
        """Change a file, in which the text stands once."""
        text = path.read_text("utf-8")
        assert text.count(self.old) == 1, self.what
        path.write_text(text.replace(self.old, self.new), "utf-8")


def changes() -> list[Change]:
    """Return the changes of the planted rulebook."""
    stated = yaml.safe_load((HERE / "planted_changes.yaml").read_text("utf-8"))
    return [Change(**each) for each in stated]


def planted_in(folder: Path) -> Path:
    """Copy the planted rulebook into a folder; return where it lies."""
    return Path(shutil.copytree(PLANTED, folder / "planted"))


def china_in(folder: Path) -> Path:
    """Copy the rulebook of Shanghai and its base, without their scenarios."""
    for name in ("margin_trading", "sse"):
        leave = shutil.ignore_patterns("scenarios")
        shutil.copytree(SHIPPED / "cn" / name, folder / "cn" / name, ignore=leave)
    return folder / "cn" / "sse"


def here(*arguments: Any) -> Finished:
    """Run the command in this process."""
    status, out, err = run_here([str(each) for each in arguments], b"", SURROUNDINGS)
    return Finished(status, out.decode(), err.decode())


def generated(rulebook: Path, *more: Any) -> Finished:
    """Generate the scenarios of a rulebook beside it, in this process."""
    into = rulebook / "scenarios"
    return here("test", rulebook, "--generate", "--into", into, "--format", "json", *more)
