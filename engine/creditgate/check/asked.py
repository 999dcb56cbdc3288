"""Expressions that somebody asks for by text: the name of a figure, or any formula."""

from __future__ import annotations

from creditgate.base.collector import Collector
from creditgate.base.spans import ScalarMap, SourceFile
from creditgate.check.context import Context
from creditgate.check.environment import FigureSignature, Names, Scope, TableSignature
from creditgate.check.expressions import elaborate
from creditgate.domain.dsl_types import Failed
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.syntax.parse import parse


def names_of(rulebook: Rulebook) -> Names:
    """Return the names that expressions under a rulebook may use."""
    return Names(
        rulebook.vocabulary,
        rulebook.currency,
        rulebook.trading_calendar,
        rulebook.settlement_calendar,
        {name: item.type for name, item in rulebook.parameters.items()},
        {
            name: TableSignature(tuple(d.type for d in item.dimensions), item.columns)
            for name, item in rulebook.tables.items()
        },
        {name: FigureSignature(item.type, item.of) for name, item in rulebook.figures.items()},
    )


def asked_expression(rulebook: Rulebook, text: str, collector: Collector) -> Expr | None:
    """Return the meaning of an expression asked for, or None after reporting why not."""
    places = ScalarMap(SourceFile("(asked)", text), 0, len(text), "plain", text)
    tree = parse(text, places, collector)
    if tree is None:
        return None
    node, kind = elaborate(tree, Scope(names_of(rulebook)), Context(places, collector))
    return None if isinstance(kind, Failed) or collector.has_errors else node
