"""Margin of United States accounts in fractions, from the wording of the rules; no engine.

Each function reads a facts document (maps of exact text) and states the passage it follows:
Regulation T, 12 CFR 220, and FINRA Rule 4210.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

Record = Mapping[str, Any]

HALF: Final = Fraction(1, 2)
MINIMUM_EQUITY: Final = Fraction(2000)
LONG_MAINTENANCE: Final = Fraction(1, 4)
NOT_ELIGIBLE_AT_ITS_WHOLE_VALUE_FROM: Final = date(2013, 1, 23)
CONVERSION_DAYS: Final = 90
BONDS: Final = ("bond", "treasury", "convertible_bond")


def number(value: Any) -> Fraction:
    """Return a number written as text or as a whole number."""
    assert not isinstance(value, float | bool)
    return Fraction(value)


def security_of(document: Record, item: Record) -> Record:
    """Return the record of the security that a position or order names."""
    return next(row for row in document["securities"] if row["id"] == item["security"])


def short_maintenance_per_share(price: Fraction) -> Fraction:
    """Return the maintenance margin for each share of stock sold short, by its price.

    4210(c)(2): below 5.00 the greater of 2.50 a share or 100 %. 4210(c)(3): from 5.00 on the
    greater of 5.00 a share or 30 %. So 2.50 binds to 2.50, the price to 5.00, 5.00 to 50/3.

    >>> [str(short_maintenance_per_share(Fraction(p))) for p in ("2.50", "4", "5", "50/3", "100")]
    ['5/2', '4', '5', '5', '30']

    """
    if price <= Fraction(5, 2):
        return Fraction(5, 2)
    if price < 5:
        return price
    if price < Fraction(50, 3):
        return Fraction(5)
    return price * 3 / 10


def long_value(document: Record, position: Record) -> Fraction:
    """Return cost on the day of purchase, else the close of the business day before (4210(a)(2))."""
    overnight = int(position["quantity"]) - int(position["quantity_bought_today"])
    close = number(security_of(document, position)["prior_close"])
    return number(position["bought_today_for"]) + overnight * close


def short_value(document: Record, position: Record) -> Fraction:
    """Return proceeds on the day of sale, else the close of the business day before."""
    overnight = int(position["quantity"]) - int(position["quantity_sold_today"])
    close = number(security_of(document, position)["prior_close"])
    return number(position["sold_today_for"]) + overnight * close


def equity(document: Record) -> Fraction:
    """Return LMV + CR - DR - SMV, cash that is free counted with CR."""
    account = document["account"]
    return (
        sum((long_value(document, p) for p in account["long_positions"]), Fraction(0))
        + number(account["credit_balance"])
        + number(account["free_credit_balance"])
        - number(account["debit_balance"])
        - sum((short_value(document, p) for p in account["short_positions"]), Fraction(0))
    )


def long_initial(security: Record) -> Fraction:
    """Return the margin of 220.12(a), (b) or (e), or the trading venue's where it is higher."""
    venue = number(security["venue_margin_ratio"] or 0)
    if security["exempted_security"] or not security["equity_security"]:
        return max(number(security["good_faith_margin_ratio"]), venue)
    if security["margin_security"]:
        return max(HALF, venue)
    return Fraction(1)


def short_initial(security: Record) -> Fraction:
    """Return the margin of 220.12(c)(1) or (d) beyond the proceeds, which are kept."""
    if security["exempted_security"] or not security["equity_security"]:
        return number(security["good_faith_margin_ratio"])
    return HALF


def shares_acquired(security: Record, sold_at: Fraction, day: date) -> Fraction:
    """Return the shares that what is held gives under 220.12(c)(2)."""
    if security["exempted_security"] or not security["equity_security"]:
        return Fraction(0)
    latest = day + timedelta(days=CONVERSION_DAYS)
    found = Fraction(0)
    for held in security["convertibles_held"]:
        in_time = date.fromisoformat(held["convertible_from"]) <= latest
        if in_time and not held["restricted_other_than_payment"]:
            found += held["quantity"] * number(held["shares_each"])
    for call in security["call_rights_held"]:
        listed = call["listed_on_exchange"] and call["issued_by_clearing_corporation"]
        counts = call["kind"] == "call_option" and call["american_style"] and listed
        if counts and number(call["strike_price"]) <= sold_at:
            found += call["quantity"]
    return found


def required_margin(document: Record, day: date) -> Fraction:
    """Return what 220.12 asks of all positions; a short sale against the box is a long sale."""
    account = document["account"]
    found = Fraction(0)
    for position in account["long_positions"]:
        if position["quantity"]:
            kept = position["quantity"] - position["short_against_the_box"]
            share = Fraction(kept, position["quantity"])
            value = long_value(document, position)
            found += value * share * long_initial(security_of(document, position))
    for position in account["short_positions"]:
        if position["quantity"]:
            security = security_of(document, position)
            open_short = Fraction(position["quantity"] - position["long_against_the_box"])
            held = shares_acquired(security, number(position["sale_price"]), day)
            needing = open_short - min(open_short, held)
            value = short_value(document, position)
            found += value * needing / position["quantity"] * short_initial(security)
    return found


def long_maintenance(security: Record, day: date) -> Fraction:
    """Return 25 %, from 2013-01-23 100 % for equity securities not eligible for margin."""
    eligible = security["margin_security"] or not security["equity_security"]
    if eligible or day < NOT_ELIGIBLE_AT_ITS_WHOLE_VALUE_FROM:
        return LONG_MAINTENANCE
    return Fraction(1)


