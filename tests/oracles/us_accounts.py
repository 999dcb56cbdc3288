"""Random United States margin accounts as facts documents, biased to what the rules turn on.

Numbers are exact text. Prices fall on and beside 2.50, 5.00 and 50/3; days on and around those on
which a rule changed; positions are held overnight, opened today, boxed or covered by convertibles.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

Document = dict[str, Any]

FIRST_DAY: Final = date(2010, 12, 2)
LAST_DAY: Final = date(2027, 6, 30)
DAYS_OF_CHANGE: Final = tuple(
    date.fromisoformat(day) for day in ("2010-12-02", "2013-01-23", "2017-09-05", "2026-06-04")
)
PRICES: Final = (
    "0.0001", "0.01", "1", "2.4999", "2.5", "2.5001", "4.99", "4.9999", "5", "5.0001", "9.99", "10",
    "16.66", "16.6666", "16.6667", "16.67", "50", "1234.56",
)  # fmt: skip
QUANTITIES: Final = (1, 7, 100, 300, 1_000, 12_345)


def day_of_judgement(random: Random) -> date:
    """Return a day on, before or after a change, or any day."""
    if random.random() < 0.6:
        day = random.choice(DAYS_OF_CHANGE) + timedelta(days=random.choice((-1, 0, 0, 1)))
    else:
        day = FIRST_DAY + timedelta(days=random.randint(0, (LAST_DAY - FIRST_DAY).days))
    return min(max(day, FIRST_DAY), LAST_DAY)


def order_document(random: Random, day: date) -> Document:
    """Return an order of a margin account on `day`, at a limit that is the last price."""
    securities = [_security(random, f"S{place}", day) for place in range(random.randint(1, 4))]
    chosen = random.choice(securities)
    price = random.choice(PRICES)
    action = random.choice(
        ("buy", "buy", "margin_buy", "short_sell", "short_sell", "sell", "buy_to_return")
    )
    return {
        "event": "order",
        "order": {
            "action": action,
            "security": chosen["id"],
            "type": "limit",
            "quantity": random.choice(QUANTITIES),
            "price": price,
            "stop_price": None,
            "trade_date": day.isoformat(),
            "mark": {"short_sell": "short", "sell": "long"}.get(action),
            "borrowed_quantity": 0,
            "arranged_quantity": 0,
            "borrow_purpose": None,
        },
        "account": _account(random, securities),
        "market": {"last_price": price, "previous_close": price},
        "securities": securities,
    }


def _account(random: Random, securities: list[Document]) -> Document:
    longs, shorts = [], []
    for row in securities:
        held = random.choice((0, *QUANTITIES))
        owed = random.choice((0, 0, *QUANTITIES))
        boxed = random.choice((0, min(held, owed)))
        if random.random() < 0.6:
            today = random.choice((0, 0, held, held // 2))
            cost = _money(random, 90_000) if today else "0"
            longs.append(
                {
                    "security": row["id"], "quantity": held, "quantity_bought_today": today,
                    "bought_today_for": cost, "short_against_the_box": boxed,
                }
            )  # fmt: skip
        if random.random() < 0.5:
            today = random.choice((0, 0, owed, owed // 2))
            proceeds = _money(random, 90_000) if today else "0"
            shorts.append(
                {
                    "security": row["id"], "quantity": owed, "sale_price": random.choice(PRICES),
                    "quantity_sold_today": today, "sold_today_for": proceeds,
                    "long_against_the_box": boxed,
                }
            )  # fmt: skip
    debt = random.random() < 0.5
    return {
        "id": "A1",
        "type": "margin",
        "long_positions": longs,
        "short_positions": shorts,
        "debit_balance": _money(random, 60_000) if debt else "0",
        "free_credit_balance": "0" if debt else _money(random, 30_000),
        "credit_balance": _money(random, 90_000) if shorts else "0",
        "special_memorandum": random.choice(("0", _money(random, 20_000))),
        "special_memorandum_credited": random.choice(("0", "0", _money(random, 2_000))),
        "special_memorandum_used": random.choice(("0", "0", _money(random, 9_000))),
        "deposit_for_order": random.choice(("0", "0.01", "1999.99", "2000", _money(random, 9_000))),
        "good_faith_statement_of_ownership": False,
        "pattern_day_trader": False,
        "day_trades_in_five_days": 0,
        "trades_in_five_days": 0,
        "day_trading_calls": "0",
        "day_trading_call_on": None,
        "intraday_regime": "intraday_margin",
        "intraday_frozen_until": None,
        "intraday_deficit_on": None,
        "intraday_deficit_left": "0",
        "practice_of_late_deposits": False,
    }


def _security(random: Random, code: str, day: date) -> Document:
    kind = random.choice(("stock", "stock", "stock", "etf", "bond", "treasury"))
    bond = kind in {"bond", "treasury"}
    return {
        "id": code,
        "exchange": random.choice(("NYSE", "NASDAQ", "OTC")),
        "class": kind,
        "equity_security": not bond,
        "exempted_security": kind == "treasury",
        "margin_security": random.choice((True, True, False)),
        "venue_margin_ratio": random.choice((None, None, "0.4", "0.6")),
        "good_faith_margin_ratio": random.choice(("0.05", "0.1", "0.25")),
        "principal_each": random.choice(("100", "1000")),
        "prior_close": random.choice(PRICES),
        "convertibles_held": _convertibles(random, day),
        "call_rights_held": _calls(random),
    }


def _convertibles(random: Random, day: date) -> list[Document]:
    return [
        {
            "id": f"V{place}", "quantity": random.choice((1, 40, 500)),
            "shares_each": random.choice(("0.5", "1", "2.25")),
            "convertible_from": (day + timedelta(days=random.choice((0, 89, 90, 91)))).isoformat(),
            "restricted_other_than_payment": random.random() < 0.2,
        }
        for place in range(random.choice((0, 0, 1, 2)))
    ]  # fmt: skip


def _calls(random: Random) -> list[Document]:
    return [
        {
            "id": f"C{place}", "kind": random.choice(("call_option", "call_option", "subscription_warrant")),
            "quantity": random.choice((100, 700)), "strike_price": random.choice(PRICES),
            "american_style": random.random() < 0.8, "listed_on_exchange": random.random() < 0.8,
            "issued_by_clearing_corporation": random.random() < 0.8,
        }
        for place in range(random.choice((0, 0, 1, 2)))
    ]  # fmt: skip


def _money(random: Random, most: int) -> str:
    return str(Decimal(random.randint(0, most * 100)).scaleb(-2))
