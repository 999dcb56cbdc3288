"""Orders decided as tables come out, byte for byte, as they do one by one."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.perf.workload import RULEBOOK, Document, order_document
from tests.replay.document_tables import replay_tables
from tests.tables.order_tables import OrderTables

pytest.importorskip("duckdb")

import pyarrow as pa
from pyarrow import parquet

from creditgate import Gate
from creditgate.backends.columns.compile import uncompiled
from creditgate.decide.table import TableDecider
from creditgate.replay.by_columns import ByColumns, Found
from creditgate.replay.cells import Cells
from creditgate.replay.run import Replayed, replay

ORDERS = 180
GATE = Gate.load([RULEBOOK])


def days() -> list[date]:
    """Return the last days before the law changed, and the first after it."""
    changes = sorted(GATE.engines[0].rulebook.change_days())[-3:]
    return [date.fromordinal(day + step) for day in changes for step in (-1, 0)]


def documents(*, missing: bool) -> list[Document]:
    random, found = Random(7), []
    for number in range(ORDERS):
        document = order_document(
            random, random.choice(("margin_buy", "short_sell")), plain=number % 5 == 0
        )
        day = days()[number * 6 // ORDERS]
        document["order"]["trade_date"] = day.isoformat()
        document["order"]["entered_at"] = f"{day.isoformat()}T10:31:{number % 60:02}+08:00"
        if missing:
            for name in ("order", "account", "client", "market"):
                facts = sorted(set(document[name]) - {"security", "id", "trade_date", "entered_at"})
                for fact in random.sample(facts, random.choice((0, 0, 0, 0, 1))):
                    del document[name][fact]
        found.append(document)
    return found


def made(*, missing: bool = False) -> dict[str, pa.Table]:
    """Return the tables of a replay; the orders among them."""
    tables = OrderTables(documents(missing=missing), GATE.vocabulary)
    ids = pa.array([f"{number}" for number in range(ORDERS)])
    orders = tables.orders.set_column(tables.orders.column_names.index("id"), "id", ids)
    return {"orders": orders, **replay_tables(tables.others, GATE.vocabulary)}


class Ways:
    """Replay the same tables as tables and one by one."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._patch = folder, monkeypatch
        monkeypatch.setattr(
            "creditgate.replay.one_rulebook.TableDecider",
            partial(TableDecider, compile_kernel=uncompiled),
        )
        monkeypatch.setattr("creditgate.replay.by_columns.FEW", 1)
        monkeypatch.setattr("creditgate.replay.parts.FIRST_SIZE", 50)
        self.in_tables = 0
        found = ByColumns.found

        def counted(by: ByColumns, cells: Cells) -> Found:
            answers = found(by, cells)
            self.in_tables += int((answers.places >= 0).sum())
            return answers

        monkeypatch.setattr(ByColumns, "found", counted)

    def write(self, tables: Mapping[str, pa.Table]) -> None:
        (self._folder / "tables").mkdir()
        for name, table in tables.items():
            place = self._folder if name == "orders" else self._folder / "tables"
            parquet.write_table(table, place / f"{name}.parquet")

    def set_least(self, orders: int) -> None:
        """Have so many orders decided as tables, and fewer one by one."""
        self._patch.setattr("creditgate.replay.run.FEW_TO_COMPILE", orders)

    def run(self, out: str, least: int, gate: Gate, *, evidence: bool = False) -> Replayed:
        self.set_least(least)
        self.in_tables = 0
        return replay(
            self._folder / "orders.parquet", self._folder / "tables", self._folder / out, gate,
            evidence=evidence,
        )  # fmt: skip

    def compare(self, least: int, gate: Gate = GATE, *, evidence: bool = False) -> Replayed:
        """Compare the two; at least so many orders must come out of tables in one of them."""
        single = self.run("single.parquet", ORDERS + 1, gate, evidence=evidence)
        assert not self.in_tables
        columns = self.run("columns.parquet", 1, gate, evidence=evidence)
        assert self.in_tables >= least
        files = [(self._folder / f"{way}.parquet") for way in ("single", "columns")]
        rows = [parquet.read_table(file).to_pylist() for file in files]
        assert rows[0] == rows[1]
        assert files[0].read_bytes() == files[1].read_bytes()
        assert columns.counts == single.counts
        assert columns.diagnostics == single.diagnostics
        return columns


@pytest.fixture
def ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(tmp_path, monkeypatch)


