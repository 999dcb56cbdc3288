"""Daily lists: the right day changes nothing, the wrong day never approves what was not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

import pytest
from tests.cases.shipped_cases import cases_of_rulebook

from creditgate.check.load import Catalogue
from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.decide.facts_needed import facts_read
from creditgate.decide.judgement import day_of
from creditgate.pipeline import Gate, catalogue
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

SHELF: Final[Catalogue] = catalogue()
VOCABULARY: Final = SHELF.vocabulary()
ALL: Final = tuple(VOCABULARY.lists)


def loadable() -> Iterator[str]:
    for name in SHELF.shelf.ids():
        checked = SHELF.checked(name)
        assert checked is not None
        if not checked.rulebook.abstract:
            yield name


IDS: Final = list(loadable())


@cache
def gate(name: str) -> Gate:
    checked = SHELF.checked(name)
    assert checked is not None
    return Gate([Engine(checked.rulebook)], VOCABULARY)


def documents(name: str) -> Iterator[tuple[dict[str, Any], date]]:
    """Yield the facts of the scenarios of a rulebook, with the day of their event."""
    for case in cases_of_rulebook(name):
        if "lists" in case.facts:
            continue
        read = gate(name).read(dict(case.facts)) if is_read(name, case.facts) else None
        day = None if read is None else day_of(read, VOCABULARY.events[read.event])
        if day is not None:
            yield dict(case.facts), date.fromordinal(day)


def is_read(name: str, document: Any) -> bool:
    return not gate(name).decide(dict(document)).core.refusals


def rows(names: Any, day: date) -> list[dict[str, str]]:
    stated = {"day": day.isoformat(), "source": "a file", "checksum": "sha256:9f86d081"}
    return [{"id": name, **stated} for name in names]


def outcomes(decision: Decision) -> dict[str, str]:
    """Return the outcome of each rule by the reference, checked against the generated code."""
    assert decision.source is not None
    facts, engine = decision.source.facts, decision.source.gate.engines[0]
    assert facts is not None
    day = day_of(facts, VOCABULARY.events[facts.event])
    assert day is not None
    epoch, compiled = engine.epoch(day), engine.compiled(day, facts.event)
    if epoch is None or compiled is None or compiled.event is None:
        return {}
    evaluation = Evaluation(facts, day, engine.rulebook.calendars)
    found = {rule.id: judge(evaluation, rule).outcome for rule in compiled.event.rules}
    generated = compiled.event.outcomes(facts.root, facts.claims, day)
    assert generated == tuple(found.values())
    return found


@pytest.mark.parametrize("name", IDS)
def test_the_lists_of_the_day_change_nothing(name: str) -> None:
    for document, day in documents(name):
        plain = gate(name).decide(document)
        listed = gate(name).decide({**document, "lists": rows(ALL, day)})
        assert listed.core_bytes() == plain.core_bytes()


@pytest.mark.parametrize("name", IDS)
def test_lists_of_another_day_only_take_knowledge_away(name: str) -> None:
    random, changed = Random(name), 0
    for document, day in documents(name):
        plain = gate(name).decide(document)
        wrong = random.sample(ALL, random.randint(1, len(ALL)))
        other = day + timedelta(days=random.choice([-1, 1, -365]))
        decision = gate(name).decide({**document, "lists": rows(wrong, other)})
        if decision.is_approved:
            assert plain.is_approved
        if decision.outcome == "rejected":
            assert plain.outcome == "rejected"
        assert set(decision.breached) <= set(plain.breached)
        before, after = outcomes(plain), outcomes(decision)
        for rule, outcome in after.items():
            if outcome != "undecided":
                # A rule whose requirement holds may not be known any more not to apply.
                assert before[rule] in {outcome, "not_applicable" if outcome == "satisfied" else ""}
        changed += before != after
    read = facts_read(gate(name).engines[0].rulebook)
    assert bool(changed) is any(read & set(item.carries) for item in VOCABULARY.lists.values())
