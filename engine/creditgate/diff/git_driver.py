"""Compare one file as git hands it over: `diff.<driver>.command` of gitattributes."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from creditgate.base.codes import Code
from creditgate.base.render import visible
from creditgate.diff.comparison import Comparison
from creditgate.diff.sides import HEADER, Sides
from creditgate.diff.specs import Spec, refused

#: path, old file, its object, its mode, new file, its object, its mode; more after a rename.
ARGUMENTS = 7


def compared_by_git(given: Sequence[str], sides: Sides) -> Comparison | str:
    """Return the comparison of a rulebook with the one file as it was and as it is.

    All other files are those of the working tree. A file that is no part of a rulebook there is
    compared line by line, as text.
    Errors: DiffRefused where git did not hand over what it does.
    """
    if len(given) < ARGUMENTS:
        message = f"git hands a driver {ARGUMENTS} arguments, and there are {len(given)}"
        hint = "set it as `git config diff.creditgate.command 'creditgate diff --driver'`"
        raise refused(Code.NOTHING_COMPARED, message, hint)
    path, old, new = Path(given[0]), Path(given[1]), Path(given[4])
    name = Path(given[ARGUMENTS]) if len(given) > ARGUMENTS else path
    if not (name.parent / HEADER).is_file() or name.suffix != ".yaml":
        return _lines(path, name, old, new)
    side = sides.opened(Spec(str(name), str(name.parent)))
    side.file = name.name
    before = sides.with_file(side, old, f"a/{path.as_posix()}", path.name)
    after = sides.with_file(side, new, f"b/{name.as_posix()}", name.name)
    return Comparison(before, after)


def _lines(path: Path, name: Path, old: Path, new: Path) -> str:
    before, after = _text(old), _text(new)
    found = difflib.unified_diff(before, after, f"a/{path.as_posix()}", f"b/{name.as_posix()}")
    return "\n".join(visible(line.rstrip("\n")) for line in found)


def _text(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines(keepends=True)
    except OSError:  # there is none on that side
        return []
