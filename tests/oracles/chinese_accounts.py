"""Random credit accounts as facts documents, biased to what the rules turn on.

Numbers are exact text. Days fall on and around those on which a rule changed; floats are positive,
negative, nothing, or a cent; haircuts hit their caps; sums of money can be tuned to a boundary.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

Document = dict[str, Any]

FIRST_DAY: Final = date(2010, 3, 31)
LAST_DAY: Final = date(2026, 6, 30)
ROLLOVERS_FROM: Final = date(2015, 7, 1)
DAYS_OF_CHANGE: Final = tuple(
    date.fromisoformat(day)
    for day in (
        "2010-03-31", "2011-11-25", "2015-07-01", "2015-11-23", "2016-12-12", "2019-08-19",
        "2023-09-11", "2023-10-30", "2024-07-22", "2026-01-19",
    )
)  # fmt: skip
CLASSES: Final = (
    "stock", "stock", "stock", "stock", "etf", "treasury", "cash_product", "money_market_fund",
    "lof", "closed_end_fund", "other_fund", "bond", "convertible_bond", "warrant",
)  # fmt: skip
MEMBER_HAIRCUTS: Final = ("0", "0.5", "0.65", "0.7", "0.8", "0.9", "0.95", "1")
EARNINGS_MULTIPLES: Final = ("-0.01", "0", "0.01", "14.2", "299.99", "300", "300.01", "812")
AGREED_RATIOS: Final = ("0", "0.5", "0.8", "1", "1.2", "0.75", "1.05")


def day_of_judgement(random: Random) -> date:
    """Return a day on, before or after a change, or any day."""
    if random.random() < 0.7:
        day = random.choice(DAYS_OF_CHANGE) + timedelta(days=random.choice((-1, 0, 0, 1, 3)))
    else:
        day = _any_day(random, FIRST_DAY, LAST_DAY)
    return min(max(day, FIRST_DAY), LAST_DAY)


def order_document(random: Random, exchange: str, day: date) -> Document:
    """Return an order of an account, on `day`, for one of the account's securities."""
    document = _account_document(random, exchange, day)
    security = random.choice(document["securities"])
    document["event"] = "order"
    document["order"] = {
        "action": random.choice(("margin_buy", "short_sell")),
        "security": security["id"],
        "type": "limit",
        "quantity": 100 * random.choice((1, 2, 7, 30, 500)),
        "price": security["price"],
        "trade_date": day.isoformat(),
    }
    document["client"] = {"kind": random.choice(("other", "private_securities_fund"))}
    return document


def withdrawal_document(random: Random, exchange: str, day: date) -> Document:
    """Return a withdrawal of cash, of securities held, or of both."""
    document = _account_document(random, exchange, day)
    document["event"] = "withdrawal"
    document["withdrawal"] = {
        "requested_on": day.isoformat(),
        "cash": _money(random, 200_000) if random.random() < 0.8 else "0",
    }
    for lot in document["account"]["collateral"]:
        taken = random.choice((0, 0, 0, random.randint(0, lot["quantity"])))
        lot["quantity_withdrawn"] = taken
    return document


def close_of_day_document(random: Random, exchange: str, day: date) -> Document:
    """Return an account at the close of `day` whose client was not notified of any call."""
    document = _account_document(random, exchange, day)
    document["event"] = "account_close_of_day"
    document["account"] |= {
        "valued_on": day.isoformat(),
        "minimum_line": random.choice(("1.1", "1.3", "1.35", "1.4")),
        "top_up_line": "1.5",
        "top_up_term": 2,
        "call_made_on": None,
        "call_top_up_term": None,
        "call_notified": False,
    }
    return document


def _account_document(random: Random, exchange: str, day: date) -> Document:
    codes = [f"S{place}" for place in range(random.randint(1, 5))]
    securities = [_security(random, code, exchange) for code in codes]
    held = random.sample(securities, random.randint(0, len(codes)))
    financed = random.choices(securities, k=random.choice((0, 0, 1, 2, 4)))
    borrowed = random.choices(securities, k=random.choice((0, 0, 1, 2, 4)))
    return {
        "account": {
            "exchange": exchange,
            "type": "credit",
            "cash": _money(random, 3_000_000),
            "collateral": [
                {"security": row["id"], "quantity": random.choice((0, 1, 100, 12_345, 80_000))}
                for row in held
            ],
            "financing_contracts": [
                _financing_contract(random, f"F{place}", row, day)
                for place, row in enumerate(financed)
            ],
            "short_contracts": [
                _short_contract(random, f"S{place}", row, day) for place, row in enumerate(borrowed)
            ],
            "accrued_interest_and_fees": random.choice(("0", "0.01", _money(random, 9_000))),
            "other_collateral_value": random.choice(("0", "0.01", _money(random, 500_000))),
        },
        "securities": securities,
    }