def test_orders_of_days_across_changes_of_the_law(ways: Ways) -> None:
    ways.write(made())
    done = ways.compare(ORDERS // 2)
    assert len({day for day, _, _ in done.counts.by_day}) == len(set(days()))
    assert {"approved", "rejected"} <= set(done.counts.decisions)


def test_orders_whose_facts_are_missing(ways: Ways) -> None:
    ways.write(made(missing=True))
    done = ways.compare(ORDERS // 4)
    assert done.counts.decisions["undecided"]


def test_evidence_of_breaches(ways: Ways) -> None:
    tables = made()
    tables["orders"] = tables["orders"].slice(0, 40)
    ways.write(tables)
    ways.compare(1, evidence=True)


def test_rulebooks_that_govern_together(ways: Ways) -> None:
    ways.write(made())
    done = ways.compare(ORDERS // 2, Gate.load([RULEBOOK, "cn/sse", "us/reg_sho"]))
    assert done.counts.decisions["approved"]


def test_tables_that_change_during_the_day(ways: Ways) -> None:
    """Accounts, their positions and the market change at a moment, securities with the day."""
    tables = made()
    moments = [document["order"]["entered_at"] for document in documents(missing=False)]
    # Some orders share an account, and meet more than one state of it.
    shared = pa.array([f"{number // 3 * 3}/A1" for number in range(ORDERS)])
    tables["orders"] = _with(tables["orders"], "account", shared)
    begun = {f"{n}/A1": datetime.fromisoformat(moment) for n, moment in enumerate(moments)}
    half = timedelta(seconds=1)
    owners = {"account": "id", "position": "account", "short_contract": "account"}
    for name, owner in owners.items():
        table = tables[name]
        first = [begun[key] - half for key in table.column(owner).to_pylist()]
        later = [begun[key] + half for key in table.column(owner).to_pylist()]
        changed = table.slice(0, table.num_rows)
        if name == "account":
            kind = changed.schema.field("cash").type
            nothing = pa.array([Decimal(0)] * changed.num_rows, kind)
            changed = _with(changed, "cash", nothing)
        parts = [
            _with(part, "as_of", pa.array(moments, pa.timestamp("us", "+08:00")))
            for part, moments in ((table, first), (changed, later))
        ]
        tables[name] = pa.concat_tables(parts)
    market = tables["market"]
    starts = pa.array([moment[:17] + "00+08:00" for moment in moments])
    tables["market"] = _with(market, "as_of", starts)
    rows = tables["securities"].num_rows
    first_days = [days()[n * len(days()) // rows].isoformat() for n in range(rows)]
    tables["securities"] = _with(tables["securities"], "as_of", pa.array(first_days))
    tables["securities"] = pa.concat_tables(
        [
            tables["securities"],
            _with(tables["securities"], "as_of", pa.array(["2000-01-01"] * rows)),
        ]
    )
    ways.write(tables)
    ways.compare(ORDERS // 3)


def test_orders_that_cannot_be_read_as_they_stand(ways: Ways) -> None:
    tables = made()
    orders = tables["orders"]
    texts = [f"{quantity}" for quantity in orders.column("quantity").to_pylist()]
    accounts = orders.column("account").to_pylist()
    ids: list[Any] = orders.column("id").to_pylist()
    purposes = orders.column("purpose").to_pylist()
    sources = orders.column("lending_sources").to_pylist()
    for place, text in enumerate(
        ("1e3", "1_000", " 1000 ", "1000.0", "-0", "", "abc", "0", "1" * 30)
    ):
        texts[place * 7] = text
    accounts[3], accounts[4], ids[5], purposes[6] = "nobody", None, None, "融资"
    sources[8] = sources[8] * 2
    sources[9], sources[10] = None, []
    sources[11][0]["id"] = None
    sources[12][0]["security"] = "none held"
    none = orders.column("price.none").to_pylist()
    none[13] = not none[13]
    events: list[str | None] = ["order"] * ORDERS
    events[14], events[15], events[16] = "nothing", None, " order "
    for name, cells in (
        ("quantity", texts), ("account", accounts), ("id", ids), ("purpose", purposes),
        ("price.none", none), ("event", events),
    ):  # fmt: skip
        orders = _with(orders, name, pa.array(cells))
    lists = pa.array(sources, orders.schema.field("lending_sources").type)
    tables["orders"] = _with(orders, "lending_sources", lists)
    tables["claims"] = pa.table(
        {
            "order": ["20", "21"], "claim": ["bona_fide_market_making", "made_up"],
            "by": ["desk 7", ""], "at": ["2026-01-20T09:00:00+08:00"] * 2,
        }
    )  # fmt: skip
    ways.write(tables)
    done = ways.compare(ORDERS // 3)
    assert done.counts.unread == 10


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


def test_text_says_the_same_as_columns(ways: Ways, tmp_path: Path) -> None:
    tables = made()
    ways.write(tables)
    typed = ways.run("typed.csv", 1, GATE)
    orders = replay_tables({"order": tables["orders"]}, GATE.vocabulary)
    (tmp_path / "text").mkdir()
    write_csv(tmp_path / "text.csv", orders.pop("order"))
    for name, table in [*tables.items(), *orders.items()]:
        if name != "orders":
            write_csv(tmp_path / "text" / f"{name}.csv", table)
    for out, least in (("columns.csv", 1), ("single.csv", ORDERS + 1)):
        ways.in_tables = 0
        ways.set_least(least)
        done = replay(tmp_path / "text.csv", tmp_path / "text", tmp_path / out, GATE)
        assert (ways.in_tables > ORDERS // 4) == (least == 1)
        assert done.counts == typed.counts
        assert (tmp_path / out).read_bytes() == (tmp_path / "typed.csv").read_bytes()


def write_csv(path: Path, table: pa.Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        names = [name.removesuffix(".none") for name in table.column_names]
        kept = list(dict.fromkeys(names))
        lines.writerow(kept)
        for row in table.to_pylist():
            lines.writerow(_cell(row, name) for name in kept)


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if row.get(f"{name}.none"):
        return "none"
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(value) or "{}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return f"{value}"
