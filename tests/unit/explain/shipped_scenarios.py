"""Scenarios of two shipped rulebooks, decided and put into words once for all tests.

A scenario stands for those that expect the same outcome of the same rule, figure or determination
in the same decision: the words of the others differ in their numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from creditgate.check.load import Catalogue
from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.explain.report import Report, report_of
from creditgate.explain.schemas import facts_schema
from creditgate.pipeline import Gate, catalogue
from creditgate.scenarios.case import Case
from creditgate.scenarios.suite import cases_for

RULEBOOKS: Final = ("cn/sse", "us/reg_sho")


class Told(NamedTuple):
    """A case with its decision and all that can be said of it."""

    case: Case
    decision: Decision
    report: Report


@cache
def shelf() -> Catalogue:
    """Return the catalogue of what is shipped, each file read once."""
    return catalogue()


@cache
def schema_of_facts() -> Mapping[str, Any]:
    """Return the schema of facts documents."""
    return facts_schema(shelf().vocabulary())


@cache
def told(rulebook: str) -> tuple[Told, ...]:
    """Return the chosen cases of a rulebook, decided with what was known by their days."""
    return tuple(_told(rulebook))


def cases(rulebook: str) -> list[Case]:
    """Return all cases of a rulebook."""
    return [case for case in _cases() if case.rulebook == rulebook]


def _told(rulebook: str) -> Iterator[Told]:
    seen = set()
    for case in cases(rulebook):
        alike = (case.kind, case.subject, case.outcome, case.decision, case.known_on is None)
        if alike not in seen:
            seen.add(alike)
            decision = _gate(rulebook, case.known_on).decide(dict(case.facts))
            yield Told(case, decision, report_of(decision, explain=True))


@cache
def _cases() -> tuple[Case, ...]:
    return tuple(cases_for(shelf(), RULEBOOKS))


@cache
def _gate(rulebook: str, known_on: int | None) -> Gate:
    day = None if known_on is None else date.fromordinal(known_on)
    checked = shelf().checked(rulebook) if day is None else shelf().known(rulebook, day.toordinal())
    assert checked is not None, shelf().collector.diagnostics
    return Gate([Engine(checked.rulebook)], shelf().vocabulary(), day)
