"""Random contracts that bear interest, fees and compensation, as facts documents.

Uses end on the day they begin, on the day judged, around month ends and leap days, or not yet;
amounts are such that charges often fall on half a cent.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

Document = dict[str, Any]

FIRST_DAY: Final = date(2015, 7, 1)
LAST_DAY: Final = date(2026, 6, 30)
EDGES: Final = tuple(
    date.fromisoformat(day)
    for day in ("2015-07-01", "2016-02-29", "2019-12-31", "2024-02-29", "2025-06-30", "2025-07-01")
)
RATES: Final = ("0", "0.0001", "0.05", "0.055", "0.0835", "0.09", "0.1035", "0.36", "0.123457")
# At 9 % by 360 a day of 20.00 comes to half a cent.
AMOUNTS: Final = ("0", "0.01", "20.00", "60.00", "140.00", "99999.99", "1250000.00")


def any_day(random: Random, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
    """Return a day, often one on or next to an edge."""
    if random.random() < 0.5:
        day = random.choice(EDGES) + timedelta(days=random.choice((-1, 0, 1)))
    else:
        day = first + timedelta(days=random.randint(0, (last - first).days))
    return min(max(day, first), last)


def close_of_day(random: Random, exchange: str, day: date) -> Document:
    """Return an account with contracts of both sides at the close of `day`."""
    codes = ["S0", "S1"]
    return {
        "event": "account_close_of_day",
        "account": {
            "exchange": exchange,
            "type": "credit",
            "valued_on": day.isoformat(),
            "day_count": random.choice((360, 365, 366)),
            "charge_rounding": random.choice(("truncated", "half_up")),
            "accrued_interest_and_fees": random.choice(AMOUNTS),
            "financing_contracts": [
                _financing_contract(random, f"F{place}", random.choice(codes), day)
                for place in range(random.choice((0, 1, 1, 2, 5)))
            ],
            "short_contracts": [
                _short_contract(random, f"S{place}", random.choice(codes), day)
                for place in range(random.choice((0, 1, 1, 2, 5)))
            ],
        },
        "security_day": {"security": random.choice(codes), "observed_on": day.isoformat()},
        "securities": [{"id": code, "exchange": exchange} for code in codes],
    }


def _financing_contract(random: Random, code: str, security: str, day: date) -> Document:
    uses = _uses(random, day)
    for use in uses:
        use["amount"] = random.choice(AMOUNTS)
    return {
        "id": code,
        "security": security,
        "opened_on": any_day(random, last=day).isoformat(),
        "annual_rate": random.choice(RATES),
        "interest_paid": random.choice(AMOUNTS),
        "uses": uses,
    }


def _short_contract(random: Random, code: str, security: str, day: date) -> Document:
    uses = _uses(random, day)
    for use in uses:
        use["quantity"] = random.choice((0, 1, 100, 300, 12_345))
    return {
        "id": code,
        "security": security,
        "opened_on": any_day(random, last=day).isoformat(),
        "annual_rate": random.choice(RATES),
        "sale_price": str(Decimal(random.randint(1, 200_000)).scaleb(-4)),
        "fees_paid": random.choice(AMOUNTS),
        "uses": uses,
        "corporate_actions": [
            _corporate_action(random, str(place), day)
            for place in range(random.choice((0, 1, 2, 3)))
        ],
    }


def _uses(random: Random, day: date) -> list[Document]:
    return [_use(random, str(place), day) for place in range(random.choice((0, 1, 1, 2, 4)))]


def _use(random: Random, code: str, day: date) -> Document:
    first = any_day(random, last=day + timedelta(days=2))
    ended = random.choice((None, first, first + timedelta(days=1), day, day + timedelta(days=1)))
    if ended is not None and ended < first:
        ended = None
    return {
        "id": code,
        "used_from": first.isoformat(),
        "used_until": None if ended is None else ended.isoformat(),
    }


def _corporate_action(random: Random, code: str, day: date) -> Document:
    action: Document = {
        "id": code,
        "record_day": day.isoformat(),
        "owed_quantity": random.choice((0, 1, 100, 12_345)),
        "kind": random.choice(("cash_dividend", "bonus_or_conversion", "rights_issue")),
    }
    match action["kind"]:
        case "cash_dividend":
            action["dividend_each"] = random.choice(("0", "0.005", "0.1234567", "3.01"))
        case "bonus_or_conversion":
            action["new_shares_each"] = random.choice(("0", "0.3", "1", "0.1234567"))
        case _:
            action["new_shares_each"] = random.choice(("0", "0.3", "0.25", "0.7"))
            action["rights_price"] = random.choice(("0", "6.00", "9.99", "25.00"))
            action["record_day_close"] = random.choice(("10.00", "25.005", "31.41"))
            action["claimed_by_lender"] = random.choice((True, True, False))
    return action
