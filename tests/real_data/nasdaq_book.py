"""Read the recorded messages of AAPL on 2012-06-21 with the best prices around each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "data" / "aapl_book_2012-06-21"
STEPS_PER_DOLLAR: Final = 10_000
TICK: Final = 100
NEW_ORDER: Final = 1
SELL: Final = -1


@dataclass(frozen=True, slots=True)
class Quote:
    """The best bid and the best offer, in ten-thousandths of a dollar."""

    bid: int
    offer: int


@dataclass(frozen=True, slots=True)
class SellOrder:
    """A new limit order to sell with the quote that stood when it came in."""

    number: str
    price: int
    quantity: int
    quote: Quote


def quotes() -> list[Quote]:
    """Return the best bid and offer after each message."""
    with (FOLDER / "orderbook_10.csv").open(encoding="ascii", newline="") as lines:
        return [Quote(bid=int(row[2]), offer=int(row[0])) for row in csv.reader(lines)]


def sell_orders() -> Iterator[SellOrder]:
    """Yield the new sell orders of the messages, each with the quote of the message before."""
    with (FOLDER / "message_10.csv").open(encoding="ascii", newline="") as lines:
        messages = list(csv.reader(lines))
    for (quote, _), (_, message) in pairwise(zip(quotes(), messages, strict=True)):
        _, kind, number, size, price, direction = message
        if int(kind) == NEW_ORDER and int(direction) == SELL:
            yield SellOrder(number, int(price), int(size), quote)


def dollars(price: int) -> str:
    """Return a price as exact text.

    >>> dollars(5853300)
    '585.3300'
    """
    return f"{price // STEPS_PER_DOLLAR}.{price % STEPS_PER_DOLLAR:04}"
