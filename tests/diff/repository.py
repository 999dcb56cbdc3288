"""Real git repositories that hold rulebooks."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from tests.diff.two_books import write_book

WHO: Final = ("-c", "user.name=A person", "-c", "user.email=person@example.org")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, and return what it prints."""
    done = subprocess.run(
        ["git", *WHO, *arguments], cwd=folder, check=True, capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )  # fmt: skip
    return done.stdout.decode()


def commit(folder: Path, text: str) -> None:
    """Write the rulebook `act` below `rulebooks` of a repository, and commit all there is."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch", "main")
    write_book(folder / "rulebooks", text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A commit")
