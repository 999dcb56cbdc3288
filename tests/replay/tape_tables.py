"""The recorded day of SSE 600000 as orders and tables with moments, for a replay.

Orders of the tape share seconds, so each is given the microsecond of its place. The market and the
price of the security hold from the microsecond of the order that met them first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from docs.examples.sse_600000.documents import Desk, MadeAccount, read_desk
from docs.examples.sse_600000.tape import SECURITY, TapeOrder, orders_of, read_trades

LISTS = {
    "collateral": "position",
    "financing_contracts": "financing_contract",
    "short_contracts": "short_contract",
}


def tape_orders(most: int | None = None) -> list[TapeOrder]:
    """Return the orders of the tape, each with a moment of its own."""
    found = []
    for place, order in enumerate(list(orders_of(read_trades()))[:most]):
        entered = datetime.fromisoformat(order.entered_at) + timedelta(microseconds=place)
        found.append(replace(order, entered_at=entered.isoformat()))
    return found


def write_tape(folder: Path, orders: Sequence[TapeOrder]) -> Desk:
    """Write `orders.csv` and the folder `tables`; return the desk they were made from."""
    desk = read_desk()
    (folder / "tables").mkdir()
    write_csv(folder / "orders.csv", (_order_row(desk, n, order) for n, order in enumerate(orders)))
    tables: dict[str, list[dict[str, Any]]] = {
        "account": [_plain({**a.account, "client": a.client["id"]}) for a in desk.accounts],
        "client": [_plain(account.client) for account in desk.accounts],
        "member": [_plain(desk.member)],
        "rollover": [],
    }
    for account in desk.accounts:
        for name, table in LISTS.items():
            tables.setdefault(table, []).extend(_list_rows(account, name, tables["rollover"]))
    held = {row["id"]: row for account in desk.accounts for row in account.securities}
    start = f"{orders[0].entered_at[:10]}T00:00:00+08:00"
    tables["securities"] = [{**_plain(row), "as_of": start} for row in held.values()]
    tables["market"] = []
    before: Any = ()
    for order in orders:
        if order.last_price == before:
            continue
        before = order.last_price
        facts = desk.document(order, desk.accounts[0])
        tables["market"].append(
            {**_plain(facts["market"]), "security": SECURITY, "as_of": order.entered_at}
        )
        tables["securities"].append({**_plain(facts["securities"][0]), "as_of": order.entered_at})
    for name, rows in tables.items():
        write_csv(folder / "tables" / f"{name}.csv", rows)
    return desk


def _order_row(desk: Desk, place: int, order: TapeOrder) -> dict[str, Any]:
    account = desk.account_for(place)
    facts = desk.document(order, account)["order"]
    return {**_plain(facts), "account": account.account["id"], "member": desk.member["id"]}


def _list_rows(
    account: MadeAccount, name: str, rollovers: list[dict[str, Any]]
) -> Iterable[dict[str, Any]]:
    for row in account.account[name]:
        stated = {"list": name} if LISTS[name] == "position" else {}
        yield {**_plain(row), **stated, "account": account.account["id"]}
        # Both columns stand in the table, so that contracts without a row of it have no rollovers.
        owners = {"financing_contract": "", "short_contract": "", LISTS[name]: row.get("id")}
        rollovers += [{**_plain(r), **owners} for r in row.get("rollovers", ())]


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as the cells of a table; rows of lists stand in tables of their own."""
    found = {}
    for name, value in facts.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            continue
        if isinstance(value, list):
            if name not in {*LISTS, "rollovers"}:
                found[name] = ";".join(value) or "{}"
        elif isinstance(value, bool):
            found[name] = "true" if value else "false"
        else:
            found[name] = "none" if value is None else str(value)
    return found


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV; a column that a row does not have is left empty."""
    held = list(rows)
    columns = list(dict.fromkeys(name for row in held for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(held)
