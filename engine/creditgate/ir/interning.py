"""Equal expressions as one object, so that evaluators compute them once."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeAlias

from creditgate.ir.nodes import Aggregate, Dated, Expr, Literal, Lookup, Named, Row
from creditgate.ir.walk import children

Interned: TypeAlias = MutableMapping[tuple[Any, ...], Expr]


def interned(node: Expr, known: Interned) -> Expr:
    """Return the node that is known and equal, or `node`, which is known from then on.

    What is inside `node` must have come from here: it is compared by identity.
    """
    key = (type(node).__name__, _own(node), tuple(map(id, children(node))))
    found = known.get(key)
    if found is None:
        known[key] = found = node
    return found


def _own(node: Expr) -> tuple[Any, ...]:
    """Return what tells a node from others beside its children."""
    own: list[Any] = [node.type]
    for name in ("entity", "name", "scale", "claim", "operator", "calendar", "kind", "column"):
        own.append(getattr(node, name, None))
    if isinstance(node, Literal):
        own.append((type(node.value).__name__, node.value))
    elif isinstance(node, Lookup):
        own.append(tuple((pattern, cell.type, cell.value) for pattern, cell in node.rows))
    elif isinstance(node, Dated):
        own.append(tuple(day for day, _ in node.entries))
    elif isinstance(node, Row):
        own.append(node.key)
    elif isinstance(node, Named):
        own.append(None if node.subject is None else id(node.subject))
    elif isinstance(node, Aggregate):
        own.append((node.variable.name, node.where is None, node.element is None))
    return tuple(own)
