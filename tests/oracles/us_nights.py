"""Random US margin accounts with their nights, as facts documents, biased to what charges turn on.

Periods cross months, weekends and holidays; some leave a night out, or state one that is not of the
period. Prices fall on whole dollars, on fifty dollars times a whole number, and just beside them.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any, Final

Document = dict[str, Any]

FIRST_DAY: Final = date(2024, 1, 2)
LAST_DAY: Final = date(2025, 12, 29)
PRICES: Final = (
    "24.91", "50", "50.0001", "49.9999", "100", "1", "0.01", "0.98", "0.9804", "2.5", "0", "16.67",
    "1234.5678",
)  # fmt: skip
RATES: Final = ("0", "0.003", "0.048", "0.0375", "1.25", "0.000001", "3.65")
BALANCES: Final = ("0", "0.01", "5000", "36500.00", "1999999.99")
QUANTITIES: Final = (0, 1, 99, 100, 101, 1_000, 12_345)


def close_of_day(random: Random) -> Document:
    """Return an account at the close of a day on which a period may be charged."""
    first = FIRST_DAY + timedelta(days=random.randrange((LAST_DAY - FIRST_DAY).days - 40))
    last = first + timedelta(days=random.choice((0, 1, 2, 6, 29, 30)))
    codes = [f"S{place}" for place in range(random.randint(1, 4))]
    stated = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    if random.random() < 0.15:
        stated.remove(random.choice(stated))
    if random.random() < 0.3:
        stated.append(random.choice((first - timedelta(days=1), last + timedelta(days=1))))
    random.shuffle(stated)
    return {
        "event": "account_close_of_day",
        "account": {
            "id": "A1",
            "type": random.choice(("margin", "margin", "portfolio_margin")),
            "valued_on": last.isoformat(),
            "cash": random.choice(("0", "-12.34", "0.01", _cents(random, 200))),
            "charged_from": None if random.random() < 0.1 else first.isoformat(),
            "loan_days": [_night(random, day, codes) for day in stated],
            "short_positions": [
                {
                    "security": code,
                    "quantity": random.choice(QUANTITIES),
                    "annual_rate_today": random.choice(RATES),
                }
                for code in random.sample(codes, random.randint(0, len(codes)))
            ],
            "open_orders": [],
        },
        "securities": [{"id": code, "close_price": _price(random)} for code in codes],
    }


def _night(random: Random, day: date, codes: list[str]) -> Document:
    return {
        "lent_on": day.isoformat(),
        "overnight_balance": random.choice((*BALANCES, _cents(random, 90_000))),
        "annual_rate": random.choice(RATES),
        "shorts": [
            {
                "security": code,
                "quantity": random.choice(QUANTITIES),
                "largest_quantity": random.choice(QUANTITIES),
                "close_price": _price(random),
                "annual_rate": random.choice(RATES),
                "borrow_status": random.choice(("easy", "hard", "none_to_borrow")),
            }
            for code in random.sample(codes, random.choice((0, 0, 1, len(codes))))
        ],
    }


def _price(random: Random) -> str:
    if random.random() < 0.6:
        return random.choice(PRICES)
    return f"{random.randrange(500)}.{random.randrange(10_000):04}"


def _cents(random: Random, limit: int) -> str:
    return f"{random.randrange(limit)}.{random.randrange(100):02}"
