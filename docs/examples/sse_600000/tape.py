"""Read the recorded trades of SSE 600000 and turn them into credit orders.

The tape knows trades, not orders: each trade names the buy order and the sell order that met in
it. An order is put together again from its fills. Its quantity is the sum of them and its price
the price of the first, for the tape does not record the price that was asked. Every sell order is
taken as a short sale and every buy order as a margin buy.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

SECURITY: Final = "600000"
TRADE_DATE: Final = date(2020, 1, 2)
TRADES_FILE: Final = Path(__file__).with_name("trades.csv.gz")
PRICE_STEP: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade of the tape; the time as the exchange wrote it, in China Standard Time."""

    time: str
    price: Decimal
    quantity: int
    buy_order: str
    sell_order: str


@dataclass(frozen=True, slots=True)
class TapeOrder:
    """An order put together from its fills.

    `last_price` is the price of the trade before its first fill, None where there was none.
    """

    action: str
    number: str
    quantity: int
    price: Decimal
    last_price: Decimal | None
    entered_at: str


def read_trades(path: Path = TRADES_FILE) -> list[Trade]:
    """Return the trades in the order in which they happened.

    Prices are read to the cent: the tape wrote them from binary floating point.
    """
    with gzip.open(path, "rt", encoding="ascii", newline="") as lines:
        return [
            Trade(
                row["TradeTime"],
                Decimal(row["TradePrice"]).quantize(PRICE_STEP),
                int(row["TradeQty"]),
                row["BuyNum"],
                row["SellNum"],
            )
            for row in csv.DictReader(lines)
        ]


def orders_of(trades: Iterable[Trade]) -> Iterator[TapeOrder]:
    """Yield one order for each order number of the tape, by the time of its first fill."""
    trades = list(trades)
    filled: dict[tuple[str, str], int] = {}
    for trade in trades:
        for key in _orders_in(trade):
            filled[key] = filled.get(key, 0) + trade.quantity
    seen: set[tuple[str, str]] = set()
    last_price: Decimal | None = None
    for trade in trades:
        for key in _orders_in(trade):
            if key not in seen:
                seen.add(key)
                action, number = key
                yield TapeOrder(
                    action, number, filled[key], trade.price, last_price, _instant(trade.time)
                )
        last_price = trade.price


def _orders_in(trade: Trade) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("short_sell", trade.sell_order), ("margin_buy", trade.buy_order)


def _instant(time: str) -> str:
    day, clock = time.split("T")
    return f"{day.replace('.', '-')}T{clock}+08:00"
