"""Rulebooks kept between processes, checked and ready, so that the next start reads no YAML.

What is kept lies under what was asked for and this engine, and says what loading had asked the
disk. It is used only where the disk gives the same answers again: the same files with the same
bytes, and no other beside them.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from creditgate.base.own_files import is_own, own_folder, this_engine
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import Rulebook
from creditgate.load.disk import Disk, Question, still_answers

KIND: Final = "rulebooks"
MOST_KEPT: Final = 64
DIGEST: Final = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """The ids of rulebooks, the folders in which they are looked for, and the day of knowledge."""

    rulebooks: tuple[str, ...]
    roots: tuple[Path, ...]
    known_on: date | None = None

    def place(self) -> Path | None:
        """Return where the rulebooks are kept, or None where nothing can be kept."""
        folder = own_folder(KIND)
        if folder is None:
            return None
        parts = [
            this_engine(),
            msgspec.__version__,
            self.rulebooks,
            [str(root) for root in self.roots],
            self.known_on,
            self._seen_from(),
        ]
        return folder / hashlib.sha256(repr(parts).encode()).hexdigest()

    def _seen_from(self) -> list[str]:
        """Return the working folder where messages call files by their path from it."""
        here = Path.cwd().resolve()
        roots = [root.resolve() for root in self.roots]
        inside = any(root.is_relative_to(here) or here.is_relative_to(root) for root in roots)
        return [str(here)] if inside else []


@dataclass(frozen=True, slots=True)
class Kept:
    """Rulebooks with the digests of their meaning, and their vocabulary."""

    rulebooks: tuple[Rulebook, ...]
    digests: tuple[str, ...]
    vocabulary: Vocabulary


def kept(asked: Asked) -> Kept | None:
    """Return what was kept, or None where it is not there or not what would be loaded."""
    place = asked.place()
    if place is None or not is_own(place):
        return None
    try:
        data = place.read_bytes()
        digest, rest = data[:DIGEST], memoryview(data)[DIGEST:]
        if hashlib.sha256(rest).digest() != digest:
            return None
        size = int.from_bytes(rest[:8], "big")
        answers = msgspec.json.decode(rest[8 : 8 + size], type=list[tuple[Question, str]])
        if not still_answers(dict(answers)):
            return None
        # Written by this user's engine and by nobody else: the folder and the file are the user's own.
        found: Any = pickle.loads(rest[8 + size :])
    except (
        OSError,
        ValueError,
        EOFError,
        AttributeError,
        ImportError,
        pickle.UnpicklingError,
        msgspec.MsgspecError,
    ):
        return None
    return found if isinstance(found, Kept) else None


def keep(asked: Asked, rulebooks: Kept, disk: Disk) -> None:
    """Keep rulebooks that were loaded without an error, and what the disk was asked for them."""
    place = asked.place()
    if place is None:
        return
    answers = msgspec.json.encode(list(disk.answers.items()))
    rest = len(answers).to_bytes(8, "big") + answers + pickle.dumps(rulebooks, 5)
    try:
        _make_room(place.parent)
        handle, made = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(rest).digest() + rest)
        os.replace(made, place)
    except OSError:
        return  # a full disk, say: the next start loads again


def _make_room(folder: Path) -> None:
    found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in found[: max(0, len(found) - MOST_KEPT + 1)]:
        path.unlink(missing_ok=True)
