"""The scenarios of the shipped rulebooks, read once: most of them stand in files of several."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from creditgate.pipeline import catalogue
from creditgate.scenarios.case import Case
from creditgate.scenarios.suite import cases_for


@cache
def cases_by_rulebook() -> Mapping[str, tuple[Case, ...]]:
    """Return the scenarios by the rulebook that decides them."""
    shelf = catalogue()
    found: dict[str, list[Case]] = {}
    for case in cases_for(shelf, shelf.shelf.ids()):
        found.setdefault(case.rulebook, []).append(case)
    assert not shelf.collector.has_errors
    return MappingProxyType({name: tuple(cases) for name, cases in found.items()})


def cases_of_rulebook(name: str) -> tuple[Case, ...]:
    """Return the scenarios that a rulebook decides."""
    return cases_by_rulebook().get(name, ())
