"""Which rules and dates of change no case stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from creditgate.check.coverage import rule_expressions
from creditgate.check.load import Catalogue
from creditgate.check.references import Reference, references
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.scenarios.run import Result

WANTED = ("satisfied", "breached", "undecided")


def coverage_gaps(shelf: Catalogue, ids: Sequence[str], results: Sequence[Result]) -> list[str]:
    """Return a sentence for each case that is wanted and not there.

    Wanted are, for each rule, a satisfied, a breached and an undecided case; for each date of
    change from the first day of the rulebook on a case on its first session and one on the last
    session before it. A thing defined in a base is covered by the cases of any rulebook built on
    it.
    """
    gaps: dict[str, None] = {}
    books = [c.rulebook for name in ids if (c := shelf.checked(name)) and not c.rulebook.abstract]
    closures = {book.id: _Closures(book) for book in books}
    outcomes: dict[str, set[str]] = {}
    days: dict[tuple[str, str], set[int]] = {}
    for result in results:
        case = result.case
        book = next((b for b in books if b.id == case.rulebook), None)
        if book is None or case.day is None or not result.passed:
            continue
        if case.kind == "rule" and case.subject in book.rules:
            rule_id = book.rules[case.subject].id
            if result.outcome is not None and (case.outcome or case.decision) is not None:
                outcomes.setdefault(rule_id, set()).add(result.outcome)
        for thing in closures[book.id].reached(case.kind, case.subject):
            days.setdefault(thing, set()).add(case.day)
    for book in books:
        for rule in book.rules.values():
            for outcome in WANTED:
                if outcome not in outcomes.get(rule.id, set()):
                    gaps[f"{rule.id}: no case in which it is {outcome}"] = None
        for thing, changes in closures[book.id].changes().items():
            for day in changes:
                for stood, words in _sessions_around(book, day):
                    if stood not in days.get(thing, set()):
                        shown = date.fromordinal(stood).isoformat()
                        gaps[f"{thing[1]}: no case on {shown}, {words}"] = None
    return list(gaps)


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
            start = [f for name in names if name in book.figures for f in _layers(book, name)]
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
                waiting += [r for f in _layers(book, name) for r in self._references(f)]
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


def _layers(book: Rulebook, name: str) -> list[Expr]:
    found: list[Expr] = []
    layer: FigureDefinition | None = book.figures[name]
    while layer is not None:
        found += [version.formula for _, version in layer.versions.entries]
        layer = layer.replaced
    return found
