"""Put an order of the tape, a made account and the market into one facts document.

This is what an order management system would do before it asks for a decision: everything the
rules may read about the order goes into one JSON document. What is left out is unknown, and an
order with an unknown fact that matters is not approved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from docs.examples.sse_600000.tape import SECURITY, TRADE_DATE, TapeOrder

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class MadeAccount:
    """A made account with its client, and the securities it holds or owes."""

    name: str
    name_zh: str
    turns: int
    account: Mapping[str, Any]
    client: Mapping[str, Any]
    securities: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """The made surroundings of the orders: accounts, securities, and the market of 600000."""

    accounts: tuple[MadeAccount, ...]
    traded_security: Mapping[str, Any]
    market: Mapping[str, Any]
    member: Mapping[str, Any]
    lendable_quantity: int

    def account_for(self, place: int) -> MadeAccount:
        """Return the account that enters the order at this place of the tape."""
        turn = place % sum(account.turns for account in self.accounts)
        for account in self.accounts:
            if turn < account.turns:
                return account
            turn -= account.turns
        raise AssertionError("the turns add up to the divisor")

    def document(self, order: TapeOrder, account: MadeAccount) -> dict[str, Any]:
        """Return the facts document of an order, with numbers as exact text.

        The traded security is valued at the last trade, or at the previous close before the first.
        """
        last_price = None if order.last_price is None else str(order.last_price)
        traded = {**self.traded_security, "price": last_price or self.market["previous_close"]}
        return {
            "event": "order",
            "order": {
                "id": order.number,
                "action": order.action,
                "security": SECURITY,
                "type": "limit",
                "quantity": order.quantity,
                "price": str(order.price),
                "trade_date": TRADE_DATE.isoformat(),
                "entered_at": order.entered_at,
                "session": "auction",
                "purpose": "ordinary_trade",
                "credit_flag": True,
                "lendable_quantity": self.lendable_quantity,
            },
            "market": {
                **self.market,
                "traded_today": order.last_price is not None,
                "last_price": last_price,
                "price_tick": "0.01",
            },
            "account": account.account,
            "client": account.client,
            "member": self.member,
            "securities": [traded, *account.securities],
        }


def read_desk(folder: Path = FOLDER) -> Desk:
    """Read the made accounts and securities."""
    securities = json.loads((folder / "securities.json").read_text("utf-8"))
    accounts = json.loads((folder / "accounts.json").read_text("utf-8"))
    rows = {row["id"]: row for row in securities["securities"]}
    return Desk(
        tuple(_account(entry, rows) for entry in accounts["accounts"]),
        rows[SECURITY],
        securities["market"],
        securities["member"],
        securities["lendable_quantity"],
    )


def _account(entry: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> MadeAccount:
    account = entry["account"]
    held: Sequence[Mapping[str, Any]] = (
        *account["collateral"],
        *account["financing_contracts"],
        *account["short_contracts"],
    )
    codes = dict.fromkeys(item["security"] for item in held if item["security"] != SECURITY)
    return MadeAccount(
        entry["name"],
        entry["name_zh"],
        entry["turns"],
        account,
        entry["client"],
        tuple(rows[code] for code in codes),
    )
