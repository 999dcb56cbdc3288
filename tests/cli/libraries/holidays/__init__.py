"""A stand-in with the interface of the library of that name: one invented market."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any

SAID: dict[str, Any] = json.loads(os.environ.get("WITNESS_SAYS", "{}"))
__version__ = SAID.get("version", "2.0")


class Closed(dict[date, str]):
    """Holidays by day; the real library's class says which categories it keeps."""

    supported_categories = ("public", "half_day")


def financial_holidays(
    market: str, years: range, categories: tuple[str, ...] = ("public",)
) -> Closed:
    if market not in {"XMARS", "BANKS"}:
        raise NotImplementedError(f"no market is named {market}")
    if categories == ("half_day",):
        days = {
            d: f"Eve (markets close at {hour}pm)" for d, hour in SAID.get("half_days", {}).items()
        }
    else:
        days = dict.fromkeys(SAID.get(market, ()), "Holiday")
    found = {date.fromisoformat(day): label for day, label in days.items()}
    return Closed({day: label for day, label in found.items() if day.year in years})
