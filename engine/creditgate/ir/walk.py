"""Generic walks over expressions: children, rebuilding, folding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import assert_never

from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    AsOf,
    AtDate,
    Base,
    Claimed,
    Dated,
    Expr,
    Fact,
    FigureUse,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Lookup,
    Named,
    Not,
    Or,
    OrElse,
    Parameter,
    Root,
    Row,
    TableCell,
    Unpublished,
    Variable,
)


def children(node: Expr) -> tuple[Expr, ...]:
    """Return the expressions directly inside `node`, in reading order."""
    match node:
        case Literal() | Root() | Variable() | AsOf() | Claimed() | Parameter() | Base():
            return ()
        case Unpublished():
            return ()
        case Fact(record=record):
            return (record,)
        case Row(source=source):
            return (source,)
        case Apply(arguments=arguments):
            return arguments
        case And(items=items) | Or(items=items):
            return items
        case Not(item=item) | IsNone(item=item) | IsEmpty(item=item):
            return (item,)
        case If(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)
        case OrElse(item=item, other=other):
            return (item, other)
        case Aggregate(source=source, where=where, element=element):
            return (source, *(part for part in (where, element) if part is not None))
        case TableCell(keys=keys) | Lookup(keys=keys):
            return keys
        case FigureUse(subject=subject):
            return () if subject is None else (subject,)
        case AtDate(item=item, date=date):
            return (item, date)
        case Dated(entries=entries, date=date):
            return (date, *(entry for _, entry in entries))
        case Named(body=body):
            return (body,)
        case _:
            assert_never(node)


def rebuild(node: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """Return `node` with each direct child replaced by `change(child)`."""
    match node:
        case Literal() | Root() | Variable() | AsOf() | Claimed() | Parameter() | Base():
            return node
        case Unpublished():
            return node
        case Fact(record=record):
            return replace(node, record=change(record))
        case Row(source=source):
            return replace(node, source=change(source))
        case Apply(arguments=arguments):
            return replace(node, arguments=tuple(map(change, arguments)))
        case And(items=items) | Or(items=items):
            return replace(node, items=tuple(map(change, items)))
        case Not(item=item) | IsNone(item=item) | IsEmpty(item=item):
            return replace(node, item=change(item))
        case If(test=test, then=then, otherwise=otherwise):
            return replace(node, test=change(test), then=change(then), otherwise=change(otherwise))
        case OrElse(item=item, other=other):
            return replace(node, item=change(item), other=change(other))
        case Aggregate(source=source, where=where, element=element):
            return replace(
                node,
                source=change(source),
                where=None if where is None else change(where),
                element=None if element is None else change(element),
            )
        case TableCell(keys=keys) | Lookup(keys=keys):
            return replace(node, keys=tuple(map(change, keys)))
        case FigureUse(subject=subject):
            return node if subject is None else replace(node, subject=change(subject))
        case AtDate(item=item, date=date):
            return replace(node, item=change(item), date=change(date))
        case Dated(entries=entries, date=date):
            return replace(
                node,
                date=change(date),
                entries=tuple((day, change(entry)) for day, entry in entries),
            )
        case Named(subject=subject, body=body):
            return replace(
                node, body=change(body), subject=None if subject is None else change(subject)
            )
        case _:
            assert_never(node)


def every(node: Expr) -> Iterator[Expr]:
    """Yield each different node once, `node` first."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(reversed(children(current)))
