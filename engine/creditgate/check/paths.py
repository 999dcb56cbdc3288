"""Resolve names joined by dots to facts, figures, parameters and variables."""

from __future__ import annotations

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.suggest import nearest
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.types import in_currency
from creditgate.domain.dsl_types import (
    FAILED,
    Enum,
    ListOf,
    Optional,
    Record,
    Type,
    describe,
    without_none,
)
from creditgate.domain.vocabulary import FactDeclaration
from creditgate.ir.nodes import Expr, Fact, FigureUse, Literal, Parameter, Root
from creditgate.syntax.nodes import Path, Place

FAILURE = Literal(FAILED, None)
_WHERE_TO_LOOK = "`creditgate facts` lists the facts that a rulebook may name"


def path_text(path: Path) -> str:
    """Return a path as one text."""
    return ".".join(path.names)


def resolve(path: Path, scope: Scope, context: Context) -> tuple[Expr, Type]:
    """Return what a path means and its type, with none taken away where it is guarded."""
    names = scope.names
    first = path.names[0]
    node: Expr
    if first in scope.variables:
        node, entity = scope.variables[first]
    elif first in names.vocabulary.entities and names.vocabulary.entities[first].kind == "single":
        entity = first
        node = Root(Record(first), first)
        if scope.subjects is not None and first not in scope.subjects:
            context.add(
                wording.not_a_subject(first, context.span(path.places[0]), list(scope.subjects))
            )
            return FAILURE, FAILED
    elif len(path.names) == 1 and first in names.parameters:
        kind = names.parameters[first]
        return _guarded(Parameter(kind, first), kind, path, None, scope)
    elif len(path.names) == 1 and first in names.figures and names.figures[first].of is None:
        kind = names.figures[first].type
        return _guarded(FigureUse(kind, first, None), kind, path, None, scope)
    else:
        return _unknown_first(path, scope, context)
    for place, name in enumerate(path.names[1:], start=1):
        step = _step(node, entity, name, scope)
        if step is None:
            context.add(_unknown_fact(path, place, entity, scope, context))
            return FAILURE, FAILED
        node, declared = step
        kind = without_none(node.type)
        last = place == len(path.names) - 1
        if last:
            return _guarded(node, node.type, path, declared, scope)
        if not isinstance(kind, Record):
            context.add(
                wording.wrong_type(
                    "a record", node.type, context.span(path.places[place]),
                    f"nothing can be read of {describe(kind)}",
                )
            )  # fmt: skip
            return FAILURE, FAILED
        if isinstance(node.type, Optional):
            read = ".".join(path.names[: place + 1])
            if read not in scope.guards.present:
                until = Place(path.place.start, path.places[place].end)
                context.add(wording.may_be_none(read, context.span(until)))
                return FAILURE, FAILED
        entity = kind.entity
    return node, node.type


def _step(
    node: Expr, entity: str, name: str, scope: Scope
) -> tuple[Expr, FactDeclaration | None] | None:
    declared = scope.names.vocabulary.fact(entity, name)
    if declared is not None:
        kind = in_currency(declared.type, scope.names.currency)
        return Fact(kind, node, name, declared.scale), declared
    figure = scope.names.figures.get(name)
    if figure is not None and figure.of == entity:
        return FigureUse(figure.type, name, node), None
    return None


def _guarded(
    node: Expr, kind: Type, path: Path, declared: FactDeclaration | None, scope: Scope
) -> tuple[Expr, Type]:
    if not isinstance(kind, Optional):
        return node, kind
    if path_text(path) in scope.guards.present:
        return node, kind.of
    if declared is not None and declared.none_when is not None:
        sibling = ".".join((*path.names[:-1], declared.none_when.fact))
        members = scope.guards.members.get(sibling)
        if members is not None and not members & declared.none_when.members:
            return node, kind.of
    return node, kind


def enum_of_path(path: Path, scope: Scope) -> str | None:
    """Return the enum whose members a path has, or None; reports nothing."""
    _, kind = resolve(path, scope, Context.silent())
    kind = without_none(kind)
    return kind.name if isinstance(kind, Enum) else None


def legal_names(scope: Scope) -> list[str]:
    """Return the words that may begin a path here."""
    entities = scope.names.vocabulary.entities.values()
    subjects = scope.subjects or [entity.name for entity in entities if entity.kind == "single"]
    figures = [name for name, figure in scope.names.figures.items() if figure.of is None]
    return [
        *scope.variables,
        *subjects,
        *scope.names.parameters,
        *scope.names.tables,
        *figures,
    ]


def _unknown_first(path: Path, scope: Scope, context: Context) -> tuple[Expr, Type]:
    first = path.names[0]
    span = context.span(path.places[0])
    figure = scope.names.figures.get(first)
    entity = scope.names.vocabulary.entities.get(first)
    if figure is not None and figure.of is not None:
        context.add(wording.needs_subject(first, figure.of, span))
    elif first in scope.names.tables:
        context.add(wording.table_needs_keys(first, span))
    elif entity is not None:
        context.add(wording.not_single(first, entity.list_name, span))
    else:
        near = nearest(first, legal_names(scope))
        context.add(wording.unknown_name(first, span, near, _WHERE_TO_LOOK))
    return FAILURE, FAILED


def _unknown_fact(
    path: Path, place: int, entity: str, scope: Scope, context: Context
) -> Diagnostic:
    facts = scope.names.vocabulary.entities[entity].facts
    figures = [name for name, figure in scope.names.figures.items() if figure.of == entity]
    near = nearest(path.names[place], [*facts, *figures])
    return wording.unknown_fact(path.names[place], entity, context.span(path.places[place]), near)


def is_list(kind: Type) -> bool:
    """Tell whether a type is a list of records."""
    return isinstance(without_none(kind), ListOf)
