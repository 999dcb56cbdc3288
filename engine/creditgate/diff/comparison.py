"""The whole comparison: text first, then meaning; what cannot be answered is said, not hidden."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error, warning
from creditgate.base.spans import NOWHERE
from creditgate.diff.entries import Key, WrittenEntry, data_entries_of, entries_of
from creditgate.diff.meaning_parts import BookMeaning
from creditgate.diff.report import DiffReport, SideShown
from creditgate.diff.sides import Side
from creditgate.diff.specs import refused
from creditgate.diff.stands import Stand
from creditgate.diff.text_changes import text_changes

if TYPE_CHECKING:
    from creditgate.diff.impact import Heard

SOLVER: Final = "z3"
REPLAYING: Final = ("duckdb", "pyarrow")
_DATA: Final = ("vocabulary", "calendars")


class Comparison:
    """A comparison of two sides; `report` holds what has been answered so far."""

    def __init__(self, before: Side, after: Side) -> None:
        _check_kinds(before, after)
        after.share_with(before)
        self.before, self.after = before, after
        self.report = DiffReport(
            SideShown(before.spec.text, before.rulebooks, before.on),
            SideShown(after.spec.text, after.rulebooks, after.on),
        )
        self._data_differ = _differ_in_data(before, after)

    # Text

    def compare_text(self) -> None:
        """Compare what is written."""
        old, new = self._entries()
        unchanged = tuple(name for name in self.before.rulebooks if self._is_same(name))
        self.report = replace(self.report, text=text_changes(old, new), unchanged=unchanged)
        self._note(*self.before.problems, *self.after.problems)

    def _entries(self) -> tuple[dict[Key, WrittenEntry], dict[Key, WrittenEntry]]:
        sides = (self.before, self.after)
        if self.before.is_shelf or self.before.file is not None:
            names = [dict.fromkeys(side.rulebooks) for side in sides]
        else:
            names = [
                dict.fromkeys(name for book in side.rulebooks for name in side.lineage(book))
                for side in sides
            ]
        same = {name for name in names[0] if name in names[1] and self._has_same_files(name)}
        old, new = [
            entries_of(side, [name for name in found if name not in same])
            for side, found in zip(sides, names, strict=True)
        ]
        if self._data_differ and self.before.file is None:
            old.update(data_entries_of(self.before))
            new.update(data_entries_of(self.after))
        ours, theirs = self.before.rulebooks[0], self.after.rulebooks[0]
        if not self.before.is_shelf and ours not in names[1] and theirs not in names[0]:
            old = {_called(key, ours, theirs): entry for key, entry in old.items()}
        return old, new

    def _has_same_files(self, name: str) -> bool:
        """Tell whether a rulebook is written in the same bytes on both sides, of the same day."""
        if self.before.on != self.after.on:
            return False
        folders = [side.folder(name) for side in (self.before, self.after)]
        found = [
            {path.name: path.read_bytes() for path in folder.glob("*.yaml")}
            for folder in folders if folder is not None
        ]  # fmt: skip
        return len(found) == len(folders) and found[0] == found[1]

    def _is_same(self, name: str) -> bool:
        if name not in self.after.rulebooks or self._data_differ:
            return False
        return all(self._has_same_files(each) for each in self.before.lineage(name))

    # Meaning

    def compare_meaning(self, seconds: float, within: float = math.inf) -> None:
        """Compare what is meant, rulebook by rulebook, by the solver.

        Units:   `seconds` is the time limit of one question, `within` (seconds) that of all.
        """
        if find_spec(SOLVER) is None:
            self._open(
                Code.EXTRA_MISSING,
                "`z3-solver` must be installed to compare meanings; the extra `prove` brings it",
                "pip install 'creditgate[prove]'",
            )
            return
        from creditgate.diff.interruptions import stops_solver

        with stops_solver():
            self._compare_meaning(seconds, time.monotonic() + within)

    def _compare_meaning(self, seconds: float, until: float) -> None:
        from creditgate.diff.meaning import book_meaning
        from creditgate.diff.rule_words import in_words

        done: list[BookMeaning] = []
        for ours, theirs in self._pairs():
            if ours == theirs and self._is_same(ours):
                continue
            stands = self._stands(ours, theirs)
            if stands is None:
                continue

            def told(made: BookMeaning) -> None:
                self.report = replace(self.report, meaning=(*done, made))

            made = book_meaning(*stands, seconds, told, until)
            done.append(in_words(made, *stands))
            self.report = replace(self.report, meaning=tuple(done))
        if self.report.meaning is None and not self.report.unanswered:
            self.report = replace(self.report, meaning=())

    # A tape

    def compare_on_tape(
        self, orders: Path, facts: Path | None, flips: Path | None, heard: Heard | None = None
    ) -> None:
        """Replay a tape of orders under both sides."""
        missing = [name for name in REPLAYING if find_spec(name) is None]
        if missing:
            names = " and ".join(f"`{name}`" for name in missing)
            self._open(
                Code.EXTRA_MISSING,
                f"{names} must be installed to replay a tape; the extra `replay` brings them",
                "pip install 'creditgate[replay]'",
            )
            return
        from creditgate.diff.impact import impact
        from creditgate.replay.sources import InputRefused

        pairs = [
            stands
            for ours, theirs in self._pairs()
            if not (self.before.is_shelf and self._is_same(ours))
            and (stands := self._stands(ours, theirs)) is not None
        ]
        if not pairs:
            return
        before, after = zip(*pairs, strict=True)
        try:
            watch = {} if heard is None else {"heard": heard}
            found = impact(orders, facts, before, after, flips, **watch)
        except InputRefused as refused:
            self.report = self.report.with_unanswered(*refused.diagnostics)
            return
        self.report = replace(self.report, impact=found)
        if found.undecided:
            self._undecided(found.undecided, found.orders)

    def _undecided(self, count: int, orders: int) -> None:
        message = f"{count:,} of {orders:,} orders of the tape are decided under neither side"
        hint = "`creditgate replay` counts the facts that are missing; give them, and compare again"
        if count == orders:
            self._open(Code.TAPE_NOT_DECIDED, message, hint)
        else:
            self._note(warning(Code.TAPE_NOT_DECIDED, message, NOWHERE, hint=hint))

    def interrupted(self) -> None:
        """Say that the comparison was stopped: what is answered stays."""
        message = "the comparison was interrupted; what had been answered is shown"
        self._open(Code.INTERRUPTED, message, "run it again, with a smaller `--limit`")

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if not self.before.is_shelf:
            ours, theirs = self.before.rulebooks[0], self.after.rulebooks[0]
            above = self._above(ours) if ours == theirs and self._is_bare(ours) else []
            yield from [(name, name) for name in above] or [(ours, theirs)]
            return
        for name in self.before.rulebooks:
            if name in self.after.rulebooks and not self._is_bare(name):
                yield name, name

    def _above(self, base: str) -> list[str]:
        """Return the rulebooks that build on a base on both sides, and decide."""
        return [
            name
            for name in self.after.library.shelf.ids()
            if self.before.folder(name) is not None
            and base in self.after.lineage(name)[1:]
            and not self._is_bare(name)
        ]

    def _is_bare(self, name: str) -> bool:
        """Tell whether a rulebook is a base on both sides: what builds on it is compared."""
        return self.before.is_base(name) and self.after.is_base(name)

    def _stands(self, ours: str, theirs: str) -> tuple[Stand, Stand] | None:
        found = [self.stand(self.before, ours), self.stand(self.after, theirs)]
        if found[0] is None or found[1] is None:
            return None
        return found[0], found[1]

    def stand(self, side: Side, name: str) -> Stand | None:
        """Return a rulebook as it is compared; None where that cannot be, which is noted."""
        subject = side.subject(name)
        if subject is None:
            self._note(*map(side.as_shown, side.library.diagnostics))
            if side.is_base(name):
                overlays = [i for i in side.library.shelf.ids() if name in side.lineage(i)[1:]]
                self._open(
                    Code.NOT_COMPARABLE,
                    f"`{name}` is a base and decides nothing by itself, so only its text is compared",
                    f"compare one that builds on it{': ' if overlays else ''}{', '.join(overlays)}",
                )
            else:
                self._open(
                    Code.SIDE_DOES_NOT_LOAD,
                    f"`{name}` does not load as `{side.spec.text}`, so what it means is not compared",
                    "correct what is said of it, and compare again",
                )
            return None
        self._note(*map(side.as_shown, subject.doubts if not subject.certified else ()))
        if side.on is not None and not subject.book.covers(side.on):
            self._outside(side, name, subject.book.start, subject.book.end)
            return None
        return Stand(subject.book, side.on)

    def _outside(self, side: Side, name: str, start: int, end: int | None) -> None:
        last = "" if end is None else f" and ends on {date.fromordinal(end)}"
        assert side.on is not None
        self._open(
            Code.DAY_OUTSIDE,
            f"`{name}` does not govern on {date.fromordinal(side.on)}: it begins on "
            f"{date.fromordinal(start)}{last}",
            "name a day on which it governs",
        )

    def _open(self, code: Code, message: str, hint: str) -> None:
        self.report = self.report.with_unanswered(error(code, message, NOWHERE, hint=hint))

    def _note(self, *found: Diagnostic) -> None:
        known = [each for each in found if each not in self.report.problems]
        self.report = replace(self.report, problems=(*self.report.problems, *known))


def _check_kinds(before: Side, after: Side) -> None:
    if before.is_shelf != after.is_shelf:
        message = f"`{before.spec.text}` and `{after.spec.text}` are not of one kind"
        hint = "compare two rulebooks, or two folders of rulebooks"
        raise refused(Code.NOTHING_COMPARED, message, hint)
    if before.file is None and after.file is not None:
        before.file = after.file
    elif after.file is None and before.file is not None:
        after.file = before.file


def _differ_in_data(before: Side, after: Side) -> bool:
    """Tell whether vocabularies or calendars differ, which all rulebooks are read with."""
    found = []
    for side in (before, after):
        files = {}
        for root in reversed(side.library.shelf.roots):
            for part in _DATA:
                for path in sorted((root / part).glob("*.yaml")):
                    files[part, path.name] = path.read_bytes()
        found.append(files)
    return found[0] != found[1]


def _called(key: Key, ours: str, theirs: str) -> Key:
    return (theirs if key[0] == ours else key[0], key[1], key[2])