def maintenance(document: Record, day: date) -> Fraction:
    """Return what 4210(c) asks of all positions."""
    account = document["account"]
    found = Fraction(0)
    for position in account["long_positions"]:
        security = security_of(document, position)
        found += long_value(document, position) * long_maintenance(security, day)
    for position in account["short_positions"]:
        security = security_of(document, position)
        value = short_value(document, position)
        quantity = position["quantity"]
        if security["class"] in BONDS:
            principal = quantity * number(security["principal_each"])
            found += max(principal / 20, value * 3 / 10)
        elif quantity:
            found += quantity * short_maintenance_per_share(value / quantity)
    return found


def special_memorandum(document: Record, day: date) -> Fraction:
    """Return the balance of 220.5: it rises to the excess and falls by use alone."""
    account = document["account"]
    kept = (
        number(account["special_memorandum"])
        + number(account["special_memorandum_credited"])
        - number(account["special_memorandum_used"])
    )
    return max(Fraction(0), kept, equity(document) - required_margin(document, day))


def opened(document: Record) -> tuple[Fraction, Fraction]:
    """Return the shares that the order adds to the long and to the short side."""
    order, account = document["order"], document["account"]
    quantity = Fraction(order["quantity"])
    held = sum(
        p["quantity"] for p in account["long_positions"] if p["security"] == order["security"]
    )
    owed = sum(
        p["quantity"] for p in account["short_positions"] if p["security"] == order["security"]
    )
    if order["action"] == "margin_buy":
        return quantity, Fraction(0)
    if order["action"] in {"buy", "buy_to_return"}:
        return max(Fraction(0), quantity - owed), Fraction(0)
    if order["action"] == "short_sell":
        return Fraction(0), max(Fraction(0), quantity - max(0, held - owed))
    return Fraction(0), max(Fraction(0), quantity - held)


def order_margin(document: Record, day: date) -> Fraction:
    """Return what 220.12 asks for what the order opens, beyond the proceeds of a short sale."""
    order, account = document["order"], document["account"]
    security, price = security_of(document, order), number(order["price"])
    bought, sold = opened(document)
    if bought:
        return bought * price * long_initial(security)
    held: int = sum(
        p["quantity"] for p in account["long_positions"] if p["security"] == order["security"]
    )
    owed: int = sum(
        p["quantity"] for p in account["short_positions"] if p["security"] == order["security"]
    )
    free = shares_acquired(security, price, day) - max(0, owed - held)
    return (sold - min(sold, max(Fraction(0), free))) * price * short_initial(security)


def order_maintenance(document: Record, day: date) -> Fraction:
    """Return what 4210(c) asks for what the order opens."""
    order = document["order"]
    security, price = security_of(document, order), number(order["price"])
    bought, sold = opened(document)
    if security["class"] in BONDS:
        each = max(number(security["principal_each"]) / 20, price * 3 / 10)
    else:
        each = short_maintenance_per_share(price)
    return bought * price * long_maintenance(security, day) + sold * each


def opening_deposit(document: Record, day: date) -> Fraction:
    """Return the deposit of a new account, 4210(b): the cost helps purchases alone."""
    bought, sold = opened(document)
    floor = Fraction(0)
    if bought:
        floor = min(MINIMUM_EQUITY, bought * number(document["order"]["price"]))
    elif sold:
        floor = MINIMUM_EQUITY
    return max(order_margin(document, day), order_maintenance(document, day), floor)


def initial_margin_is_there(document: Record, day: date) -> bool:
    """Tell whether 220.12 is met by excess, special memorandum account and deposit."""
    deposit = number(document["account"]["deposit_for_order"])
    return order_margin(document, day) <= special_memorandum(document, day) + deposit


def maintenance_is_there(document: Record, day: date) -> bool:
    """Tell whether 4210(b)(2) is met by the excess over maintenance and the deposit."""
    excess = max(Fraction(0), equity(document) - maintenance(document, day))
    deposit = number(document["account"]["deposit_for_order"])
    return order_maintenance(document, day) <= excess + deposit


def minimum_equity_is_there(document: Record) -> bool:
    """Tell whether 4210(b)(4) is met: 2,000 of equity, or a purchase paid in full in cash."""
    account = document["account"]
    bought, sold = opened(document)
    deposit = number(account["deposit_for_order"])
    cash = number(account["free_credit_balance"]) + deposit
    if not sold and bought * number(document["order"]["price"]) <= cash:
        return True
    return equity(document) + deposit >= MINIMUM_EQUITY


def deposit_needed(document: Record, day: date) -> Fraction:
    """Return the least deposit with which the order meets Regulation T and 4210(b)."""
    account = document["account"]
    bought, sold = opened(document)
    if not bought and not sold:
        return Fraction(0)
    shortfall = MINIMUM_EQUITY - equity(document)
    if bought:
        unpaid = bought * number(document["order"]["price"]) - number(
            account["free_credit_balance"]
        )
        shortfall = min(shortfall, max(Fraction(0), unpaid))
    excess = max(Fraction(0), equity(document) - maintenance(document, day))
    return max(
        Fraction(0),
        order_margin(document, day) - special_memorandum(document, day),
        order_maintenance(document, day) - excess,
        shortfall,
    )
