"""Interest, fees and compensation of Chinese credit accounts in fractions; no engine.

Each function reads records of a facts document (maps of exact text) and states the sentence it
follows. Days are counted by walking the calendar, not by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any, Final

Record = Mapping[str, Any]

CENT: Final = Fraction(1, 100)
# The price list of the example member: from 2015-07-01 and from 2025-07-01.
LISTS: Final = (
    (date(2025, 7, 1), Fraction(55, 1000), Fraction(85, 1000)),
    (date(2015, 7, 1), Fraction(835, 10_000), Fraction(1035, 10_000)),
)
MEMBER_DAY_COUNT: Final = 360
MEMBER_ROUNDING: Final = "half_up"


def days_charged(use: Record, day: date) -> int:
    """Return the days charged by `day`: 自然日, 算头不算尾, at least one (当日开仓当日了结按一天计)."""
    first = date.fromisoformat(use["used_from"])
    if first > day:
        return 0
    ended = use["used_until"]
    last = day if ended is None else min(day, date.fromisoformat(ended))
    return max(1, sum(1 for _ in _walk(first, last)))


def _walk(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first += timedelta(days=1)


def interest(contract: Record, day: date, rate: Fraction, year: int) -> Fraction:
    """Return 融资利息 = 实际使用资金金额 × 使用天数 × 融资年利率 ÷ 360 (or as many as agreed)."""
    return sum(
        (
            Fraction(use["amount"]) * days_charged(use, day) * rate / year
            for use in contract["uses"]
        ),
        Fraction(0),
    )


def short_fee(contract: Record, day: date, rate: Fraction, year: int) -> Fraction:
    """Return 融券费用 = 融券数量 × 卖出价格 × 使用天数 × 融券年费率 ÷ 360 (or as many as agreed)."""
    price = Fraction(contract["sale_price"])
    return sum(
        (
            use["quantity"] * price * days_charged(use, day) * rate / year
            for use in contract["uses"]
        ),
        Fraction(0),
    )


def charged(amount: Fraction, rounding: str) -> Fraction:
    """Return an amount that is not negative in whole cents: truncated, or rounded half up."""
    cents = amount / CENT
    whole = floor(cents)
    if rounding == "half_up" and cents - whole >= Fraction(1, 2):
        whole += 1
    return whole * CENT


def agreed(contract: Record) -> Fraction:
    """Return the rate of a contract."""
    return Fraction(contract["annual_rate"])


def member_rate(contract: Record, side: str) -> Fraction:
    """Return the rate at the example member: as agreed, and not below the list of its day."""
    opened = date.fromisoformat(contract["opened_on"])
    for first, financing, short in LISTS:
        if opened >= first:
            return max(agreed(contract), financing if side == "financing" else short)
    raise AssertionError("the contract is older than the list")


def ex_rights_price(action: Record) -> Fraction:
    """Return 除权价 = (登记日收盘价 + 配股比例 × 配股价) ÷ (1 + 配股比例)."""
    ratio = Fraction(action["new_shares_each"])
    rights = ratio * Fraction(action["rights_price"])
    return (Fraction(action["record_day_close"]) + rights) / (1 + ratio)


def cash_compensation(contract: Record) -> Fraction:
    """Return what is owed in cash: dividends, and rights issues where the lender claims them.

    现金红利 × 未偿还数量; (登记日收盘价 - 除权价) × 未偿还数量.
    """
    total = Fraction(0)
    for action in contract["corporate_actions"]:
        owed = action["owed_quantity"]
        if action["kind"] == "cash_dividend":
            total += owed * Fraction(action["dividend_each"])
        elif action["kind"] == "rights_issue" and action["claimed_by_lender"]:
            total += owed * (Fraction(action["record_day_close"]) - ex_rights_price(action))
    return total


def shares_owed(contract: Record) -> Fraction:
    """Return what is owed in shares: 送股、转增比例 × 未偿还数量."""
    return sum(
        (
            action["owed_quantity"] * Fraction(action["new_shares_each"])
            for action in contract["corporate_actions"]
            if action["kind"] == "bonus_or_conversion"
        ),
        Fraction(0),
    )
