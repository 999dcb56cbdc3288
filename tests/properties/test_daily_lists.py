"""Daily lists: the right day changes nothing, the wrong day never approves what was not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

import pytest
from tests.cases.shipped import IDS, SHELF, cases, decided, gate, met, spread

from creditgate.decide.decision import Decision
from creditgate.decide.facts_needed import facts_read
from creditgate.decide.plan import day_of
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge

VOCABULARY: Final = SHELF.vocabulary()
ALL: Final = tuple(VOCABULARY.lists)


@cache
def documents(name: str) -> tuple[tuple[dict[str, Any], date, Decision], ...]:
    """Return the facts of scenarios of a rulebook, with the day of their event and the decision."""
    return tuple(stated(name))


def stated(name: str) -> Iterator[tuple[dict[str, Any], date, Decision]]:
    for place, case in enumerate(spread(name)):
        plain = decided(name, place)
        if "lists" in case.facts or plain.core.refusals:
            continue
        assert plain.source is not None
        read = plain.source.facts
        day = None if read is None else day_of(read, VOCABULARY.events[read.event])
        if day is not None:
            yield dict(case.facts), date.fromordinal(day), plain


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
def test_the_spread_of_cases_meets_all_that_the_scenarios_meet(name: str) -> None:
    assert met(spread(name)) == met(cases(name))


@pytest.mark.parametrize("name", IDS)
def test_the_lists_of_the_day_change_nothing(name: str) -> None:
    for document, day, plain in documents(name):
        listed = gate(name).decide({**document, "lists": rows(ALL, day)})
        assert listed.core_bytes() == plain.core_bytes()


@pytest.mark.parametrize("name", IDS)
def test_lists_of_another_day_only_take_knowledge_away(name: str) -> None:
    random, changed = Random(name), 0
    for document, day, plain in documents(name):
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
    # Where few cases read what a list carries, the lists drawn may have left all of them alone.
    changed += any(
        outcomes(gate(name).decide({**document, "lists": rows(ALL, day - timedelta(days=1))}))
        != outcomes(plain)
        for document, day, plain in (() if changed else documents(name))
    )
    read = facts_read(gate(name).engines[0].rulebook)
    assert bool(changed) is any(read & set(item.carries) for item in VOCABULARY.lists.values())
