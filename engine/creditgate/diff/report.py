"""A whole comparison as values; what is written as JSON has this shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import msgspec

from creditgate.base.diagnostic import Diagnostic, Severity
from creditgate.base.render import render_json
from creditgate.diff.impact_counts import Impact
from creditgate.diff.meaning_parts import EQUAL, NOT_DECIDED, BookMeaning, Verdict, together
from creditgate.diff.text_changes import EntryChange

FORM: Final = "creditgate/diff/1"
UNCHANGED, CHANGED, UNANSWERED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class SideShown:
    """A side as it was named, its rulebooks, and the day (an ordinal) of which it is taken."""

    spec: str
    rulebooks: tuple[str, ...]
    on: int | None = None


@dataclass(frozen=True, slots=True)
class DiffReport:
    """What was found; `unanswered` are the diagnostics that say what was not, and why.

    `meaning` is None where it was not asked for or could not be; `unchanged` are rulebooks whose
    files are the same; `problems` are findings of the rulebooks themselves.
    """

    before: SideShown
    after: SideShown
    text: tuple[EntryChange, ...] = ()
    meaning: tuple[BookMeaning, ...] | None = None
    impact: Impact | None = None
    unchanged: tuple[str, ...] = ()
    unanswered: tuple[Diagnostic, ...] = ()
    problems: tuple[Diagnostic, ...] = field(default=())

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict on all rulebooks; None where no meaning was compared."""
        if self.meaning is None:
            return None
        found: list[Verdict] = [book.verdict for book in self.meaning]
        return together(found)

    @property
    def is_open(self) -> bool:
        """Tell whether something that was asked for is not answered."""
        return bool(self.unanswered) or self.verdict == NOT_DECIDED

    @property
    def status(self) -> int:
        """Return the exit status: 2 for what is not answered, 1 for a change, else 0."""
        if self.is_open:
            return UNANSWERED
        return UNCHANGED if self.verdict in {EQUAL, None} else CHANGED

    def with_unanswered(self, *diagnostics: Diagnostic) -> DiffReport:
        """Return the report with more that is not answered."""
        known = [each for each in diagnostics if each not in self.unanswered]
        return replace(self, unanswered=(*self.unanswered, *known))


def report_json(report: DiffReport) -> Mapping[str, Any]:
    """Return a report as plain values; days are in ISO 8601."""
    return {
        "form": FORM,
        "verdict": report.verdict,
        "status": report.status,
        "before": _side(report.before),
        "after": _side(report.after),
        "meaning": None if report.meaning is None else [_book(book) for book in report.meaning],
        "text": [_plain(change) for change in report.text],
        "impact": None if report.impact is None else _plain(report.impact),
        "unchanged": list(report.unchanged),
        "unanswered": _diagnostics(report.unanswered),
        "problems": _diagnostics(report.problems),
    }


def _side(side: SideShown) -> dict[str, Any]:
    return {"spec": side.spec, "rulebooks": list(side.rulebooks), "on": _day(side.on)}


def _book(book: BookMeaning) -> dict[str, Any]:
    found = dict(_plain(book))
    for part in ("rules", "effects"):
        for item in found[part]:
            item["first"], item["last"] = _day(item["first"]), _day(item["last"])
    return found


def _plain(value: Any) -> Any:
    # Sentences know more than their text, which is what is shown.
    return msgspec.to_builtins(value, enc_hook=str)


def _day(day: int | None) -> str | None:
    return None if day is None else date.fromordinal(day).isoformat()


def _diagnostics(found: Sequence[Diagnostic]) -> Any:
    return render_json([each for each in found if each.severity is not Severity.NOTE])
