"""House rules by the thousand: each names an action, and a security, an account or both.

    python -m tests.perf.many_rules 10000 some/folder

`write` makes the folder of a rulebook from a number of rules and a seed, always the same. The rules
come in groups, and a group is what applies to the orders of one account in one security with one
action: `APPLYING` rules, of which two are lists that neighbouring groups share.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, count, islice
from pathlib import Path
from random import Random
from typing import Any, Final

RULEBOOK: Final = "many_rules"
DAY: Final = date(2026, 1, 20)
ACTIONS: Final = ("margin_buy", "short_sell")
OTHER_ACTIONS: Final = (
    "buy", "sell", "collateral_buy", "collateral_sell", "sell_to_repay", "buy_to_return",
    "cash_repay", "stock_return", "surplus_transfer", "collateral_in", "collateral_out",
    "interest_repay", "debt_extension",
)  # fmt: skip
EACH: Final = 10  # rules of a group that name the security, the account, or both
APPLYING: Final = 3 * EACH
LISTED: Final = 20  # neighbouring securities or accounts that one list names
CHAPTER: Final = 500  # rules in one file
SINCE: Final = date(2025, 7, 1)
DAYS: Final = 120  # days from the first on which some rule begins

HEADER: Final = """\
rulebook: {id}
title: {{en: House rules by security and account, zh: 按证券与账户设定的内部规则}}
authority: {{en: A member (invented), zh: 会员（虚构）}}
currency: CNY
time_zone: Asia/Shanghai
calendars: {{trading: XSHG, settlement: XSHG}}
in_force: {{from: 2025-07-01, cite: {{instrument: house_limits}}, evidence: official}}
governs: {{order: account.type is credit and account.exchange is {exchange}}}
instruments:
  house_limits:
    title: {{en: House limits, zh: 内部限额}}
    issued: 2025-06-16
    note: Invented.
"""
FIRST_CHAPTER: Final = """\
chapter: {{en: Scope, zh: 范围}}
figures:
  order_value:
    title: {{en: Value of the order, zh: 委托金额}}
    unit: money
    cite: {{instrument: house_limits, article: "1"}}
    evidence: official
    formula: order.quantity * (if order.type is limit then order.price else order.security.price)
rules:
  limited_actions_only:
    title: {{en: Only actions with house limits are entered here, zh: 仅可申报设有内部限额的业务}}
    on: order
    when: order.action in {{{others}}}
    require: no
    reason: purpose_not_allowed
    breach: {{en: "Not entered here: {{order.action}}.", zh: "不得申报：{{order.action}}。"}}
    in_force: [{{from: 2025-07-01, cite: {{instrument: house_limits, article: "2"}}, evidence: official}}]
"""
RULE: Final = """\
  {name}:
    title: {{en: House limit {name}, zh: 内部限额 {name}}}
    on: order
    when: {when}
{unless}    require: {require}
    reason: {reason}
    breach: {{en: "{{order.quantity}} is above the house limit.", zh: "{{order.quantity}} 超过内部限额。"}}
    in_force: [{{from: {since}, cite: {{instrument: house_limits, article: "{article}"}}, evidence: {grade}}}]
"""
UNLESS: Final = """\
    unless:
      funds:
        title: {en: Exchange-traded funds, zh: 交易型开放式指数基金}
        when: order.security.class is etf
        in_force: [{from: 2025-07-01, cite: {instrument: house_limits, article: "9"}, evidence: official}]
