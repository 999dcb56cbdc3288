"""Orders drawn by chance, many of them exactly on a limit or one step off it.

Columns are int64 arrays: enum members by their place, booleans as 0 and 1, days as yyyymmdd,
decimals scaled by ten to the power of their places. The same count and seed give the same orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tests.perf.orders30.facts import FACTS, SIDES, Row

Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]
Reals = NDArray[np.float64]
Columns = dict[str, Integers]

# How often a rule is breached on purpose, and how often a value stands on its limit.
BREACHED: Final = 0.0147
ON_LIMIT: Final = 0.02
TODAY: Final = 20250115
CENTS: Final = 100  # prices are drawn in cents and stated in ten-thousandths


class _Draws:
    """Columns of `count` values drawn from one stream of numbers."""

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._stream = np.random.default_rng(seed)

    def real(self, low: float, high: float) -> Reals:
        return self._stream.uniform(low, high, self._count)

    def whole(self, low: int, below: int) -> Integers:
        return self._stream.integers(low, below, self._count)

    def spread(self, low: float, high: float) -> Integers:
        """Draw evenly over orders of magnitude."""
        drawn = self._stream.uniform(np.log(low), np.log(high), self._count)
        return rounded(np.exp(drawn))

    def happens(self, share: float) -> Truths:
        return self._stream.random(self._count) < share

    def breached(self, times: float = 1.0) -> Truths:
        return self.happens(BREACHED * times)

    def on_limit(self, times: float = 1.0) -> Truths:
        return self.happens(ON_LIMIT * times)

    def step(self) -> Integers:
        """Draw one below, on, or one above."""
        return self.whole(-1, 2)

    def one_of(self, values: Sequence[int], shares: Sequence[float] | None = None) -> Integers:
        drawn = self._stream.choice(np.array(values), self._count, p=shares)
        return np.asarray(drawn, dtype=np.int64)

    def member(self, fact: str, shares: Mapping[str, float]) -> Integers:
        members = FACTS[fact].members
        return self.one_of([members.index(name) for name in shares], list(shares.values()))


def rounded(values: NDArray[np.floating[Any]]) -> Integers:
    """Return the nearest whole numbers."""
    return np.asarray(np.rint(values), dtype=np.int64)


def columns(count: int, seed: int) -> Columns:
    """Return `count` orders as one column a fact, in the order of the facts."""
    draws = _Draws(count, seed)
    made = _order(draws)
    _prices(draws, made)
    made |= _locates(draws, made)
    value = made["quantity"] * made["price"]  # in ten-thousandths
    in_cents = rounded(value / CENTS)
    made |= _margin(draws, made, value)
    made |= _balances(draws, made, in_cents)
    made |= _account(draws)
    made |= _security(draws, made)
    return {name: made[name].astype(np.int64) for name in FACTS}


def rows(drawn: Columns) -> list[Row]:
    """Return columns as rows of plain values (see `facts`)."""
    lists = []
    for name, fact in FACTS.items():
        values = drawn[name].tolist()
        if fact.kind == "enum":
            values = [fact.members[value] for value in values]
        elif fact.kind == "boolean":
            values = [bool(value) for value in values]
        lists.append(values)
    return [dict(zip(FACTS, values, strict=True)) for values in zip(*lists, strict=True)]


def _code(fact: str, member: str) -> int:
    return FACTS[fact].members.index(member)


def _is_of(made: Columns, fact: str, member: str) -> Truths:
    found: Truths = made[fact] == _code(fact, member)
    return found


def _is_buy(made: Columns) -> Truths:
    return _is_of(made, "side", "margin_buy")


def _is_short(made: Columns) -> Truths:
    return _is_of(made, "side", "short_sell")


def _order(draws: _Draws) -> Columns:
    venues = {"XSHG": 0.3, "XSHE": 0.3, "XNYS": 0.2, "XNAS": 0.2}
    sides = dict(zip(SIDES, (0.03, 0.02, 0.47, 0.45, 0.03), strict=True))
    made = {
        "venue": draws.member("venue", venues),
        "side": draws.member("side", sides),
        "order_type": draws.member("order_type", {"limit": 0.85, "market": 0.15}),
        "quantity": draws.spread(1, 3000) * 100,
        "breaker_active": draws.happens(0.15).astype(np.int64),
        "short_exempt": draws.happens(0.1).astype(np.int64),
        "locate_exempt": draws.happens(0.05).astype(np.int64),
        "threshold_security": draws.happens(0.05).astype(np.int64),
        "trade_date": draws.one_of([TODAY]),
    }
    short = _is_short(made)
    odd = draws.breached() & (short | _is_buy(made))
    made["quantity"] = np.where(odd, made["quantity"] + draws.whole(1, 100), made["quantity"])
    right = np.where(
        made["short_exempt"] == 1, _code("mark", "short_exempt"), _code("mark", "short")
    )
    mark = np.where(short, right, _code("mark", "long"))
    made["mark"] = np.where(draws.breached() & short, draws.whole(0, 3), mark)
    borrowed = draws.happens(0.7) | (made["threshold_security"] == 0)
    made["preborrowed"] = borrowed.astype(np.int64)
    return made


def _prices(draws: _Draws, made: Columns) -> None:
    """Add prices: the order's near the last one, the limits a tenth from the close."""
    short = _is_short(made)
    close = draws.spread(550, 30_000)
    last = np.maximum(rounded(close * draws.real(0.97, 1.03)), 501)
    up, down = rounded(close * 1.1), rounded(close * 0.9)
    price = last + np.where(short, draws.whole(0, 6), draws.whole(-5, 6))
    price = np.clip(price, down, up)
    price = np.where(short, np.maximum(price, last), price)
    bid = last - draws.whole(1, 4)
    price = np.where(draws.breached() & short, last - draws.whole(1, 5), price)
    price = np.where(draws.on_limit() & short, last + draws.step(), price)
    tested = short & (made["breaker_active"] == 1)
    bid = np.where(draws.breached() & tested, price + draws.whole(0, 3), bid)
    bid = np.where(draws.on_limit() & tested, price + draws.step(), bid)
    # A price around the lowest one of a short sale takes the whole market along.
    low = draws.breached() & short
    cheap = np.where(
        draws.happens(0.3), 499, np.where(draws.happens(0.5), 500, draws.whole(100, 500))
    )
    price, last, bid = (
        np.where(low, cheap, price), np.where(low, cheap, last), np.where(low, cheap - 1, bid),
    )  # fmt: skip
    close = np.where(low, cheap, close)
    up = np.where(low, rounded(cheap * 1.1), up)
    down = np.where(low, rounded(cheap * 0.9), down)
    up = np.where(draws.breached(0.5), price - draws.whole(1, 4), up)
    up = np.where(draws.on_limit(0.5), price + draws.step(), up)
    down = np.where(draws.breached(0.5), price + draws.whole(1, 4), down)
    down = np.where(draws.on_limit(0.5), price + draws.step(), down)
    # A tenth of the prices of short sales have a third or fourth decimal.
    fine = np.where(draws.happens(0.1) & short, draws.whole(0, 100), 0)
    made["price"] = price * CENTS + fine
    made["last_price"], made["previous_close"] = last * CENTS, close * CENTS
    made["best_bid"] = bid * CENTS
    made["limit_up"], made["limit_down"] = up * CENTS, down * CENTS


