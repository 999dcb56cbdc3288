"""Ways to leave a kept file open to what others write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final


def _writable_file(file: Path) -> None:
    file.chmod(0o666)


def _writable_folder(file: Path) -> None:
    file.parent.chmod(0o777)


def _writable_above(file: Path) -> None:
    file.parents[1].chmod(0o777)


def _a_link(file: Path) -> None:
    elsewhere = file.parents[2] / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)


OPEN_TO_OTHERS: Final[tuple[Callable[[Path], None], ...]] = (
    _writable_file, _writable_folder, _writable_above, _a_link,
)  # fmt: skip
