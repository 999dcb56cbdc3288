"""What a rulebook states itself, not what it inherits: its expressions, and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from creditgate.base.spans import Span
from creditgate.check.publication import Sourced
from creditgate.domain.citation import Source
from creditgate.ir.nodes import Expr, FigureUse, Parameter, TableCell
from creditgate.ir.rulebook import (
    Definition,
    DeterminationDefinition,
    FigureDefinition,
    ParameterDefinition,
    Rulebook,
    RuleDefinition,
    TableDefinition,
)
from creditgate.ir.walk import every


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of a rulebook: what it belongs to, and where that stands.

    `judges` is false for messages and remedies, which decide nothing.
    """

    owner: str
    span: Span
    node: Expr
    judges: bool = True


class Stated:
    """What one rulebook states itself."""

    def __init__(self, book: Rulebook, span: Span) -> None:
        self.book, self.span = book, span

    @cached_property
    def rules(self) -> tuple[RuleDefinition, ...]:
        """Return its own rules."""
        return tuple(r for r in self.book.rules.values() if r.origin == self.book.id)

    @cached_property
    def figures(self) -> tuple[FigureDefinition, ...]:
        """Return its own figures."""
        return tuple(f for f in self.book.figures.values() if f.origin == self.book.id)

    @cached_property
    def parameters(self) -> tuple[ParameterDefinition, ...]:
        """Return its own parameters."""
        return tuple(p for p in self.book.parameters.values() if p.origin == self.book.id)

    @cached_property
    def tables(self) -> tuple[TableDefinition, ...]:
        """Return its own tables."""
        return tuple(t for t in self.book.tables.values() if t.origin == self.book.id)

    @cached_property
    def determinations(self) -> tuple[DeterminationDefinition, ...]:
        """Return its own determinations."""
        return tuple(d for d in self.book.determinations.values() if d.origin == self.book.id)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """Return all that it defines."""
        return (
            *self.rules, *self.determinations, *self.parameters, *self.tables, *self.figures,
        )  # fmt: skip

    @cached_property
    def formulas(self) -> tuple[Formula, ...]:
        """Return its own expressions."""
        return tuple(self._formulas())

    @cached_property
    def reads(self) -> frozenset[str]:
        """Return the names of the parameters, tables and figures that it reads."""
        found = set()
        for formula in self.formulas:
            for node in every(formula.node):
                if isinstance(node, Parameter | TableCell | FigureUse):
                    found.add(node.name)
        return frozenset(found)

    def sources(self) -> Iterator[tuple[str, Span, tuple[tuple[int, int | None, Source], ...]]]:
        """Yield what has dates: its name, its place, and (first day, last day, source) of each."""
        for parameter in self.parameters:
            yield parameter.name, parameter.span, _periods(parameter.history.entries)
        for table in self.tables:
            yield table.name, table.span, _periods(table.history.entries)
        for figure in self.figures:
            yield figure.name, figure.span, _periods(figure.versions.entries)
        ruling: tuple[RuleDefinition | DeterminationDefinition, ...]
        ruling = (*self.rules, *self.determinations)
        for item in ruling:
            forces = [(f.interval.start, f.interval.end, f.source) for f in item.in_force]
            yield item.name, item.span, tuple(forces)

    def _formulas(self) -> Iterator[Formula]:
        for event, node in self.book.governs.items():
            yield Formula(f"governs.{event}", self.span, node)
        for rule in self.book.rules.values():
            for item in rule.exemptions:
                if item.origin == self.book.id:
                    yield Formula(f"{rule.name}.{item.id}", item.span, item.when)
        for rule in self.rules:
            yield from _of_rule(rule)
        for figure in self.figures:
            for _, version in figure.versions.entries:
                yield Formula(figure.name, version.span, version.formula)
        for parameter in self.parameters:
            for _, entry in parameter.history.entries:
                if entry.is_open:
                    yield Formula(parameter.name, entry.span, entry.value)
        for determination in self.determinations:
            for case in determination.cases:
                if case.when is not None:
                    yield Formula(determination.name, determination.span, case.when)
            if determination.previous is not None:
                yield Formula(determination.name, determination.span, determination.previous)


def _of_rule(rule: RuleDefinition) -> Iterator[Formula]:
    if rule.when is not None:
        yield Formula(rule.name, rule.span, rule.when)
    yield Formula(rule.name, rule.span, rule.require)
    if rule.deadline is not None:
        yield Formula(rule.name, rule.span, rule.deadline.due)
    for part in (*rule.breach.en, *rule.breach.zh):
        if not isinstance(part, str):
            yield Formula(rule.name, rule.span, part, judges=False)
    for remedy in rule.remedies:
        if remedy.when is not None:
            yield Formula(rule.name, rule.span, remedy.when, judges=False)
        for changes in remedy.parts:
            for node in changes.values():
                yield Formula(rule.name, rule.span, node, judges=False)


def _periods(
    entries: Sequence[tuple[int, Sourced]],
) -> tuple[tuple[int, int | None, Source], ...]:
    following = [day - 1 for day, _ in entries[1:]]
    return tuple(
        (day, end, value.source)
        for (day, value), end in zip(entries, [*following, None], strict=True)
    )
