"""What the reference, which defines what rules mean, says of single rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from creditgate.decide.engine import Engine
from creditgate.decide.read import FactsReader
from creditgate.decide.table_outcomes import Bits, RuleBits
from creditgate.domain.outcomes import BREACHED, PENDING, UNDECIDED
from creditgate.domain.vocabulary import Vocabulary
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge


class Reference:
    """Judge facts documents by the reference evaluator, one rulebook at a time."""

    def __init__(self, vocabulary: Vocabulary, bits: RuleBits) -> None:
        self._vocabulary, self._bits = vocabulary, bits

    @cached_property
    def _reader(self) -> FactsReader:
        return FactsReader(self._vocabulary)

    def bits(self, engine: Engine, document: Mapping[str, Any], day: int) -> Bits:
        """Return the bits of the rules of a rulebook that are breached, undecided and pending.

        Errors: FactsRefused for a document that cannot be read.
        """
        facts = self._reader.from_plain(document)
        book, epoch, places = engine.rulebook, engine.epoch(day), self._bits.places
        if epoch is None or facts.event not in epoch.governs:
            return 0, 0, 0
        evaluation = Evaluation(facts, day, book.calendars)
        governs = evaluation.value(epoch.governs[facts.event])
        if isinstance(governs, Unknown):
            return 0, 1 << places[f"{book.id}/governs"], 0
        found = dict.fromkeys((BREACHED, UNDECIDED, PENDING), 0)
        for rule in epoch.rules if governs else ():
            if rule.event == facts.event:
                outcome = judge(evaluation, rule).outcome
                if outcome in found:
                    found[outcome] |= 1 << places[rule.id]
        return found[BREACHED], found[UNDECIDED], found[PENDING]
