"""One rulebook ready to decide: its epochs, compiled once each when a day first needs them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from creditgate.backends.scalar.generated import Generated, ModuleCode
from creditgate.decide.decision import BreachedRule, GoverningRulebook
from creditgate.decide.kept_epochs import EpochFiles, EventFiles, KeepingCode, KeptCode, KeptEvent
from creditgate.lowered.recursion import room_to_recurse

# What only explanations and undecided orders ask for is imported when it is asked for.
if TYPE_CHECKING:
    from creditgate.backends.scalar.compile import CompiledEvent, Judge
    from creditgate.domain.calendar import Calendar
    from creditgate.ir.rulebook import Epoch, EpochRule, Rulebook


class Outline(msgspec.Struct, frozen=True):
    """What tells whether and since when a rulebook decides: its days of change and its last day."""

    id: str
    currency: str
    digest: str
    days: tuple[int, ...]
    end: int | None


class CompiledEpoch:
    """An epoch with the generated code of one event.

    `judge` is None where the event is not governed. `rules` are the rules of the event as they
    stand in a decision that breaches them, `deadlines` the places of those with a deadline.
    """

    def __init__(
        self, engine: Engine, start: int, name: str, files: EventFiles | None
    ) -> None:  # fmt: skip
        self._engine, self._start, self._name = engine, start, name
        self._event: CompiledEvent | None = None
        self._in_full: tuple[EpochRule, ...] | None = None
        self._claiming: tuple[EpochRule, ...] | None = None
        self.judge: Judge | None = None
        found = None if files is None else files.taken()
        if files is not None and found is not None:
            self.rules, self.deadlines, self.determines, written = found
            if written is not None:
                code = KeptCode(written, files, (), self._written_anew)
                self.judge = Generated(code, engine.calendar).function
            return
        self.rules, self.deadlines = (), ()
        self.determines = self._determined()
        written = None
        event = self._event = self._compiled_event(files)
        if event is not None:
            reasons = engine.rulebook.vocabulary.reasons
            found_reasons = [(rule.id, reasons[rule.definition.reason]) for rule in event.rules]
            self.rules = tuple([BreachedRule(i, r.name, r.fix_103) for i, r in found_reasons])
            self.deadlines = event.deadlines
            self.judge, written = event.judge, event.judging.code.written
        if files is not None:
            files.keep(KeptEvent(self.rules, self.deadlines, self.determines, written))

    @property
    def epoch(self) -> Epoch:
        """Return the epoch."""
        found = self._engine.epoch(self._start)
        assert found is not None
        return found

    @property
    def event(self) -> CompiledEvent | None:
        """Return the event with its rules, compiled here and now; None where it is not governed."""
        if self._event is None and self.judge is not None:
            with room_to_recurse():  # one thread at a time
                self._event = self._event or self._compiled_event(None)
        return self._event

    @property
    def in_full(self) -> tuple[EpochRule, ...]:
        """Return the rules of the event with their expressions."""
        if self._in_full is None:
            self._in_full = tuple([r for r in self.epoch.rules if r.event == self._name])
        return self._in_full

    @property
    def claiming(self) -> tuple[EpochRule, ...]:
        """Return the rules of the event with an exemption that a claim may help."""
        if self._claiming is None:
            from creditgate.decide.reasons import may_rely_on_claims

            self._claiming = tuple(filter(may_rely_on_claims, self.in_full))
        return self._claiming

    def judge_anew(self) -> Judge:
        """Judge by code that is written here and now from now on: what was kept is not the same."""
        assert self.event is not None
        self.judge = self.event.judge
        return self.judge

    def _written_anew(self) -> ModuleCode:
        assert self.event is not None
        return self.event.judging.code

    def _compiled_event(self, files: EventFiles | None) -> CompiledEvent | None:
        from creditgate.backends.scalar.compile import compile_event

        if self._name not in self.epoch.governs:
            return None
        if files is None:
            return compile_event(self.epoch, self._name)
        return compile_event(self.epoch, self._name, lambda code: KeepingCode(code, files))

    def _determined(self) -> bool:
        """Tell whether determinations belong to the reply without being asked for.

        On events whose rules name an action (orders) they are given on request only, so that the
        usual reply stays quick.
        """
        declared = self._engine.rulebook.vocabulary.events[self._name]
        return declared.rules_name is None and any(
            item.event == self._name for item in self.epoch.determinations
        )


class Engine:
    """Decide by one closed rulebook. Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        from creditgate.ir.digest import meaning_digest

        digest, days = meaning_digest(rulebook), rulebook.change_days()
        outline = Outline(rulebook.id, rulebook.currency, digest, days, rulebook.end)
        self._begin(outline, lambda: rulebook, lambda: rulebook.calendars)

    @classmethod
    def kept(
        cls, outline: Outline, rulebook: Callable[[], Rulebook],
        calendars: Callable[[], Mapping[str, Calendar]],
    ) -> Engine:  # fmt: skip
        """Return an engine of a rulebook that is read when something asks for more than code."""
        engine = cls.__new__(cls)
        engine._begin(outline, rulebook, calendars)
        return engine

    def _begin(
        self, outline: Outline, rulebook: Callable[[], Rulebook],
        calendars: Callable[[], Mapping[str, Calendar]],
    ) -> None:  # fmt: skip
        self.outline = outline
        self.id, self.currency, self.digest = outline.id, outline.currency, outline.digest
        self._days, self._end = outline.days, outline.end
        self._read, self._calendars = rulebook, calendars
        self._rulebook: Rulebook | None = None
        self._files: EpochFiles | None = None
        self.governing = {
            word: GoverningRulebook(self.id, self.digest, word) for word in ("yes", "no", "unknown")
        }
        self._compiled: dict[tuple[int, str], CompiledEpoch] = {}
        self._epochs: dict[int, Epoch] = {}
        self._lock = threading.RLock()

    def keep_epochs(self, files: EpochFiles) -> None:
        """Keep the code of epochs in files from now on, and take it from there."""
        self._files = files

    @property
    def rulebook(self) -> Rulebook:
        """Return the rulebook."""
        if self._rulebook is None:
            self._rulebook = self._read()
        return self._rulebook

    def calendar(self, name: str) -> Calendar:
        """Return a calendar of the rulebook."""
        return self._calendars()[name]

    def epoch(self, day: int) -> Epoch | None:
        """Return the epoch of a day, or None on a day that the rulebook does not cover."""
        start = self._start(day)
        if start is None:
            return None
        found = self._epochs.get(start)
        if found is None:
            from creditgate.ir.specialise import specialise

            rulebook = self.rulebook
            with self._lock:
                found = self._epochs.get(start) or specialise(rulebook, day)
                assert found is not None
                self._epochs[start] = found
        return found

    def _start(self, day: int) -> int | None:
        if self._end is not None and day > self._end:
            return None
        place = bisect_right(self._days, day)
        return self._days[place - 1] if place else None

    def compiled(self, day: int, event: str) -> CompiledEpoch | None:
        """Return the compiled epoch of a day; it has no code for an event that is not governed."""
        start = self._start(day)
        if start is None:
            return None
        return self._compiled.get((start, event)) or self._compile(start, event)

    def _compile(self, start: int, event: str) -> CompiledEpoch:
        # In this order everywhere: a branch that is compiled late may have to compile its epoch.
        with room_to_recurse(), self._lock:
            found = self._compiled.get((start, event))
            if found is None:
                files = None if self._files is None else self._files.of(start, event)
                found = self._compiled[start, event] = CompiledEpoch(self, start, event, files)
        return found
