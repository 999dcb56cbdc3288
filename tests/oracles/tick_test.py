"""The tick test of Rule 10a-1 over a tape of sales, from the wording of the rule; no engine.

No person may sell short below the price of the last sale, or at that price unless it is above the
next preceding different price at which a sale was reported. Sales that are not regular way do not
count. On the day on which a security goes ex, the prices of sales before that day may be reduced by
the distribution.

The verdict is found by reading the tape backwards. What a trading system knows of the tape, the
last sale and the next preceding different one, is kept sale by sale in a state of its own.

Prices are whole numbers of cents, so that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale on the tape: its price in cents, whether regular way, and whether before the ex-date."""

    price: int
    regular_way: bool = True
    before_ex_date: bool = False

    def counted(self, distribution: int) -> int:
        """Return the price after the distribution where the sale was before the ex-date."""
        return self.price - distribution if self.before_ex_date else self.price


def tick_of(price: int | None, tape: Sequence[Sale], distribution: int = 0) -> str:
    """Name the tick that a price would make after a tape.

    >>> tick_of(2000, [Sale(1995), Sale(2000), Sale(2000)])
    'zero_plus'
    """
    prices = [sale.counted(distribution) for sale in reversed(tape) if sale.regular_way]
    if price is None or not prices:
        return "no_price"
    last = prices[0]
    if price != last:
        return "plus" if price > last else "minus"
    for earlier in prices:
        if earlier != last:
            return "zero_plus" if last > earlier else "zero_minus"
    return "zero_without_direction"


def may_be_sold_short(price: int | None, tape: Sequence[Sale], distribution: int = 0) -> bool:
    """Tell whether a short sale may be made at a price; an order without one is refused."""
    return tick_of(price, tape, distribution) in {"plus", "zero_plus"}


@dataclass(slots=True)
class TapeState:
    """The last regular-way sale and the last one before it at another price, sale by sale."""

    distribution: int = 0
    last: Sale | None = None
    last_different: Sale | None = None

    def report(self, sale: Sale) -> None:
        """Take in the next sale of the tape."""
        if not sale.regular_way:
            return
        cut = self.distribution
        if self.last is not None and sale.counted(cut) != self.last.counted(cut):
            self.last_different = self.last
        self.last = sale
