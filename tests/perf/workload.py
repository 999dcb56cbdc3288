"""Orders for the benchmark: a credit account with ten positions and five contracts.

Everything is raw: quantities, prices, dates, lists. Nothing that a rule works out is given.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

import msgspec

Document = dict[str, Any]

RULEBOOK: Final = "brokers/example_cn_member"
DAY: Final = date(2026, 1, 20)
POSITIONS: Final = 10
FINANCING_CONTRACTS: Final = 3
SHORT_CONTRACTS: Final = 2
QUANTITIES: Final = (100, 1000, 1000, 5000, 150, 90_000)
BOARDS: Final = ("main_board", "growth_board", "star_market", "beijing_board", "main_board")
CLASSES: Final = ("stock", "stock", "stock", "stock", "stock", "stock", "etf", "etf", "treasury")

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def json_bytes(document: Document) -> bytes:
    """Return a document as JSON with its numbers as they are written: 10.10 stays 10.10."""
    return _ENCODER.encode(document)


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
    price = traded["price"]
    last = price if plain else _near(random, price)
    order_type = "limit" if plain else _mostly(random, "limit", "market")
    return {
        "event": "order",
        "order": {
            "id": "1",
            "action": action,
            "security": traded["id"],
            "type": order_type,
            "quantity": 1000 if plain else _mostly(random, random.choice(QUANTITIES), 600_000),
            "price": price if order_type == "limit" else None,
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
            "last_price": last,
            "previous_close": price,
            "limit_up": (price * Decimal("1.1")).quantize(Decimal("0.01")),
            "financing_suspended_market_wide": not plain and random.random() < 0.02,
            "short_suspended_market_wide": not plain and random.random() < 0.02,
        },
        "client": {
            "id": "C1",
            "kind": "other" if plain else random.choice(("other", "private_securities_fund")),
            "insider_of": [] if plain else _mostly(random, [], [traded["id"]]),
            "holds_restricted_shares_of": [] if plain else _mostly(random, [], [traded["id"]]),
            "short_quantity_in_order_security": 0,
            "financing_at_member": _money(2_000_000 if plain else _mostly(random, 0, 40_000_000)),
            "short_value_at_member": _money(2_000_000 if plain else _mostly(random, 0, 40_000_000)),
        },
        "member": {
            "id": "M1",
            "net_capital": _money(1_000_000_000),
            "aggregate_lending": _money(
                2_000_000_000
                if plain
                else random.choice((0, 0, 0, 0, 3_200_000_000, 4_000_000_000))
            ),
        },
        "account": _account(random, securities, plain),
        "securities": securities,
    }


def _account(random: Random, securities: list[Document], plain: bool) -> Document:
    used = random.choice((0, 2_000_000))
    # One account in six has little beyond what it owes.
    least, most = (10, 400) if plain or random.random() < 5 / 6 else (0, 8)
    cash = (3_000_000, 400_000, 90_000)
    return {
        "id": "A1",
        "exchange": "SSE",
        "type": "credit" if plain else _mostly(random, "credit", "ordinary"),
        "cash": _money(cash[0] if plain else random.choice(cash[-1:] if most < 10 else cash)),
        "collateral": [
            {"security": row["id"], "quantity": 100 * random.randint(least, most)}
            for row in securities
        ],
        "financing_contracts": [
            _financing_contract(random, f"F{place}", random.choice(securities))
            for place in range(FINANCING_CONTRACTS)
        ],
        "short_contracts": [
            _short_contract(random, f"S{place}", random.choice(securities))
            for place in range(SHORT_CONTRACTS)
        ],
        "accrued_interest_and_fees": Decimal("1523.40"),
        "other_collateral_value": _money(0),
        "credit_line": _money(10_000_000 if plain else random.choice((10_000_000, 2_040_000))),
        "credit_used": _money(used),
        "financing_line": _money(8_000_000),
        "financing_line_used": _money(0 if plain else _mostly(random, used, 7_995_000)),
        "short_line": _money(8_000_000),
        "short_line_used": _money(0 if plain else _mostly(random, used, 7_995_000)),
    }


def _security(random: Random, place: int, plain: bool) -> Document:
    kind = "stock" if place == 0 and (plain or random.random() < 0.7) else random.choice(CLASSES)
    return {
        "id": f"60{place:04}",
        "exchange": "SSE",
        "class": kind,
        "price": Decimal(random.randint(300, 9000)).scaleb(-2),
        "in_sse_180": random.random() < 0.5,
        "risk_warning": not plain and random.random() < 0.05,
        "listing_suspended": False,
        "in_delisting_period": False,
        "static_pe": random.choice(
            (Decimal("11.2"), Decimal("38.05"))
            if plain
            else (Decimal("11.2"), Decimal("-3"), Decimal("300"), Decimal("299.99"))
        ),
        "member_haircut": random.choice((Decimal("0.50"), Decimal("0.65"), Decimal("0.70"))),
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
        "board": "main_board" if plain else random.choice(BOARDS),
        "collateral_value_at_member": _money(
            0 if plain else random.choice((0, 0, 0, 0, 1_600_000_000, 2_000_000_000))
        ),
        "total_market_value": _money(10_000_000_000),
        "delisting_announced": not plain and random.random() < 0.02,
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
        "financed_amount": (value * random.randint(80, 120) / 100).quantize(Decimal("0.01")),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice((Decimal("0.80"), Decimal("1.00"), Decimal("1.10"))),
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
        "sale_price": price.quantize(Decimal("0.01")),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice((Decimal("0.50"), Decimal("1.00"), Decimal("1.20"))),
        "investor_kind_when_dated": random.choice(("other", "private_securities_fund")),
        "rollovers": _rollovers(opened),
    }


def _money(amount: int) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"))


def _opened(random: Random) -> date:
    return DAY - timedelta(days=random.randint(0, 900))


def _rollovers(opened: date) -> list[Document]:
    days = [opened + timedelta(days=175 * turn) for turn in range(1, 6)]
    return [
        {"id": str(place), "rolled_on": day.isoformat()}
        for place, day in enumerate(days)
        if day <= DAY
    ]


def _near(random: Random, price: Decimal) -> Decimal:
    """Return a price a tick away, or one about as far away as a collar of five per cent is wide."""
    if random.random() < 0.8:
        return price + random.choice((-1, 0, 0, 0, 1)) * Decimal("0.01")
    width = Decimal(random.choice(("0.95", "1", "1.05")))
    return (price / width).quantize(Decimal("0.01")) + random.choice((-2, 0, 2)) * Decimal("0.01")


def _mostly(random: Random, usual: Any, rare: Any) -> Any:
    return usual if random.random() < 0.95 else rare
