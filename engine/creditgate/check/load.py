"""From a rulebook id to a checked rulebook, its bases first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import NOWHERE, Span
from creditgate.base.suggest import nearest
from creditgate.check.actions import check_actions, check_governed
from creditgate.check.coverage import check_coverage
from creditgate.check.linear import check_linear
from creditgate.check.polarity import check_stricter
from creditgate.check.rulebook import Checked, check_rulebook
from creditgate.check.unseen import guarded
from creditgate.domain.calendar import Calendar
from creditgate.domain.vocabulary import Vocabulary
from creditgate.load.calendar_files import calendar_from_map
from creditgate.load.reading import span_of, texts_at
from creditgate.load.rulebook_files import Shelf
from creditgate.load.vocabulary_files import vocabulary_from_maps

MOST_LAYERS: Final = 12
Admission = Callable[[Checked, Checked, Collector], None]


@dataclass(slots=True)
class Catalogue:
    """Everything readable on a shelf, each file read once."""

    shelf: Shelf
    admission: Admission
    collector: Collector = field(default_factory=Collector)
    _vocabulary: Vocabulary | None = None
    _is_vocabulary_wrong: bool = False
    _calendars: dict[str, Calendar | None] = field(default_factory=dict)
    _checked: dict[str, Checked | None] = field(default_factory=dict)
    _known: dict[tuple[str, int], Checked | None] = field(default_factory=dict)
    _reading: list[str] = field(default_factory=list)

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary of the shelf."""
        if self._vocabulary is None:
            found = Collector()
            self._vocabulary = vocabulary_from_maps(self.shelf.vocabulary(found), found)
            self._is_vocabulary_wrong = found.has_errors
            self.collector.extend(found.diagnostics)
        return self._vocabulary

    def calendar(self, name: str, span: Span, collector: Collector) -> Calendar | None:
        """Return a calendar, reporting at `span` that there is none of that name."""
        if name not in self._calendars:
            node = self.shelf.calendar(name, collector)
            self._calendars[name] = None if node is None else calendar_from_map(node, collector)
        found = self._calendars[name]
        if found is None:
            known = self.shelf.calendar_ids()
            near = nearest(name, known)
            hint = f"did you mean `{near}`?" if near else "calendars lie in rulebooks/calendars"
            message = f"there is no calendar `{name}`"
            if name in known:
                message, hint = f"the calendar `{name}` cannot be used", "correct its file"
            collector.add(error(Code.UNKNOWN_CALENDAR, message, span, hint=hint))
        return found

    def checked(self, rulebook: str, named_at: Span = NOWHERE) -> Checked | None:
        """Return a checked and admitted rulebook; mistakes are in the collector.

        `named_at` is the place that names it, where a file does.
        """
        if rulebook in self._reading:
            chain = " -> ".join((*self._reading, rulebook))
            message = f"rulebooks extend one another in a circle: {chain}"
            hint = "let one of them extend nothing"
            self.collector.add(error(Code.CYCLE, message, named_at, hint=hint))
            return None
        if named_at is not NOWHERE and self.shelf.folder(rulebook) is None:
            near = nearest(rulebook, self.shelf.ids())
            hint = f"did you mean `{near}`?" if near else "rulebooks are named by their path"
            message = f"there is no rulebook `{rulebook}`"
            self.collector.add(error(Code.UNKNOWN_RULEBOOK, message, named_at, hint=hint))
            return None
        if len(self._reading) >= MOST_LAYERS:
            message = f"`{self._reading[0]}` builds on more than {MOST_LAYERS} rulebooks"
            hint = "a regulator's base, its overlay and a house rulebook are three"
            self.collector.add(error(Code.TOO_DEEP, message, NOWHERE, hint=hint))
            return None
        if rulebook not in self._checked:
            self._reading.append(rulebook)
            try:
                self._checked[rulebook] = self._check(rulebook)
            finally:
                self._reading.pop()
        return self._checked[rulebook]

    def known(self, rulebook: str, day: int) -> Checked | None:
        """Return a checked rulebook with only what was published by a day (an ordinal).

        It is checked with everything in it first; None where that is refused.
        """
        whole = self.checked(rulebook)
        known = None if whole is None else self._as_known(rulebook, day)
        if whole is None or known is None:
            return None
        return replace(known, rulebook=guarded(known.rulebook, whole.rulebook))

    def _as_known(self, rulebook: str, day: int) -> Checked | None:
        if (rulebook, day) not in self._known:
            unread = Collector()
            source = self.shelf.read(rulebook, unread)
            assert source is not None  # it has been read and checked
            bases = texts_at(source.header, "extends")
            base = self._as_known(bases[0], day) if bases else None
            vocabulary = self.vocabulary()
            known = check_rulebook(source, base, vocabulary, self.calendar, unread, day)
            self._known[rulebook, day] = known
        return self._known[rulebook, day]

    def _check(self, rulebook: str) -> Checked | None:
        collector = Collector()
        try:
            return self._check_into(rulebook, collector)
        finally:
            self.collector.extend(collector.diagnostics)

    def _check_into(self, rulebook: str, collector: Collector) -> Checked | None:
        vocabulary = self.vocabulary()
        source = self.shelf.read(rulebook, collector)
        if source is None or self._is_vocabulary_wrong:
            return None
        bases = texts_at(source.header, "extends")
        if len(bases) > 1:
            collector.add(
                error(
                    Code.OVERLAY_NOT_ALLOWED,
                    "a rulebook extends one other, which may extend a third",
                    span_of(source.header, "extends"),
                )
            )
            return None
        named_at = span_of(source.header, "extends")
        base = self.checked(bases[0], named_at) if bases else None
        if bases and base is None:
            return None
        checked = check_rulebook(source, base, vocabulary, self.calendar, collector)
        if checked is None:
            return None
        check_coverage(checked.rulebook, collector)
        if collector.has_errors:
            return None
        check_governed(checked.rulebook, source.header.span, collector)
        check_actions(checked.rulebook, source.header.span, collector)
        check_linear(checked.rulebook, collector)
        check_stricter(checked.rulebook, collector)
        if base is not None and not collector.has_errors:
            self.admission(base, checked, collector)
        return None if collector.has_errors else checked