def _locates(draws: _Draws, made: Columns) -> Columns:
    short, quantity = _is_short(made), made["quantity"]
    located = np.where(short, quantity + draws.whole(0, 3) * 100, 0)
    located = np.where(draws.breached() & short, quantity - draws.whole(1, 100), located)
    located = np.where(draws.on_limit() & short, quantity + draws.step(), located)
    return {"located_quantity": np.maximum(located, 0)}


def _margin(draws: _Draws, made: Columns, value: Integers) -> Columns:
    """Draw margin ratios, and margin around what the order needs; `value` in ten-thousandths."""
    buy = draws.one_of([8000, 10_000, 12_000], [0.5, 0.4, 0.1])
    short = draws.one_of([10_000, 12_000], [0.7, 0.3])
    bad = draws.breached()
    buy = np.where(bad, draws.whole(7000, 8001), buy)
    short = np.where(bad, draws.whole(9000, 10_001), short)
    on_limit = draws.on_limit()
    buy = np.where(on_limit, 8000 + draws.step(), buy)
    short = np.where(on_limit, 10_000 + draws.step(), short)
    needed = value * np.where(_is_short(made), short, buy)
    in_cents = -(-needed // 10**6)  # rounded up
    available = rounded(in_cents * draws.real(1.01, 6)) + 100
    available = np.where(draws.breached(), rounded(in_cents * draws.real(0.3, 0.99)), available)
    available = np.where(draws.on_limit(), in_cents + draws.step(), available)
    return {
        "margin_ratio_buy": buy, "margin_ratio_short": short,
        "available_margin": np.maximum(available, 0),
    }  # fmt: skip


def _balances(draws: _Draws, made: Columns, value: Integers) -> Columns:
    """Draw assets, debt and lines around their limits; `value` in cents."""
    assets = rounded(value * draws.real(4, 40)) + draws.spread(5_000_000, 500_000_000)
    assets += assets & 1
    most_debt: Reals = np.maximum((assets + value) / 1.5 - value, 0)
    debt = rounded(most_debt * np.where(draws.happens(0.1), 0, draws.real(0.05, 0.95)))
    on_limit = draws.on_limit() & (debt > 0)
    tens = debt // 10 + 1
    debt = np.where(on_limit, tens * 10, debt)
    assets = np.where(on_limit, tens * 13 + draws.step(), assets)
    on_limit = draws.on_limit()
    debt = np.where(on_limit, debt // 2 * 2, debt)
    assets = np.where(on_limit, (3 * debt + value) // 2 + draws.step(), assets)
    assets = np.where(draws.breached(0.5), rounded(debt * draws.real(1.0, 1.29)), assets)
    assets = np.maximum(assets, 0)
    equity = np.maximum(assets - debt, 200_000)
    equity = np.where(draws.breached(), draws.whole(-100_000, 200_000), equity)
    equity = np.where(draws.on_limit(), 200_000 + draws.step(), equity)
    buy = _is_buy(made)
    held = rounded(np.maximum(assets * 0.5 - value, 0) * draws.real(0, 0.9))
    held = np.where(draws.on_limit() & buy, assets // 2 - value + draws.step(), held)
    held = np.where(draws.breached() & buy, rounded(assets * draws.real(0.51, 0.9)), held)
    line = draws.spread(1e8, 1e10) + value * 2
    used = rounded((line - value) * draws.real(0, 0.95))
    used = np.where(draws.breached() & buy, line - rounded(value * draws.real(0.1, 0.9)), used)
    used = np.where(draws.on_limit() & buy, line - value + draws.step(), used)
    return {
        "total_assets": assets, "total_debt": debt, "equity": equity,
        "position_value": np.maximum(held, 0), "credit_line": line,
        "credit_used": np.maximum(used, 0), "cash": draws.spread(1e5, 1e9),
    }  # fmt: skip


def _account(draws: _Draws) -> Columns:
    average = draws.spread(5.2e7, 5e9)
    average = np.where(draws.breached(), draws.whole(100_000, 49_000_000), average)
    average = np.where(draws.on_limit(), 50_000_000 + draws.step(), average)
    age = np.where(draws.breached(), draws.whole(0, 180), draws.whole(181, 8000))
    age = np.where(draws.on_limit(), 180 + draws.step(), age)
    term = np.where(draws.breached(), draws.whole(181, 400), draws.whole(1, 180))
    term = np.where(draws.on_limit(), 180 + draws.step(), term)
    first = draws.one_of([20200102, 20230601, 20240715, 20250114])
    last = draws.one_of([20250116, 20250630, 20271231, 20991231])
    first = np.where(draws.breached(0.5), 20250116, first)
    last = np.where(draws.breached(0.5), 20250114, last)
    half = BREACHED / 2
    types = {"cash": half, "margin": 0.8 - half, "portfolio": 0.2}
    ratings = {"C1": half, "C2": half, "C3": 0.5 - BREACHED, "C4": 0.3, "C5": 0.2}
    return {
        "average_assets": average,
        "account_age_days": age,
        "contract_days": term,
        "contract_effective_on": np.where(draws.on_limit(), TODAY, first),
        "contract_expires_on": np.where(draws.on_limit(), TODAY, last),
        "account_type": draws.member("account_type", types),
        "restricted": draws.happens(half).astype(np.int64),
        "risk_rating": draws.member("risk_rating", ratings),
    }


def _security(draws: _Draws, made: Columns) -> Columns:
    boards = {"main": 0.6, "star": 0.15, "chinext": 0.2, "bse": 0.05}
    classes = {"stock": 0.85, "etf": 0.1, "bond": 0.03, "fund": 0.02}
    warnings = {"no_warning": 0.97, "warned": 0.02, "delisting_warned": 0.01}
    spared = _is_buy(made) & draws.happens(0.7)
    warned = draws.member("risk_warning", warnings)
    shares = draws.spread(1e7, 1e10) // 4 * 4
    value = shares * (made["last_price"] // CENTS) // 4 * 4
    return {
        "board": draws.member("board", boards),
        "security_class": draws.member("security_class", classes),
        "risk_warning": np.where(spared, _code("risk_warning", "no_warning"), warned),
        "suspended": draws.breached(0.5).astype(np.int64),
        "margin_target": (~draws.breached()).astype(np.int64),
        "short_target": (~draws.breached()).astype(np.int64),
        "float_shares": shares,
        "short_volume": _around_a_quarter(draws, shares),
        "float_value": value,
        "financing_balance": _around_a_quarter(draws, value),
        "haircut": draws.one_of([0, 3000, 6500, 7000, 9500]),
        "listing_days": draws.whole(1, 9000),
    }


def _around_a_quarter(draws: _Draws, whole: Integers) -> Integers:
    part = rounded(whole * draws.real(0, 0.2))
    part = np.where(draws.breached(), rounded(whole * draws.real(0.26, 0.6)), part)
    return np.where(draws.on_limit(), whole // 4 + draws.step(), part)