"""


@dataclass(frozen=True, slots=True)
class Group:
    """What one group of rules is about."""

    action: str
    security: str
    account: str

    @classmethod
    def of(cls, place: int) -> Group:
        """Return the group at a place: its neighbour has the same keys and the other action."""
        pair, turn = divmod(place, len(ACTIONS))
        return cls(ACTIONS[turn], security(pair), account(pair))


def security(place: int) -> str:
    """Return the code of a security."""
    return f"{600_000 + place}"


def account(place: int) -> str:
    """Return the number of an account; some begin with the whole of another."""
    return f"A{place}"


def whole_groups(rules: int) -> int:
    """Return how many groups have all their rules in a rulebook of so many."""
    for place in count():
        rules -= len(_group(Random(0), place))
        if rules <= 0:
            return place + (rules == 0)
    raise AssertionError


def write(
    root: Path, rules: int, *, seed: int = 0, name: str = RULEBOOK, exchange: str = "SSE"
) -> Path:
    """Write a rulebook of so many rules below a folder, and return its own folder.

    One more rule refuses every other action. `exchange` is that of the accounts it governs.
    """
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    header = HEADER.format(id=name, exchange=exchange)
    (folder / "rulebook.yaml").write_text(header, encoding="utf-8")
    unasked = ACTIONS[whole_groups(rules) :]
    first = FIRST_CHAPTER.format(others=", ".join((*unasked, *OTHER_ACTIONS)))
    (folder / "chapter_0.yaml").write_text(first, encoding="utf-8")
    random = Random(seed)
    groups = (_group(random, place) for place in count())
    texts = islice(chain.from_iterable(groups), rules)
    for chapter in count(1):
        part = list(islice(texts, CHAPTER))
        if not part:
            return folder
        top = f"chapter: {{en: House limits {chapter}, zh: 内部限额 {chapter}}}\nrules:\n"
        (folder / f"chapter_{chapter}.yaml").write_text(top + "".join(part), encoding="utf-8")
    return folder


def _group(random: Random, place: int) -> list[str]:
    """Return the rules of a group, with the lists that begin with it."""
    group = Group.of(place)
    action = f"order.action is {group.action}"
    of_security = f'order.security is "{group.security}"'
    of_account = f'account.id is "{group.account}"'
    kinds = (
        (f"security_{group.security}", f"{action} and {of_security}", EACH - 1),
        (f"account_{group.account.lower()}", f"{of_account} and {action}", EACH - 1),
        (f"both_{group.security}", f"{action} and {of_security} and {of_account}", EACH),
    )
    begins = place % (LISTED * len(ACTIONS)) < len(ACTIONS)
    rules = list(_lists(random, place, group)) if begins else []
    for kind, when, each in kinds:
        rules += [
            _rule(random, place, f"{kind}_{group.action}_{number}", when, number)
            for number in range(each)
        ]
    return rules


def _lists(random: Random, place: int, group: Group) -> Iterator[str]:
    start = place // len(ACTIONS)
    for kind, path, key in (
        ("securities", "order.security", security),
        ("accounts", "account.id", account),
    ):
        keys = ", ".join(f'"{key(other)}"' for other in range(start, start + LISTED))
        when = f"order.action is {group.action} and {path} in {{{keys}}}"
        yield _rule(random, place, f"{kind}_{place}_{group.action}", when, 0)


def _rule(random: Random, place: int, name: str, when: str, number: int) -> str:
    quantity = 1_000 * random.randint(8, 400)
    value = 10_000 * random.randint(20, 4_000)
    requirements = (
        f"order.quantity <= {quantity} shares",
        f"order_value <= {value} CNY",
        f"order.type is not limit or order.price <= order.security.price * {random.randint(101, 110)}%",
        f"order_value <= {random.randint(5, 90)}% * account.credit_line",
        f"order_value + account.credit_used <= account.credit_line + {value} CNY",
    )
    return RULE.format(
        name=name,
        when=when,
        since=SINCE + timedelta(days=place // len(ACTIONS) % DAYS),
        unless=UNLESS if number % 4 == 3 else "",
        require=requirements[number % len(requirements)],
        reason=("order_too_large", "notional_too_large")[number % 2],
        article=number + 1,
        grade=("official", "reproduced", "secondary")[number % 3],
    )


def order(random: Random, group: Group, *, plain: bool = False) -> dict[str, Any]:
    """Return an order of a group, which a `plain` one passes."""
    quantity = 100 if plain else 100 * random.choice((1, 5, 40, 300, 4_000))
    price = Decimal(random.randint(300, 9_000)).scaleb(-2)
    limit = plain or random.random() < 0.8
    offered = price * (1 if plain else random.choice((1, 1, Decimal("1.05"), Decimal("1.2"))))
    return {
        "order": {
            "id": "1", "action": group.action, "security": group.security,
            "type": "limit" if limit else "market", "quantity": quantity,
            "price": offered.quantize(Decimal("0.01")) if limit else None,
            "trade_date": DAY.isoformat(),
        },
        "account": {
            "id": group.account, "type": "credit", "exchange": "SSE",
            "credit_line": Decimal("10000000.00"),
            "credit_used": Decimal("0.00") if plain else Decimal(random.choice((0, 9_000_000))),
        },
        "securities": [
            {
                "id": group.security, "price": price,
                "class": "stock" if plain or random.random() < 0.8 else "etf",
            }
        ],
    }  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    """Write a rulebook: how many rules, and below which folder."""
    print(write(Path(arguments[1]), int(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
