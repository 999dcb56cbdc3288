"""Orders that are decided differently, with both decisions in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.diff.meaning_parts import Explained, Witness
from creditgate.diff.stands import Stand
from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import Vocabulary
from creditgate.explain.report import report_of
from creditgate.explain.text import text_of
from creditgate.pipeline import Gate
from creditgate.prove.answers import Order


class Gates:
    """A gate for each side, each with the vocabulary its rulebook was written with."""

    def __init__(self, before: Stand, after: Stand) -> None:
        self._sides = tuple(
            (Gate([Engine(stand.book)], stand.book.vocabulary), stand) for stand in (before, after)
        )

    def witness(self, order: Order, *, is_smallest: bool) -> Witness | None:
        """Return an order with both decisions; None where a gate does not decide as the reference.

        Facts that a side does not know are left out for it.
        """
        made = [self._decided(gate, stand, order.document) for gate, stand in self._sides]
        words = [decided.decision for decided in order.decisions]
        if [decision.core.decision for decision in made] != words:
            return None
        before, after = [_explained(decision) for decision in made]
        return Witness(order.document, before, after, is_smallest)

    @staticmethod
    def _decided(gate: Gate, stand: Stand, document: Mapping[str, Any]) -> Decision:
        on = None if stand.on is None else date.fromordinal(stand.on)
        return gate.decide(known_to(document, gate.vocabulary), on=on)


def known_to(document: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a document with the facts that a vocabulary has, and no others."""
    tables = vocabulary.tables()
    found: dict[str, Any] = {}
    for key, value in document.items():
        if key == "claims":
            found[key] = [made for made in value if made["claim"] in vocabulary.claims]
        elif key == "event":
            found[key] = value
        elif key in tables:
            found[key] = [_record(row, tables[key].name, vocabulary) for row in value]
        elif key in vocabulary.entities:
            found[key] = _record(value, key, vocabulary)
    return found


def _record(record: Mapping[str, Any], entity: str, vocabulary: Vocabulary) -> dict[str, Any]:
    facts = vocabulary.entities[entity].facts
    found: dict[str, Any] = {}
    for name, value in record.items():
        fact = facts.get(name)
        if fact is None:
            continue
        if fact.kind == "list" and isinstance(value, list):
            found[name] = [_record(row, fact.target or "", vocabulary) for row in value]
        else:
            found[name] = value
    return found


def _explained(decision: Decision) -> Explained:
    report = report_of(decision)
    words = Bilingual(text_of(report, "en"), text_of(report, "zh"))
    return Explained(decision.core.decision, decision.breached, words)
