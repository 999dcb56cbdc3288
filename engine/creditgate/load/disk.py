"""What loading asks the disk, and the answers: the same answers make the same rulebooks."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

Question: TypeAlias = tuple[str, str]


@dataclass(slots=True)
class Disk:
    """Ask the disk, and write down what was asked.

    It `wavers` where it has given two answers to one question.
    """

    answers: dict[Question, str] = field(default_factory=dict)
    wavers: bool = False

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file; of any text, too long for a path or a loop as it may be."""
        found = os.path.isfile(path)
        self._answer("is_file", path, str(found))
        return found

    def names(self, folder: Path) -> list[Path]:
        """Return the YAML files that lie in a folder, sorted."""
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
        except OSError:  # there is no such folder
            names = []
        found = [folder / name for name in names]
        self._answer("names", folder, "/".join(path.name for path in found))
        return found

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file; raises OSError."""
        data = path.read_bytes()
        self._answer("read", path, hashlib.sha256(data).hexdigest())
        return data

    def _answer(self, question: str, path: Path, answer: str) -> None:
        if self.answers.setdefault((question, str(path)), answer) != answer:
            self.wavers = True


def still_answers(answers: dict[Question, str]) -> bool:
    """Tell whether the disk answers all questions as it did."""
    disk = Disk()
    ask = {"is_file": disk.is_file, "names": disk.names, "read": disk.read}
    try:
        for question, path in answers:
            ask[question](Path(path))
    except (OSError, KeyError):
        return False
    return disk.answers == answers
