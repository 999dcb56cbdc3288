"""Give every part of an expression its type and meaning: tree as written to typed IR."""

from __future__ import annotations

from typing import assert_never

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check import leaves, wording
from creditgate.check.context import Context
from creditgate.check.environment import Scope
from creditgate.check.guards import guards_of
from creditgate.check.histories_read import at_date, table_read
from creditgate.check.lists import fold, set_literal
from creditgate.check.operations import (
    combined,
    compared,
    compared_as,
    date_word,
    member_of,
    multiple_of,
    rounded,
    united,
)
from creditgate.check.paths import FAILURE, resolve
from creditgate.check.typed import FAILED_TYPED, Typed
from creditgate.domain.dsl_types import (
    BOOLEAN,
    DATE,
    FAILED,
    NOTHING,
    TEXT,
    TIME,
    Boolean,
    Duration,
    Enum,
    Failed,
    ListOf,
    Nothing,
    Number,
    Optional,
    SetOf,
    Type,
    describe,
    without_none,
)
from creditgate.ir.nodes import (
    And,
    AsOf,
    Base,
    Expr,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Not,
    Or,
    OrElse,
)
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree


def elaborate(tree: Tree, scope: Scope, context: Context, expected: Type | None = None) -> Typed:
    """Return the typed meaning of a tree; mistakes are reported and typed `Failed`.

    `expected` gives a type to what has none of its own: enum members, a bare 0, the empty set.
    """
    match tree:
        case nodes.Bracketed(item=item):
            return elaborate(item, scope, context, expected)
        case nodes.NumberLiteral():
            return leaves.number(tree, expected)
        case nodes.DurationLiteral(count=count, unit=unit):
            return Literal(Duration(unit), count), Duration(unit)
        case nodes.DateLiteral(ordinal=ordinal):
            return leaves.day_or_time(tree, ordinal, DATE, "there is no such day", context)
        case nodes.TimeLiteral(minutes=minutes):
            return leaves.day_or_time(tree, minutes, TIME, "there is no such time of day", context)
        case nodes.BooleanLiteral(value=value):
            return Literal(BOOLEAN, value), BOOLEAN
        case nodes.NoneLiteral():
            return Literal(NOTHING, None), NOTHING
        case nodes.TextLiteral(text=text):
            return Literal(TEXT, text), TEXT
        case nodes.SetLiteral(items=items):
            return set_literal(items, scope, context, expected, elaborate)
        case nodes.Path():
            return _path(tree, scope, context, expected)
        case nodes.TableRead():
            return table_read(tree, scope, context, elaborate)
        case nodes.AtDateOf(item=item, date=when):
            return at_date(item, when, scope, context, elaborate, computable)
        case nodes.AsOfWord():
            return AsOf(DATE), DATE
        case nodes.ClaimedWord():
            return leaves.claimed(tree, scope, context)
        case nodes.Opposite(item=item):
            node, kind = computable(item, scope, context, expected)
            return united("negate", [(node, kind, item)], context)
        case nodes.Operation():
            return _operation(tree, scope.without_claims(), context, expected)
        case nodes.BetweenTest(item=item, low=low, high=high):
            place = tree.place
            above = nodes.Operation(place, ">=", item, low)
            below = nodes.Operation(place, "<=", item, high)
            return elaborate(nodes.AndChain(place, (above, below)), scope, context)
        case nodes.NoneTest(item=item):
            return _none_test(item, scope.without_claims(), context)
        case nodes.EmptyTest(item=item):
            node, kind = elaborate(item, scope.without_claims(), context)
            if not isinstance(kind, ListOf | SetOf | Failed):
                context.add(wording.wrong_type("a list or a set", kind, context.span(item.place)))
                return FAILED_TYPED
            return IsEmpty(BOOLEAN, node), BOOLEAN
        case nodes.NotTest(item=item):
            node = boolean(item, scope.without_claims(), context)
            return Not(BOOLEAN, node), BOOLEAN
        case nodes.AndChain(items=items):
            return And(BOOLEAN, _chain(items, scope, context, holds=True)), BOOLEAN
        case nodes.OrChain(items=items):
            return Or(BOOLEAN, _chain(items, scope, context, holds=False)), BOOLEAN
        case nodes.Conditional():
            return _conditional(tree, scope, context, expected)
        case nodes.OrIfNone(item=item, other=other):
            return _or_if_none(item, other, scope.without_claims(), context, expected)
        case nodes.RoundedTo(mode=mode, item=item, step=step):
            exact = computable(item, scope, context, expected)
            multiple = computable(step, scope, context, exact[1])
            return rounded(mode, (*exact, item), (*multiple, step), context)
        case nodes.DateWord(word=word, item=item):
            node, kind = computable(item, scope, context)
            return date_word(word, (node, kind, item), scope.names, context)
        case nodes.Call(function=function, items=items):
            operator = "minimum" if function == "min" else "maximum"
            typed = _together(items, scope, context, expected)
            return united(operator, typed, context)
        case nodes.Fold():
            return fold(tree, scope.without_claims(), context, boolean, computable)
        case _:
            assert_never(tree)


