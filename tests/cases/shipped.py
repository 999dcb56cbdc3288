"""The shipped rulebooks and their scenarios, loaded once in a process, and a spread of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from random import Random
from typing import Final

from creditgate.check.load import Catalogue
from creditgate.decide.decision import Decision
from creditgate.decide.engine import Engine
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import Gate, catalogue
from creditgate.scenarios.case import Case
from creditgate.scenarios.suite import cases_for

SHELF: Final[Catalogue] = catalogue()


def whole(name: str) -> Rulebook:
    """Return a rulebook with everything that was ever published of it."""
    checked = SHELF.checked(name)
    assert checked is not None
    return checked.rulebook


IDS: Final = [name for name in SHELF.shelf.ids() if not whole(name).abstract]


@cache
def gate(name: str) -> Gate:
    """Return the one gate of a rulebook."""
    return Gate([Engine(whole(name))], SHELF.vocabulary())


@cache
def cases_by_rulebook() -> dict[str, tuple[Case, ...]]:
    """Return the scenarios of each rulebook: all files are read in one walk of the shelf."""
    found = defaultdict[str, list[Case]](list)
    for case in cases_for(SHELF, IDS):
        found[case.rulebook].append(case)
    assert not SHELF.collector.has_errors
    return {name: tuple(found[name]) for name in IDS}


def cases(name: str) -> tuple[Case, ...]:
    """Return the scenarios that name a rulebook."""
    return cases_by_rulebook()[name]


def traits(case: Case) -> set[tuple[object, ...]]:
    """Return what a case meets: an event, a stretch between changes, a subject and its outcome."""
    days = gate(case.rulebook).engines[0].rulebook.change_days()
    start = None if case.day is None else bisect_right(days, case.day)
    return {
        ("event", case.event),
        ("since", start),
        ("subject", case.kind, case.subject, case.outcome),
        ("decision", case.event, case.decision),
    }


def met(some: Iterable[Case]) -> set[tuple[object, ...]]:
    """Return everything that some cases meet."""
    return set[tuple[object, ...]]().union(*map(traits, some))


@cache
def spread(name: str) -> tuple[Case, ...]:
    """Return scenarios of a rulebook that meet all that its scenarios meet, in a seeded order."""
    everything = cases(name)
    seen, chosen = set[tuple[object, ...]](), []
    for case in Random(name).sample(everything, len(everything)):
        if not traits(case) <= seen:
            seen |= traits(case)
            chosen.append(case)
    return tuple(chosen)


@cache
def decided(name: str, place: int) -> Decision:
    """Return the decision of the gate of a rulebook on a case of its spread."""
    return gate(name).decide(dict(spread(name)[place].facts))
