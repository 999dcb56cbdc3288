"""Which rules, figures, limits and dates of change no case stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, TypeAlias

from creditgate.check.coverage import rule_expressions
from creditgate.check.load import Catalogue
from creditgate.check.references import Reference, references
from creditgate.ir.bounds import Bounds, layers
from creditgate.ir.nodes import Claimed, Expr, Fact, FigureUse
from creditgate.ir.rulebook import (
    DeterminationDefinition,
    EpochDetermination,
    EpochRule,
    FigureDefinition,
    Rulebook,
    RuleDefinition,
)
from creditgate.ir.specialise import specialise
from creditgate.ir.walk import every
from creditgate.scenarios.boundaries import ABOVE, BELOW, ON, limits_of, possible_sides
from creditgate.scenarios.case import Case
from creditgate.scenarios.run import Result

WANTED = ("satisfied", "breached", "undecided")
WANTED_WITH_DEADLINE = (*WANTED, "pending")
Defined: TypeAlias = RuleDefinition | FigureDefinition | DeterminationDefinition
_STANDS: Final = {BELOW: "below", ON: "exactly on", ABOVE: "above"}


def coverage_gaps(shelf: Catalogue, ids: Sequence[str], results: Sequence[Result]) -> list[str]:
    """Return a sentence for each case that is wanted and not there.

    Wanted are: for each rule a satisfied, a breached and an undecided case, and a pending one where
    it has a deadline; for each figure a value and, where it reads facts, an unknown one; for each
    determination every status and an unknown one; for each limit that a rule or a determination
    compares with, cases below, on and above it; for each date of change a case on its first session
    and one on the last session before it. A thing defined in a base is covered by the cases of any
    rulebook built on it. Cases with what was known on some day cover nothing.
    """
    books = [c.rulebook for name in ids if (c := shelf.checked(name)) and not c.rulebook.abstract]
    stood = [r for r in results if r.passed and r.case.known_on is None]
    gaps: dict[str, None] = {}
    for gap in (*_outcome_gaps(books, stood), *_limit_gaps(books, stood), *_day_gaps(books, stood)):
        gaps[gap] = None
    return list(gaps)


def _outcome_gaps(books: Sequence[Rulebook], results: Sequence[Result]) -> Iterator[str]:
    given: dict[str, set[str]] = {}
    for result in results:
        case = result.case
        expected = case.outcome or case.decision or case.value
        defined = _subject(books, case)
        if defined is not None and result.outcome is not None and expected is not None:
            given.setdefault(_id(defined), set()).add(result.outcome)
    for book in books:
        for rule in book.rules.values():
            wanted = WANTED if rule.deadline is None else WANTED_WITH_DEADLINE
            for outcome in wanted:
                if outcome not in given.get(_id(rule), ()):
                    yield f"{rule.id}: no case in which it is {outcome}"
        for figure in book.figures.values():
            values = given.get(_id(figure), set())
            if not values - {"unknown"}:
                yield f"{_id(figure)}: no case for its value"
            if "unknown" not in values and _reads_facts(book, figure):
                yield f"{_id(figure)}: no case in which it is unknown"
        for item in book.determinations.values():
            for status in (*item.values, "unknown"):
                if status not in given.get(_id(item), ()):
                    yield f"{_id(item)}: no case in which it is {status}"


def _subject(books: Sequence[Rulebook], case: Case) -> Defined | None:
    """Return what a case is about; the figure of a path is its last name."""
    book = next((book for book in books if book.id == case.rulebook), None)
    if book is None:
        return None
    match case.kind:
        case "rule":
            return book.rules.get(case.subject)
        case "determination":
            return book.determinations.get(case.subject)
        case _:
            return book.figures.get(case.subject.rpartition(".")[2])


def _id(defined: Defined) -> str:
    return f"{defined.origin}/{defined.name}"


def _reads_facts(book: Rulebook, figure: FigureDefinition) -> bool:
    return any(
        isinstance(node, Fact | Claimed) or (isinstance(node, FigureUse) and _uses(book, node.name))
        for formula in layers(figure)
        for node in every(formula)
    )


def _uses(book: Rulebook, name: str) -> bool:
    return name in book.figures and _reads_facts(book, book.figures[name])


def _limit_gaps(books: Sequence[Rulebook], results: Sequence[Result]) -> Iterator[str]:
    """Yield the sides of limits on which no case stands; limits alike in other epochs are one."""
    possible: dict[tuple[str, str], set[str]] = {}
    for book in books:
        bounds = Bounds(book)
        for day in book.change_days():
            epoch = specialise(book, day)
            assert epoch is not None
            things: tuple[EpochRule | EpochDetermination, ...]
            things = (*epoch.rules, *epoch.determinations)
            for thing in things:
                for text, node in limits_of(thing).items():
                    key = (_id(thing.definition), text)
                    possible.setdefault(key, set()).update(possible_sides(node, bounds))
    for result in results:
        defined = _subject(books, result.case)
        for text, side in result.sides:
            if defined is not None:
                possible.get((_id(defined), text), set()).discard(side)
    for (name, text), sides in possible.items():
        for side in sorted(sides):
            yield f"{name}: no case {_STANDS[side]} the limit of `{text}`"


def _day_gaps(books: Sequence[Rulebook], results: Sequence[Result]) -> Iterator[str]:
    closures = {book.id: _Closures(book) for book in books}
    days: dict[tuple[str, str], set[int]] = {}
    for result in results:
        case = result.case
        if case.rulebook in closures and case.day is not None:
            for thing in closures[case.rulebook].reached(case.kind, case.subject):
                days.setdefault(thing, set()).add(case.day)
    for book in books:
        for thing, changes in closures[book.id].changes().items():
            for day in changes:
                for stood, words in _sessions_around(book, day):
                    if stood not in days.get(thing, set()):
                        shown = date.fromordinal(stood).isoformat()
                        yield f"{thing[1]}: no case on {shown}, {words}"


def _sessions_around(book: Rulebook, day: int) -> Iterable[tuple[int, str]]:
    calendar = book.calendars[book.trading_calendar]
    first = calendar.first_on_or_after(day)
    last = calendar.last_on_or_before(day - 1)
    changed = date.fromordinal(day).isoformat()
    if first is not None:
        yield first, f"the first session of the change of {changed}"
    if last is not None:
        yield last, f"the last session before the change of {changed}"


class _Closures:
    """What each rule and figure of a rulebook reaches, and when each thing changes."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._direct: dict[int, frozenset[Reference]] = {}

    def reached(self, kind: str, subject: str) -> set[tuple[str, str]]:
        book = self.book
        start: list[Expr] = []
        found: set[tuple[str, str]] = set()
        if kind == "rule" and subject in book.rules:
            rule = book.rules[subject]
            found.add(("rules", rule.id))
            found |= {("exemptions", f"{rule.id}.{item.id}") for item in rule.exemptions}
            start = rule_expressions(rule)
        elif kind == "figure":
            names = subject.replace("[", " ").replace(".", " ").split()
            start = [
                f for name in names if name in book.figures for f in layers(book.figures[name])
            ]
            found |= {("figures", name) for name in names if name in book.figures}
        elif kind == "determination" and subject in book.determinations:
            item = book.determinations[subject]
            found.add(("determinations", item.name))
            start = [case.when for case in item.cases if case.when is not None]
        waiting = [r for node in start for r in self._references(node)]
        while waiting:
            reference = waiting.pop()
            if reference in found:
                continue
            found.add(reference)
            section, name = reference
            if section == "figures" and name in book.figures:
                waiting += [r for f in layers(book.figures[name]) for r in self._references(f)]
        return found

    def changes(self) -> dict[tuple[str, str], tuple[int, ...]]:
        book = self.book
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        for name, parameter in book.parameters.items():
            found["parameters", name] = parameter.history.days
        for name, table in book.tables.items():
            found["tables", name] = table.history.days
        for name, figure in book.figures.items():
            found["figures", name] = figure.versions.days if len(figure.versions.days) > 1 else ()
        for rule in book.rules.values():
            found["rules", rule.id] = tuple(f.interval.start for f in rule.in_force)
            for item in rule.exemptions:
                key = ("exemptions", f"{rule.id}.{item.id}")
                found[key] = tuple(f.interval.start for f in item.in_force)
        for item_ in book.determinations.values():
            found["determinations", item_.name] = tuple(f.interval.start for f in item_.in_force)
        # What had changed before a rulebook began is no change of it.
        began = max(book.start, 2)
        return {thing: tuple(d for d in days if d >= began) for thing, days in found.items()}

    def _references(self, node: Expr) -> frozenset[Reference]:
        if id(node) not in self._direct:
            self._direct[id(node)] = references(node, other_days=True)
        return self._direct[id(node)]
