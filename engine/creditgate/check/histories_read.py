"""Tables read at their keys, and parameters and tables read as of another date."""

from __future__ import annotations

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.paths import path_text
from creditgate.check.typed import FAILED_TYPED, Elaborate, Typed
from creditgate.domain.dsl_types import Date, Failed, Optional, describe, without_none
from creditgate.ir.nodes import AtDate, Expr, Parameter, TableCell
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def table_read(
    tree: nodes.TableRead, scope: Scope, context: Context, elaborate: Elaborate
) -> Typed:
    """Return a cell of a table at keys of the types of its columns."""
    name = path_text(tree.table)
    table = scope.names.tables.get(name)
    if table is None:
        near = nearest(name, scope.names.tables)
        context.add(
            wording.unknown_name(
                name, context.span(tree.table.place), near, "define it under `tables`"
            )
        )
        return FAILED_TYPED
    if len(tree.keys) != len(table.keys):
        context.add(
            error(
                Code.WRONG_ARGUMENT_COUNT,
                f"`{name}` is read at {len(table.keys)} keys, not {len(tree.keys)}",
                context.span(tree.place),
            )
        )
        return FAILED_TYPED
    keys: list[Expr] = []
    for key, wanted in zip(tree.keys, table.keys, strict=True):
        node, kind = elaborate(key, scope.without_claims(), context, wanted)
        if isinstance(kind, Failed):
            return FAILED_TYPED
        if isinstance(kind, Optional) and not isinstance(wanted, Optional):
            context.add(wording.may_be_none(context.text(key.place), context.span(key.place)))
            return FAILED_TYPED
        if without_none(kind) != without_none(wanted):
            context.add(wording.wrong_type(describe(wanted), kind, context.span(key.place)))
            return FAILED_TYPED
        keys.append(node)
    column = tree.column or "value"
    legal = ", ".join(table.columns)
    if tree.column is None and column not in table.columns:
        message = f"`{name}` has several values, so one of them must be named"
        hint = f"write its name behind the keys: `{name}[...].{next(iter(table.columns))}`"
        context.add(error(Code.UNKNOWN_NAME, message, context.span(tree.place), hint=hint))
        return FAILED_TYPED
    if column not in table.columns:
        shown = tree.column_place or tree.place
        context.add(
            wording.unknown_name(
                column, context.span(shown), nearest(column, table.columns), f"columns: {legal}"
            )
        )
        return FAILED_TYPED
    kind = table.columns[column]
    return TableCell(kind, name, tuple(keys), column), kind


def at_date(
    item: nodes.Path | nodes.TableRead,
    when: Tree,
    scope: Scope,
    context: Context,
    elaborate: Elaborate,
    computable: Elaborate,
) -> Typed:
    """Return a parameter or a table cell as of the date that an expression gives."""
    node, kind = elaborate(item, scope, context, None)
    day, day_kind = computable(when, scope, context, None)
    if isinstance(kind, Failed) or isinstance(day_kind, Failed):
        return FAILED_TYPED
    if not isinstance(node, Parameter | TableCell):
        context.add(
            error(
                Code.WRONG_PLACE,
                "only a parameter or a table has a history to read `at` a date",
                context.span(item.place),
            )
        )
        return FAILED_TYPED
    if not isinstance(day_kind, Date):
        context.add(wording.wrong_type("a date", day_kind, context.span(when.place)))
        return FAILED_TYPED
    return AtDate(kind, node, day), kind
