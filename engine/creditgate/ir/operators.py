"""The table of strict operators: one row is read by the checker, every evaluator and the manual.

A strict operator evaluates all its arguments; if one is unknown the result is unknown. What is
lazy or three-valued (`and`, `if`, aggregates, look-ups) is a node of its own in `ir.nodes`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """One resolved operator.

    `arguments` and `result` are words of the manual; `fails` says when the result is unknown
    although all arguments are known.
    """

    id: str
    symbol: str
    arguments: str
    result: str
    meaning: str
    example: str
    fails: str | None = None


def _rows(*rows: Operator) -> dict[str, Operator]:
    return {row.id: row for row in rows}


_HORIZON = "the calendar's horizon is passed"

OPERATORS: dict[str, Operator] = _rows(
    Operator("add", "+", "x, x", "x", "the sum; both sides have one unit", "100 shares + 1 shares"),
    Operator(
        "subtract", "-", "x, x", "x", "the difference; both sides have one unit", "100% - 30%"
    ),
    Operator("negate", "-", "x", "x", "the opposite", "-5"),
    Operator(
        "multiply", "*", "x, y", "x times y", "the product; units multiply", "100 shares * 50%"
    ),
    Operator(
        "divide",
        "/",
        "x, y",
        "x by y",
        "the exact quotient; equal units give a ratio",
        "1 CNY / 3 CNY",
        "the divisor is zero",
    ),
    Operator("minimum", "min", "x, x, ...", "x", "the smallest argument", "min(50%, 40%)"),
    Operator("maximum", "max", "x, x, ...", "x", "the largest argument", "max(50%, 40%)"),
    Operator("less", "<", "x, x", "boolean", "below", "1 < 2"),
    Operator("less_or_equal", "<=", "x, x", "boolean", "at most", "2 <= 2"),
    Operator("greater", ">", "x, x", "boolean", "above", "2 > 1"),
    Operator("greater_or_equal", ">=", "x, x", "boolean", "at least", "2 >= 2"),
    Operator("equal", "is", "x, x", "boolean", "the same value", "2 is 2"),
    Operator("not_equal", "is not", "x, x", "boolean", "another value", "2 is not 3"),
    Operator("member", "in", "x, set of x", "boolean", "is one of the set", "2 in {1, 2}"),
    Operator(
        "multiple",
        "is a multiple of",
        "x, x",
        "boolean",
        "a whole number of times the second",
        "300 shares is a multiple of 100 shares",
        "the second is zero",
    ),
    Operator(
        "round_down",
        "rounded down to",
        "x, x",
        "x",
        "the largest multiple not above",
        "(7 / 2) rounded down to 100%",
        "the step is not above zero",
    ),
    Operator(
        "round_up",
        "rounded up to",
        "x, x",
        "x",
        "the smallest multiple not below",
        "(24.91 CNY/share * 102%) rounded up to 1 CNY/share",
        "the step is not above zero",
    ),
    Operator(
        "round_half_up",
        "rounded half_up to",
        "x, x",
        "x",
        "the nearest multiple; a tie goes away from zero",
        "(2.5 CNY * 1) rounded half_up to 1 CNY",
        "the step is not above zero",
    ),
    Operator(
        "round_half_even",
        "rounded half_even to",
        "x, x",
        "x",
        "the nearest multiple; a tie goes to the even one",
        "(2.5 CNY * 1) rounded half_even to 1 CNY",
        "the step is not above zero",
    ),
    Operator(
        "add_days", "+", "date, days", "date", "that many calendar days later", "as_of + 35 days"
    ),
    Operator(
        "add_months",
        "+",
        "date, months",
        "date",
        "the same day that many months later; past the month's end it is the last day",
        "2024-01-31 + 1 months",
        "the year leaves 1 to 9999",
    ),
    Operator(
        "add_trading_days",
        "+",
        "date, trading days",
        "date",
        "that many sessions of the trading calendar later",
        "as_of + 2 trading days",
        _HORIZON,
    ),
    Operator(
        "add_settlement_days",
        "+",
        "date, settlement days",
        "date",
        "that many settlement days later",
        "as_of + 1 settlement days",
        _HORIZON,
    ),
    Operator("days_between", "-", "date, date", "days", "calendar days", "as_of - 2024-01-01"),
    Operator(
        "add_elapsed",
        "+",
        "instant, hours",
        "instant",
        "that much later",
        "open of as_of + 1 hours",
    ),
    Operator(
        "elapsed_between",
        "-",
        "instant, instant",
        "hours",
        "the time between",
        "close of as_of - open of as_of",
    ),
    Operator(
        "divide_durations",
        "/",
        "duration, duration",
        "ratio",
        "how many times the second, in one unit",
        "1 days / 360 days",
        "the divisor is zero",
    ),
    Operator(
        "first_trading_day",
        "first trading day on or after",
        "date",
        "date",
        "the date itself if it is a session",
        "first trading day on or after as_of",
        _HORIZON,
    ),
    Operator(
        "last_trading_day",
        "last trading day on or before",
        "date",
        "date",
        "the date itself if it is a session",
        "last trading day on or before as_of",
        _HORIZON,
    ),
    Operator(
        "first_settlement_day",
        "first settlement day on or after",
        "date",
        "date",
        "the date itself if deliveries are made on it",
        "first settlement day on or after as_of",
        _HORIZON,
    ),
    Operator(
        "last_settlement_day",
        "last settlement day on or before",
        "date",
        "date",
        "the date itself if deliveries are made on it",
        "last settlement day on or before as_of",
        _HORIZON,
    ),
    Operator(
        "open_of",
        "open of",
        "date",
        "instant",
        "when the session of that day opens",
        "open of as_of",
        "no session on that day, or " + _HORIZON,
    ),
    Operator(
        "close_of",
        "close of",
        "date",
        "instant",
        "when the session of that day closes",
        "close of as_of",
        "no session on that day, or " + _HORIZON,
    ),
    Operator(
        "date_of",
        "date of",
        "instant",
        "date",
        "the day in the market's zone",
        "date of open of as_of",
    ),
)
