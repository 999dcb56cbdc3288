"""Give every part of an expression its type and meaning: tree as written to typed IR."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.base.suggest import nearest
from creditgate.check import wording
from creditgate.check.context import Context, fresh
from creditgate.check.environment import Scope
from creditgate.check.guards import guards_of
from creditgate.check.operations import (
    combined,
    compared,
    date_word,
    member_of,
    multiple_of,
    rounded,
    united,
)
from creditgate.check.paths import FAILURE, is_list, path_text, resolve
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    FAILED,
    NOTHING,
    QUANTITY,
    RATIO_NUMBER,
    TIME,
    Boolean,
    Date,
    Duration,
    Enum,
    Failed,
    ListOf,
    Nothing,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
    describe,
    is_ordered,
    without_none,
)
from creditgate.domain.units import money, price
from creditgate.ir.nodes import (
    Aggregate,
    And,
    AsOf,
    AtDate,
    Base,
    Claimed,
    Expr,
    If,
    IsEmpty,
    IsNone,
    Literal,
    Not,
    Or,
    OrElse,
    Parameter,
    TableCell,
    Variable,
)
from creditgate.syntax import nodes
from creditgate.syntax.nodes import Tree

Typed = tuple[Expr, Type]
FAILED_TYPED: Typed = (FAILURE, FAILED)


def elaborate(tree: Tree, scope: Scope, context: Context, expected: Type | None = None) -> Typed:
    """Return the typed meaning of a tree; mistakes are reported and typed `Failed`.

    `expected` gives a type to what has none of its own: enum members, a bare 0, the empty set.
    """
    match tree:
        case nodes.Bracketed(item=item):
            return elaborate(item, scope, context, expected)
        case nodes.NumberLiteral():
            return _number(tree, context, expected)
        case nodes.DurationLiteral(count=count, unit=unit):
            return Literal(Duration(unit), count), Duration(unit)
        case nodes.DateLiteral(ordinal=ordinal):
            return _day_or_time(tree, ordinal, DATE, "there is no such day", context)
        case nodes.TimeLiteral(minutes=minutes):
            return _day_or_time(tree, minutes, TIME, "there is no such time of day", context)
        case nodes.BooleanLiteral(value=value):
            return Literal(BOOLEAN, value), BOOLEAN
        case nodes.NoneLiteral():
            return Literal(NOTHING, None), NOTHING
        case nodes.SetLiteral(items=items):
            return _set(items, scope, context, expected)
        case nodes.Path():
            return _path(tree, scope, context, expected)
        case nodes.TableRead():
            return _table(tree, scope, context)
        case nodes.AtDateOf(item=item, date=when):
            return _at_date(item, when, scope, context)
        case nodes.AsOfWord():
            return AsOf(DATE), DATE
        case nodes.ClaimedWord():
            return _claimed(tree, scope, context)
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
            value = computable(item, scope, context, expected)
            unit = computable(step, scope, context, value[1])
            return rounded(mode, (*value, item), (*unit, step), context)
        case nodes.DateWord(word=word, item=item):
            node, kind = computable(item, scope, context)
            return date_word(word, (node, kind, item), scope.names, context)
        case nodes.Call(function=function, items=items):
            operator = "minimum" if function == "min" else "maximum"
            typed = _together(items, scope, context, expected)
            return united(operator, typed, context)
        case nodes.Fold():
            return _fold(tree, scope.without_claims(), context)
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


def computable(
    tree: Tree, scope: Scope, context: Context, expected: Type | None = None
) -> Typed:
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


def _number(tree: nodes.NumberLiteral, context: Context, expected: Type | None) -> Typed:
    wanted = None if expected is None else without_none(expected)
    kind: Type
    match tree.kind:
        case "percent":
            kind = RATIO_NUMBER
        case "money":
            kind = Number(money(tree.currency or ""))
        case "price":
            kind = Number(price(tree.currency or ""))
        case "shares":
            kind = QUANTITY
        case _:
            kind = COUNT
            if tree.number == 0 and isinstance(wanted, Number | Duration):
                zero = Fraction(0) if isinstance(wanted, Number) else 0
                return Literal(wanted, zero), wanted
    return Literal(kind, tree.number), kind


def _day_or_time(
    tree: Tree, value: int | None, kind: Type, message: str, context: Context
) -> Typed:
    if value is None:
        context.add(error(Code.BAD_LITERAL, message, context.span(tree.place)))
        return FAILED_TYPED
    return Literal(kind, value), kind


def _set(
    items: tuple[Tree, ...], scope: Scope, context: Context, expected: Type | None
) -> Typed:
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


def _table(tree: nodes.TableRead, scope: Scope, context: Context) -> Typed:
    name = path_text(tree.table)
    table = scope.names.tables.get(name)
    if table is None:
        near = nearest(name, scope.names.tables)
        context.add(
            wording.unknown_name(name, context.span(tree.table.place), near, "no such table")
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
    if column not in table.columns:
        shown = tree.column_place or tree.place
        legal = ", ".join(table.columns)
        context.add(
            wording.unknown_name(
                column, context.span(shown), nearest(column, table.columns), f"columns: {legal}"
            )
        )
        return FAILED_TYPED
    kind = table.columns[column]
    return TableCell(kind, name, tuple(keys), column), kind


def _at_date(
    item: nodes.Path | nodes.TableRead, when: Tree, scope: Scope, context: Context
) -> Typed:
    node, kind = elaborate(item, scope, context)
    day, day_kind = computable(when, scope, context)
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


def _claimed(tree: nodes.ClaimedWord, scope: Scope, context: Context) -> Typed:
    claims = scope.names.vocabulary.claims
    if tree.claim not in claims:
        context.add(
            error(
                Code.UNKNOWN_CLAIM,
                f"there is no claim `{tree.claim}`",
                context.span(tree.claim_place),
                hint=f"did you mean `{near}`?"
                if (near := nearest(tree.claim, claims))
                else "claims are declared in the vocabulary",
            )
        )
        return FAILED_TYPED
    if not scope.claims_allowed:
        context.add(
            error(
                Code.CLAIM_MISPLACED,
                "a claim may only help an order to be exempt: it stands in `unless`, not under "
                "`not`, a comparison or the test of an `if`",
                context.span(tree.place),
                hint="make it an exemption of its own",
            )
        )
        return FAILED_TYPED
    return Claimed(BOOLEAN, tree.claim), BOOLEAN


def _operation(
    tree: nodes.Operation, scope: Scope, context: Context, expected: Type | None
) -> Typed:
    symbol = tree.symbol
    if symbol == "in":
        item = computable(tree.left, scope, context)
        among = elaborate(tree.right, scope, context, SetOf(item[1]))
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


def _fold(tree: nodes.Fold, scope: Scope, context: Context) -> Typed:
    source, kind = resolve(tree.source, scope, context)
    if isinstance(kind, Failed):
        return FAILED_TYPED
    if not is_list(kind) or not isinstance(kind, ListOf):
        context.add(
            error(
                Code.NOT_A_LIST,
                f"`{path_text(tree.source)}` is {describe(kind)}, not a list",
                context.span(tree.source.place),
            )
        )
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
    element, element_kind = computable(tree.element, inside, context)
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
