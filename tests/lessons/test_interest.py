"""Interest is simple, counts natural days, and divides by the days that the contract says."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.lessons.orders import Document, gate

JUDGED = "2026-01-20"
INTEREST = "financing_interest_accrued"


def account(first: str, last: str, *, day_count: int = 360) -> Document:
    """Return an account that used 1,000 at 9 % from one day to another."""
    use = {"id": "1", "used_from": first, "used_until": last, "amount": "1000.00"}
    return {
        "event": "account_close_of_day",
        "account": {
            "id": "A1", "exchange": "SSE", "type": "credit", "valued_on": JUDGED,
            "day_count": day_count, "charge_rounding": "half_up",
            "financing_contracts": [{"id": "F1", "annual_rate": "0.09", "uses": [use]}],
        },
    }  # fmt: skip


def interest(document: Document, figure: str = INTEREST) -> Fraction:
    """Return the interest under the rules of SSE."""
    value = gate("cn/sse").decide(document, figures=(figure,)).core.figures[figure]
    assert value.value is not None, value
    return Fraction(value.value)


def test_a_week_over_a_weekend_bears_seven_days_of_interest() -> None:
    assert interest(account("2024-03-07", "2024-03-14")) == 7 * Fraction(1000 * 9, 100 * 360)


def test_interest_bears_no_interest() -> None:
    a_day = interest(account("2023-01-01", "2023-01-02"))
    for days in (1, 30, 365, 1000):
        until = (date(2023, 1, 1) + timedelta(days=days)).isoformat()
        assert interest(account("2023-01-01", until)) == days * a_day


def test_a_contract_may_count_a_year_of_360_or_of_365_days() -> None:
    year = ("2023-01-01", "2024-01-01")
    assert interest(account(*year, day_count=365)) == 90
    assert interest(account(*year, day_count=360)) == Fraction(9125, 100)
    assert interest(account(*year, day_count=365), "financing_interest") == 90
