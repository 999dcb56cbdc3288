"""Choose the resolved operator for operands of given types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import error
from creditgate.check import wording
from creditgate.check.context import Context
from creditgate.check.environment import Names
from creditgate.check.typed import FAILED_TYPED, Typed
from creditgate.domain.dsl_types import (
    BOOLEAN,
    DATE,
    DAYS,
    INSTANT,
    RATIO_NUMBER,
    SECONDS,
    TEXT,
    Date,
    Duration,
    Enum,
    Failed,
    Instant,
    ListOf,
    Nothing,
    Number,
    Record,
    SetOf,
    Text,
    Type,
    is_ordered,
)
from creditgate.ir.nodes import Apply, Expr, Literal
from creditgate.syntax.nodes import NumberLiteral, Tree

Operand = tuple[Expr, Type, Tree]

_COMPARISONS: Final = {
    "<": "less",
    "<=": "less_or_equal",
    ">": "greater",
    ">=": "greater_or_equal",
    "is": "equal",
    "is not": "not_equal",
}
_ADD_TO_DATE: Final = {
    "days": "add_days",
    "months": "add_months",
    "trading_days": "add_trading_days",
    "settlement_days": "add_settlement_days",
}


def _mistake(symbol: str, left: Operand, right: Operand, context: Context) -> Typed:
    for operand, other in ((left, right), (right, left)):
        tree = operand[2]
        if (
            isinstance(tree, NumberLiteral)
            and tree.kind == "plain"
            and isinstance(other[1], Number)
        ):
            context.add(
                wording.bare_number(context.text(tree.place), context.span(tree.place), other[1])
            )
            return FAILED_TYPED
    context.add(
        wording.cannot_combine(
            symbol,
            (context.span(left[2].place), left[1]),
            (context.span(right[2].place), right[1]),
            _advice(symbol, left[1], right[1]),
        )
    )
    return FAILED_TYPED


def _advice(symbol: str, left: Type, right: Type) -> str | None:
    kinds = {type(left), type(right)}
    if kinds == {Number} and symbol not in "*/":
        return "bring both to one unit: a quantity times a price is money, money by money a ratio"
    if kinds == {Enum, Text}:
        return "write members of an enum without quotes"
    if kinds == {Instant, Duration} or kinds == {Instant, Date}:
        return "days are added to dates; write `open of (date + days)` or `date of instant`"
    return None


def _failed(*operands: Operand) -> bool:
    return any(isinstance(kind, Failed) for _, kind, _ in operands)


def combined(symbol: str, left: Operand, right: Operand, names: Names, context: Context) -> Typed:
    """Return `left symbol right` for + - * /."""
    if _failed(left, right):
        return FAILED_TYPED
    (a, a_kind, _), (b, b_kind, _) = left, right
    match symbol, a_kind, b_kind:
        case "*", Number(u), Number(v):
            return Apply(kind := Number(u * v), "multiply", (a, b)), kind
        case "/", Number(u), Number(v):
            return Apply(kind := Number(u / v), "divide", (a, b)), kind
        case "/", Duration(u), Duration(v) if u == v:
            return Apply(RATIO_NUMBER, "divide_durations", (a, b)), RATIO_NUMBER
        case "+" | "-", Number(u), Number(v) if u == v:
            return Apply(a_kind, "add" if symbol == "+" else "subtract", (a, b)), a_kind
        case "+" | "-", Duration(u), Duration(v) if u == v:
            return Apply(a_kind, "add" if symbol == "+" else "subtract", (a, b)), a_kind
        case "+" | "-", Date(), Duration(unit) if unit in _ADD_TO_DATE:
            count = b if symbol == "+" else Apply(b_kind, "negate", (b,))
            calendar = {
                "trading_days": names.trading_calendar,
                "settlement_days": names.settlement_calendar,
            }.get(unit)
            return Apply(DATE, _ADD_TO_DATE[unit], (a, count), calendar), DATE
        case "+" | "-", Instant(), Duration("seconds"):
            count = b if symbol == "+" else Apply(b_kind, "negate", (b,))
            return Apply(INSTANT, "add_elapsed", (a, count)), INSTANT
        case "-", Date(), Date():
            return Apply(DAYS, "days_between", (a, b)), DAYS
        case "-", Instant(), Instant():
            return Apply(SECONDS, "elapsed_between", (a, b)), SECONDS
    return _mistake(symbol, left, right, context)


def compared_as(kind: Type) -> Type:
    """Return the type by which a value is compared with a constant: a record by its key, a text."""
    return TEXT if isinstance(kind, Record) else kind


def compared(symbol: str, left: Operand, right: Operand, context: Context) -> Typed:
    """Return a comparison of two values of one type."""
    if _failed(left, right):
        return FAILED_TYPED
    (a, a_kind, a_tree), (b, b_kind, _) = left, right
    if a_kind != b_kind and not _compares_key(a, a_kind, b, b_kind):
        return _mistake(symbol, left, right, context)
    ordered = symbol in {"<", "<=", ">", ">="}
    if isinstance(a_kind, SetOf | ListOf | Nothing) or (ordered and not is_ordered(a_kind)):
        wanted = "something with an order" if ordered else "a single value"
        context.add(wording.wrong_type(wanted, a_kind, context.span(a_tree.place)))
        return FAILED_TYPED
    return Apply(BOOLEAN, _COMPARISONS[symbol], (a, b)), BOOLEAN


def _compares_key(a: Expr, a_kind: Type, b: Expr, b_kind: Type) -> bool:
    """Tell whether a record stands beside a text that is its key."""
    if isinstance(a, Literal):
        a_kind, b, b_kind = b_kind, a, a_kind
    return isinstance(a_kind, Record) and isinstance(b, Literal) and b_kind == TEXT


def member_of(item: Operand, among: Operand, context: Context) -> Typed:
    """Return `item in among`; a record is looked up by its key in a set of texts."""
    if _failed(item, among):
        return FAILED_TYPED
    if not isinstance(among[1], SetOf):
        context.add(wording.wrong_type("a set", among[1], context.span(among[2].place)))
        return FAILED_TYPED
    if among[1].member not in (compared_as(item[1]), item[1]) and not isinstance(
        among[1].member, Nothing
    ):
        return _mistake("in", item, among, context)
    return Apply(BOOLEAN, "member", (item[0], among[0])), BOOLEAN


def multiple_of(item: Operand, step: Operand, context: Context) -> Typed:
    """Return `item is a multiple of step`."""
    if _failed(item, step):
        return FAILED_TYPED
    if item[1] != step[1] or not isinstance(item[1], Number):
        return _mistake("is a multiple of", item, step, context)
    return Apply(BOOLEAN, "multiple", (item[0], step[0])), BOOLEAN


def rounded(mode: str, item: Operand, step: Operand, context: Context) -> Typed:
    """Return `item rounded mode to step`."""
    if _failed(item, step):
        return FAILED_TYPED
    if item[1] != step[1] or not isinstance(item[1], Number):
        return _mistake(f"rounded {mode} to", item, step, context)
    return Apply(item[1], f"round_{mode}", (item[0], step[0])), item[1]


def united(operator: str, operands: Sequence[Operand], context: Context) -> Typed:
    """Return an operator of one or more operands of one type that has an order."""
    if _failed(*operands):
        return FAILED_TYPED
    first = operands[0]
    for other in operands[1:]:
        if other[1] != first[1]:
            return _mistake(operator.removesuffix("imum"), first, other, context)
    wanted = is_ordered(first[1])
    if operator == "negate":
        wanted = isinstance(first[1], Number | Duration)
    if not wanted:
        context.add(wording.wrong_type("a number", first[1], context.span(first[2].place)))
        return FAILED_TYPED
    return Apply(first[1], operator, tuple(node for node, _, _ in operands)), first[1]


_DATE_WORDS: Final[dict[str, tuple[str, type[Type], Type]]] = {
    "first trading day on or after": ("first_trading_day", Date, DATE),
    "last trading day on or before": ("last_trading_day", Date, DATE),
    "first settlement day on or after": ("first_settlement_day", Date, DATE),
    "last settlement day on or before": ("last_settlement_day", Date, DATE),
    "open of": ("open_of", Date, INSTANT),
    "close of": ("close_of", Date, INSTANT),
    "date of": ("date_of", Instant, DATE),
}


def date_word(word: str, item: Operand, names: Names, context: Context) -> Typed:
    """Return a calendar word applied to a date or an instant."""
    if _failed(item):
        return FAILED_TYPED
    if word not in _DATE_WORDS:
        context.add(
            error(
                Code.UNKNOWN_OPERATOR,
                f"`{word}` is not a calendar word",
                context.span(item[2].place),
                hint="write `first ... on or after` or `last ... on or before`",
            )
        )
        return FAILED_TYPED
    operator, wanted, result = _DATE_WORDS[word]
    if not isinstance(item[1], wanted):
        name = "a date" if wanted is Date else "an instant"
        context.add(wording.wrong_type(name, item[1], context.span(item[2].place)))
        return FAILED_TYPED
    settlement = "settlement" in operator
    calendar = names.settlement_calendar if settlement else names.trading_calendar
    return Apply(result, operator, (item[0],), calendar), result
