"""The only exceptions: a rulebook refused with all its findings, and a fault of the engine."""

from __future__ import annotations

from collections.abc import Iterable

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.render import render_text


class RulebookRejected(Exception):
    """Carry everything that is wrong with a rulebook, once, out of the public door."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Show the diagnostics as the command line does."""
        return "the rulebook is refused\n\n" + render_text(self.diagnostics)


class InternalFailure(Exception):
    """Report a fault of the engine itself, never one of a user."""
