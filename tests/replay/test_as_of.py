"""Rows of tables as of the moment of an order: ties, gaps, days, zones, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb")

import pyarrow
from pyarrow import parquet

from creditgate import Gate
from creditgate.replay.arranged import arrange
from creditgate.replay.cases import cases_at
from creditgate.replay.folder import opened_folder
from creditgate.replay.held import Held
from creditgate.replay.lookup import Lookup

GATE = Gate.load(["cn/sse"])
ORDERS = """\
id,account,action,security,trade_date,entered_at
before,A1,short_sell,600000,2020-01-02,2020-01-02T09:29:59.999999+08:00
at,A1,short_sell,600000,2020-01-02,2020-01-02T09:30:00+08:00
after,A1,short_sell,600000,2020-01-02,2020-01-02T10:15:00+08:00
utc,A1,short_sell,600000,2020-01-02,2020-01-02T02:15:00Z
day,A1,short_sell,600000,2020-01-02,
next,A1,short_sell,600000,2020-01-03,
undated,A1,short_sell,600000,,
"""
Read = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    """Return a function that reads orders and tables and gives the facts of each order."""
    opened: list[Held] = []

    def documents(orders: str = ORDERS, **tables: Any) -> dict[str, dict[str, Any]]:
        folder = tmp_path / f"tables{len(opened)}"
        folder.mkdir()
        (tmp_path / "orders.csv").write_text(orders, "utf-8")
        for name, table in tables.items():
            if isinstance(table, str):
                (folder / f"{name}.csv").write_text(table, "utf-8")
            else:
                parquet.write_table(table, folder / f"{name}.parquet")
        found = opened_folder(tmp_path / "orders.csv", folder, GATE.vocabulary)
        held = Held(found, tmp_path / f"tables{len(opened)}.duckdb")
        opened.append(held)
        held.load()
        arrange(held)
        assert not held.problems, held.problems
        lookup = Lookup(held)
        (cells,) = found.orders.blocks([len(orders)])
        cases = list(cases_at(lookup, cells.rows(), range(1, cells.count + 1)))
        return {str(case.id): case.document or {} for case in cases}

    yield documents
    for held in opened:
        held.close()


def cash(found: dict[str, dict[str, Any]]) -> dict[str, str | None]:
    return {id: document.get("account", {}).get("cash") for id, document in found.items()}


def test_the_last_row_at_or_before_the_instant_holds(read: Read) -> None:
    found = read(
        account="id,cash,as_of\n"
        "A1,1.00,2020-01-02T09:30:00+08:00\n"
        "A1,2.00,2020-01-02T10:15:00+08:00\n"
        "A1,3.00,2020-01-02T10:15:00.000001+08:00\n"
    )
    # An order without an instant cannot know what held on a day on which it changed.
    assert cash(found) == {
        "before": None, "at": "1.00", "after": "2.00", "utc": "2.00", "day": None, "next": "3.00",
        "undated": None,
    }  # fmt: skip


def test_the_order_of_the_rows_of_a_table_does_not_matter(read: Read) -> None:
    rows = [f"A1,{n}.00,2020-01-02T{n:02}:00:00+08:00\n" for n in range(24)]
    forward, backward = read(account="id,cash,as_of\n" + "".join(rows)), read(
        account="id,cash,as_of\n" + "".join(reversed(rows))
    )  # fmt: skip
    assert cash(forward) == cash(backward)
    assert cash(forward)["at"] == "9.00"


def test_a_key_without_a_row_by_then_is_not_known(read: Read) -> None:
    found = read(
        account="id,cash,as_of\nA2,1.00,2020-01-01T00:00:00Z\nA1,2.00,2020-01-04T00:00:00Z\n"
    )
    assert set(cash(found).values()) == {None}
    assert all("account" not in document for document in found.values())


def test_an_instant_is_the_same_in_every_zone(read: Read) -> None:
    found = read(
        account="id,cash,as_of\n"
        "A1,1.00,2020-01-01T20:29:59-05:00\n"  # 09:29:59 in Shanghai
        "A1,2.00,2020-01-02T01:30:00Z\n"
        "A1,3.00,2020-01-02T11:15:01+09:00\n"
    )
    assert cash(found) == {
        "before": "1.00", "at": "2.00", "after": "2.00", "utc": "2.00", "day": None, "next": "3.00",
        "undated": None,
    }  # fmt: skip


def test_a_day_holds_for_the_orders_of_that_day(read: Read) -> None:
    found = read(
        account="id,cash,as_of\nA1,1.00,2020-01-01\nA1,2.00,2020-01-02\nA1,3.00,2020-01-04\n"
    )
    assert cash(found) == {
        "before": "2.00", "at": "2.00", "after": "2.00", "utc": "2.00", "day": "2.00",
        "next": "2.00", "undated": None,
    }  # fmt: skip


def test_moments_of_parquet_are_those_of_text(read: Read) -> None:
    shanghai = timezone(timedelta(hours=8))
    moments = [
        datetime(2020, 1, 2, 9, 30, tzinfo=shanghai), datetime(2020, 1, 2, 2, 15, tzinfo=UTC)
    ]  # fmt: skip
    for zone in ("UTC", "Asia/Shanghai", "+08:00", "America/New_York"):
        for unit in ("us", "ns"):
            kind = pyarrow.timestamp(unit, zone)
            table = pyarrow.table(
                {
                    "id": ["A1", "A1"],
                    "cash": ["1.00", "2.00"],
                    "as_of": pyarrow.array(moments, kind),
                }
            )
            found = cash(read(account=table))
            assert (found["at"], found["after"], found["before"]) == ("1.00", "2.00", None)


def test_a_table_without_moments_holds_always(read: Read) -> None:
    assert set(cash(read(account="id,cash\nA1,1.00\n")).values()) == {"1.00"}


def test_a_single_record_is_found_by_the_facts_of_the_order_as_of_its_moment(read: Read) -> None:
    found = read(
        account="id,cash\nA1,1.00\n",
        market="security,last_price,as_of\n600000,none,2020-01-02T09:00:00+08:00\n"
        "600000,12.40,2020-01-02T09:30:00+08:00\n600036,40.00,2020-01-02T09:30:00+08:00\n",
        securities="id,price,as_of\n600000,12.30,2020-01-01\n600000,12.40,2020-01-03\n",
    )
    assert found["before"]["market"] == {"last_price": None}
    assert found["at"]["market"] == {"last_price": "12.40"}
    assert [row["price"] for row in found["day"]["securities"]] == ["12.30"]
    assert [row["price"] for row in found["next"]["securities"]] == ["12.40"]
    assert "securities" not in found["undated"]


def test_a_list_is_stated_whole_as_of_a_moment(read: Read) -> None:
    found = read(
        account="id,cash\nA1,1.00\nA2,1.00\n",
        position="account,list,security,quantity,as_of\n"
        "A1,collateral,600000,100,2020-01-02T09:30:00+08:00\n"
        "A1,collateral,600036,200,2020-01-02T09:30:00+08:00\n"
        "A1,collateral,600036,300,2020-01-02T10:00:00+08:00\n"
        "A2,long_positions,600036,1,2020-01-02T10:00:00+08:00\n",
        financing_contract="account,id,as_of\nA1,,2020-01-02T10:00:00+08:00\n",
    )
    held = {
        id: [(row["security"], row["quantity"]) for row in document["account"]["collateral"]]
        for id, document in found.items()
        if "collateral" in document["account"]
    }
    assert held == {
        "at": [("600000", "100"), ("600036", "200")],
        "after": [("600036", "300")], "utc": [("600036", "300")], "next": [("600036", "300")],
    }  # fmt: skip
    # What nobody has stated is not known, not empty; a row without a key says that it is empty.
    assert "long_positions" not in found["after"]["account"]
    assert "financing_contracts" not in found["at"]["account"]
    assert found["after"]["account"]["financing_contracts"] == []


def test_rows_that_own_rows_are_joined_as_of_the_same_moment(read: Read) -> None:
    found = read(
        account="id,cash,as_of\nA1,1.00,2020-01-01\n",
        financing_contract="account,id\nA1,F1\n",
        rollover="financing_contract,id,rolled_on,as_of\n"
        "F1,R1,2019-06-01,2020-01-02T09:30:00+08:00\n"
        "F1,R1,2019-06-01,2020-01-02T10:00:00+08:00\nF1,R2,2019-12-01,2020-01-02T10:00:00+08:00\n",
    )
    contracts = {
        id: document["account"]["financing_contracts"][0]
        for id, document in found.items()
        if "account" in document
    }
    rolled = {
        id: [row["id"] for row in contract["rollovers"]] if "rollovers" in contract else None
        for id, contract in contracts.items()
    }
    assert rolled["before"] is None
    assert rolled["at"] == ["R1"]
    assert rolled["after"] == ["R1", "R2"]
