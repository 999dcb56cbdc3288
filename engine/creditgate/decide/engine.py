"""One rulebook ready to decide: its epochs, compiled once each when a day first needs them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from creditgate.backends.scalar.compile import CompiledEvent, compile_event
from creditgate.decide.conversion import Needed
from creditgate.decide.decision import GoverningRulebook
from creditgate.domain.dsl_types import Record, without_none
from creditgate.ir.digest import meaning_digest
from creditgate.ir.nodes import Expr, Fact, Root
from creditgate.ir.rulebook import Epoch, Rulebook
from creditgate.ir.specialise import specialise
from creditgate.ir.walk import every


@dataclass(frozen=True, slots=True)
class CompiledEpoch:
    """An epoch with the generated code of one event."""

    epoch: Epoch
    event: CompiledEvent | None
    determines: bool


class Engine:
    """Decide by one closed rulebook. Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.digest = meaning_digest(rulebook)
        self._days = rulebook.change_days()
        self._end = rulebook.end
        self.governing = {
            word: GoverningRulebook(rulebook.id, self.digest, word)
            for word in ("yes", "no", "unknown")
        }
        self._compiled: dict[tuple[int, str], CompiledEpoch] = {}
        self._epochs: dict[int, Epoch] = {}
        self._lock = threading.Lock()

    def epoch(self, day: int) -> Epoch | None:
        """Return the epoch of a day, or None on a day that the rulebook does not cover."""
        start = self._start(day)
        if start is None:
            return None
        found = self._epochs.get(start)
        if found is None:
            with self._lock:
                found = self._epochs.get(start) or specialise(self.rulebook, day)
                assert found is not None
                self._epochs[start] = found
        return found

    def _start(self, day: int) -> int | None:
        if self._end is not None and day > self._end:
            return None
        place = bisect_right(self._days, day)
        return self._days[place - 1] if place else None

    def compiled(self, day: int, event: str) -> CompiledEpoch | None:
        """Return the compiled epoch of a day; its event is None where it is not governed."""
        start = self._start(day)
        if start is None:
            return None
        found = self._compiled.get((start, event))
        return self._compile(start, event) if found is None else found

    def _compile(self, start: int, event: str) -> CompiledEpoch:
        epoch = self.epoch(start)
        assert epoch is not None
        with self._lock:
            found = self._compiled.get((start, event))
            if found is None:
                code = compile_event(epoch, event) if event in epoch.governs else None
                determines = self._determines(epoch, event)
                found = self._compiled[start, event] = CompiledEpoch(epoch, code, determines)
        return found

    def _determines(self, epoch: Epoch, event: str) -> bool:
        """Tell whether determinations belong to the reply without being asked for.

        On events whose rules name an action (orders) they are given on request only, so that the
        usual reply stays quick.
        """
        declared = self.rulebook.vocabulary.events[event]
        return declared.rules_name is None and any(
            item.event == event for item in epoch.determinations
        )


def events_asked(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the events on which a rulebook is asked: those that it governs.

    One that governs nothing is asked for its figures, on an event dated by a record that they read,
    or else on any that gives all the records they read.
    """
    if rulebook.governs:
        return tuple(rulebook.governs)
    parts = (part for node in _all_expressions(rulebook) for part in every(node))
    read = {part.entity for part in parts if isinstance(part, Root)}
    giving = [e for e in rulebook.vocabulary.events.values() if read <= set(e.subjects)]
    dated = [event for event in giving if event.dated_by[0] in read]
    return tuple(event.name for event in dated or giving)


def facts_read(rulebook: Rulebook) -> Needed:
    """Return the facts that a rulebook reads on any day, as (entity, fact)."""
    needed: set[tuple[str, str]] = set()
    for node in _all_expressions(rulebook):
        for part in every(node):
            if isinstance(part, Fact):
                holder = without_none(part.record.type)
                if isinstance(holder, Record):
                    needed.add((holder.entity, part.name))
    for event in events_asked(rulebook):
        needed.add(rulebook.vocabulary.events[event].dated_by)
    return frozenset(needed)


def _all_expressions(rulebook: Rulebook) -> list[Expr]:
    found: list[Any] = list(rulebook.governs.values())
    for parameter in rulebook.parameters.values():
        found += [entry.value for _, entry in parameter.history.entries]
    for figure in rulebook.figures.values():
        layer: Any = figure
        while layer is not None:
            found += [version.formula for _, version in layer.versions.entries]
            layer = layer.replaced
    for rule in rulebook.rules.values():
        found += [rule.when, rule.require, *(item.when for item in rule.exemptions)]
        if rule.deadline is not None:
            found.append(rule.deadline.before)
        found += [p for words in (rule.breach.en, rule.breach.zh) for p in words]
        for remedy in rule.remedies:
            found.append(remedy.when)
            found += [value for part in remedy.parts for value in part.values()]
    for item in rulebook.determinations.values():
        found += [case.when for case in item.cases]
        found.append(item.previous)
    return [node for node in found if node is not None and not isinstance(node, str)]
