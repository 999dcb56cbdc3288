"""Which constants are law on a day: those that something in force on it reads."""

from __future__ import annotations

from collections.abc import Iterator

from creditgate.check.coverage import rule_expressions
from creditgate.check.references import references
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import FigureDefinition, Rulebook
from creditgate.ir.specialise import in_force


def constants_read(book: Rulebook, day: int) -> frozenset[str]:
    """Return the names of the parameters and tables that rules and figures of a day read."""
    found = {
        name
        for node in _expressions(book, day)
        for section, name in references(node, other_days=True)
        if section in {"parameters", "tables"}
    }
    return frozenset(found)


def _expressions(book: Rulebook, day: int) -> Iterator[Expr]:
    for rule in book.rules.values():
        if in_force(rule.in_force, day) is not None:
            yield from rule_expressions(rule, day)
            for remedy in rule.remedies:
                yield from (value for part in remedy.parts for value in part.values())
    for item in book.determinations.values():
        if in_force(item.in_force, day) is not None:
            yield from (case.when for case in item.cases if case.when is not None)
    for figure in book.figures.values():
        layer: FigureDefinition | None = figure
        while layer is not None:
            version = layer.versions.at(day)
            if version is not None:
                yield version.formula
            layer = layer.replaced
    for parameter in book.parameters.values():
        entry = parameter.history.at(day)
        if entry is not None:
            yield entry.value
