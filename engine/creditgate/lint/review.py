"""Values whose day of review has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.lint.stated import Stated


def review_due(stated: Stated, day: int) -> Iterator[Diagnostic]:
    """Yield what is in force on a day (an ordinal) and was to be reviewed by then or before."""
    for name, span, periods in stated.sources():
        for start, end, source in periods:
            if source.review is None or source.review > day:
                continue
            if start <= day and (end is None or day <= end):
                due = date.fromordinal(source.review).isoformat()
                message = f"`{name}` was to be reviewed by {due}"
                hint = "compare it with its text, then correct it or set the next `review`"
                yield warning(Code.REVIEW_DUE, message, span, hint=hint)
