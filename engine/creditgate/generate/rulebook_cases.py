"""The cases that a rulebook's rules ask for: what scenarios cover already, and what is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from creditgate.decide.read import FactsReader, FactsRefused
from creditgate.domain.facts import Facts
from creditgate.generate.finding import Finding, Found
from creditgate.generate.obligations import (
    DECIDES,
    FAILS,
    HOLDS,
    Obligation,
    Shown,
    obligations_of,
    shown_by,
)
from creditgate.generate.rule_versions import Taken, Version, covers, stands_in, versions
from creditgate.ir.rulebook import Rulebook
from creditgate.prove.search import DISAGREES, Epochs, Search
from creditgate.scenarios.case import Case

# Only a machine that stands still is so slow; what is proved must not hang on the machine.
SECONDS: Final = 30.0
INFEASIBLE: Final = "infeasible"
NOT_DECIDED: Final = "not_decided"


@dataclass(frozen=True, slots=True, eq=False)
class MadeCase:
    """Facts that show an obligation of a version, on a day, and all that they show."""

    taken: Taken
    obligation: Obligation
    document: Mapping[str, Any]
    day: int
    shown: Shown


@dataclass(frozen=True, slots=True)
class Unmet:
    """An obligation that no case meets: infeasible, or not decided and why."""

    obligation: Obligation
    verdict: str
    why: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class VersionCases:
    """A version of a rule: its obligations, those that scenarios cover, the cases, what is unmet."""

    taken: Taken
    obligations: tuple[Obligation, ...]
    covered: frozenset[Obligation]
    cases: tuple[MadeCase, ...]
    unmet: tuple[Unmet, ...]

    @property
    def met_by_cases(self) -> int:
        """Return how many obligations the cases meet that no scenario covers."""
        return len(self.obligations) - len(self.covered) - len(self.unmet)

    def without(self, failed: Sequence[MadeCase]) -> VersionCases:
        """Return it without cases that did not hold; what they alone were to show is not decided."""
        kept = tuple(case for case in self.cases if case not in failed)
        shown = {obligation for case in kept for obligation in case.shown.met}
        open_still = {unmet.obligation for unmet in self.unmet} | self.covered | shown
        lost = [Unmet(o, NOT_DECIDED, DISAGREES) for o in self.obligations if o not in open_still]
        return VersionCases(
            self.taken, self.obligations, self.covered, kept, (*self.unmet, *lost)
        )  # fmt: skip


class RulebookCases:
    """The cases of a rulebook; `scenarios` are those that stand already.

    Rules that stand in `base` alike are left to it. With `figures` the conditions inside formulas
    are conditions of the rule as well.
    """

    def __init__(
        self, book: Rulebook, base: Rulebook | None, scenarios: Sequence[Case], *,
        on: int | None = None, rules: frozenset[str] | None = None, everything: bool = False,
        figures: bool = False,
    ) -> None:  # fmt: skip
        self.book = book
        self.base = base
        self.left_to_base = 0
        self._on = on
        self._rules = rules
        self._everything = everything
        self._figures = figures
        self._epochs = Epochs()
        reader = FactsReader(book.vocabulary)
        self._known: dict[str, list[tuple[Facts, int, str]]] = defaultdict(list)
        for case in scenarios:
            facts = _facts(reader, case)
            if facts is not None and case.day is not None and case.outcome is not None:
                self._known[case.subject].append((facts, case.day, case.outcome))

    def versions(self) -> Iterator[VersionCases]:
        """Yield each rule in each of its meanings with its cases, event by event."""
        books = [self.book] if self.base is None else [self.book, self.base]
        for event in sorted(self.book.governs):
            search = Search(books, event, SECONDS, self._epochs)
            for version in versions(search, self.book, self._on):
                if self._rules is not None and version.rule.rule.definition.name not in self._rules:
                    continue
                if self._rules is None and stands_in(self.base, search, version):
                    self.left_to_base += 1
                    continue
                yield self._of_version(search, version)

    def _of_version(self, search: Search, version: Version) -> VersionCases:
        taken = Taken(search, version, figures=self._figures)
        obligations = obligations_of(taken)
        outcomes: dict[Obligation, set[str]] = defaultdict(set)
        for shown in self._stood(taken):
            _note(outcomes, shown)
        covered = frozenset(each for each in obligations if is_met(each, outcomes))
        if self._everything:
            outcomes.clear()
        finding = Finding(search, taken)
        cases: list[MadeCase] = []
        unmet: list[Unmet] = []
        for obligation in obligations:
            if is_met(obligation, outcomes):
                continue
            found = finding.find(obligation, _unlike(obligation, outcomes))
            if found.verdict == "found":
                cases.append(_made(taken, obligation, found))
                _note(outcomes, cases[-1].shown)
            elif obligation not in covered:
                unmet.append(Unmet(obligation, found.verdict, found.why, found.about))
        return VersionCases(taken, obligations, covered, tuple(cases), tuple(unmet))

    def _stood(self, taken: Taken) -> Iterator[Shown]:
        """Yield what scenarios show of a version, where their expectation is what comes out."""
        version = taken.version
        for facts, day, outcome in self._known[version.rule.rule.definition.name]:
            if covers(version.days, day) and facts.event == version.event.event:
                shown = shown_by(taken, facts, day)
                if shown is not None and shown.outcome == outcome:
                    yield shown


def is_met(obligation: Obligation, outcomes: Mapping[Obligation, set[str]]) -> bool:
    """Tell whether cases show an obligation, given the outcomes of the cases that show each.

    A condition that decides does so by a pair of cases whose outcomes differ.
    """
    own = outcomes.get(obligation)
    if not own:
        return False
    return obligation.kind != DECIDES or _opposite(obligation, outcomes) != own or len(own) > 1


def _opposite(obligation: Obligation, outcomes: Mapping[Obligation, set[str]]) -> set[str]:
    which = FAILS if obligation.which == HOLDS else HOLDS
    return outcomes.get(Obligation(DECIDES, which, obligation.condition), set())


def _unlike(obligation: Obligation, outcomes: Mapping[Obligation, set[str]]) -> tuple[str, ...]:
    """Return the outcome that a case may not have, to differ from its counterpart."""
    other = _opposite(obligation, outcomes) if obligation.kind == DECIDES else set()
    return tuple(other) if len(other) == 1 else ()


def _note(outcomes: dict[Obligation, set[str]], shown: Shown) -> None:
    for obligation in shown.met:
        outcomes[obligation].add(shown.outcome)


def _made(taken: Taken, obligation: Obligation, found: Found) -> MadeCase:
    assert found.document is not None
    assert found.shown is not None
    return MadeCase(taken, obligation, found.document, found.day, found.shown)


def _facts(reader: FactsReader, case: Case) -> Facts | None:
    try:
        return reader.from_plain(dict(case.facts))
    except FactsRefused:
        return None
