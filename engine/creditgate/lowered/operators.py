"""Where each operator of the operator table is computed.

`native` operators become Python operators on integers; `runtime` operators call a function of
`runtime`. An operator without a row here is refused when a rulebook is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from creditgate.lowered.folding import make
from creditgate.lowered.terms import Op, Term, Terms

Arguments = Sequence[Term]
Build = Callable[[Terms, Arguments, str | None], Term]


@dataclass(frozen=True, slots=True)
class Support:
    """How an operator is computed: its placement, and the term it becomes."""

    placement: Literal["native", "runtime"]
    build: Build


def _native(op: Op) -> Support:
    return Support("native", lambda terms, arguments, _calendar: make(terms, op, arguments))


def _folded(op: Op) -> Support:
    def build(terms: Terms, arguments: Arguments, _calendar: str | None) -> Term:
        return reduce(lambda left, right: make(terms, op, (left, right)), arguments)

    return Support("native", build)


def _rounded(mode: str, placement: Literal["native", "runtime"]) -> Support:
    return Support(
        placement, lambda terms, arguments, _calendar: make(terms, Op.ROUND, arguments, mode)
    )


def _called(function: str) -> Support:
    return Support(
        "runtime",
        lambda terms, arguments, calendar: make(terms, Op.CALL, arguments, (function, calendar)),
    )


SUPPORTED: Mapping[str, Support] = {
    "add": _native(Op.ADD),
    "subtract": _native(Op.SUBTRACT),
    "negate": _native(Op.NEGATE),
    "multiply": _native(Op.MULTIPLY),
    "divide": _native(Op.DIVIDE),
    "minimum": _folded(Op.MINIMUM),
    "maximum": _folded(Op.MAXIMUM),
    "less": _native(Op.LESS),
    "less_or_equal": _native(Op.LESS_OR_EQUAL),
    "greater": _native(Op.GREATER),
    "greater_or_equal": _native(Op.GREATER_OR_EQUAL),
    "equal": _native(Op.EQUAL),
    "not_equal": _native(Op.NOT_EQUAL),
    "member": _native(Op.MEMBER),
    "multiple": _native(Op.MULTIPLE),
    "round_down": _rounded("round_down", "native"),
    "round_up": _rounded("round_up", "native"),
    "round_half_up": _rounded("round_half_up", "runtime"),
    "round_half_even": _rounded("round_half_even", "runtime"),
    "add_days": _native(Op.ADD_DAYS),
    "add_months": _called("add_months"),
    "add_trading_days": _called("add_sessions"),
    "add_settlement_days": _called("add_sessions"),
    "days_between": _native(Op.SUBTRACT),
    "add_elapsed": _native(Op.ADD),
    "elapsed_between": _native(Op.SUBTRACT),
    "divide_durations": _native(Op.DIVIDE),
    "first_trading_day": _called("first_on_or_after"),
    "last_trading_day": _called("last_on_or_before"),
    "first_settlement_day": _called("first_on_or_after"),
    "last_settlement_day": _called("last_on_or_before"),
    "open_of": _called("open_of"),
    "close_of": _called("close_of"),
    "date_of": _called("date_of"),
}