def _security(random: Random, code: str, exchange: str) -> Document:
    rarely = (True, False, False, False, False, False, False)
    return {
        "id": code,
        "exchange": exchange,
        "class": random.choice(CLASSES),
        "price": str(_price(random)),
        "in_sse_180": random.choice((True, False)),
        "in_szse_100": random.choice((True, False)),
        "risk_warning": random.choice(rarely),
        "listing_suspended": random.choice(rarely),
        "in_delisting_period": random.choice(rarely),
        "static_pe": random.choice(EARNINGS_MULTIPLES),
        "member_haircut": random.choice(MEMBER_HAIRCUTS),
    }


def _financing_contract(random: Random, code: str, security: Document, day: date) -> Document:
    quantity = random.choice((0, 100, 3_700, 50_000))
    value = Decimal(security["price"]) * quantity
    financed = max(Decimal(0), value + _gain(random)).quantize(Decimal("0.01"))
    opened = _day_before(random, day)
    agreed = None
    if random.random() < 0.4:
        agreed = _around(random, (date(2023, 9, 11), date(2026, 1, 19), opened), day)
    return {
        "id": code,
        "security": security["id"],
        "quantity": quantity,
        "financed_amount": str(financed),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice(AGREED_RATIOS),
        "ratio_reset_by_agreement_on": None if agreed is None else agreed.isoformat(),
        "rollovers": _rollovers(random, opened, day),
    }


def _short_contract(random: Random, code: str, security: Document, day: date) -> Document:
    price = Decimal(security["price"])
    opened = _day_before(random, day)
    sold = random.choice((price, price + Decimal("0.01"), price / 2, price * 2))
    return {
        "id": code,
        "security": security["id"],
        "quantity_owed": random.choice((0, 100, 3_700, 50_000)),
        "sale_price": str(max(sold, Decimal("0.01")).quantize(Decimal("0.0001"))),
        "opened_on": opened.isoformat(),
        "agreed_ratio": random.choice(AGREED_RATIOS),
        "investor_kind_when_dated": random.choice(("other", "private_securities_fund")),
        "rollovers": _rollovers(random, opened, day),
    }


def _rollovers(random: Random, opened: date, day: date) -> list[Document]:
    first = max(opened, ROLLOVERS_FROM)
    if day < first or random.random() < 0.4:
        return []
    days = {min(max(_day_before(random, day), first), day) for _ in range(random.choice((1, 2, 3)))}
    return [
        {"id": str(place), "rolled_on": rolled.isoformat()}
        for place, rolled in enumerate(random.sample(sorted(days), len(days)))
    ]


def _day_before(random: Random, day: date) -> date:
    """Return a day from the first on and not after `day`, often on or next to a change."""
    if random.random() < 0.7:
        return _around(random, DAYS_OF_CHANGE, day)
    return _any_day(random, FIRST_DAY, day)


def _around(random: Random, days: Sequence[date], latest: date) -> date:
    chosen = random.choice(days) + timedelta(days=random.choice((-1, 0, 1)))
    return min(max(chosen, FIRST_DAY), latest)


def _any_day(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, (last - first).days))


def _price(random: Random) -> Decimal:
    if random.random() < 0.2:
        return Decimal(random.randint(1, 2_000_000)).scaleb(-4)
    return Decimal(random.randint(1, 20_000)).scaleb(-2)


def _gain(random: Random) -> Decimal:
    return random.choice(
        (
            Decimal(0),
            Decimal("0.01"),
            Decimal("-0.01"),
            Decimal(random.randint(-90_000, 90_000)),
            Decimal(random.randint(-9_000_000, 9_000_000)).scaleb(-2),
        )
    )


def _money(random: Random, most: int) -> str:
    return str(Decimal(random.randint(0, most * 100)).scaleb(-2))
