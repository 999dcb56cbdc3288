"""Tables that no document could stand for are refused, with the place and what is wrong there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from creditgate import Gate
from creditgate.backends.columns.frames import TableRefused


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.load(["cn/sse"])


def _orders(**columns: Any) -> pa.Table:
    given = {"trade_date": [date(2026, 1, 20)] * 2, "action": ["margin_buy"] * 2, **columns}
    return pa.table({name: value for name, value in given.items() if value is not None})


def _accounts(**columns: Any) -> dict[str, pa.Table]:
    return {"account": pa.table({"id": ["A", "B"], **columns})}


_TWICE = [[{"security": "S", "quantity": 1}, {"security": "S", "quantity": 2}], []]
_FIRST_AND_LAST = [[], [{"security": name} for name in ("S", "T", "U", "S")]]
_IN_A_LONG_LIST = [[{"security": f"S{place % 39}"} for place in range(40)], []]
_UNKEYED = [[{"quantity": 1}], []]
REFUSED: dict[str, tuple[pa.Table, dict[str, pa.Table], str, str]] = {
    "a column that is no fact": (
        _orders(quantitty=[1, 2]), {}, "order.quantitty", "no fact is called so",
    ),
    "a table that is no entity": (_orders(), {"acount": pa.table({"id": ["A"]})}, "acount", "no table"),
    "a member of no enum": (
        _orders(action=["margin_buy", "marginbuy"]), {}, "order.action", "`marginbuy` is not one",
    ),
    "a number below its bounds": (
        _orders(quantity=[100, 0]), {}, "order.quantity", "row 1 is not between",
    ),
    "too many decimals": (
        _orders(price=[Decimal("1.00001"), Decimal("2")]), {}, "order.price", "decimals",
    ),
    "a binary fraction that is not what was meant": (
        _orders(price=[0.1 + 0.2, 1.0]), {}, "order.price", "decimals",
    ),
    "no number": (_orders(price=["ten", "1"]), {}, "order.price", "no number"),
    "not finite": (_orders(price=[float("nan"), 1.0]), {}, "order.price", "not finite"),
    "texts where there are days": (_orders(trade_date=["soon", "later"]), {}, "order.trade_date", "date"),
    "instants without a zone": (
        _orders(entered_at=[datetime(2026, 1, 20)] * 2), {}, "order.entered_at", "time zone",
    ),
    "a value and none at once": (
        _orders(**{"price": [Decimal("1.00")] * 2, "price.none": [True, False]}), {}, "order.price", "none",
    ),
    "none where a fact is never none": (
        _orders(**{"quantity.none": [True, False]}), {}, "order.quantity", "never none",
    ),
    "none against its sibling": (
        _orders(**{"type": ["limit", "limit"], "price.none": [True, True]}), {}, "order.price", "row 0",
    ),
    "a key twice": (
        _orders(account=["A", "A"]), {"account": pa.table({"id": ["A", "A"]})}, "account.id", "same key",
    ),
    "a row of a list twice": (
        _orders(), _accounts(collateral=_TWICE), "account.collateral.security", "same key",
    ),
    "the first and the last row of a list with one key": (
        _orders(), _accounts(collateral=_FIRST_AND_LAST), "account.collateral.security", "same key",
    ),
    "two rows of a long list with one key": (
        _orders(), _accounts(collateral=_IN_A_LONG_LIST), "account.collateral.security", "same key",
    ),
    "a row of a list without its key": (
        _orders(), _accounts(collateral=_UNKEYED), "account.collateral.security", "no key",
    ),
    "a list that is none": (_orders(), _accounts(collateral=[1, 2]), "account.collateral", "a list"),
    "two tables for one key of the order": (
        _orders(security=["S", "S"]),
        {"market": pa.table({"security": ["S", "S"], "traded_today": [True, False]})},
        "market.security", "same key",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_is_refused_for(name: str, gate: Gate) -> None:
    orders, others, place, message = REFUSED[name]
    with pytest.raises(TableRefused) as refused:
        gate.decide_table(orders, others)
    assert refused.value.place == place
    assert message in refused.value.message


def test_rows_of_no_day_and_of_days_before_the_law_are_never_approved(gate: Gate) -> None:
    orders = pa.table(
        {"trade_date": [None, date(1990, 12, 19)], "action": ["margin_buy", "margin_buy"]}
    )
    assert gate.decide_table(orders).column("decision").to_pylist() == ["undecided", "out_of_scope"]


def test_a_table_without_rows_has_no_decisions(gate: Gate) -> None:
    orders = pa.table(
        {"trade_date": pa.array([], pa.date32()), "action": pa.array([], pa.string())}
    )
    assert gate.decide_table(orders).num_rows == 0


@pytest.mark.parametrize("lists", [_TWICE, _UNKEYED])
def test_a_part_of_a_table_holds_no_lists_of_the_rows_beside_it(lists: Any, gate: Gate) -> None:
    orders = _orders(account=["A", "B"])
    accounts = _accounts(collateral=lists[::-1])["account"]
    with pytest.raises(TableRefused):
        gate.decide_table(orders.slice(0, 1), {"account": accounts})
    first = {"account": accounts.slice(0, 1)}
    assert gate.decide_table(orders.slice(0, 1), first).num_rows == 1
    behind = {"account": _accounts(collateral=lists)["account"].slice(1)}
    assert gate.decide_table(orders.slice(1), behind).num_rows == 1
