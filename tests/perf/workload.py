"""Orders for the benchmark: a credit account with ten positions and five contracts.

Everything is raw: quantities, prices, dates, lists. Nothing that a rule works out is given.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

Document = dict[str, Any]

RULEBOOK: Final = "brokers/example_cn_member"
DAY: Final = date(2026, 1, 20)
POSITIONS: Final = 10
FINANCING_CONTRACTS: Final = 3
SHORT_CONTRACTS: Final = 2
CLASSES: Final = ("stock", "stock", "stock", "stock", "stock", "stock", "etf", "etf", "treasury")


def approved_order(action: str) -> Document:
    """Return an order of a plain account that passes every rule."""
    return order_document(Random(7), action, plain=True)


def order_document(random: Random, action: str, *, plain: bool = False) -> Document:
    """Return an order of `action`, its account drawn by chance.

    A plain account is well covered and the order keeps every rule; any other has a chance to
    breach each of them.
    """
    securities = [_security(random, place, plain) for place in range(POSITIONS)]
    traded = securities[0]
    price = Decimal(traded["price"])
    last = price if plain else price + random.choice((-1, 0, 0, 0, 1)) * Decimal("0.01")
    return {
        "event": "order",
        "order": {
            "id": "1",
            "action": action,
            "security": traded["id"],
            "type": "limit",
            "quantity": 1000 if plain else random.choice((100, 1000, 1000, 5000, 150, 90_000)),
            "price": str(price),
            "trade_date": DAY.isoformat(),
            "entered_at": f"{DAY.isoformat()}T10:31:00+08:00",
            "session": "auction",
            "purpose": "ordinary_trade" if plain else _mostly(random, "ordinary_trade", "pledge"),
            "lendable_quantity": 50_000,
            "lending_sources": [
                _lending_source(random, f"L{place}", traded["id"], plain) for place in range(2)
            ],
        },
        "market": {
            "traded_today": plain or random.random() < 0.9,
            "last_price": str(last),
            "previous_close": str(price),
            "limit_up": str((price * Decimal("1.1")).quantize(Decimal("0.01"))),
            "financing_suspended_market_wide": not plain and random.random() < 0.02,
            "short_suspended_market_wide": not plain and random.random() < 0.02,
        },
        "member": {
            "id": "M1",
            "net_capital": "2000000000.00",
            "aggregate_lending": "3000000000.00"
            if plain
            else _mostly(random, "3000000000.00", "7999999000.00"),
        },
        "client": {
            "id": "C1",
            "kind": "other" if plain else random.choice(("other", "private_securities_fund")),
            "insider_of": [] if plain else _mostly(random, [], [traded["id"]]),
            "holds_restricted_shares_of": [] if plain else _mostly(random, [], [traded["id"]]),
            "short_quantity_in_order_security": 0,
            "financing_at_member": "400000.00"
            if plain
            else _mostly(random, "400000.00", "99999000.00"),
            "short_value_at_member": "100000.00"
            if plain
            else _mostly(random, "100000.00", "99999000.00"),
        },
        "account": _account(random, securities, plain),
        "securities": securities,
    }


def _account(random: Random, securities: list[Document], plain: bool) -> Document:
    used = random.choice((0, 2_000_000))
    return {
        "id": "A1",
        "exchange": "SSE",
        "type": "credit" if plain else _mostly(random, "credit", "ordinary"),
        "cash": "3000000.00" if plain else random.choice(("3000000.00", "400000.00", "90000.00")),
        "collateral": [
            {"security": row["id"], "quantity": 100 * random.randint(10, 400)} for row in securities
        ],
        "financing_contracts": [
            _financing_contract(random, f"F{place}", random.choice(securities))
            for place in range(FINANCING_CONTRACTS)
        ],
        "short_contracts": [
            _short_contract(random, f"S{place}", random.choice(securities))
            for place in range(SHORT_CONTRACTS)
        ],
        "accrued_interest_and_fees": "1523.40",
        "other_collateral_value": "0.00",
        "credit_line": "10000000.00" if plain else random.choice(("10000000.00", "2040000.00")),
        "credit_used": str(used),
    }


def _security(random: Random, place: int, plain: bool) -> Document:
    kind = "stock" if place == 0 else random.choice(CLASSES)
    return {
        "id": f"60{place:04}",
        "exchange": "SSE",
        "class": kind,
        "price": str(Decimal(random.randint(300, 9000)).scaleb(-2)),
        "in_sse_180": random.random() < 0.5,
        "risk_warning": not plain and random.random() < 0.05,
        "listing_suspended": False,
        "in_delisting_period": False,
        "static_pe": random.choice(("11.2", "38.05") if plain else ("11.2", "-3", "300", "299.99")),
        "member_haircut": random.choice(("0.50", "0.65", "0.70")),
        **(_listed(random, plain) if place == 0 else {}),
    }


def _listed(random: Random, plain: bool) -> Document:
    """Return what is asked of the traded security only."""
    return {
        "financing_target_of_exchange": True,
        "financing_target_of_member": plain or random.random() < 0.95,
        "short_target_of_exchange": True,
        "short_target_of_member": plain or random.random() < 0.95,
        "financing_suspended": not plain and random.random() < 0.05,
        "short_suspended": not plain and random.random() < 0.05,
        "trading_suspended": not plain and random.random() < 0.02,
        "short_price_exempt": False,
        "delisting_announced": not plain and random.random() < 0.02,
        "total_market_value": "9000000000.00",
        "collateral_value_at_member": "500000000.00"
        if plain
        else _mostly(random, "500000000.00", "1799999000.00"),
    }


def _lending_source(random: Random, number: str, security: str, plain: bool) -> Document:
    refinanced = not plain and random.random() < 0.1
    return {
        "id": number,
        "security": security,
        "quantity": 50_000,
        "origin": "agreed_refinancing" if refinanced else "own_shares",
        "borrowed_on": "2024-07-10" if refinanced else None,
        "restricted_shares": not plain and random.random() < 0.05,
        "employee_placement_plan": not plain and random.random() < 0.05,
        "strategic_investor_barred": not plain and random.random() < 0.05,
    }


def _financing_contract(random: Random, number: str, security: Document) -> Document:
    quantity = 100 * random.randint(10, 90)
    value = Decimal(security["price"]) * quantity
    opened = _opened(random)
    return {
        "id": number,
        "security": security["id"],
        "quantity": quantity,
        "financed_amount": str((value * random.randint(80, 120) / 100).quantize(Decimal("0.01"))),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice(("0.80", "1.00", "1.10")),
        "ratio_reset_by_agreement_on": None,
        "rollovers": _rollovers(opened),
    }


def _short_contract(random: Random, number: str, security: Document) -> Document:
    opened = _opened(random)
    price = Decimal(security["price"]) * random.randint(80, 120) / 100
    return {
        "id": number,
        "security": security["id"],
        "quantity_owed": 100 * random.randint(5, 40),
        "sale_price": str(price.quantize(Decimal("0.01"))),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice(("0.50", "1.00", "1.20")),
        "investor_kind_when_dated": random.choice(("other", "private_securities_fund")),
        "rollovers": _rollovers(opened),
    }


def _opened(random: Random) -> date:
    return DAY - timedelta(days=random.randint(0, 900))


def _rollovers(opened: date) -> list[Document]:
    days = [opened + timedelta(days=175 * turn) for turn in range(1, 6)]
    return [
        {"id": str(place), "rolled_on": day.isoformat()}
        for place, day in enumerate(days)
        if day <= DAY
    ]


def _mostly(random: Random, usual: Any, rare: Any) -> Any:
    return usual if random.random() < 0.95 else rare
