"""What a condition makes certain: which paths are not none, which members an enum can have."""

from __future__ import annotations

from creditgate.check.environment import Guards, Scope
from creditgate.check.paths import enum_of_path, path_text
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def guards_of(tree: Tree, scope: Scope, *, holds: bool) -> Guards:
    """Return what is certain when `tree` is true (`holds`) or false."""
    match tree:
        case nodes.Bracketed(item=item):
            return guards_of(item, scope, holds=holds)
        case nodes.NotTest(item=item):
            return guards_of(item, scope, holds=not holds)
        case nodes.AndChain(items=items) if holds:
            return _all_of(items, scope, holds=True)
        case nodes.OrChain(items=items) if not holds:
            return _all_of(items, scope, holds=False)
        case nodes.NoneTest(item=item) if not holds and isinstance(item, nodes.Path):
            return Guards(present=frozenset({path_text(item)}))
        case nodes.Operation(symbol="is" | "is not" | "in" as symbol, left=nodes.Path() as path):
            enum = enum_of_path(path, scope)
            declared = None if enum is None else scope.names.vocabulary.enums.get(enum)
            named = _named(tree.right)
            if declared is None or named is None or not named <= declared.members.keys():
                return Guards()
            positive = holds if symbol != "is not" else not holds
            members = named if positive else frozenset(declared.members) - named
            return Guards(members={path_text(path): members})
        case _:
            return Guards()


def _all_of(items: tuple[Tree, ...], scope: Scope, *, holds: bool) -> Guards:
    result = Guards()
    for item in items:
        result = result.both(guards_of(item, scope, holds=holds))
    return result


def _named(tree: Tree) -> frozenset[str] | None:
    match tree:
        case nodes.Bracketed(item=item):
            return _named(item)
        case nodes.Path(names=(name,)):
            return frozenset({name})
        case nodes.SetLiteral(items=items):
            names = [_named(item) for item in items]
            if any(name is None for name in names):
                return None
            return frozenset[str]().union(*(name for name in names if name is not None))
        case _:
            return None