def boolean(tree: Tree, scope: Scope, context: Context) -> Expr:
    """Return the meaning of a condition; anything but yes or no is reported."""
    node, kind = elaborate(tree, scope, context, BOOLEAN)
    if isinstance(kind, Optional):
        context.add(wording.may_be_none(context.text(tree.place), context.span(tree.place)))
        return FAILURE
    if not isinstance(kind, Boolean | Failed):
        context.add(
            error(
                Code.NOT_A_BOOLEAN,
                f"this is {describe(kind)}, and a condition is wanted here",
                context.span(tree.place),
                describe(kind),
                hint="compare it with something: `... is ...`, `... <= ...`",
            )
        )
        return FAILURE
    return node


def computable(tree: Tree, scope: Scope, context: Context, expected: Type | None = None) -> Typed:
    """Return the meaning of something that is computed with; it may not be none."""
    wanted = None if expected is None else without_none(expected)
    node, kind = elaborate(tree, scope.without_claims(), context, wanted)
    if isinstance(kind, Optional | Nothing):
        context.add(wording.may_be_none(context.text(tree.place), context.span(tree.place)))
        return FAILED_TYPED
    return node, kind


def is_bare(tree: Tree, scope: Scope) -> bool:
    """Tell whether a tree takes its type from what stands beside it."""
    match tree:
        case nodes.Bracketed(item=item) | nodes.Opposite(item=item):
            return is_bare(item, scope)
        case nodes.NumberLiteral(kind="plain", number=number):
            return number == 0
        case nodes.Path(names=(name,)):
            return name not in scope.variables and not scope.names.knows(name) and name != "base"
        case nodes.SetLiteral(items=items):
            return all(is_bare(item, scope) for item in items)
        case nodes.Conditional(then=then, otherwise=otherwise):
            return is_bare(then, scope) and is_bare(otherwise, scope)
        case _:
            return False


def _together(
    items: tuple[Tree, ...], scope: Scope, context: Context, expected: Type | None
) -> list[tuple[Expr, Type, Tree]]:
    """Type several operands, those with a type of their own first."""
    found: dict[int, Typed] = {}
    wanted = None
    for bare in (False, True):
        for place, item in enumerate(items):
            if is_bare(item, scope) is bare:
                hint = wanted if wanted is not None else expected
                found[place] = computable(item, scope, context, hint)
                if wanted is None and not isinstance(found[place][1], Failed):
                    wanted = found[place][1]
    return [(*found[place], item) for place, item in enumerate(items)]


def _path(tree: nodes.Path, scope: Scope, context: Context, expected: Type | None) -> Typed:
    wanted = None if expected is None else without_none(expected)
    name = tree.names[0]
    if len(tree.names) == 1 and name == "base" and scope.base_type is not None:
        return Base(scope.base_type), scope.base_type
    if len(tree.names) == 1 and isinstance(wanted, Enum) and name not in scope.variables:
        declared = scope.names.vocabulary.enums[wanted.name]
        if name in declared.members:
            return Literal(wanted, name), wanted
        if not scope.names.knows(name):
            legal = ", ".join(list(declared.members)[:12])
            near = nearest(name, declared.members)
            context.add(
                wording.unknown_member(name, wanted.name, context.span(tree.place), near, legal)
            )
            return FAILED_TYPED
    return resolve(tree, scope, context)


