"""What the gate answers, and what the reference answers to the same facts read another way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.decide.plan import day_of
from creditgate.domain.facts import Facts
from creditgate.pipeline import Gate, catalogue
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge
from creditgate.scenarios.suite import cases_for


class NotPlain(Exception):
    """Bytes that are no JSON document in which every key stands once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision without its words: what it is, and the rules behind it."""

    decision: str
    breached: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A gate of one rulebook with the facts documents of all its scenarios."""

    gate: Gate
    documents: tuple[Mapping[str, Any], ...]


@cache
def subject(rulebook: str) -> Subject:
    """Load a shipped rulebook and the facts of its scenarios, each document once."""
    shelf = catalogue()
    checked = shelf.checked(rulebook)
    assert checked is not None
    cases = cases_for(shelf, [rulebook])
    assert not shelf.collector.has_errors
    gate = Gate([Engine(checked.rulebook)], shelf.vocabulary())
    unique = {json.dumps(case.facts, sort_keys=True): case.facts for case in cases}
    return Subject(gate, tuple(unique.values()))


def plain_document(data: bytes) -> Any:
    """Return a document with exact numbers, read by a reader that the engine does not share."""
    try:
        text = data.decode("utf-8-sig")
        text_again = text.encode()
        document = json.loads(
            text, parse_float=Decimal, parse_int=_whole, parse_constant=_refused,
            object_pairs_hook=_each_key_once,
        )  # fmt: skip
        json.dumps(document, default=str, ensure_ascii=False).encode()
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise NotPlain(str(problem)) from None
    assert text_again in (data, data.removeprefix(b"\xef\xbb\xbf"))
    return document


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < 40 else Decimal(text)


def _refused(text: str) -> Any:
    raise NotPlain(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotPlain("a key stands twice")
    return found


def verdict_of(decision: Decision) -> Verdict:
    """Return the verdict that a decision gives."""
    breached, undecided = sorted(decision.breached), sorted(decision.undecided)
    pending = sorted(decision.pending)
    return Verdict(decision.outcome, tuple(breached), tuple(undecided), tuple(pending))


def verdict_of_reference(gate: Gate, facts: Facts) -> Verdict:
    """Decide on the reference alone: every rule of the epoch that governs, none left out."""
    engine = gate.engines[0]
    book = engine.rulebook
    event = gate.vocabulary.events.get(facts.event)
    if event is None:
        return Verdict("undecided")
    day = day_of(facts, event)
    if day is None:
        return Verdict("undecided", (), (f"{book.id}/governs",))
    epoch = engine.epoch(day)
    if epoch is None or facts.event not in epoch.governs:
        return Verdict("out_of_scope")
    evaluation = Evaluation(facts, day, book.calendars)
    governs = evaluation.value(epoch.governs[facts.event])
    if isinstance(governs, Unknown):
        return Verdict("undecided", (), (f"{book.id}/governs",))
    if not governs:
        return Verdict("out_of_scope")
    outcomes = [
        (rule.id, judge(evaluation, rule).outcome)
        for rule in epoch.rules
        if rule.event == facts.event and rule.effect == "reject"
    ]
    words = {"rejected": "breached", "undecided": "undecided", "pending": "pending"}
    found = {
        decision: tuple(sorted(name for name, outcome in outcomes if outcome == word))
        for decision, word in words.items()
    }
    decision = next((word for word, names in found.items() if names), "approved")
    return Verdict(decision, *found.values())
