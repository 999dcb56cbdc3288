"""Names of terms that are the same in every process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from creditgate.domain.calendar import Calendar
from creditgate.lowered.tables import Table
from creditgate.lowered.terms import Op, Term, reachable


class Digests:
    """Tell terms apart by what they compute, with days of some calendars."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self._calendars = calendars
        self._known: dict[Term, str] = {}

    def of(self, term: Term) -> str:
        """Return what tells terms apart, the same in every process."""
        for each in reachable([term]):
            if each not in self._known:
                parts = [self._known[part] for part in each.parts]
                text = "\0".join([each.op.name, self._own_text(each), repr(each.number), *parts])
                self._known[each] = hashlib.sha256(text.encode()).hexdigest()[:24]
        return self._known[term]

    def _own_text(self, term: Term) -> str:
        if term.op is not Op.CALL:
            return _text(term.own)
        assert isinstance(term.own, tuple)
        days = self._calendars.get(str(term.own[1]))
        return _text((*term.own, repr(days), getattr(days, "sessions", None)))


def _text(own: Any) -> str:
    """Return a text of what tells terms apart in which members stand in order."""
    match own:
        case frozenset():
            return f"{{{', '.join(sorted(map(_text, own)))}}}"
        case tuple():
            return f"({', '.join(map(_text, own))})"
        case Table():
            return _text((own.rows, own.bounds))
        case _:
            return repr(own)
