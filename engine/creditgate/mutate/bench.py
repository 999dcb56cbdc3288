"""A rulebook with its changes and the cases that may tell of them."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from datetime import date

from creditgate.check.load import Catalogue
from creditgate.check.rulebook import Checked
from creditgate.decide.read import FactsReader
from creditgate.ir.interning import Interned
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.lowered.recursion import room_to_recurse
from creditgate.mutate.change import HEADER, Change
from creditgate.mutate.law import Law
from creditgate.mutate.reach import Reach, Reached
from creditgate.mutate.standing import Standing
from creditgate.mutate.things import changes_of
from creditgate.scenarios.case import Case
from creditgate.scenarios.suite import cases_for


@dataclass(slots=True)
class Side:
    """One rulebook that judges: as it is, with what its things reach, and with its cases."""

    law: Law
    reach: Reach
    cases: list[Standing] = field(default_factory=list)


class Bench:
    """Everything about one rulebook that is made once for all its changes.

    An abstract base is judged by the cases of the rulebooks that extend it, any other by its own.
    Cases with what was known on some day judge publication, and stay out.
    """

    def __init__(self, shelf: Catalogue, checked: Checked) -> None:
        self.shelf = shelf
        self.checked = checked
        self.books = _judging(shelf, checked)
        self.changes = [
            change
            for change in changes_of(shelf, checked, self.books)
            if any(change.apply(book) is not None for book in self.books)
        ]
        self.known: Interned = {}
        self.sides = {b.id: Side(Law(b, self.known), Reach(b)) for b in self.books}
        self._last: dict[tuple[str, str], list[Standing]] = {}
        asked: dict[tuple[str, str], Expr | None] = {}
        reader = FactsReader(shelf.vocabulary())
        for case in cases_for(shelf, [book.id for book in self.books]):
            side = self.sides.get(case.rulebook)
            if side is not None and case.known_on is None:
                standing = _standing(case, reader, shelf, side.law, asked)
                if standing is not None:
                    side.cases.append(standing)

    @property
    def cases(self) -> list[Standing]:
        """Return all cases."""
        return [standing for side in self.sides.values() for standing in side.cases]

    def failing(self) -> list[Case]:
        """Return the cases that fail already: they can tell of nothing."""
        with room_to_recurse():
            return [standing.case for standing in self.cases if not standing.passes()]

    def teller(self, change: Change) -> Case | None:
        """Return a case that fails once a change is made, or None where none does."""
        with room_to_recurse():
            for side, standing, law, reached in self._asked(change):
                if standing.tells(law, reached):
                    self._remember(change, standing)
                    return standing.case
                assert side.law is not law
        return None

    def _asked(self, change: Change) -> list[tuple[Side, Standing, Law, Reached]]:
        """Return the cases that may tell, those first that told of the same thing before."""
        told = {id(s): n for n, s in enumerate(self._last.get((change.section, change.name), ()))}
        found: list[tuple[int, int, Side, Standing, Law, Reached]] = []
        for side in self.sides.values():
            book = change.apply(side.law.book)
            if book is None:
                continue
            law = Law(book, ChainMap({}, self.known))
            reached = side.reach.of(change)
            events = {side.law.book.rules[n].event for n in reached.rules} | reached.events
            for standing in side.cases:
                if not change.sees(standing.day):
                    continue
                concerns = standing.concerns(reached)
                decides = standing.case.decision is not None and standing.case.event in events
                governed = standing.case.event in reached.events
                if concerns or decides or governed or change.section == HEADER:
                    place = told.get(id(standing), len(told) + (not concerns))
                    found.append((place, len(found), side, standing, law, reached))
        return [(s, st, law, r) for _, _, s, st, law, r in sorted(found, key=lambda f: f[:2])]

    def _remember(self, change: Change, standing: Standing) -> None:
        told = self._last.setdefault((change.section, change.name), [])
        if standing in told:
            told.remove(standing)
        told.insert(0, standing)


def _judging(shelf: Catalogue, checked: Checked) -> list[Rulebook]:
    book = checked.rulebook
    if not book.abstract:
        return [book]
    others = [shelf.checked(name) for name in shelf.shelf.ids()]
    return [
        other.rulebook
        for other in others
        if other is not None and not other.rulebook.abstract and book.id in other.rulebook.lineage
    ]


def _standing(
    case: Case, reader: FactsReader, shelf: Catalogue, law: Law,
    asked: dict[tuple[str, str], Expr | None],
) -> Standing | None:  # fmt: skip
    """Return a case to be judged; None where nothing says of which day it is."""
    entity, fact = shelf.vocabulary().events[case.event].dated_by
    record = case.facts.get(entity)
    day = record.get(fact) if isinstance(record, dict) else None
    try:
        when = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return None
    return Standing(case, when.toordinal(), law, reader, asked)
