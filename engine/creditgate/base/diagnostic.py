"""Diagnostics: what a user did wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from creditgate.base.codes import Code
from creditgate.base.spans import Span


class Severity(Enum):
    """Say whether a finding refuses the input (`error`) or only speaks of it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """Underline a span and say why; the text may be empty."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Hold one finding.

    The message is one sentence in lower case without a full stop, text of the user in backticks.
    The hint is the next action, imperative. Secondary labels show the other places involved.
    """

    code: Code
    severity: Severity
    message: str
    primary: Label
    secondary: tuple[Label, ...] = ()
    hint: str | None = None


def error(
    code: Code,
    message: str,
    span: Span,
    label: str = "",
    *,
    hint: str | None = None,
    secondary: Iterable[Label] = (),
) -> Diagnostic:
    """Make a diagnostic that refuses the input.

    >>> from creditgate.base.spans import NOWHERE
    >>> error(Code.EMPTY_FILE, "the file is empty", NOWHERE).severity.value
    'error'
    """
    return Diagnostic(code, Severity.ERROR, message, Label(span, label), tuple(secondary), hint)


def warning(
    code: Code,
    message: str,
    span: Span,
    label: str = "",
    *,
    hint: str | None = None,
    secondary: Iterable[Label] = (),
) -> Diagnostic:
    """Make a diagnostic that does not refuse the input but should be looked at."""
    return Diagnostic(code, Severity.WARNING, message, Label(span, label), tuple(secondary), hint)


def note(
    code: Code,
    message: str,
    span: Span,
    label: str = "",
    *,
    hint: str | None = None,
    secondary: Iterable[Label] = (),
) -> Diagnostic:
    """Make a diagnostic that only informs."""
    return Diagnostic(code, Severity.NOTE, message, Label(span, label), tuple(secondary), hint)
