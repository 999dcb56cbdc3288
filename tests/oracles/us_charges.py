"""Interest and borrow fees of US brokers in fractions, from the wording of their terms; no engine.

Each function reads a facts document (maps of exact text) and states the passage it follows: the
popular article on US shares for the first broker, the public pages of brokers for the others.
Years and months are natural ones; the calendar below says on which days nothing settles.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, Final

Record = Mapping[str, Any]

# The article: 年利率4.8%, 以365天为一年.
FINANCING_RATE: Final = Fraction(48, 1000)
DAYS_OF_THE_YEAR: Final = {"futu_us": 365, "ibkr_like": 360, "alpaca_like": 360}
ROUND_LOT: Final = 100
# Days of 2024 and 2025 on which the banks or the exchange are closed, weekends apart.
NOTHING_SETTLES: Final = frozenset(
    date.fromisoformat(day)
    for day in (
        "2024-01-01", "2024-01-15", "2024-02-19", "2024-03-29", "2024-05-27", "2024-06-19",
        "2024-07-04", "2024-09-02", "2024-10-14", "2024-11-11", "2024-11-28", "2024-12-25",
        "2025-01-01", "2025-01-09", "2025-01-20", "2025-02-17", "2025-04-18", "2025-05-26",
        "2025-06-19", "2025-07-04", "2025-09-01", "2025-10-13", "2025-11-11", "2025-11-27",
        "2025-12-25",
    )
)  # fmt: skip


def number(value: Any) -> Fraction:
    """Return a number written as text or as a whole number."""
    assert not isinstance(value, float | bool)
    return Fraction(value)


def settlement_price(close: Fraction) -> Fraction:
    """Return 102 % of the close rounded up to the whole dollar, and at least one dollar.

    The article (收盘价*102%的结果向上取整) gives 24.910 -> 25.4082 -> 26.000.
    """
    return Fraction(max(1, ceil(close * 102 / 100)))


def nights(document: Record) -> list[Record] | None:
    """Return the nights charged, or None where one of the period is not stated.

    Interest runs on natural days (按自然日计算), so that each needs its balance.
    """
    account = document["account"]
    if account["charged_from"] is None:
        return None
    first, last = (date.fromisoformat(account[key]) for key in ("charged_from", "valued_on"))
    wanted = {first + timedelta(days=step) for step in range((last - first).days + 1)}
    stated = [
        night for night in account["loan_days"] if date.fromisoformat(night["lent_on"]) in wanted
    ]
    return stated if len(stated) == len(wanted) else None


def interest(document: Record, broker: str) -> Fraction | None:
    """Return the interest of the period: amount x rate x days / days of the year, overnight only.

    The article's rate is 4.8 %; the page of the other broker names the rate of the day.
    """
    stated = nights(document)
    if stated is None:
        return None
    total = Fraction(0)
    for night in stated:
        rate = FINANCING_RATE if broker == "futu_us" else number(night["annual_rate"])
        total += number(night["overnight_balance"]) * rate / DAYS_OF_THE_YEAR[broker]
    return total


def charged_shares(short: Record, broker: str) -> int:
    """Return the shares for which the fee of a night is charged.

    One broker charges round lots, and of hard-to-borrow shares what was held at any time of the
    day: its page borrows in lots of 100 because lenders do.
    """
    shares = int(short["quantity"])
    if broker != "alpaca_like":
        return shares
    if short["borrow_status"] != "easy":
        shares = max(shares, int(short["largest_quantity"]))
    return ceil(Fraction(shares, ROUND_LOT)) * ROUND_LOT


def value_each(close: Fraction, broker: str) -> Fraction:
    """Return what one share counts for the fee: the settlement price, or the market value."""
    return close if broker == "alpaca_like" else settlement_price(close)


def fees(document: Record, broker: str) -> Fraction | None:
    """Return the borrow fees of the period: value x rate of the day / days of the year."""
    stated = nights(document)
    if stated is None:
        return None
    total = Fraction(0)
    for night in stated:
        for short in night["shorts"]:
            value = charged_shares(short, broker) * value_each(number(short["close_price"]), broker)
            total += value * number(short["annual_rate"]) / DAYS_OF_THE_YEAR[broker]
    return total


def nights_ahead(day: date) -> int:
    """Return the nights until the next settlement day: three from a Friday to a Monday."""
    later = day + timedelta(days=1)
    while later.weekday() >= 5 or later in NOTHING_SETTLES:
        later += timedelta(days=1)
    return (later - day).days


def fees_tonight(document: Record, broker: str) -> Fraction:
    """Return the fees of the open positions until the next settlement day."""
    closes = {row["id"]: number(row["close_price"]) for row in document["securities"]}
    each_night = Fraction(0)
    for short in document["account"]["short_positions"]:
        shares = charged_shares({**short, "borrow_status": "easy"}, broker)
        value = shares * value_each(closes[short["security"]], broker)
        each_night += value * number(short["annual_rate_today"]) / DAYS_OF_THE_YEAR[broker]
    return each_night * nights_ahead(date.fromisoformat(document["account"]["valued_on"]))


def capitalised(document: Record) -> Fraction | None:
    """Return what is added to the loan: the charge that the cash of the account does not cover.

    当月扣除利息后账户产生欠款的,欠款金额将计入次月融资金额.
    """
    parts = interest(document, "futu_us"), fees(document, "futu_us")
    if parts[0] is None or parts[1] is None:
        return None
    cash = number(document["account"]["cash"])
    return max(Fraction(0), parts[0] + parts[1] - max(Fraction(0), cash))


def next_loan(document: Record) -> Fraction | None:
    """Return the loan with which the next month begins."""
    added = capitalised(document)
    if added is None:
        return None
    last = document["account"]["valued_on"]
    rows = [row for row in document["account"]["loan_days"] if row["lent_on"] == last]
    return number(rows[0]["overnight_balance"]) + added
