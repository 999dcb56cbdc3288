"""Orders that the shipped rulebooks approve, to be changed one thing at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from creditgate import Decision, Gate

Document = dict[str, Any]

CN_DAY = "2026-01-20"
_STOCK: Document = {
    "exchange": "SSE", "class": "stock", "price": "10.00", "risk_warning": False,
    "listing_suspended": False, "in_delisting_period": False, "in_sse_180": False,
    "static_pe": "12", "member_haircut": "0.65", "trading_suspended": False,
    "financing_suspended": False, "short_suspended": False, "short_price_exempt": False,
    "high_liquidity_recognised": False, "collateral_of_exchange": True,
    "collateral_of_member": True, "financing_target_of_exchange": True,
    "financing_target_of_member": True, "short_target_of_exchange": True,
    "short_target_of_member": True, "delisting_announced": False,
    "collateral_value_at_member": "0", "total_market_value": "300000000000.00",
}  # fmt: skip
_CN: Document = {
    "event": "order",
    "order": {
        "id": "1", "action": "margin_buy", "security": "600000", "type": "limit",
        "quantity": 1000, "price": "10.00", "session": "auction", "purpose": "ordinary_trade",
        "closes_contract": None, "repay_amount": None, "trade_date": CN_DAY,
        "cash_in_place_of_shares": False,
        "lending_sources": [{
            "id": "L1", "security": "600000", "quantity": 10000000, "origin": "own_shares",
            "borrowed_on": None, "restricted_shares": False, "employee_placement_plan": False,
            "strategic_investor_barred": False,
        }],
    },
    "account": {
        "id": "A1", "exchange": "SSE", "type": "credit", "cash": "1000000.00", "collateral": [],
        "financing_contracts": [], "short_contracts": [], "accrued_interest_and_fees": "0",
        "other_collateral_value": "0", "credit_line": "5000000.00", "credit_used": "0",
    },
    "client": {
        "id": "C1", "kind": "other", "person": "individual", "insider_of": [],
        "holds_restricted_shares_of": [], "short_quantity_in_order_security": 0,
        "holds_released_shares_of": [], "financing_at_member": "0", "short_value_at_member": "0",
    },
    "market": {
        "traded_today": True, "last_price": "10.00", "previous_close": "9.90",
        "limit_up": "10.89", "financing_suspended_market_wide": False,
        "short_suspended_market_wide": False,
    },
    "member": {
        "id": "M1", "net_capital": "1000000000000.00", "aggregate_lending": "20000000000.00",
    },
    "securities": [{"id": "600000", **_STOCK}, {"id": "600036", **_STOCK, "price": "40.00"}],
}  # fmt: skip
_US: Document = {
    "event": "order",
    "order": {
        "id": "1", "action": "sell", "security": "XYZ", "type": "limit", "quantity": 1000,
        "price": "25.00", "trade_date": "2024-03-04", "entered_at": "2024-03-04T10:00:00-05:00",
        "seller_kind": "customer", "mark": "short", "long_quantity_alongside": None,
        "loaned_quantity": 0, "recall_started_on": None, "short_exempt_ground": None, "delivers_own_shares": False,
        "in_possession_or_control": False, "expected_by_settlement": False,
        "seller_deemed_to_own": False, "from_registered_dealer": False,
        "originator_subject_to_rule": False, "duty_taken_by_contract": False,
        "market_maker_in_security": False, "borrowed_quantity": 0, "arranged_quantity": 0,
        "locates": [{
            "id": "L1", "security": "XYZ", "quantity": 1000, "used": 0, "covered_back": 0,
            "method": "lender_confirm", "documented": True,
            "obtained_at": "2024-03-04T09:00:00-05:00",
            "valid_until": "2024-03-04T16:00:00-05:00", "good_all_day": True,
        }],
    },
    "seller": {
        "id": "S1", "aggregation": "person", "title_quantity": 0, "unsettled_purchases": [],
        "convertibles": [], "call_rights": [], "security_futures": [], "short_quantity": 0,
        "open_orders": [],
    },
    "market": {
        "price_test_active": False, "best_bid": "24.99", "best_offer": "25.01",
        "best_bid_current": True, "price_tick": "0.01", "last_price": "25.00",
        "previous_close": "24.80",
    },
    "participant": {"id": "P1", "penalty_box": [], "threshold_close_out_failed": []},
    "firm": {"id": "F1", "fails_allocated": [], "threshold_fails_allocated": []},
    "account": {"id": "A1", "type": "margin", "equity": "2000.00"},
    "securities": [{
        "id": "XYZ", "exchange": "NYSE", "class": "stock", "equity_security": True,
        "nms_stock": True, "threshold": False, "borrow_status": "easy", "round_lot": 100,
    }],
}  # fmt: skip

_ACCESS: Document = {
    "order": {"stop_price": None, "entered_by_approved_person": True},
    "account": {
        "approved": True, "recent_orders": [],
        "recent_orders_since": "2024-03-04T09:30:00-05:00",
    },
    "client": {
        "id": "C1", "approved": True, "credit_threshold": "100000.00",
        "credit_threshold_approved_by": "risk officer",
        "credit_threshold_approved_at": "2024-03-01T09:00:00-05:00",
        "orders_entered_value": "0", "restricted_securities": [],
    },
    "market": {"reference_price": "25.00"},
    "firm": {
        "capital_threshold": "1000000.00", "orders_entered_value": "0", "finer_thresholds": [],
        "largest_order_quantity": 2000, "largest_order_value": "60000.00", "price_collar": "0.05",
        "price_collar_away": None, "duplicate_window": 5, "duplicate_limit": 0,
        "burst_window": 60, "burst_limit": 3, "burst_quantity_limit": 5000,
        "limits_approved_by": "risk officer", "limits_approved_at": "2024-03-01T09:00:00-05:00",
        "requirements_checked_before_entry": [
            "order_marking", "short_sale_locate", "pre_borrow", "short_sale_price_test",
            "regulation_t", "finra_margin",
        ],
        "restricted_securities": [], "financial_controls_under_own_control": True,
        "regulatory_controls_under_own_control": True,
    },
}  # fmt: skip


@cache
def gate(rulebook: str) -> Gate:
    """Return the gate of one shipped rulebook."""
    return Gate.load([rulebook])


def cn(**changes: Any) -> Document:
    """Return an approved margin buy on SSE, with facts of some entities changed."""
    return _changed(_CN, changes)


def us(**changes: Any) -> Document:
    """Return an approved short sale under Regulation SHO, with facts of some entities changed."""
    return _changed(_US, changes)


def _changed(document: Document, changes: Document) -> Document:
    result = copy.deepcopy(document)
    for name, change in changes.items():
        if name == "security":
            result["securities"][0].update(change)
        elif isinstance(change, dict):
            result.setdefault(name, {}).update(copy.deepcopy(change))
        else:
            result[name] = change
    return result


def access(**changes: Any) -> Document:
    """Return the short sale with the facts of market access, with facts of some entities changed."""
    return _changed(_changed(_US, _ACCESS), changes)


def without(document: Document, *paths: str) -> Document:
    """Return a document with facts left out, so that they are not known."""
    result = copy.deepcopy(document)
    for path in paths:
        holder: Any = result
        *names, last = path.split(".")
        for name in names:
            holder = holder[name]
        del holder[last]
    return result


def by_sse(document: Document, *, figures: tuple[str, ...] = ()) -> Decision:
    """Decide under the rules of SSE."""
    return gate("cn/sse").decide(document, figures=figures)


def by_reg_sho(document: Document) -> Decision:
    """Decide under Regulation SHO."""
    return gate("us/reg_sho").decide(document)


def by_market_access(document: Document) -> Decision:
    """Decide under Rule 15c3-5."""
    return gate("us/market_access").decide(document)


def short_names(rules: tuple[str, ...]) -> set[str]:
    """Return the names of rules without the rulebooks in which they are written."""
    return {rule.rpartition("/")[2] for rule in rules}


def codes(decision: Decision) -> set[str]:
    """Return the codes of what could not be read."""
    return {refusal.code for refusal in decision.core.refusals}


def short_contract(**changes: Any) -> Document:
    """Return an open short contract in 600000."""
    return {
        "id": "S1", "security": "600000", "quantity_owed": 1000, "sale_price": "10.00",
        "opened_on": "2025-12-01", "agreed_ratio": "1", "investor_kind_when_dated": "other",
        "rollovers": [], **changes,
    }  # fmt: skip


def financing_contract(**changes: Any) -> Document:
    """Return an open financing contract in 600000."""
    return {
        "id": "F1", "security": "600000", "quantity": 1000, "financed_amount": "10000.00",
        "opened_on": "2025-12-01", "agreed_ratio": "1", "ratio_reset_by_agreement_on": None,
        "rollovers": [], **changes,
    }  # fmt: skip


def facts_of(document: Document) -> Iterator[tuple[str, ...]]:
    """Yield the path of every fact of every record, through lists by position; no keys of rows."""
    keys = {"id", "counted_on", "traded_on", "event", "claims", "lists"}

    def walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if isinstance(value, dict):
            for name, item in value.items():
                if name in keys or (path and path[-1].isdecimal() and name == "security"):
                    continue
                yield from walk(item, (*path, name))
                if path:
                    yield (*path, name)
        elif isinstance(value, list):
            for place, item in enumerate(value):
                yield from walk(item, (*path, str(place)))

    yield from walk(document, ())


def taken_out(document: Document, path: tuple[str, ...]) -> Document:
    """Return a document without the fact at a path of `facts_of`."""
    result = copy.deepcopy(document)
    holder: Any = result
    for name in path[:-1]:
        holder = holder[int(name)] if isinstance(holder, list) else holder[name]
    del holder[path[-1]]
    return result


def dated_list(name: str, day: str) -> Document:
    """Return a row that states a daily list of a day."""
    return {"id": name, "day": day, "source": "a file of the day", "checksum": "sha256:9f86d081"}
