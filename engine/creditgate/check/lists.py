"""Sets, and aggregates over lists."""

from __future__ import annotations

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.check import wording
from creditgate.check.context import Context, fresh
from creditgate.check.environment import Scope
from creditgate.check.guards import guards_of
from creditgate.check.paths import is_list, path_text, resolve
from creditgate.check.typed import FAILED_TYPED, Condition, Elaborate, Typed
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    NOTHING,
    Duration,
    Failed,
    ListOf,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
    describe,
    is_ordered,
)
from creditgate.ir.nodes import Aggregate, Literal, Variable
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def set_literal(
    items: tuple[Tree, ...],
    scope: Scope,
    context: Context,
    expected: Type | None,
    elaborate: Elaborate,
) -> Typed:
    """Return a set of constants of one type."""
    inner = expected.member if isinstance(expected, SetOf) else None
    values: list[object] = []
    for item in items:
        node, kind = elaborate(item, scope, context, inner)
        if isinstance(kind, Failed):
            return FAILED_TYPED
        if inner is not None and kind != inner:
            context.add(wording.wrong_type(describe(inner), kind, context.span(item.place)))
            return FAILED_TYPED
        if not isinstance(node, Literal):
            context.add(
                error(
                    Code.BAD_LITERAL,
                    "a set holds constants only",
                    context.span(item.place),
                    hint="join conditions with `or`",
                )
            )
            return FAILED_TYPED
        inner = kind
        values.append(node.value)
    kind = SetOf(inner if inner is not None else NOTHING)
    return Literal(kind, frozenset(values)), kind  # type: ignore[arg-type]  # members share one type


def fold(
    tree: nodes.Fold, scope: Scope, context: Context, boolean: Condition, computable: Elaborate
) -> Typed:
    """Return an aggregate over the records of a list."""
    source, kind = resolve(tree.source, scope, context)
    if isinstance(kind, Failed):
        return FAILED_TYPED
    if not is_list(kind) or not isinstance(kind, ListOf):
        span = context.span(tree.source.place)
        context.add(wording.not_a_list(path_text(tree.source), kind, span))
        return FAILED_TYPED
    if tree.variable in scope.variables or scope.names.knows(tree.variable):
        context.add(
            error(
                Code.NAME_CLASH,
                f"`{tree.variable}` already has a meaning here",
                context.span(tree.variable_place),
                hint="choose another letter",
            )
        )
        return FAILED_TYPED
    variable = Variable(Record(kind.entity), fresh(tree.variable))
    inside = scope.binding(tree.variable, variable, kind.entity)
    where = None
    if tree.where is not None:
        where = boolean(tree.where, inside, context)
        inside = inside.assuming(guards_of(tree.where, inside, holds=True))
    if tree.element is None:
        return Aggregate(COUNT, "count", variable, source, where, None), COUNT
    if tree.kind in {"any", "all"}:
        element = boolean(tree.element, inside, context)
        return Aggregate(BOOLEAN, tree.kind, variable, source, where, element), BOOLEAN
    element, element_kind = computable(tree.element, inside, context, None)
    if isinstance(element_kind, Failed):
        return FAILED_TYPED
    summable = isinstance(element_kind, Number | Duration)
    if not (summable if tree.kind == "sum" else is_ordered(element_kind)):
        context.add(
            wording.wrong_type(
                "a number" if tree.kind == "sum" else "something with an order",
                element_kind,
                context.span(tree.element.place),
            )
        )
        return FAILED_TYPED
    result = element_kind if tree.kind == "sum" else Optional(element_kind)
    return Aggregate(result, tree.kind, variable, source, where, element), result
