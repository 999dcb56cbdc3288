"""The rules of an event in an epoch, for all rows and for those of one value of a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import RLock
from typing import Any

import numpy as np

from creditgate.backends.columns.compile import ColumnEvent, column_event
from creditgate.decide.engine import Engine
from creditgate.decide.table_arrays import Arrays
from creditgate.lowered.terms import Term


class Events:
    """The events of some engines, for columns. Safe to share between threads, under one `lock`.

    `places` are those of the bits of rules; the words of rules are given numbers in `codes`.
    """

    def __init__(
        self, engines: Sequence[Engine], places: Mapping[str, int], codes: dict[str, int], lock: RLock
    ) -> None:  # fmt: skip
        self._engines, self._places, self._codes = engines, places, codes
        self._events: dict[tuple[int, int, str], ColumnEvent] = {}
        self._chosen: dict[tuple[int, str], ColumnEvent] = {}
        self._lock = lock

    def of(self, number: int, day: int, event: str) -> ColumnEvent | None:
        """Return the event of an engine on a day, or None where it is out of scope."""
        epoch = self._engines[number].epoch(day) if day > 0 else None
        if epoch is None or event not in epoch.governs:
            return None
        key = (number, epoch.start, event)
        if key not in self._events:
            made = self._events[key] = column_event(epoch, event, self._places)
            for word in sorted(made.words_used):
                self._codes.setdefault(word, len(self._codes))
        return self._events[key]

    @staticmethod
    def choice(judged: ColumnEvent, arrays: Arrays) -> tuple[Term, str] | None:
        """Return the fact that chooses rules and the name of its column, where there is one."""
        fact = judged.chosen_by()
        column = None if fact is None else judged.reader.column(fact)
        if fact is None or column is None or column not in arrays.dense:
            return None
        return fact, f"of_{column.name}"

    def groups(
        self, judged: ColumnEvent, arrays: Arrays, rows: Any
    ) -> Iterator[tuple[ColumnEvent, Any]]:  # fmt: skip
        """Yield the rows of each value of the fact that chooses rules, with the rules chosen."""
        choice = self.choice(judged, arrays)
        if choice is None:
            yield judged, rows
            return
        fact, name = choice
        found = arrays.array(name)[rows]
        for code in np.flatnonzero(np.bincount(found)).tolist():
            yield self._where(judged, fact, arrays.codes.word(code)), rows[found == code]

    def _where(self, judged: ColumnEvent, fact: Term, value: str) -> ColumnEvent:
        key = (id(judged), value)
        with self._lock:
            if key not in self._chosen:
                self._chosen[key] = judged.where(fact, value)
            return self._chosen[key]
