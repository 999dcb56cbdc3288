"""Rulebooks as they stand in a revision: their YAML files, written into a folder of their own."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

from creditgate.base.codes import Code
from creditgate.diff.specs import Spec, refused

#: What a rulebook is made of; scenarios say nothing about its meaning.
_TAKEN: Final = ("**/*.yaml", "**/certificates/only_tightens.json")
_LEFT: Final = "**/scenarios/**"


class GitTree:
    """A path of a revision of the repository around the working folder.

    Errors: DiffRefused where there is no git, no repository, no such revision or no such path.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.revision = spec.revision or ""
        if shutil.which("git") is None:
            message = f"`{spec.text}` names a revision, and git is not installed"
            hint = "install git, or compare two folders"
            raise refused(Code.NO_GIT, message, hint)
        top = self._asked("rev-parse", "--show-toplevel")
        if top is None:
            message = f"`{spec.text}` names a revision, and this folder lies in no git repository"
            hint = "run it inside the repository, or compare two folders"
            raise refused(Code.NO_GIT, message, hint)
        self.top = Path(top.decode().strip())
        commit = self._asked("rev-parse", "--verify", "--quiet", f"{self.revision}^{{tree}}")
        if commit is None or self.revision.startswith("-"):
            message = f"`{spec.text}`: there is no revision `{self.revision}`"
            hint = "`git log --oneline` lists revisions; a shallow clone has few of them"
            raise refused(Code.UNKNOWN_REVISION, message, hint)
        self.path = self._path(spec.name)
        self.kind = self._kind(self.path)

    def _path(self, name: str) -> str:
        """Return a path from the top of the repository; `./` begins at the working folder."""
        if not name.startswith("."):
            return name.strip("/")
        try:
            found = (Path.cwd() / name).resolve().relative_to(self.top.resolve())
        except ValueError:
            message = f"`{self.spec.text}`: the path lies outside the repository"
            raise refused(Code.UNKNOWN_REVISION, message, "name a path inside it") from None
        return "" if str(found) == "." else found.as_posix()

    def _kind(self, path: str) -> str:
        found = self._asked("cat-file", "-t", f"{self.revision}:{path}")
        kind = "" if found is None else found.decode().strip()
        if kind not in {"tree", "blob"}:
            message = f"`{self.spec.text}`: the revision has no `{path}`"
            hint = f"`git ls-tree -r --name-only {self.revision}` lists what it has"
            raise refused(Code.UNKNOWN_REVISION, message, hint)
        return kind

    def text(self, path: str) -> str | None:
        """Return a file of the revision, None where there is none."""
        found = self._asked("cat-file", "blob", f"{self.revision}:{path}")
        return None if found is None else found.decode("utf-8", "replace")

    def write(self, path: str, folder: Path) -> Path:
        """Write the files of rulebooks below a path into a folder; return where the path lies."""
        below = f"{path}/" if path else ""
        found = self._asked(
            "archive", "--format=tar", self.revision, "--",
            *[f":(top,glob){below}{pattern}" for pattern in _TAKEN],
            f":(top,exclude,glob){_LEFT}",
        )  # fmt: skip
        if found is None:  # git complains about patterns that nothing fits
            found = self._asked(
                "archive", "--format=tar", self.revision, "--",
                f":(top,glob){below}{_TAKEN[0]}", f":(top,exclude,glob){_LEFT}",
            )  # fmt: skip
        if found is not None:
            _unpack(found, folder)
        return folder / path

    def header_above(self, path: str) -> PurePosixPath | None:
        """Return the folder of the rulebook that a file or a folder belongs to."""
        start = PurePosixPath(path)
        for folder in (start, *start.parents):
            name = "rulebook.yaml" if str(folder) == "." else f"{folder}/rulebook.yaml"
            if self._asked("cat-file", "-e", f"{self.revision}:{name}") is not None:
                return folder
        return None

    def _asked(self, *arguments: str) -> bytes | None:
        """Return what git prints, None where it refuses."""
        where = getattr(self, "top", None)
        done = subprocess.run(
            ["git", *(["-C", str(where)] if where else []), *arguments],
            capture_output=True, check=False,
        )  # fmt: skip
        return done.stdout if done.returncode == 0 else None


def _unpack(archive: bytes, folder: Path) -> None:
    """Write the plain files of an archive; links, which may lead anywhere, are left out."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            stream = opened.extractfile(member) if member.isreg() else None
            target = folder / member.name
            if stream is None or ".." in target.parts:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(stream.read())
