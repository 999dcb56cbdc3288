"""Rules that differ in values alone, which all move one way: no solver is needed to tell which.

A rulebook that loads says of its constants which way they are stricter, and that was verified at
every use of them. A rule that is written alike and reads only constants that moved the stricter way
stops at least what it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from creditgate.check.coverage import rule_expressions
from creditgate.diff.changed_rules import ChangedRule, Span
from creditgate.diff.meaning_parts import LOOSER, STRICTER, Direction
from creditgate.diff.stands import Pair, Stand
from creditgate.domain.timeline import Timeline
from creditgate.ir.digest import Form
from creditgate.ir.nodes import AtDate, Expr, FigureUse, Literal, Parameter, TableCell
from creditgate.ir.rulebook import RuleDefinition, Sheet
from creditgate.ir.walk import children

Use = tuple[str, str, bool]


class _NotByValues(Exception):
    """Something else than values differs, or values move both ways."""


def impossible(pair: Pair, span: Span, rule: ChangedRule) -> frozenset[Direction]:
    """Return the directions in which the change of a rule cannot go; none where that is not clear."""
    before, after = rule.before, rule.after
    if before is None or after is None or not span.same_scope:
        return frozenset()
    if before.rule.effect != "reject" or after.rule.effect != "reject":
        return frozenset()
    days = pair.before.day(span.days.first), pair.after.day(span.days.first)
    try:
        moves = set(_Walk(pair, days).moves(before.rule.definition, after.rule.definition))
    except _NotByValues:
        return frozenset()
    found: set[Direction] = {STRICTER, LOOSER}
    return frozenset(found - moves)


class _Walk:
    def __init__(self, pair: Pair, days: tuple[int, int]) -> None:
        self.stands: tuple[Stand, Stand] = (pair.before, pair.after)
        self.days = days
        self.form = Form()

    def moves(self, before: RuleDefinition, after: RuleDefinition) -> Iterator[Direction]:
        """Yield the directions in which constants moved that a rule reads."""
        if _shape(before) != _shape(after):
            raise _NotByValues
        ours = list(rule_expressions(before, self.days[0]))
        theirs = list(rule_expressions(after, self.days[1]))
        self._same(ours, theirs)
        waiting = list(_uses(theirs))
        met: set[Use] = set()
        while waiting:
            use = waiting.pop()
            if use in met:
                continue
            met.add(use)
            section, name, is_dated = use
            if section == "figures":
                waiting += self._figure(name, is_dated=is_dated)
            else:
                yield from self._constant(section, name, is_dated=is_dated)

    def _same(
        self, ours: Iterable[Expr], theirs: Iterable[Expr], bound: tuple[str, ...] = ()
    ) -> None:
        if [self.form.node(e, bound) for e in ours] != [self.form.node(e, bound) for e in theirs]:
            raise _NotByValues

    def _figure(self, name: str, *, is_dated: bool) -> list[Use]:
        """Return what a figure reads, which is written alike on both sides."""
        ours, theirs = [stand.book.figures.get(name) for stand in self.stands]
        if ours is None or theirs is None or ours.variable != theirs.variable:
            raise _NotByValues
        bound = () if ours.variable is None else (ours.variable,)
        found: list[Use] = []
        while ours is not None and theirs is not None:
            if is_dated:
                days = sorted({*ours.versions.days, *theirs.versions.days})
                pairs = [(ours.versions.at(day), theirs.versions.at(day)) for day in days]
            else:
                pairs = [(ours.versions.at(self.days[0]), theirs.versions.at(self.days[1]))]
            for old, new in pairs:
                if old is None or new is None:
                    raise _NotByValues
                self._same([old.formula], [new.formula], bound)
                found += [(s, n, is_dated or dated) for s, n, dated in _uses([new.formula])]
            ours, theirs = ours.replaced, theirs.replaced
        if ours is not theirs:
            raise _NotByValues
        return found

    def _constant(self, section: str, name: str, *, is_dated: bool) -> Iterator[Direction]:
        ours, theirs = [getattr(stand.book, section).get(name) for stand in self.stands]
        if ours is None or theirs is None or ours.stricter != theirs.stricter:
            raise _NotByValues
        days: list[tuple[int, int]] = [self.days]
        if is_dated:
            days += [(day, day) for day in sorted({*ours.history.days, *theirs.history.days})]
        for old_day, new_day in days:
            for old, new in _values(ours.history, theirs.history, old_day, new_day):
                if old == new:
                    continue
                if ours.stricter is None:
                    raise _NotByValues
                yield STRICTER if (new > old) == (ours.stricter == "higher") else LOOSER


def _shape(rule: RuleDefinition) -> tuple[bool, bool, int]:
    return rule.when is None, rule.deadline is None, len(rule.exemptions)


def _values(
    ours: Timeline[Any], theirs: Timeline[Any], old_day: int, new_day: int
) -> Iterator[tuple[Any, Any]]:
    """Yield the values on either side beside each other."""
    old, new = ours.at(old_day), theirs.at(new_day)
    if old is None or new is None:
        if old is not new:
            raise _NotByValues
        return
    if isinstance(old, Sheet):
        if [keys for keys, _ in old.rows] != [keys for keys, _ in new.rows]:
            raise _NotByValues
        for (_, cells), (_, others) in zip(old.rows, new.rows, strict=True):
            if cells.keys() != others.keys():
                raise _NotByValues
            for column, cell in cells.items():
                yield cell.value, others[column].value
    elif old.value == new.value:
        yield 0, 0
    elif not isinstance(old.value, Literal) or not isinstance(new.value, Literal):
        raise _NotByValues
    else:
        yield old.value.value, new.value.value


def _uses(nodes: Iterable[Expr]) -> Iterator[Use]:
    """Yield what expressions name, and whether it is read as of another day."""
    waiting = [(node, False) for node in nodes]
    while waiting:
        node, is_dated = waiting.pop()
        match node:
            case Parameter(name=name):
                yield "parameters", name, is_dated
            case TableCell(name=name):
                yield "tables", name, is_dated
            case FigureUse(name=name):
                yield "figures", name, is_dated
            case _:
                pass
        if isinstance(node, AtDate):
            waiting += [(node.item, True), (node.date, is_dated)]
        else:
            waiting += [(child, is_dated) for child in children(node)]
