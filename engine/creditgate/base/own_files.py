"""Files kept between processes, in folders that only their owner can change.

What lies there may be run, so files that belong to others, or that others can write, are left
alone, and nothing is kept beside them. So are files that are cut short or damaged. Whoever keeps
something says in it what it was made from, and uses it only while that is still the same.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

#: Names another folder for what is kept; empty keeps nothing.
FOLDER: Final = "CREDITGATE_CACHE"
_HEAD: Final = hashlib.sha256().digest_size
_READ: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
# Rulebooks that come with the package are data: whoever keeps what was made of them names them.
_NO_ENGINE: Final = frozenset({"__pycache__", "rulebooks"})
_LIBRARIES: Final = ("jsonschema-", "lark-", "msgspec-", "pyyaml-", "tzdata-")


def own_folder(kind: str, name: str = "") -> Path | None:
    """Return the folder of a kind, or of a name in it; None where nothing can be kept."""
    named = os.environ.get(FOLDER)
    if named == "":
        return None
    beside = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    above = Path(named or Path(beside) / "creditgate").expanduser()
    try:
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        folders = [above, above / kind, *([above / kind / name] if name else [])]
        for folder in folders[1:]:
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folders[-1] if all(map(is_own, folders)) else None


def is_own(path: Path) -> bool:
    """Tell whether a file is this user's, no link, and no other user can write it."""
    try:
        return _is_private(path.lstat())
    except OSError:
        return False


def kept(path: Path) -> bytes | None:
    """Return what was kept under a path, whole; None where there is nothing to be trusted."""
    try:
        opened = os.open(path, _READ)
        with open(opened, "rb") as file:
            # What is asked is the file that is read, whatever becomes of its name.
            state = os.fstat(opened)
            if not stat.S_ISREG(state.st_mode) or not _is_private(state):
                return None
            data = file.read()
    except OSError:
        return None
    content = data[_HEAD:]
    return content if data[:_HEAD] == hashlib.sha256(content).digest() else None


def keep(path: Path, content: bytes) -> None:
    """Keep content under a path: all of it or nothing, whoever else writes there."""
    import tempfile

    made = None
    try:
        handle, made = tempfile.mkstemp(dir=path.parent)
        with open(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        os.replace(made, path)
    except OSError:  # a full disk, say: the next start loads again
        if made is not None:
            Path(made).unlink(missing_ok=True)


def _is_private(state: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    others = stat.S_IWGRP | stat.S_IWOTH
    return (
        state.st_uid == os.geteuid()
        and not state.st_mode & others
        and not stat.S_ISLNK(state.st_mode)
    )


@cache
def this_engine() -> str:
    """Return what tells this engine from every other, as it was when this was first asked."""
    return engine_on_disk()


def engine_on_disk() -> str:
    """Return the digest of the files of this engine, of its libraries and of its interpreter."""
    found = hashlib.sha256(repr((sys.version, sys.executable, _installed())).encode())
    try:
        _add_files(str(Path(__file__).parents[1]), found.update)
    except OSError:  # not a folder of files: such an engine is like no other
        return os.urandom(16).hex()
    return found.hexdigest()


def _add_files(folder: str, add: Callable[[bytes], None]) -> None:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir():
                if entry.name not in _NO_ENGINE:
                    _add_files(entry.path, add)
            elif entry.name.endswith((".py", ".json", ".lark")):
                with open(entry.path, "rb", buffering=0) as file:
                    content = file.read()
                add(f"\0{entry.path}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
                add(content)


def _installed() -> list[str]:
    """Return the libraries with which rulebooks are read, each with its version."""
    found = set()
    for folder in sys.path:
        if os.path.isdir(folder or "."):
            names = os.listdir(folder or ".")
            found |= {name for name in names if name.lower().startswith(_LIBRARIES)}
    return sorted(found)