def _operation(
    tree: nodes.Operation, scope: Scope, context: Context, expected: Type | None
) -> Typed:
    symbol = tree.symbol
    if symbol == "in":
        if is_bare(tree.left, scope):
            among = elaborate(tree.right, scope, context)
            inside = among[1].member if isinstance(among[1], SetOf) else None
            item = computable(tree.left, scope, context, inside)
        else:
            item = computable(tree.left, scope, context)
            among = elaborate(tree.right, scope, context, SetOf(compared_as(item[1])))
        return member_of((*item, tree.left), (*among, tree.right), context)
    hint = expected if symbol in "+-" and isinstance(expected, Number) else None
    left, right = _together((tree.left, tree.right), scope, context, hint)
    if symbol in "+-*/":
        return combined(symbol, left, right, scope.names, context)
    if symbol == "is a multiple of":
        return multiple_of(left, right, context)
    return compared(symbol, left, right, context)


def _none_test(item: Tree, scope: Scope, context: Context) -> Typed:
    node, kind = elaborate(item, scope, context)
    if isinstance(kind, Failed):
        return FAILED_TYPED
    if not isinstance(node.type, Optional):
        context.add(
            error(
                Code.TYPE_MISMATCH,
                f"`{context.text(item.place)}` is never none",
                context.span(item.place),
                describe(kind),
                hint="a missing fact is unknown, not none, and no rule can test for it",
            )
        )
        return FAILED_TYPED
    return IsNone(BOOLEAN, node), BOOLEAN


def _chain(
    items: tuple[Tree, ...], scope: Scope, context: Context, *, holds: bool
) -> tuple[Expr, ...]:
    meant: list[Expr] = []
    for item in items:
        meant.append(boolean(item, scope, context))
        scope = scope.assuming(guards_of(item, scope, holds=holds))
    return tuple(meant)


def _conditional(
    tree: nodes.Conditional, scope: Scope, context: Context, expected: Type | None
) -> Typed:
    test = boolean(tree.test, scope.without_claims(), context)
    branches = {
        True: (tree.then, scope.assuming(guards_of(tree.test, scope, holds=True))),
        False: (tree.otherwise, scope.assuming(guards_of(tree.test, scope, holds=False))),
    }
    found: dict[bool, Typed] = {}
    wanted = expected
    for bare in (False, True):
        for which, (branch, inside) in branches.items():
            if is_bare(branch, inside) is bare and which not in found:
                found[which] = elaborate(branch, inside, context, wanted)
                if wanted is None and not isinstance(found[which][1], Failed | Nothing):
                    wanted = found[which][1]
    (then, then_kind), (other, other_kind) = found[True], found[False]
    kind = _joined(then_kind, other_kind)
    if kind is None:
        context.add(
            wording.cannot_combine(
                "if", (context.span(tree.then.place), then_kind),
                (context.span(tree.otherwise.place), other_kind),
                "both branches must give the same kind of value",
            )
        )  # fmt: skip
        return FAILED_TYPED
    if isinstance(kind, Failed):
        return FAILED_TYPED
    return If(kind, test, then, other), kind


def _joined(left: Type, right: Type) -> Type | None:
    if isinstance(left, Failed) or isinstance(right, Failed):
        return FAILED
    if isinstance(left, Nothing) and isinstance(right, Nothing):
        return NOTHING
    if isinstance(left, Nothing):
        return Optional(without_none(right))
    if isinstance(right, Nothing):
        return Optional(without_none(left))
    if without_none(left) != without_none(right):
        return None
    return left if isinstance(left, Optional) else right


def _or_if_none(
    item: Tree, other: Tree, scope: Scope, context: Context, expected: Type | None
) -> Typed:
    node, kind = elaborate(item, scope, context, expected)
    instead, instead_kind = elaborate(other, scope, context, without_none(kind))
    if isinstance(kind, Failed) or isinstance(instead_kind, Failed):
        return FAILED_TYPED
    if not isinstance(kind, Optional):
        if isinstance(node.type, Optional):
            return node, kind
        context.add(
            error(
                Code.TYPE_MISMATCH,
                f"`{context.text(item.place)}` is never none, so `or if none` says nothing",
                context.span(item.place),
                describe(kind),
            )
        )
        return FAILED_TYPED
    if without_none(instead_kind) != kind.of:
        context.add(
            wording.cannot_combine(
                "or if none",
                (context.span(item.place), kind),
                (context.span(other.place), instead_kind),
            )
        )
        return FAILED_TYPED
    return OrElse(instead_kind, node, instead), instead_kind
