"""Knowledge of a day: with everything published it changes nothing, before that it never passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random
from typing import Any, Final

import msgspec
import pytest
from tests.cases.shipped import IDS, SHELF, cases, whole

from creditgate.check.actions import members_met
from creditgate.decide.engine import Engine
from creditgate.domain.citation import Source, published_on
from creditgate.domain.facts import attribute
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.ir.specialise import in_force
from creditgate.pipeline import Gate
from creditgate.scenarios.case import Case

LAST_DAY: Final = date.max.toordinal()
MOST_CASES: Final = 12
MOST_DAYS: Final = 4  # each makes a gate


@cache
def gate(name: str, known_on: int | None = None) -> Gate:
    if known_on is None:
        return Gate([Engine(whole(name))], SHELF.vocabulary())
    checked = SHELF.known(name, known_on)
    assert checked is not None
    engine = Engine(checked.rulebook)
    return Gate([engine], SHELF.vocabulary(), date.fromordinal(known_on))


def sources(book: Rulebook) -> Iterator[Source]:
    yield book.start_source
    for parameter in book.parameters.values():
        yield from (entry.source for _, entry in parameter.history.entries)
    for table in book.tables.values():
        yield from (sheet.source for _, sheet in table.history.entries)
    for figure in book.figures.values():
        layer: FigureDefinition | None = figure
        while layer is not None:
            yield from (version.source for _, version in layer.versions.entries)
            layer = layer.replaced
    for rule in book.rules.values():
        yield from (force.source for force in rule.in_force)
        for exemption in rule.exemptions:
            yield from (force.source for force in exemption.in_force)
    for item in book.determinations.values():
        yield from (force.source for force in item.in_force)
    for timeline in book.recited.values():
        yield from (source for _, source in timeline.entries)


def publications(book: Rulebook) -> list[int]:
    days = {published_on(source, book.instruments) for source in sources(book)}
    return sorted(day for day in days if day is not None)


def core(asked: Gate, case: Case) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(asked.decide(dict(case.facts)).core)
    del found["known_on"]
    return found


@pytest.mark.parametrize("name", IDS)
def test_with_everything_published_known_decisions_are_all_the_same(name: str) -> None:
    # An end that a later text set is published by the first day without the rule.
    last = max([*publications(whole(name)), *whole(name).change_days()])
    for known_on in (last, LAST_DAY):
        assert gate(name, known_on).engines[0].digest == gate(name).engines[0].digest
    for case in cases(name):
        assert core(gate(name, last), case) == core(gate(name), case), case.name


@pytest.mark.parametrize("name", IDS)
def test_an_order_of_a_day_needs_nothing_that_was_published_after_it(name: str) -> None:
    for case in cases(name):
        if case.day is None or case.day < whole(name).start:
            continue
        if case.day in known_days(name):
            found, plain = core(gate(name, case.day), case), core(gate(name), case)
            for part in (found, plain):
                part.pop("rulebooks")
            assert found == plain, case.name


@cache
def known_days(name: str) -> frozenset[int]:
    """Return days of cases to know by: each makes a gate, so not all of them."""
    days = sorted({case.day for case in cases(name) if case.day is not None})
    return frozenset(Random(name).sample(days, min(len(days), MOST_DAYS)))


@pytest.mark.parametrize("name", IDS)
def test_nothing_is_approved_that_no_known_rule_looks_at(name: str) -> None:
    random = Random(name)
    days = publications(whole(name))
    for published in random.sample(days, min(len(days), MOST_DAYS)):
        known_on = published - 1
        asked = gate(name, known_on)
        book = asked.engines[0].rulebook
        for case in random.sample(cases(name), min(len(cases(name)), MOST_CASES)):
            decision = asked.decide(dict(case.facts))
            assert decision.core.known_on == date.fromordinal(known_on).isoformat()
            if decision.is_approved:
                assert is_looked_at(book, case, decision.core.as_of), case.name


def is_looked_at(book: Rulebook, case: Case, as_of: str | None) -> bool:
    """Tell whether some rule in force is meant for the event, and for the action of an order."""
    event = book.vocabulary.events[case.event]
    day = date.fromisoformat(str(as_of)).toordinal()
    rules = [r for r in book.rules.values() if r.event == event.name and in_force(r.in_force, day)]
    if event.rules_name is None:
        everything = [r for r in whole(book.id).rules.values() if r.event == event.name]
        return bool(rules) or not any(in_force(r.in_force, day) for r in everything)
    entity, fact = event.rules_name
    action = case.facts[attribute(entity)][fact]
    met = [members_met(r.when, event, book.vocabulary) for r in rules if r.when is not None]
    return any(members is not None and action in members for members in met)
