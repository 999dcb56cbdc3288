"""What a person names on either side: a rulebook, a file, a revision, and perhaps a day."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.base.spans import NOWHERE

_DAY: Final = re.compile(r"@(\d{4}-\d{2}-\d{2})$")


class DiffRefused(Exception):
    """A comparison that cannot be made; `diagnostics` say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(item.message for item in diagnostics))
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Spec:
    """One side as it was written.

    `name` is an id of a rulebook, a folder or a file, of `revision` where that is named; `on` is
    the day (an ordinal) as of which it is taken.
    """

    text: str
    name: str
    revision: str | None = None
    on: int | None = None


def refused(code: Code, message: str, hint: str) -> DiffRefused:
    """Return a refusal with one diagnostic that stands at no place of a file."""
    return DiffRefused(error(code, message, NOWHERE, hint=hint))


def spec_of(text: str) -> Spec:
    """Return one side as written: `ID`, `FOLDER`, `FILE` or `REVISION:PATH`, each with `@DATE`.

    Errors: DiffRefused for a day that does not exist.

    >>> spec_of("HEAD~1:rulebooks/cn/sse@2026-01-19").revision
    'HEAD~1'
    >>> spec_of("cn/sse").on is None
    True
    """
    found = _DAY.search(text)
    rest = text if found is None else text[: found.start()]
    on = None if found is None else _day(found[1], text)
    revision, colon, path = rest.partition(":")
    if colon and revision and not os.path.lexists(rest):
        return Spec(text, path, revision, on)
    return Spec(text, rest, None, on)


def both_specs(before: str, after: str | None) -> tuple[Spec, Spec]:
    """Return both sides; `@DATE` alone is the other side as of another day.

    Without a second side, a revision is compared with the working tree.
    Errors: DiffRefused where a side is not said.

    >>> both_specs("cn/sse@2023-09-07", "@2023-09-08")[1].name
    'cn/sse'
    """
    first = spec_of(before)
    if after is None:
        if first.revision is None:
            message = f"`{before}` has nothing to be compared with"
            hint = "name a second rulebook, or a day of it such as `@2026-01-19`"
            raise refused(Code.NOTHING_COMPARED, message, hint)
        return first, Spec(first.name, first.name, None, first.on)
    second = spec_of(after)
    if not second.name and second.revision is None:
        if not first.name and first.revision is None:
            message = "both sides are days without a rulebook"
            raise refused(Code.NOTHING_COMPARED, message, "name one, such as `cn/sse@2026-01-19`")
        second = Spec(after, first.name, first.revision, second.on)
    elif not first.name and first.revision is None:
        first = Spec(before, second.name, second.revision, first.on)
    return first, second


def _day(word: str, text: str) -> int:
    try:
        return date.fromisoformat(word).toordinal()
    except ValueError:
        message = f"`{text}`: there is no day {word}"
        raise refused(Code.BAD_DATE, message, "write a day as 2026-01-19") from None
