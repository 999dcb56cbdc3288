"""The rules for margin buys and short sales at the example member, written out by hand.

What a good programmer would write for this one day, without an engine: scaled integers, one pass a
list, no generality. It reads the same decoded records as the engine, knows complete facts only,
and answers with the rules breached and the rules that warn. It is here to be measured against.

Units: money in cents, prices in ten-thousandths, ratios in millionths. A value of securities is
quantity × price, in ten-thousandths; times a ratio it is in ten-thousand-millionths.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import Any, Final

ONE: Final = 1_000_000
MONEY_TO_VALUE: Final = 100

FLOOR_DAYS: Final = tuple(
    day.toordinal()
    for day in (date(2010, 3, 31), date(2015, 11, 23), date(2023, 9, 11), date(2026, 1, 19))
)
FLOORS: Final = (0, ONE // 2, ONE, 4 * ONE // 5, ONE)
SHORT_DAYS: Final = tuple(
    day.toordinal() for day in (date(2010, 3, 31), date(2023, 10, 30), date(2024, 7, 22))
)
SHORT_FLOORS: Final = {
    "other": (0, ONE // 2, 4 * ONE // 5, ONE),
    "private_securities_fund": (0, ONE // 2, ONE, 6 * ONE // 5),
}
SHORT_ADD_ON: Final = ONE // 5
ETF_ADDITION: Final = 3 * ONE // 20
ROLLOVERS_CAUGHT_FROM: Final = date(2024, 7, 22).toordinal()
AGREEMENTS_FROM: Final = date(2023, 9, 11).toordinal()
HAIRCUT_CAPS: Final = {
    "etf": 800_000, "treasury": 900_000, "cash_product": 900_000, "money_market_fund": 900_000,
    "lof": 500_000, "closed_end_fund": 500_000, "other_fund": 500_000, "bond": 500_000,
    "convertible_bond": 500_000,
}  # fmt: skip
STOCK_CAP: Final = 600_000
ZERO_HAIRCUT_PE: Final = 300 * ONE
BONDS: Final = frozenset({"bond", "convertible_bond", "treasury"})

# Limits of the member, in per cent but for the two caps of an order.
WARNING_LINE: Final = 140
CAUTION_LINE: Final = 180
LEVERAGE_CAP: Final = 150
SINGLE_NAME_CAPS: Final = {"growth_board": 30, "star_market": 30, "beijing_board": 20}
OTHER_SINGLE_NAME_CAP: Final = 50
ORDER_QUANTITY_CAP: Final = 500_000
ORDER_VALUE_CAP: Final = 5_000_000 * 10_000
COLLAR: Final = 5
CLIENT_WATCHED: Final = 4
COLLATERAL_STOCK_WATCHED: Final = 16
LENDING_WATCHED: Final = 320

BASE: Final = "cn/margin_trading/"
HOUSE: Final = "brokers/example_cn_member/"


def haircut(security: Any) -> int:
    """Return the haircut of a security at the member, in millionths."""
    kind = security.class_
    if kind == "stock":
        if security.risk_warning or security.listing_suspended or security.in_delisting_period:
            return 0
        multiple = security.static_pe
        if multiple is None or multiple < 0 or multiple >= ZERO_HAIRCUT_PE:
            return 0
        cap = STOCK_CAP
    else:
        cap = HAIRCUT_CAPS.get(kind, 0)
    own: int = security.member_haircut
    return own if own < cap else cap


def decide(root: Any, claims: Any, as_of: int) -> tuple[list[str], list[str]]:
    """Return the rules that a margin buy or a short sale breaches, and those that warn."""
    order, account, client = root.order, root.account, root.client
    security = order.security_record
    buying = order.action == "margin_buy"
    short = order.action == "short_sell"
    code = order.security
    breached: list[str] = []
    warned: list[str] = []

    cash = account.cash * MONEY_TO_VALUE
    fees = account.accrued_interest_and_fees * MONEY_TO_VALUE
    assets, debt, in_security, owed_in_security = cash, fees, 0, 0
    margin = (cash - fees) * ONE
    for lot in account.collateral:
        held = lot.security_record
        value = lot.quantity * held.price
        assets += value
        margin += value * haircut(held)
        if lot.security == code:
            in_security += value
    for contract in account.financing_contracts:
        held = contract.security_record
        value = contract.quantity * held.price
        financed = contract.financed_amount * MONEY_TO_VALUE
        assets += value
        debt += financed
        gain = value - financed
        margin += gain * (ONE if gain < 0 else haircut(held))
        ratio_day = contract.opened_on
        agreed_on = contract.ratio_reset_by_agreement_on
        if agreed_on is not None and agreed_on >= AGREEMENTS_FROM and agreed_on >= ratio_day:
            ratio_day = agreed_on
        floor = FLOORS[bisect_right(FLOOR_DAYS, ratio_day)]
        agreed = contract.agreed_ratio
        margin -= financed * (agreed if agreed > floor else floor)
        if contract.security == code:
            in_security += value
            owed_in_security += financed
    for contract in account.short_contracts:
        lent = contract.security_record
        value = contract.quantity_owed * lent.price
        proceeds = contract.quantity_owed * contract.sale_price
        debt += value
        gain = proceeds - value
        margin += gain * (ONE if gain < 0 else haircut(lent)) - proceeds * ONE
        ratio_day = contract.opened_on
        caught = 0
        for item in contract.rollovers:
            rolled = item.rolled_on
            if rolled >= ROLLOVERS_CAUGHT_FROM and rolled > caught:
                caught = rolled
        floors = SHORT_FLOORS[contract.investor_kind_when_dated]
        floor = floors[bisect_right(SHORT_DAYS, caught or ratio_day)]
        agreed = contract.agreed_ratio
        margin -= value * (agreed if agreed > floor else floor)
        if contract.security == code:
            owed_in_security += value

    price = order.price if order.price is not None else root.market.limit_up
    order_value = None if price is None else order.quantity * price
    if buying:
        ratio = FLOORS[bisect_right(FLOOR_DAYS, as_of)]
    else:
        ratio = SHORT_FLOORS[client.kind][bisect_right(SHORT_DAYS, as_of)] + SHORT_ADD_ON
    etf = security.class_ == "etf"
    ratio += ETF_ADDITION if etf else ONE - haircut(security)
    if order_value is None or order_value * ratio > margin:
        breached.append(BASE + "margin_covers_order")
    if code in client.insider_of:
        breached.append(BASE + "insider_own_company")
    if short and code in client.holds_restricted_shares_of:
        breached.append(BASE + "restricted_holder_does_not_short")
    if buying and security.financing_suspended:
        breached.append(BASE + "financing_not_suspended")
    if short and security.short_suspended:
        breached.append(BASE + "short_not_suspended")
    if buying and root.market.financing_suspended_market_wide:
        breached.append(BASE + "financing_not_suspended_market_wide")
    if short and root.market.short_suspended_market_wide:
        breached.append(BASE + "short_not_suspended_market_wide")
    if security.trading_suspended:
        breached.append(BASE + "trading_not_suspended")
    free_line = (account.credit_line - account.credit_used) * MONEY_TO_VALUE
    if order_value is None or order_value > free_line:
        breached.append(BASE + "within_credit_line")
    if buying and not (
        security.financing_target_of_exchange and security.financing_target_of_member
    ):
        breached.append(BASE + "financing_target")
    if short and not (security.short_target_of_exchange and security.short_target_of_member):
        breached.append(BASE + "short_target")
    if security.class_ == "stock" and security.risk_warning:
        breached.append(BASE + "risk_warning_leaves_targets")
    if security.delisting_announced:
        breached.append(BASE + "delisting_leaves_targets")
    capital = root.member.net_capital * MONEY_TO_VALUE
    owed = client.financing_at_member if buying else client.short_value_at_member
    if order_value is None or (owed * MONEY_TO_VALUE + order_value) * 20 > capital:
        name = "client_financing_within_cap" if buying else "client_short_within_cap"
        breached.append(BASE + name)
    lent = root.member.aggregate_lending * MONEY_TO_VALUE
    if order_value is None or lent + order_value > 4 * capital:
        breached.append(BASE + "total_lending_within_cap")
    if buying and security.class_ == "stock" and order.purpose != "public_offering_subscription":
        pledged = security.collateral_value_at_member * MONEY_TO_VALUE
        worth = security.total_market_value * MONEY_TO_VALUE
        if order_value is None or (pledged + order_value) * 5 > worth:
            breached.append(BASE + "collateral_stock_within_cap")
    if account.type != "credit":
        breached.append(BASE + "credit_order_in_credit_account")
    if order.quantity % (10 if security.class_ in BONDS else 100):
        breached.append(BASE + "whole_lots")
    market = root.market
    reference = market.last_price if market.traded_today else market.previous_close
    if short:
        if order.type != "limit":
            breached.append(BASE + "short_sale_has_limit_price")
        elif not etf and (reference is None or order.price < reference):
            breached.append(BASE + "short_price_not_below_last")
    if order.purpose != "ordinary_trade":
        breached.append(BASE + "only_allowed_purposes")
    if short and order.quantity > order.lendable_quantity:
        breached.append(HOUSE + "shares_to_lend")
    if short:
        free = sum(
            source.quantity
            for source in order.lending_sources
            if source.security == code
            and source.origin == "own_shares"
            and not source.restricted_shares
            and not source.employee_placement_plan
            and not source.strategic_investor_barred
        )
        if order.quantity > free:
            breached.append(BASE + "shares_may_be_lent")
    counted = assets + account.other_collateral_value * MONEY_TO_VALUE
    if debt > 0 and counted * 100 < debt * WARNING_LINE:
        breached.append(HOUSE + "opening_above_warning_line")
    line = account.credit_line * MONEY_TO_VALUE
    cap = SINGLE_NAME_CAPS.get(security.board, OTHER_SINGLE_NAME_CAP)
    if order_value is None or (owed_in_security + order_value) * 100 > cap * line:
        breached.append(HOUSE + "single_name_within_cap")
    own_funds = max(0, assets - debt)
    if order_value is None or (debt + order_value) * 100 > LEVERAGE_CAP * own_funds:
        breached.append(HOUSE + "leverage_within_cap")
    if order.quantity > ORDER_QUANTITY_CAP:
        breached.append(HOUSE + "order_quantity_within_cap")
    if order_value is None or order_value > ORDER_VALUE_CAP:
        breached.append(HOUSE + "order_value_within_cap")
    if order.type == "limit" and (
        reference is None or abs(order.price - reference) * 100 > COLLAR * reference
    ):
        breached.append(HOUSE + "limit_price_within_collar")
    member = root.member
    capital = member.net_capital * MONEY_TO_VALUE
    lending = member.aggregate_lending * MONEY_TO_VALUE
    if order_value is None or (lending + order_value) * 100 > LENDING_WATCHED * capital:
        warned.append(HOUSE + "lending_before_limit")
    if short:
        free = (account.short_line - account.short_line_used) * MONEY_TO_VALUE
        if order_value is None or order_value > free:
            breached.append(HOUSE + "within_short_line")
        owed = client.short_value_at_member * MONEY_TO_VALUE
        if order_value is None or (owed + order_value) * 100 > CLIENT_WATCHED * capital:
            warned.append(HOUSE + "client_short_before_limit")
        return breached, warned

    free = (account.financing_line - account.financing_line_used) * MONEY_TO_VALUE
    if order_value is None or order_value > free:
        breached.append(HOUSE + "within_financing_line")
    owed = client.financing_at_member * MONEY_TO_VALUE
    if order_value is None or (owed + order_value) * 100 > CLIENT_WATCHED * capital:
        warned.append(HOUSE + "client_financing_before_limit")
    collateral = security.collateral_value_at_member * MONEY_TO_VALUE
    issue = security.total_market_value * MONEY_TO_VALUE
    if order_value is None or ((collateral + order_value) * 100 > COLLATERAL_STOCK_WATCHED * issue):
        warned.append(HOUSE + "collateral_stock_before_limit")
    if debt == 0:
        cap = 100
    elif counted * 100 < debt * CAUTION_LINE:
        cap = 60 if etf else 40
    elif counted * 100 < debt * 240:
        cap = 80 if etf else 60
    else:
        cap = 100 if etf else 80
    if order_value is None or (
        (in_security + order_value) * 100 > cap * max(0, assets + order_value)
    ):
        breached.append(HOUSE + "concentration_within_cap")
    if debt > 0 and counted * 100 < debt * CAUTION_LINE:
        warned.append(HOUSE + "financing_near_minimum")
    return breached, warned
