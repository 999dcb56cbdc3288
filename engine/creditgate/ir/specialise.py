"""Close a rulebook's expressions for one epoch: every name is replaced by what it means that day.

Equal expressions become one object, so evaluators compute them once. Branches on constants are
decided here.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Any

from creditgate.domain.dsl_types import BOOLEAN, without_none
from creditgate.ir.interning import Interned, interned
from creditgate.ir.nodes import (
    And,
    Apply,
    AtDate,
    Base,
    Dated,
    Expr,
    FigureUse,
    If,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    Parameter,
    TableCell,
    Unpublished,
    Variable,
)
from creditgate.ir.rulebook import (
    Deadline,
    DeterminationDefinition,
    Epoch,
    EpochDetermination,
    EpochRule,
    FigureDefinition,
    Force,
    Rulebook,
    RuleDefinition,
    Sheet,
)
from creditgate.ir.walk import rebuild

TRUE = Literal(BOOLEAN, True)
FALSE = Literal(BOOLEAN, False)


def epoch_bounds(rulebook: Rulebook, day: int) -> tuple[int, int | None] | None:
    """Return the first and last day of the epoch that holds `day`; None outside the rulebook."""
    if not rulebook.covers(day):
        return None
    days = rulebook.change_days()
    place = bisect_right(days, day)
    return days[place - 1], days[place] - 1 if place < len(days) else rulebook.end


def specialise(rulebook: Rulebook, day: int) -> Epoch | None:
    """Return the epoch in force on `day`, or None on a day that the rulebook does not cover."""
    bounds = epoch_bounds(rulebook, day)
    return None if bounds is None else Specialiser(rulebook, bounds[0]).epoch(bounds[1])


def closed(rulebook: Rulebook, node: Expr, day: int) -> Expr:
    """Return one expression closed as of `day`."""
    return Specialiser(rulebook, day).close(node)


def in_force(forces: tuple[Force, ...], day: int) -> Force | None:
    """Return the entry that is in force on `day`."""
    return next((force for force in forces if force.interval.covers(day)), None)


class Specialiser:
    """Closes the expressions of a rulebook as of one day.

    Specialisers that share what is `known` make equal expressions of several days, or of several
    rulebooks, the same object.
    """

    def __init__(self, rulebook: Rulebook, day: int, known: Interned | None = None) -> None:
        self.rulebook = rulebook
        self.day = day
        self._closed: dict[tuple[int, int], Expr] = {}
        self._figures: dict[tuple[int, int], Expr] = {}
        self._kept: list[Any] = []
        self._interned: Interned = {} if known is None else known

    def epoch(self, end: int | None) -> Epoch:
        """Return everything that is in force that day, up to and including `end`."""
        book, day = self.rulebook, self.day
        rules = [self.rule(rule) for rule in book.rules.values()]
        determinations = [self.determination(item) for item in book.determinations.values()]
        figures = {
            name: closed_figure
            for name, figure in book.figures.items()
            if figure.of is None and (closed_figure := self._asked(figure)) is not None
        }
        governs = {event: self.close(node) for event, node in book.governs.items()}
        return Epoch(
            book, day, end, governs, tuple(rule for rule in rules if rule is not None), figures,
            tuple(item for item in determinations if item is not None),
        )  # fmt: skip

    def rule(self, rule: RuleDefinition) -> EpochRule | None:
        """Return a rule closed; None where it is not in force that day."""
        if not in_force(rule.in_force, self.day):
            return None
        return EpochRule(
            rule.id,
            rule.event,
            None if rule.when is None else self.close(rule.when),
            tuple(
                (exemption.id, self.close(exemption.when))
                for exemption in rule.exemptions
                if in_force(exemption.in_force, self.day)
            ),
            self.close(rule.require),
            rule.effect,
            rule,
            self._deadline(rule.deadline),
        )

    def determination(self, item: DeterminationDefinition) -> EpochDetermination | None:
        """Return a determination closed; None where it is not in force that day."""
        if not in_force(item.in_force, self.day):
            return None
        return EpochDetermination(
            item.name,
            item.event,
            tuple(
                (case.to, None if case.when is None else self.close(case.when))
                for case in item.cases
            ),
            None if item.previous is None else self.close(item.previous),
            item.first,
            item,
        )

    def _deadline(self, deadline: Deadline | None) -> Deadline | None:
        if deadline is None:
            return None
        return Deadline(self.close(deadline.due), self.close(deadline.before), deadline.text)

    def _asked(self, figure: FigureDefinition) -> Expr | None:
        """Return a figure that may be asked for; None where something in it has no version."""
        try:
            return self.close(FigureUse(figure.type, figure.name, None))
        except KeyError:
            return None

    def close(self, node: Expr, subject: tuple[str, Expr] | None = None) -> Expr:
        """Return `node` closed, with the variable of a figure replaced by its subject."""
        key = (id(node), 0 if subject is None else id(subject[1]))
        if key not in self._closed:
            self._kept.append((node, subject))
            self._closed[key] = self._intern(self._close(node, subject))
        return self._closed[key]

    def _close(self, node: Expr, subject: tuple[str, Expr] | None) -> Expr:
        match node:
            case Variable(name=name) if subject is not None and name == subject[0]:
                return subject[1]
            case Parameter(type=kind, name=name):
                entry = self.rulebook.parameters[name].history.at(self.day)
                if entry is None:
                    raise KeyError(name)
                return Named(kind, "parameter", name, None, self.close(entry.value))
            case TableCell(type=kind, name=name, keys=keys):
                sheet = self.rulebook.tables[name].history.at(self.day)
                if sheet is None:
                    raise KeyError(name)
                inside = tuple(self.close(key, subject) for key in keys)
                return Named(kind, "table", name, None, self._cell(node, sheet, inside))
            case FigureUse(type=kind, name=name, subject=record):
                about = None if record is None else self.close(record, subject)
                body = self._figure(self.rulebook.figures[name], about)
                return Named(kind, "figure", name, about, body)
            case AtDate(type=kind, item=Parameter(name=name), date=date):
                history = self.rulebook.parameters[name].history
                entries = tuple((day, self.close(entry.value)) for day, entry in history.entries)
                when = self.close(date, subject)
                return Named(
                    kind, "parameter", name, None, self._intern(Dated(kind, entries, when))
                )
            case AtDate(type=kind, item=TableCell(name=name, keys=keys) as cell, date=date):
                inside = tuple(self.close(key, subject) for key in keys)
                entries = tuple(
                    (day, self._cell(cell, sheet, inside))
                    for day, sheet in self.rulebook.tables[name].history.entries
                )
                when = self.close(date, subject)
                return Named(kind, "table", name, None, self._intern(Dated(kind, entries, when)))
            case If(test=test, then=then, otherwise=otherwise):
                decided = self.close(test, subject)
                constant = _constant(decided)
                if constant is not None:
                    return self.close(then if constant else otherwise, subject)
                return rebuild(node, lambda child: self.close(child, subject))
            case And(items=items) | Or(items=items):
                return _folded(node, [self.close(item, subject) for item in items])
            case Not(item=item):
                inner = self.close(item, subject)
                constant = _constant(inner)
                if constant is not None:
                    return FALSE if constant else TRUE
                return Not(node.type, inner)
            case Apply(operator=operator, calendar=str()):
                # An overlay counts what it inherits by its own days.
                book = self.rulebook
                is_settlement = "settlement" in operator
                own = book.settlement_calendar if is_settlement else book.trading_calendar
                inside = tuple(self.close(item, subject) for item in node.arguments)
                return replace(node, arguments=inside, calendar=own)
            case _:
                return rebuild(node, lambda child: self.close(child, subject))

    def _cell(self, cell: TableCell, sheet: Sheet, keys: tuple[Expr, ...]) -> Expr:
        """Return a cell of a sheet at closed keys; unknown where no row of it was published."""
        known_on = self.rulebook.known_on
        if not sheet.rows and known_on is not None:
            return self._intern(Unpublished(cell.type, cell.name, known_on))
        rows = tuple((pattern, cells[cell.column]) for pattern, cells in sheet.rows)
        return self._intern(Lookup(cell.type, keys, rows))

    def _figure(self, figure: FigureDefinition, about: Expr | None) -> Expr:
        key = (id(figure), id(about))
        if key not in self._figures:
            self._kept.append((figure, about))
            self._figures[key] = self._formula(figure, about)
        return self._figures[key]

    def _formula(self, figure: FigureDefinition, about: Expr | None) -> Expr:
        version = figure.versions.at(self.day)
        if version is None:
            raise KeyError(figure.name)
        formula = version.formula
        if figure.replaced is not None:
            formula = self._with_base(formula, figure, about)
        subject = None if about is None or figure.variable is None else (figure.variable, about)
        return self.close(formula, subject)

    def _with_base(self, node: Expr, figure: FigureDefinition, about: Expr | None) -> Expr:
        assert figure.replaced is not None
        if isinstance(node, Base):
            body = self._figure(figure.replaced, about)
            return Named(
                node.type, "figure", f"{figure.replaced.origin}/{figure.name}", about, body
            )
        return rebuild(node, lambda child: self._with_base(child, figure, about))

    def _intern(self, node: Expr) -> Expr:
        return interned(node, self._interned)


def _constant(node: Expr) -> bool | None:
    while isinstance(node, Named):
        node = node.body
    return node.value if isinstance(node, Literal) and isinstance(node.value, bool) else None


def _folded(node: And | Or, items: list[Expr]) -> Expr:
    decides = isinstance(node, Or)
    kept: list[Expr] = []
    for item in items:
        constant = _constant(item)
        if constant is decides:
            return TRUE if decides else FALSE
        if constant is None:
            kept.append(item)
    if not kept:
        return FALSE if decides else TRUE
    if len(kept) == 1:
        return kept[0]
    return Or(BOOLEAN, tuple(kept)) if decides else And(BOOLEAN, tuple(kept))


def plain(node: Expr) -> Expr:
    """Return what a chain of names stands for."""
    while isinstance(node, Named):
        node = node.body
    return node


def is_nullable(node: Expr) -> bool:
    """Tell whether the value may be none."""
    return without_none(node.type) is not node.type
