"""What the decisions of a replay depend on, as digests: inputs, rulebooks, the engine itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import creditgate
from creditgate import __version__
from creditgate.explain.rulebook_words import rulebook_text_digest
from creditgate.pipeline import Gate, shipped_rulebooks
from creditgate.replay.folder import Folder
from creditgate.replay.parts import FIRST_SIZE, MOST_SIZE


def bound_to(
    folder: Folder, gate: Gate, *, evidence: bool, on: date | None = None
) -> dict[str, Any]:
    """Return what the parts of a replay are bound to, as values of JSON.

    Shape: `orders`, `tables` by entity, `rulebooks`, `texts` (of rulebooks), `vocabulary`,
           `engine`, `libraries`, `known_on`, `on`, `evidence`, `sizes` (of parts); digests are SHA-256 in hexadecimal.
    """
    books = shipped_rulebooks()
    known_on = gate.known_on
    return {
        "orders": digest_of_file(folder.orders.path),
        "tables": {n: digest_of_file(s.path) for n, s in sorted(folder.tables.items())},
        "rulebooks": [f"{item.rulebook.id}@{item.digest}" for item in gate.engines],
        "texts": [rulebook_text_digest(item.rulebook) for item in gate.engines],
        "vocabulary": _digest_of_all(books, [*books.glob("vocabulary/*"), *books.glob("calendars/*")]),
        "engine": f"{__version__}@{_digest_of_engine()}",
        "libraries": [f"{name}@{version(name)}" for name in ("duckdb", "numba", "numpy", "pyarrow")],
        "known_on": None if known_on is None else known_on.isoformat(),
        "on": None if on is None else on.isoformat(),
        "evidence": evidence,
        "sizes": [FIRST_SIZE, MOST_SIZE],
    }  # fmt: skip


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _digest_of_engine() -> str:
    engine = Path(creditgate.__file__).parent
    return _digest_of_all(engine, engine.rglob("*.py"))


def _digest_of_all(root: Path, files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        found.update(f"{path.relative_to(root).as_posix()}\n{digest_of_file(path)}\n".encode())
    return found.hexdigest()
