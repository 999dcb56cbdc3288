"""The collector: each stage puts its findings here instead of raising."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, Severity, note
from creditgate.base.spans import NOWHERE

_KEPT: Final = 1_000


class Collector:
    """Collect diagnostics; show them without repeats, in the order of files and places.

    At most `cap` are shown, errors before others when there are more, and a closing note counts
    the rest.

    >>> from creditgate.base.diagnostic import error
    >>> collector = Collector()
    >>> collector.add(error(Code.EMPTY_FILE, "the file is empty", NOWHERE))
    >>> collector.has_errors, len(collector.diagnostics)
    (True, 1)
    """

    def __init__(self, cap: int = 100) -> None:
        self._cap = cap
        self._found: dict[Diagnostic, None] = {}
        self._dropped = 0
        self._has_errors = False

    def add(self, diagnostic: Diagnostic) -> None:
        """Add one diagnostic; an equal one already there is kept once."""
        if diagnostic.severity is Severity.ERROR:
            self._has_errors = True
        if diagnostic in self._found:
            return
        # Bounded, so that a hostile file cannot fill the memory with its mistakes.
        if len(self._found) < max(_KEPT, self._cap):
            self._found[diagnostic] = None
        else:
            self._dropped += 1

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add several diagnostics."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    @property
    def has_errors(self) -> bool:
        """Say whether anything was refused."""
        return self._has_errors

    @property
    def error_count(self) -> int:
        """Count the different errors kept so far."""
        return sum(d.severity is Severity.ERROR for d in self._found)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Give what was found, sorted by file and position, with a note for what was cut off."""
        shown = list(self._found)
        more = self._dropped + max(0, len(shown) - self._cap)
        if len(shown) > self._cap:
            shown.sort(key=lambda d: d.severity is not Severity.ERROR)
            del shown[self._cap :]
        shown.sort(key=_place)
        if more:
            message = f"{more} more findings are not shown"
            hint = "correct those above and run again"
            shown.append(note(Code.MORE_FINDINGS, message, NOWHERE, hint=hint))
        return tuple(shown)


def _place(diagnostic: Diagnostic) -> tuple[bool, str, int, int, str]:
    span = diagnostic.primary.span
    path = "" if span.file is None else span.file.path
    return span.file is None, path, span.start, span.end, diagnostic.code.number
