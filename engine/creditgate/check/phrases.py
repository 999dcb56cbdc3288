"""Expressions and messages as they stand in rulebook files."""

from __future__ import annotations

import re
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import ScalarMap
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.expressions import boolean, elaborate
from creditgate.check.paths import FAILURE
from creditgate.check.typed import Typed
from creditgate.domain.dsl_types import (
    FAILED,
    NOTHING,
    Failed,
    Optional,
    Type,
    describe,
    without_none,
)
from creditgate.ir.nodes import Expr, Literal
from creditgate.load.located import Node, Text
from creditgate.syntax.nodes import Tree
from creditgate.syntax.parse import parse

_LOOSE_BRACE: Final = re.compile("[{}｛｝]")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def tree_of(node: Node | None, collector: Collector) -> tuple[Tree, Context] | None:
    """Return the parsed text of a scalar, or None after reporting why not."""
    if not isinstance(node, Text):
        return None
    tree = parse(node.value, node.map, collector)
    return None if tree is None else (tree, Context(node.map, collector))


def condition(node: Node | None, scope: Scope, collector: Collector) -> tuple[Expr, Tree | None]:
    """Return a condition and its tree."""
    found = tree_of(node, collector)
    if found is None:
        return FAILURE, None
    return boolean(found[0], scope, found[1]), found[0]


def formula(node: Node | None, wanted: Type, scope: Scope, collector: Collector) -> Expr:
    """Return a formula whose value must be of the type `wanted`."""
    found = tree_of(node, collector)
    if found is None:
        return FAILURE
    tree, context = found
    value, kind = elaborate(tree, scope, context, wanted)
    return value if fits(tree, kind, wanted, context) else FAILURE


def fits(tree: Tree, kind: Type, wanted: Type, context: Context) -> bool:
    """Tell whether a value of type `kind` may stand where `wanted` is; report if not."""
    if isinstance(kind, Failed) or isinstance(wanted, Failed):
        return False
    inner = wanted.of if isinstance(wanted, Optional) else None
    if kind == wanted or (inner is not None and (without_none(kind) == inner or kind == NOTHING)):
        return True
    if isinstance(kind, Optional) and kind.of == wanted:
        context.add(wording.may_be_none(context.text(tree.place), context.span(tree.place)))
        return False
    context.add(wording.wrong_type(describe(wanted), kind, context.span(tree.place)))
    return False


def constant(node: Node | None, wanted: Type, scope: Scope, collector: Collector) -> Literal | None:
    """Return a constant of the type `wanted`."""
    value = formula(node, wanted, scope, collector)
    if isinstance(value, Literal) and not isinstance(value.type, Failed):
        return value
    negative = getattr(value, "operator", None) == "negate"
    inner = value.arguments[0] if negative else None  # type: ignore[union-attr]  # it has arguments
    if isinstance(inner, Literal) and not isinstance(inner.value, str | frozenset | bool | None):
        return Literal(inner.type, -inner.value)
    if value is not FAILURE and isinstance(node, Text):
        collector.add(
            error(Code.BAD_LITERAL, "a constant is wanted here, not a formula", node.span)
        )
    return None


def message(node: Node | None, scope: Scope, collector: Collector) -> tuple[str | Expr, ...]:
    """Return words with `{expression}` placeholders as texts and expressions."""
    if not isinstance(node, Text):
        return ()
    found: list[str | Expr] = []
    last = 0
    for match in _PLACEHOLDER.finditer(node.value):
        found.append(_words(node, last, match.start(), collector))
        found.append(_placeholder(match, node, scope, collector))
        last = match.end()
    found.append(_words(node, last, len(node.value), collector))
    return tuple(part for part in found if part != "")


def _words(node: Text, start: int, end: int, collector: Collector) -> str:
    """Return the words between placeholders, reporting braces that make none."""
    for brace in _LOOSE_BRACE.finditer(node.value, start, end):
        collector.add(
            error(
                Code.BAD_PLACEHOLDER,
                f"`{brace[0]}` is a brace without its partner",
                node.map.span(*brace.span()),
                hint="write an expression between `{` and `}`",
            )
        )
    return node.value[start:end]


def _placeholder(match: re.Match[str], node: Text, scope: Scope, collector: Collector) -> Expr:
    places = _Shifted(node.map, match.start(1)).map(match[1])
    tree = parse(match[1], places, collector)
    if tree is None:
        return FAILURE
    typed: Typed = elaborate(tree, scope, Context(places, collector))
    return typed[0] if typed[1] is not FAILED else FAILURE


class _Shifted:
    """Places of a part of a scalar, as a map of its own."""

    def __init__(self, whole: ScalarMap, offset: int) -> None:
        self._whole = whole
        self._offset = offset

    def map(self, text: str) -> ScalarMap:
        span = self._whole.span(self._offset, self._offset + len(text))
        style = "plain" if span.end - span.start == len(text) else self._whole.style
        return ScalarMap(span.file, span.start, span.end, style, text)
