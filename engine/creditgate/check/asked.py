"""Expressions that somebody asks for by text: the name of a figure, or any formula."""

from __future__ import annotations

from creditgate.base.collector import Collector
from creditgate.base.spans import ScalarMap, SourceFile
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import FigureSignature, Names, Scope, TableSignature
from creditgate.check.expressions import elaborate
from creditgate.check.rows import WithRows, with_rows
from creditgate.domain.dsl_types import Failed
from creditgate.ir.nodes import Expr, Row
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
    """Return the meaning of an expression asked for, or None after reporting why not.

    Beside what stands in rulebooks, it may name a row of a list by its key:
    `account.short_contracts[S1].quantity`.
    """
    places = ScalarMap(SourceFile("(asked)", text), 0, len(text), "plain", text)
    found = Collector()
    context = Context(places, found)
    read = with_rows(text, Scope(names_of(rulebook)), context)
    node = None if read is None else _meaning(read, context)
    shown = found.diagnostics
    collector.extend(shown if read is None else map(read.as_written, shown))
    return None if found.has_errors else node


def _meaning(read: WithRows, context: Context) -> Expr | None:
    tree = parse(read.text, context.places, context.collector)
    if tree is None:
        return None
    node, kind = elaborate(tree, read.scope, context)
    if isinstance(node, Row):
        hint = "name one of its facts or figures behind the bracket"
        context.add(wording.wrong_type("a value", kind, context.span(tree.place), hint))
    return None if isinstance(kind, Failed) else node
