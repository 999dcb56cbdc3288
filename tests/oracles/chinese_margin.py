"""Margin of Chinese credit accounts in fractions, from the wording of the rules; no engine.

Each function reads a facts document (maps of exact text) and states the passage it follows. The
passages are those of the exchanges' implementing rules (实施细则) and of the notices that changed
them. Days are those on which a session was first affected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, Final

Record = Mapping[str, Any]
Steps = Sequence[tuple[date, Fraction]]

LOT: Final = 100
WITHDRAWAL_LINE: Final = Fraction(3)

# 融资保证金比例不得低于: 50 %, from 2015-11-23 100 %, from 2023-09-11 80 %, from 2026-01-19 100 %.
FINANCING_FLOOR: Final[Steps] = (
    (date(2010, 3, 31), Fraction(1, 2)),
    (date(2015, 11, 23), Fraction(1)),
    (date(2023, 9, 11), Fraction(4, 5)),
    (date(2026, 1, 19), Fraction(1)),
)
# 融券保证金比例不得低于: 50 %, from 2023-10-30 80 % (private securities funds 100 %), from
# 2024-07-22 100 % (private securities funds 120 %).
SHORT_FLOOR: Final[Mapping[str, Steps]] = {
    "other": (
        (date(2010, 3, 31), Fraction(1, 2)),
        (date(2023, 10, 30), Fraction(4, 5)),
        (date(2024, 7, 22), Fraction(1)),
    ),
    "private_securities_fund": (
        (date(2010, 3, 31), Fraction(1, 2)),
        (date(2023, 10, 30), Fraction(1)),
        (date(2024, 7, 22), Fraction(6, 5)),
    ),
}
# The notice of 2023-08-27 lets member and client agree on 80 % for contracts opened at 100 %.
AGREEMENT_FROM: Final = date(2023, 9, 11)
AGREEMENT_UNTIL: Final = date(2026, 1, 18)
OPENED_AT_THE_WHOLE_RATIO: Final = (date(2015, 11, 23), date(2023, 9, 10))
# The notice of 2024-07-10 catches roll-overs; the notices before it leave them alone.
SHORT_ROLLOVERS_CAUGHT_FROM: Final = date(2024, 7, 22)

CASH_PRODUCTS_AT_95_FROM: Final = date(2015, 7, 1)
EARNINGS_TEST_FROM: Final = date(2016, 12, 12)
EARNINGS_TEST_LIMIT: Final = 300
OTHER_COLLATERAL_FROM: Final = date(2019, 8, 19)
MINIMUM_LINE_UNTIL: Final = date(2019, 8, 18)
MINIMUM_LINE: Final = Fraction(13, 10)


def number(value: Any) -> Fraction:
    """Return a number written as text or as a whole number."""
    assert not isinstance(value, float | bool)
    return Fraction(value)


def security_of(document: Record, item: Record) -> Record:
    """Return the record of the security that a position, contract or order names."""
    return next(row for row in document["securities"] if row["id"] == item["security"])


def price_of(document: Record, item: Record) -> Fraction:
    """Return the latest price of the security that something names."""
    return number(security_of(document, item)["price"])


def haircut(security: Record, day: date) -> Fraction:
    """Return the haircut (折算率): the lower of the member's and the highest the exchange allows.

    Constituents of the SSE 180, on Shenzhen of the SZSE 100, 70 %; other A shares 65 %; stocks
    under risk warning, suspended from listing or in the delisting period 0 %; from 2016-12-12 A
    shares with a static P/E of 300 or more or a negative one 0 %; ETFs 90 %; treasury bonds 95 %;
    cash products and money market funds 95 % (as other funds 80 % before 2015-07-01); other listed
    funds and bonds 80 %; warrants 0 %.
    """
    match security["class"]:
        case "stock":
            cap = _cap_of_stock(security, day)
        case "etf":
            cap = Fraction(90, 100)
        case "treasury":
            cap = Fraction(95, 100)
        case "cash_product" | "money_market_fund":
            cap = Fraction(95 if day >= CASH_PRODUCTS_AT_95_FROM else 80, 100)
        case "lof" | "closed_end_fund" | "other_fund" | "bond" | "convertible_bond":
            cap = Fraction(80, 100)
        case "warrant":
            cap = Fraction(0)
        case other:
            raise AssertionError(f"the rules say nothing about {other}")
    return min(cap, number(security["member_haircut"]))


def _cap_of_stock(security: Record, day: date) -> Fraction:
    if security["risk_warning"] or security["listing_suspended"] or security["in_delisting_period"]:
        return Fraction(0)
    if day >= EARNINGS_TEST_FROM:
        earnings_multiple = number(security["static_pe"])
        if earnings_multiple >= EARNINGS_TEST_LIMIT or earnings_multiple < 0:
            return Fraction(0)
    index = {"SSE": "in_sse_180", "SZSE": "in_szse_100"}[security["exchange"]]
    return Fraction(70 if security[index] else 65, 100)


def financing_ratio(contract: Record) -> Fraction:
    """Return the margin ratio of a financing contract: what was agreed, or the floor if higher.

    The floor is that of the day it was opened; a roll-over changes nothing (2015-11-13, 2026-01-14).
    """
    opened = date.fromisoformat(contract["opened_on"])
    floor_ = _at(FINANCING_FLOOR, opened)
    agreed_on = contract["ratio_reset_by_agreement_on"]
    if agreed_on is not None:
        first, last = OPENED_AT_THE_WHOLE_RATIO
        agreed = AGREEMENT_FROM <= date.fromisoformat(agreed_on) <= AGREEMENT_UNTIL
        if agreed and first <= opened <= last:
            floor_ = Fraction(4, 5)
    return max(number(contract["agreed_ratio"]), floor_)


def short_ratio(contract: Record) -> Fraction:
    """Return the margin ratio of a short contract: what was agreed, or the floor if higher.

    The floor is that of the day it was opened, or of its last roll-over from 2024-07-22 on.
    """
    caught = [
        rolled
        for item in contract["rollovers"]
        if (rolled := date.fromisoformat(item["rolled_on"])) >= SHORT_ROLLOVERS_CAUGHT_FROM
    ]
    day = max(caught, default=date.fromisoformat(contract["opened_on"]))
    steps = SHORT_FLOOR[contract["investor_kind_when_dated"]]
    return max(number(contract["agreed_ratio"]), _at(steps, day))


def order_ratio(document: Record, day: date) -> Fraction:
    """Return the margin ratio that a new margin buy or short sale needs at least."""
    if document["order"]["action"] == "margin_buy":
        return _at(FINANCING_FLOOR, day)
    return _at(SHORT_FLOOR[document["client"]["kind"]], day)


def _at(steps: Steps, day: date) -> Fraction:
    return [value for first, value in steps if first <= day][-1]


def margin_available(document: Record, day: date) -> Fraction:
    """Return the margin available (保证金可用余额).

    保证金可用余额 = 现金 + ∑（可充抵保证金的证券市值×折算率）+ ∑［（融资买入证券市值－融资买入金额）×折算率］
    + ∑［（融券卖出金额－融券卖出证券市值）×折算率］－ ∑融券卖出金额 － ∑融资买入证券金额×融资保证金比例
    － ∑融券卖出证券市值×融券保证金比例 － 利息及费用; where a float is negative its 折算率 is 100 %.
    """
    account = document["account"]
    total = number(account["cash"])
    for lot in account["collateral"]:
        security = security_of(document, lot)
        total += number(lot["quantity"]) * number(security["price"]) * haircut(security, day)
    for contract in account["financing_contracts"]:
        financed = number(contract["financed_amount"])
        gain = number(contract["quantity"]) * price_of(document, contract) - financed
        total += _counted(gain, security_of(document, contract), day)
        total -= financed * financing_ratio(contract)
    for contract in account["short_contracts"]:
        owed = number(contract["quantity_owed"])
        value = owed * price_of(document, contract)
        proceeds = owed * number(contract["sale_price"])
        total += _counted(proceeds - value, security_of(document, contract), day)
        total -= proceeds + value * short_ratio(contract)
    return total - number(account["accrued_interest_and_fees"])


def _counted(gain: Fraction, security: Record, day: date) -> Fraction:
    return gain if gain < 0 else gain * haircut(security, day)


def margin_required(document: Record, day: date) -> Fraction:
    """Return the margin that an order with a limit uses: quantity × price × ratio."""
    order = document["order"]
    return number(order["quantity"]) * number(order["price"]) * order_ratio(document, day)


def order_is_covered(document: Record, day: date) -> bool:
    """Tell whether the order uses no more margin than is available before it."""
    return margin_required(document, day) <= margin_available(document, day)


def largest_quantity(document: Record, day: date) -> Fraction:
    """Return the largest number of shares, in whole lots, that the margin available covers."""
    margin = max(Fraction(0), margin_available(document, day))
    shares = margin / (number(document["order"]["price"]) * order_ratio(document, day))
    return Fraction(floor(shares / LOT) * LOT)


def debt(document: Record) -> Fraction:
    """Return the debt: financed amounts, borrowed shares at market, interest and fees."""
    account = document["account"]
    return (
        sum((number(c["financed_amount"]) for c in account["financing_contracts"]), Fraction(0))
        + sum(
            number(c["quantity_owed"]) * price_of(document, c) for c in account["short_contracts"]
        )
        + number(account["accrued_interest_and_fees"])
    )


def cash_and_securities(document: Record) -> Fraction:
    """Return the cash (short proceeds included) and all securities of the account at market."""
    account = document["account"]
    held = (*account["collateral"], *account["financing_contracts"])
    values = (number(item["quantity"]) * price_of(document, item) for item in held)
    return number(account["cash"]) + sum(values, Fraction(0))


def maintenance_ratio(document: Record, day: date) -> Fraction | None:
    """Return the maintenance ratio (维持担保比例), or None without debt.

    From 2019-08-19 other collateral that the member accepted counts too.
    """
    owed = debt(document)
    if owed == 0:
        return None
    assets = cash_and_securities(document)
    if day >= OTHER_COLLATERAL_FROM:
        assets += number(document["account"]["other_collateral_value"])
    return assets / owed


def below_minimum(document: Record, day: date) -> bool:
    """Tell whether the account stands below 130 %, from 2019-08-19 below the agreed line."""
    ratio = maintenance_ratio(document, day)
    agreed = number(document["account"]["minimum_line"])
    return ratio is not None and ratio < (MINIMUM_LINE if day <= MINIMUM_LINE_UNTIL else agreed)


def withdrawal_keeps_the_line(document: Record) -> bool:
    """Tell whether cash and securities exceed 300 % of the debt and stay at 300 % or above.

    维持担保比例超过300%时 … 但提取后维持担保比例不得低于300%; other collateral does not count here.
    """
    owed = debt(document)
    if owed == 0:
        return True
    now = cash_and_securities(document) / owed
    after = (cash_and_securities(document) - withdrawn(document)) / owed
    return now > WITHDRAWAL_LINE and after >= WITHDRAWAL_LINE


def withdrawn(document: Record) -> Fraction:
    """Return the cash and the market value of the securities withdrawn."""
    values = (
        number(lot["quantity_withdrawn"]) * price_of(document, lot)
        for lot in document["account"]["collateral"]
    )
    return number(document["withdrawal"]["cash"]) + sum(values, Fraction(0))


def withdrawal_keeps_the_margin(document: Record, day: date) -> bool:
    """Tell whether what is withdrawn lies within the margin available.

    Cash counts in full there and securities after their haircut.
    """
    counted = number(document["withdrawal"]["cash"])
    for lot in document["account"]["collateral"]:
        value = number(lot["quantity_withdrawn"]) * price_of(document, lot)
        counted += value * haircut(security_of(document, lot), day)
    return counted <= margin_available(document, day)


def free_cash(document: Record) -> Fraction:
    """Return the cash without the proceeds of open short sales."""
    account = document["account"]
    return number(account["cash"]) - sum(
        number(c["quantity_owed"]) * number(c["sale_price"]) for c in account["short_contracts"]
    )


def largest_cash_withdrawal(document: Record, day: date) -> Fraction:
    """Return the most cash that may leave: above 300 %, within the margin, and free."""
    surplus = cash_and_securities(document) - WITHDRAWAL_LINE * debt(document)
    if surplus <= 0:
        return Fraction(0)
    return max(Fraction(0), min(surplus, margin_available(document, day), free_cash(document)))
