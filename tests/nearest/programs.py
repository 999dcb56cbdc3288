"""Random rulebooks of rules that come and go with numbers, and random orders for them."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from tests.cases.small_facts import COMPLETE, changed

Q: Final = "order.quantity"
P: Final = "<price>"
C: Final = "account.cash"


def _shares(random: Random, low: int = 1, high: int = 400) -> str:
    return f"{random.randint(low, high)} shares"


def _money(random: Random, low: int = 0, high: int = 4000) -> str:
    return f"{random.randint(low, high)}.{random.randint(0, 99):02} CNY"


def _price(random: Random) -> str:
    return f"{random.randint(1, 20)}.{random.randint(0, 9999):04} CNY/share"


def quantity(random: Random) -> str:
    """Return a formula for a number of shares."""
    lot = random.choice((5, 7, 10, 12, 25))
    return random.choice(
        (
            Q,
            Q,
            f"{Q} * {random.choice((50, 75, 130))}%",
            f"({Q} rounded down to {lot} shares)",
            f"({Q} rounded half_up to {lot} shares)",
            f"(if {Q} > {_shares(random)} then {Q} - {_shares(random, 1, 60)} else {Q} + {_shares(random, 1, 60)})",
            f"max({Q}, {_shares(random)})",
            f"min({Q}, {_shares(random)})",
            f"sum(h.quantity for h in account.holdings where h.quantity <= {Q})",
        )
    )  # fmt: skip


def money(random: Random) -> str:
    """Return a formula for an amount."""
    return random.choice(
        (
            C,
            f"{Q} * {P}",
            f"{quantity(random)} * {P}",
            f"({Q} * {P} * 7%) rounded half_even to 1 CNY",
            f"(if {C} < {_money(random)} then {C} * 80% else {C})",
            f"{C} + {Q} * {P} * 30%",
            f"max({C}, {_money(random)})",
            f"{C} - sum(h.value for h in account.holdings where h.quantity * {P} <= {C})",
            "account.debt",
        )
    )


def condition(random: Random, depth: int = 2) -> str:
    """Return a condition on the quantity, the price and the cash of an order."""
    if depth and random.random() < 0.45:
        one, other = condition(random, depth - 1), condition(random, depth - 1)
        return random.choice(
            (
                f"({one} and {other})", f"({one} or {other})", f"(not {one})",
                f"(if {one} then {other} else {condition(random, depth - 1)})",
            )
        )  # fmt: skip
    compared = random.choice(("<", "<=", ">", ">=", "is", "is not"))
    compared = random.choice(("<=", ">=", compared))
    low = random.randint(1, 300)
    return random.choice(
        (
            f"{quantity(random)} {compared} {_shares(random)}",
            f"{money(random)} {compared} {_money(random)}",
            f"{money(random)} {random.choice(('<=', '>='))} {money(random)}",
            f"{P} {compared} {_price(random)}",
            f"{Q} is a multiple of {random.choice((3, 10, 25, 100))} shares",
            f"{Q} + 1 share is not a multiple of {random.choice((2, 5))} shares",
            f"{Q} between {low} shares and {low + random.randint(0, 90)} shares",
            f"({Q} * {P}) / ({C} + {Q} * {P}) <= {random.randint(5, 95)}%",
            f"count(h for h in account.holdings where h.quantity < {Q}) is {random.randint(0, 2)}",
            f"any(h.quantity >= {Q} for h in account.holdings)",
            f"cap[account.rank] >= {Q}",
            f"grade[{Q}] is {random.choice(('yes', 'no'))}",
        )
    )  # fmt: skip


TABLES: Final = """\
tables:
  cap:
    <title>
    columns: {rank: band of number}
    value: quantity
    history:
      - from: 2020-01-02
        <act lines>
        rows: [{rank: below 10, value: 100 shares}, {rank: 10 and above, value: 250 shares}]
  grade:
    <title>
    columns: {size: band of quantity}
    value: boolean
    history:
      - from: 2020-01-02
        <act lines>
        rows:
          - {size: below 40 shares, value: "yes"}
          - {size: 40 shares to below 130 shares, value: "no"}
          - {size: 130 shares and above, value: "yes"}
"""


def rules(random: Random) -> str:
    """Return a chapter of some rules; each applies always, or where a condition holds."""
    lines = ["rules:"]
    for number in range(random.randint(1, 3)):
        lines.append(f"  rule_{number}:")
        if random.random() < 0.3:
            lines += ["    when: >-", f"      {condition(random, 1)}"]
        lines += ["    require: >-", f"      {condition(random)}", "    <rule>"]
    tables = TABLES.replace("<act lines>", "cite: {instrument: act}\n        evidence: official")
    return tables + "\n".join(lines) + "\n"


def order(random: Random) -> dict[str, Any]:
    """Return an order with numbers near those of the rules; now and then one is missing."""
    document = changed(
        COMPLETE,
        order={
            "quantity": random.randint(1, 400),
            "price": f"{random.randint(1, 20)}.{random.randint(0, 99):02}",
        },
        account={
            "cash": f"{random.randint(-50, 4000)}.{random.randint(0, 99):02}",
            "debt": f"{random.randint(0, 900)}.00",
            "rank": random.choice((5, 10, 15)),
        },
    )
    if random.random() < 0.15:
        del document["account"][random.choice(("debt", "rank", "holdings"))]
    return document
