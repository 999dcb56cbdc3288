"""An event with other values of some facts, decided by the gate that decided it as given."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec

from creditgate.decide.decision import Decision, Source
from creditgate.domain.dsl_types import Number
from creditgate.domain.facts import Facts, attribute
from creditgate.explain.changed_documents import document_value, with_fact, with_row
from creditgate.explain.documents import document_of
from creditgate.nearest.moves import ChangeableFact


def formula_value(fact: ChangeableFact, held: int) -> Fraction | int:
    """Return a value as formulas have it, from the whole number as which it is held."""
    return held * fact.unit if isinstance(fact.type, Number) else held


class DecidedEvents:
    """Decide an event with other values of facts, by the same gate and the law of the same day."""

    def __init__(self, source: Source, facts: Facts) -> None:
        self.source = source
        self.facts = facts
        self._document = document_of(source)
        self._known: dict[tuple[tuple[str, int], ...], bool] = {}

    def is_approved(self, changed: Sequence[ChangeableFact], values: Sequence[int]) -> bool:
        """Tell whether the event is approved with values of facts, as held."""
        key = tuple([(fact.path, value) for fact, value in zip(changed, values, strict=True)])
        if key not in self._known:
            facts = self.facts
            for fact, value in zip(changed, values, strict=True):
                facts = _with(facts, fact, value)
            made: Decision = self.source.gate.decide(facts, on=self.source.on)
            self._known[key] = made.is_approved
        return self._known[key]

    def document(
        self, changed: Sequence[ChangeableFact], values: Sequence[int]
    ) -> dict[str, Any] | None:
        """Return the facts document with values of facts, as held; None where there is none."""
        document = self._document
        if not isinstance(document, dict):
            return None
        for fact, value in zip(changed, values, strict=True):
            written = document_value(formula_value(fact, value), fact.type)
            if len(fact.holder) == 1:
                document = with_fact(document, fact.holder[0], fact.declared.name, written)
            else:
                entity, listed, key = fact.holder
                key_fact = fact.record.RECORD_KEY
                place = (entity, listed, key)
                document = with_row(document, place, key_fact, fact.declared.name, written)
        return document

    def decided(self, changed: Sequence[ChangeableFact], values: Sequence[int]) -> Decision | None:
        """Return the decision of the facts document with other values, read anew."""
        document = self.document(changed, values)
        if document is None:
            return None
        decision: Decision = self.source.gate.decide(document, on=self.source.on)
        return decision


def _with(facts: Facts, fact: ChangeableFact, value: int) -> Facts:
    root = copy.copy(facts.root)
    entity = attribute(fact.holder[0])
    record = copy.copy(getattr(root, entity))
    setattr(root, entity, record)
    if len(fact.holder) > 1:
        listed = attribute(fact.holder[1])
        rows = getattr(record, listed)
        key = attribute(fact.record.RECORD_KEY)
        number = next(n for n, row in enumerate(rows) if str(getattr(row, key)) == fact.holder[2])
        row = copy.copy(rows[number])
        setattr(record, listed, [*rows[:number], row, *rows[number + 1 :]])
        record = row
    setattr(record, attribute(fact.declared.name), value)
    return msgspec.structs.replace(facts, root=root)
