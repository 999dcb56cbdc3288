"""The rules written out by hand over scaled integers: what a good programmer would write.

It reads rows as they are (see `facts`), knows complete facts only, and is here to be measured
against.
"""

from __future__ import annotations

from typing import Final

from tests.perf.orders30.facts import Row

TRUSTED: Final = frozenset({"C3", "C4", "C5"})
ON_CREDIT: Final = frozenset({"margin", "portfolio"})
BANDED: Final = frozenset({"main", "star", "chinext"})


def failures_by_hand(row: Row) -> list[str]:
    """Return the ids of the rules breached; none means approved."""
    side = row["side"]
    if side == "margin_buy":
        return _margin_buy(row)
    if side == "short_sell":
        return _short_sale(row)
    return []


def _margin_buy(row: Row) -> list[str]:
    quantity, price = row["quantity"], row["price"]
    value = quantity * price  # in ten-thousandths; money is in hundredths
    assets, debt = row["total_assets"], row["total_debt"]
    ratio = row["margin_ratio_buy"]
    found = _either_side(row, quantity, price, assets, debt)
    if not row["margin_target"]:
        found.append("orders30/margin_target")
    if row["available_margin"] * 1_000_000 < value * ratio:
        found.append("orders30/margin_covers_buy")
    if ratio < 8000:
        found.append("orders30/ratio_of_buy")
    if 2 * (assets * 100 + value) < 3 * (debt * 100 + value):
        found.append("orders30/maintenance_after_buy")
    if row["financing_balance"] * 4 >= row["float_value"]:
        found.append("orders30/financing_share")
    if row["position_value"] * 100 + value > assets * 50:
        found.append("orders30/concentration")
    if row["risk_warning"] != "no_warning":
        found.append("orders30/no_risk_warning")
    if row["credit_used"] * 100 + value > row["credit_line"] * 100:
        found.append("orders30/credit_line_kept")
    return found


def _short_sale(row: Row) -> list[str]:
    quantity, price = row["quantity"], row["price"]
    value = quantity * price
    assets, debt = row["total_assets"], row["total_debt"]
    ratio, exempt, mark = row["margin_ratio_short"], row["short_exempt"], row["mark"]
    found = _either_side(row, quantity, price, assets, debt)
    if not row["short_target"]:
        found.append("orders30/short_target")
    if price < row["last_price"]:
        found.append("orders30/price_not_below_last")
    if row["breaker_active"] and not exempt and price <= row["best_bid"]:
        found.append("orders30/price_above_best_bid")
    if row["located_quantity"] < quantity and not row["locate_exempt"]:
        found.append("orders30/located")
    if row["threshold_security"] and not row["preborrowed"]:
        found.append("orders30/threshold_borrowed")
    if row["available_margin"] * 1_000_000 < value * ratio:
        found.append("orders30/margin_covers_short")
    if ratio < 10_000:
        found.append("orders30/ratio_of_short")
    if 2 * (assets * 100 + value) < 3 * (debt * 100 + value):
        found.append("orders30/maintenance_after_short")
    if row["short_volume"] * 4 >= row["float_shares"]:
        found.append("orders30/short_share")
    if price < 50_000:
        found.append("orders30/least_price")
    if mark != "short" and not (mark == "short_exempt" and exempt):
        found.append("orders30/mark_of_short_sale")
    return found


def _either_side(row: Row, quantity: int, price: int, assets: int, debt: int) -> list[str]:
    found = []
    if quantity % 100:
        found.append("orders30/whole_lots")
    if row["suspended"]:
        found.append("orders30/not_suspended")
    if row["account_age_days"] < 180:
        found.append("orders30/account_age")
    if row["average_assets"] < 50_000_000:
        found.append("orders30/average_assets")
    if row["risk_rating"] not in TRUSTED:
        found.append("orders30/risk_rating")
    if debt > 0 and assets * 10 < debt * 13:
        found.append("orders30/maintenance")
    if row["equity"] < 200_000:
        found.append("orders30/least_equity_kept")
    if row["contract_days"] > 180:
        found.append("orders30/contract_term")
    if not row["contract_effective_on"] <= row["trade_date"] <= row["contract_expires_on"]:
        found.append("orders30/contract_in_effect")
    if row["account_type"] not in ON_CREDIT or row["restricted"]:
        found.append("orders30/account_permitted")
    banded = row["order_type"] == "limit" and row["board"] in BANDED
    if banded and not row["limit_down"] <= price <= row["limit_up"]:
        found.append("orders30/price_band")
    return found
