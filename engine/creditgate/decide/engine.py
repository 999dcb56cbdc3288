"""One rulebook ready to decide: its epochs, compiled once each when a day first needs them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from dataclasses import dataclass

from creditgate.backends.scalar.compile import CompiledEvent, compile_event
from creditgate.decide.decision import GoverningRulebook
from creditgate.ir.digest import meaning_digest
from creditgate.ir.nodes import Claimed, Expr
from creditgate.ir.rulebook import Epoch, EpochRule, Rulebook
from creditgate.ir.specialise import specialise
from creditgate.ir.walk import every


@dataclass(frozen=True, slots=True)
class CompiledEpoch:
    """An epoch with the generated code of one event.

    `claiming` are the rules of the event with an exemption that a claim may help.
    """

    epoch: Epoch
    event: CompiledEvent | None
    determines: bool
    claiming: tuple[EpochRule, ...]


class Engine:
    """Decide by one closed rulebook. Safe to share between threads.

    `digest` is that of its meaning where it is known.
    """

    def __init__(self, rulebook: Rulebook, digest: str | None = None) -> None:
        self.rulebook = rulebook
        self.digest = digest or meaning_digest(rulebook)
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
        return self._compiled.get((start, event)) or self._compile(start, event)

    def _compile(self, start: int, event: str) -> CompiledEpoch:
        epoch = self.epoch(start)
        assert epoch is not None
        with self._lock:
            found = self._compiled.get((start, event))
            if found is None:
                code = compile_event(epoch, event) if event in epoch.governs else None
                determines = self._determines(epoch, event)
                claiming = tuple(
                    filter(_may_rely_on_claims, [r for r in epoch.rules if r.event == event])
                )
                found = CompiledEpoch(epoch, code, determines, claiming)
                self._compiled[start, event] = found
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


def _may_rely_on_claims(rule: EpochRule) -> bool:
    conditions: list[Expr] = [condition for _, condition in rule.exemptions]
    return any(isinstance(part, Claimed) for node in conditions for part in every(node))
