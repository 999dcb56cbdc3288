"""Files kept between processes, in folders that only their owner can change.

What lies there may be run, so files that belong to others, or that others can write, are left
alone, and nothing is kept beside them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import Final

#: Names another folder for what is kept; empty keeps nothing.
FOLDER: Final = "CREDITGATE_CACHE"


def own_folder(kind: str) -> Path | None:
    """Return the folder of what is kept of a kind, or None where nothing can be kept."""
    named = os.environ.get(FOLDER)
    if named == "":
        return None
    beside = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    above = Path(named or Path(beside) / "creditgate").expanduser()
    folder = above / kind
    try:
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if is_own(above) and is_own(folder) else None


def is_own(path: Path) -> bool:
    """Tell whether a file is this user's, no link, and no other user can write it."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if not hasattr(os, "geteuid"):
        return True
    others = stat.S_IWGRP | stat.S_IWOTH
    return (
        found.st_uid == os.geteuid()
        and not found.st_mode & others
        and not stat.S_ISLNK(found.st_mode)
    )


@cache
def this_engine() -> str:
    """Return what tells this engine from every other: its files, and its interpreter."""
    top = Path(__file__).parents[1]
    found: list[object] = [sys.version, sys.executable]
    for folder, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            if name.endswith((".py", ".json", ".lark")):
                state = os.stat(os.path.join(folder, name))
                found.append((folder, name, state.st_size, state.st_mtime_ns))
    return hashlib.sha256(repr(found).encode()).hexdigest()
