"""Run a concrete order on the reference: nothing the solver found is shown without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from creditgate.decide.plan import day_of
from creditgate.decide.read import FactsReader, FactsRefused
from creditgate.domain.facts import Facts
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import Epoch
from creditgate.prove.answers import Decided
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge


@dataclass(frozen=True, slots=True)
class Run:
    """What the reference says of an order under one epoch."""

    decided: Decided
    outcomes: Mapping[str, str]


class Reference:
    """Read documents and judge them by the reference alone."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._reader = FactsReader(vocabulary)

    def read(self, document: Mapping[str, Any]) -> Facts | None:
        """Return the facts of a document; None where it is none that may be handed in."""
        try:
            return self._reader.from_plain(dict(document))
        except FactsRefused:
            return None

    def run(self, epoch: Epoch, facts: Facts) -> Run | None:
        """Judge facts by the rules of an epoch; None where they are not of its days."""
        day = day_of(facts, self.vocabulary.events[facts.event])
        if day is None or day < epoch.start or (epoch.end is not None and day > epoch.end):
            return None
        return self.run_on(epoch, facts, day)

    def run_on(self, epoch: Epoch, facts: Facts, day: int) -> Run:
        """Judge facts by the rules of an epoch as of a day, of whichever day they are."""
        evaluation = Evaluation(facts, day, epoch.rulebook.calendars)
        outcomes = {
            rule.id: judge(evaluation, rule).outcome
            for rule in epoch.rules
            if rule.event == facts.event
        }
        deciding = {rule.id for rule in epoch.rules if rule.effect != "warn"}
        found = {
            word: tuple(sorted(r for r, o in outcomes.items() if o == word and r in deciding))
            for word in ("breached", "undecided", "pending")
        }
        node = epoch.governs.get(facts.event)
        governs = False if node is None else evaluation.known(node)
        if governs is False:
            return Run(Decided(epoch.rulebook.id, "out_of_scope"), outcomes)
        if isinstance(governs, Unknown):
            return Run(Decided(epoch.rulebook.id, "undecided"), outcomes)
        decision = (
            "rejected"
            if found["breached"]
            else "undecided"
            if found["undecided"]
            else "pending"
            if found["pending"]
            else "approved"
        )
        return Run(Decided(epoch.rulebook.id, decision, **found), outcomes)
