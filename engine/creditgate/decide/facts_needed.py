"""Which facts are read: by a rulebook on any day, or to decide one event in an epoch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from creditgate.decide.conversion import FactNames
from creditgate.domain.dsl_types import Record, without_none
from creditgate.ir.nodes import Expr, Fact, Root
from creditgate.ir.rulebook import Epoch, Rulebook
from creditgate.ir.walk import every


def expressions_on(epoch: Epoch, event: str, *, determinations: bool) -> list[Expr]:
    """Return what is evaluated to decide an event in an epoch, with its determinations or not."""
    found: list[Any] = [epoch.governs.get(event)]
    for rule in epoch.rules:
        if rule.event == event:
            found += [rule.when, rule.require, *(when for _, when in rule.exemptions)]
            if rule.deadline is not None:
                found += [rule.deadline.due, rule.deadline.before]
    for item in epoch.determinations if determinations else ():
        if item.event == event:
            found += [item.previous, *(when for _, when in item.cases)]
    return [node for node in found if node is not None]


def facts_in(expressions: Iterable[Expr]) -> FactNames:
    """Return the facts read by closed or open expressions, as (entity, fact)."""
    needed: set[tuple[str, str]] = set()
    for node in expressions:
        for part in every(node):
            if isinstance(part, Fact):
                holder = without_none(part.record.type)
                if isinstance(holder, Record):
                    needed.add((holder.entity, part.name))
    return frozenset(needed)


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


def facts_read(rulebook: Rulebook) -> FactNames:
    """Return the facts that a rulebook reads on any day, as (entity, fact)."""
    events = rulebook.vocabulary.events
    dates = {events[event].dated_by for event in events_asked(rulebook)}
    return facts_in(_all_expressions(rulebook)) | dates


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
