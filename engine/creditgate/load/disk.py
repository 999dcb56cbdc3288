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
    """Ask the disk, and write down what was asked."""

    answers: dict[Question, str] = field(default_factory=dict)

    def is_file(self, path: Path) -> bool:
        """Tell whether there is a file; of any text, too long for a path or a loop as it may be."""
        found = os.path.isfile(path)
        self.answers["is_file", str(path)] = str(found)
        return found

    def names(self, folder: Path) -> list[Path]:
        """Return the YAML files that lie in a folder, sorted."""
        found = sorted(folder.glob("*.yaml"))
        self.answers["names", str(folder)] = "/".join(path.name for path in found)
        return found

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file; raises OSError."""
        data = path.read_bytes()
        self.answers["read", str(path)] = hashlib.sha256(data).hexdigest()
        return data


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
