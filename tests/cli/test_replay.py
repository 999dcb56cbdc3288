"""`creditgate replay` as people run it: formats, bad input, summaries, the extra that is missing."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.cli.good_tables import TABLES

pytest.importorskip("duckdb")

import pyarrow
from pyarrow import ipc, parquet

Run = Callable[..., Any]
Book = Callable[[str], Path]
NUMBERS = {
    "quantity": pyarrow.decimal128(20, 2), "cash": pyarrow.decimal128(20, 2),
    "last_price": pyarrow.string(), "price": pyarrow.decimal128(12, 4),
    "previous_close": pyarrow.float64(),
}  # fmt: skip


def arrow_of(text: str) -> pyarrow.Table:
    """Return a CSV table as one of Arrow: money as decimals, one column of floats, the rest text."""
    lines = list(csv.DictReader(text.splitlines()))
    columns = {}
    for name in lines[0]:
        kind = NUMBERS.get(name, pyarrow.string())
        cells: list[Any] = [line[name] or None for line in lines]
        if name == "trade_date":
            columns[name] = pyarrow.array(cells).cast(pyarrow.date32())
        elif pyarrow.types.is_decimal(kind):
            columns[name] = pyarrow.array([Decimal(cell) for cell in cells], kind)
        elif pyarrow.types.is_floating(kind):
            columns[name] = pyarrow.array([float(cell) for cell in cells], kind)
        else:
            columns[name] = pyarrow.array(cells, kind)
    return pyarrow.table(columns)


def write(path: Path, text: str) -> None:
    """Write a table given as CSV in the format that the ending of a path names."""
    if path.suffix == ".csv":
        path.write_text(text, "utf-8")
    elif path.suffix == ".parquet":
        parquet.write_table(arrow_of(text), path)
    else:
        table = arrow_of(text)
        with pyarrow.OSFile(str(path), "wb") as sink, ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)


@pytest.fixture
def replayed(creditgate: Run, book: Book, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that replays the good tables with some replaced; None leaves one out."""

    def run(*arguments: object, form: str = "csv", out: str = "out.csv", **replaced: Any) -> Any:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        texts = {Path(name).stem: text for name, text in TABLES.items()} | replaced
        for name, text in texts.items():
            if text is not None:
                place = tmp_path / "order" if name == "order" else folder / name
                given = place.with_suffix(f".{form}")
                if isinstance(text, pyarrow.Table):
                    parquet.write_table(text, given)
                elif isinstance(text, bytes):
                    given.write_bytes(text)
                else:
                    write(given, text)
        return creditgate(
            "replay", f"order.{form}", "--facts", "tables", "--rulebook", book("exchange"),
            "--out", out, "--lang", "en", *arguments,
        )  # fmt: skip

    return run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_answers_are_those_of_decide(
    replayed: Callable[..., Any], creditgate: Run, book: Book, tmp_path: Path
) -> None:
    (tmp_path / "all").mkdir()
    for changed in ({}, {"claims": None}, {"market": None}, {"position": None}, {"client": None}):
        texts = {Path(name).stem: text for name, text in TABLES.items()} | changed
        if "client" in changed:
            texts["account"] = "id,cash\nA1,5000.00\nA2,0.00\n"
        for name, text in texts.items():
            path = tmp_path / "all" / f"{name}.csv"
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text, "utf-8")
        decided = creditgate("decide", "all", "--rulebook", book("exchange"), "--format", "csv")
        done = replayed(**texts)
        assert done.status == decided.status
        wanted = list(csv.DictReader(decided.lines))
        for found, row in zip(rows_of(tmp_path / "out.csv"), wanted, strict=True):
            for column in ("id", "decision", "breached", "undecided", "pending", "missing"):
                assert found[column] == row[column]


def test_the_digest_is_that_of_the_core_that_decide_gives(
    replayed: Callable[..., Any], creditgate: Run, book: Book, tmp_path: Path
) -> None:
    import hashlib

    replayed()
    (tmp_path / "all").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "all" / name).write_text(text, "utf-8")
    decided = creditgate("decide", "all", "--rulebook", book("exchange"), "--format", "json")
    for line, row in zip(decided.lines, rows_of(tmp_path / "out.csv"), strict=True):
        core = line.split('"core":', 1)[1].split(',"words":', 1)[0]
        assert row["decision_digest"] == hashlib.sha256(core.encode()).hexdigest()


def test_the_formats_agree(replayed: Callable[..., Any], tmp_path: Path) -> None:
    found = []
    for form in ("csv", "parquet", "arrow"):
        for out in ("out.csv", "out.parquet", "out.arrow"):
            assert replayed("--evidence", form=form, out=out).status == 1
        with pyarrow.memory_map(str(tmp_path / "out.arrow")) as mapped:
            table = ipc.open_file(mapped).read_all()
        assert table == parquet.read_table(tmp_path / "out.parquet")
        flat = [
            {name: " ".join(v) if isinstance(v, list) else str("" if v is None else v)
             for name, v in row.items()}
            for row in table.to_pylist()
        ]  # fmt: skip
        assert flat == rows_of(tmp_path / "out.csv")
        found.append(table)
    assert found[0] == found[1] == found[2]


def test_evidence_stands_beside_breaches_on_request_only(
    replayed: Callable[..., Any], tmp_path: Path
) -> None:
    replayed()
    assert "evidence" not in rows_of(tmp_path / "out.csv")[0]
    replayed("--evidence")
    first, second, third = rows_of(tmp_path / "out.csv")
    assert first["evidence"] == third["evidence"] == ""
    (rule,) = json.loads(second["evidence"])
    assert rule["rule"] == second["breached"] == "exchange/whole_lots"
    assert rule["authority"]["article"] == "4"
    assert {fact["path"] for fact in rule["facts"]} == {"order.action", "order.quantity"}
    assert rule["limits"][0]["right"]["value"]["exact"] == "100"


class Page(HTMLParser):
    """The tags and the addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in {"href", "src"}]


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Rejected by rule"), ("zh", "按规则统计的拒绝")]
)
def test_the_summary_is_a_page_by_itself(
    replayed: Callable[..., Any], tmp_path: Path, language: str, word: str
) -> None:
    done = replayed("--summary", "page.html", "--lang", language)
    assert word in done.out
    text = (tmp_path / "page.html").read_text("utf-8")
    page = Page()
    page.feed(text)
    assert page.addresses == []
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "@import" not in text
    assert "url(" not in text
    assert "svg" in page.tags
    assert "@media print" in text
    for words in ("Rejected by rule", "按规则统计的拒绝", "Orders are in whole lots"):
        assert words in text


def test_what_a_sender_wrote_is_escaped(replayed: Callable[..., Any], tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    done = replayed(
        "--summary", "page.html",
        order=f"id,account,action,security,quantity,trade_date\n{evil},A1,{evil},{evil},100,{evil}\n", claims=None,
    )  # fmt: skip
    assert done.status == 2
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in text


def test_the_summary_counts_by_rule_by_fact_by_day_and_action(
    replayed: Callable[..., Any], tmp_path: Path
) -> None:
    done = replayed(market=None)
    assert done.status == 1
    rows = rows_of(tmp_path / "out.csv")
    assert "3  orders" in done.out
    for decision in ("rejected", "undecided"):
        number = sum(row["decision"] == decision for row in rows)
        assert not number or re.search(rf"^ +{number}  {decision}", done.out, re.MULTILINE)
    assert "Undecided by fact" in done.out
    assert re.search(r"2020-07-01  Short sale +3", done.out)


REFUSED = {
    "an unknown column": (
        {"order": "id,action,colour\n1,short_sell,red\n"}, "CG9002", "order.csv:1", "no such fact"
    ),
    "a misspelt fact": (
        {"order": "id,action,quantitty\n1,short_sell,1\n"}, "CG9002", "order.csv:1",
        "did you mean `quantity`?",
    ),
    "a misspelt table": ({"acount": "id,cash\nA1,1\n"}, "CG9002", "acount.csv", "`account.csv`"),
    "a key twice": (
        {"account": "id,client,cash\nA1,C1,1\nA1,C1,2\n", "position": None,
         "financing_contract": None, "rollover": None},
        "CG9008", "account.csv:3", "id A1",
    ),
    "a moment twice": (
        {"account": "id,cash,as_of\nA1,1,2020-01-01\nA1,2,2020-01-01\nA2,1,2020-01-01\n",
         "client": None},
        "CG9008", "account.csv:3", "as of the same moment",
    ),
    "a moment without an offset": (
        {"market": "security,last_price,as_of\n600000,1,2020-01-01T09:00:00\n"}, "CG9003",
        "market.csv:2", "`as_of`",
    ),
    "dates and instants mixed": (
        {"market": "security,last_price,as_of\n600000,1,2020-01-01\n600000,2,2020-01-01T09:00:00Z\n"},
        "CG9003", "market.csv:3", "either dates or instants",
    ),
    "a row of a list without its owner": (
        {"position": "account,list,security,quantity\nA9,collateral,600036,1\n"}, "CG9012",
        "position.csv:2", "no account `A9`",
    ),
    "an order twice that claims are made for": (
        {"order": TABLES["order.csv"] + "1,A1,short_sell,600000,limit,500,12.47,2020-07-01\n"},
        "CG9008", "order.csv:5", "two rows",
    ),
    "an empty file": ({"order": ""}, "CG1014", "order.csv", "empty"),
    "no order": ({"order": "id,account,action\n", "claims": None}, "CG1014", "order.csv:1", "no order"),
    "an empty table": ({"market": ""}, "CG1014", "market.csv", "empty"),
    "a line with too many cells": (
        {"account": "id,client,cash\nA1,C1,1,000.00\nA2,C2,0.00\n"}, "CG2003", "account.csv:2", "cells"
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_of_a_table_is_one_diagnostic_and_nothing_is_decided(
    replayed: Callable[..., Any], tmp_path: Path, mistake: str
) -> None:
    tables, code, place, words = REFUSED[mistake]
    done = replayed(**tables)  # type: ignore[arg-type]  # texts by the names of tables
    assert done.status == 2
    assert done.err.count(f"{code} error") == 1
    assert done.err.count(" error: ") == 1
    assert place in done.err
    assert words in done.err
    assert done.out == ""
    # Nothing is left behind that a corrected table would have to fight.
    assert not list(tmp_path.glob("out.csv*"))


def orders(**columns: Any) -> pyarrow.Table:
    """Return two short sales of 600000 that pass, with columns replaced."""
    columns = {"quantity": pyarrow.array([100, 200]), "price": ["12.47", "12.47"], **columns}
    return pyarrow.table(
        {
            "id": ["1", "2"], "account": ["A1", "A1"], "action": ["short_sell"] * 2,
            "security": ["600000"] * 2, "type": ["limit"] * 2, "trade_date": ["2020-07-01"] * 2,
            **columns,
        }
    )  # fmt: skip


def cut(table: pyarrow.Table) -> bytes:
    """Return a Parquet file that is cut off."""
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(table, sink)
    data: bytes = sink.getvalue().to_pybytes()
    return data[: len(data) * 2 // 3]


def test_orders_of_parquet_pass(replayed: Callable[..., Any]) -> None:
    assert replayed(form="parquet", order=orders(), claims=None).status == 0


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (cut(orders()), "CG9001"),
        (b"PAR1 this is not Parquet PAR1", "CG9001"),
        (orders(quantity=pyarrow.array([True, False])), "CG9003"),
        (orders(entered_at=pyarrow.array([0, 1], pyarrow.timestamp("us"))), "CG9003"),
        (orders(price=pyarrow.array([[1], [2]])), "CG9003"),
        (orders(account=pyarrow.array([1.0, 2.0])), "CG9003"),
    ],
)  # fmt: skip
def test_parquet_that_cannot_be_used_is_one_diagnostic(
    replayed: Callable[..., Any], order: Any, code: str, tmp_path: Path
) -> None:
    done = replayed(form="parquet", order=order, claims=None)
    assert done.status == 2
    assert done.err.count(" error: ") == 1
    assert f"{code} error" in done.err
    assert "order.parquet" in done.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"price": pyarrow.array([12.47, 12.470001])}, "CG9013"),
        ({"price": pyarrow.array([12.47, 12.47 + 1e-14])}, "CG9013"),
        ({"price": pyarrow.array([12.47, float("nan")])}, "CG9006"),
        ({"price": pyarrow.array([12.47, float("inf")])}, "CG9006"),
        ({"price": ["12.47", "NaN"]}, "CG9006"),
        ({"price": ["12.47", "12.470001"]}, "CG9005"),
        (
            {"price": pyarrow.array([Decimal("12.470000"), Decimal("12.470001")])},
            "CG9005",
        ),
        ({"quantity": ["100", "many"]}, "CG9006"),
        ({"account": ["A1", "A9"]}, "CG9012"),
    ],
)
def test_a_bad_value_leaves_its_order_undecided_and_no_other(
    replayed: Callable[..., Any], columns: dict[str, Any], code: str, tmp_path: Path
) -> None:
    done = replayed(form="parquet", order=orders(**columns), claims=None)
    assert done.status == 2
    good, bad = rows_of(tmp_path / "out.csv")
    assert (good["decision"], good["diagnostics"]) == ("approved", "")
    assert bad["decision"] == "undecided"
    assert bad["diagnostics"].startswith(code)
    assert done.err.count(code) == 1
    assert "order 2" in done.err


def test_a_bad_value_of_a_table_is_told_by_its_row(replayed: Callable[..., Any]) -> None:
    account = pyarrow.table({"id": ["A1", "A2"], "cash": [1.0, 0.1 + 0.2]})
    done = replayed(form="parquet", order=orders(), claims=None, client=None, account=account)
    assert done.status == 2
    assert "CG9013 error" in done.err
    assert "account.parquet:row 2" in done.err


def test_without_the_extra_it_says_what_to_install(
    creditgate_process: Run, book: Book, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    # A finder in front of all others hides the library, as if it were not installed.
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'duckdb' else found(name, *rest)\n"
    )
    engine = Path(__file__).parents[2] / "engine"
    done = creditgate_process(
        "replay", "orders.csv", "--rulebook", book("exchange"), "--out", "out.csv",
        PYTHONPATH=f"{hidden}:{engine}",
    )  # fmt: skip
    assert done.status == 2
    assert "CG9023 error" in done.err
    assert "pip install 'creditgate[replay]'" in done.err
    assert done.err.count(" error: ") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.csv", "--out", "out.csv"), "nowhere.csv"),
        (("order.csv", "--out", "out.xlsx"), "out.xlsx"),
        (("order.csv", "--facts", "nowhere", "--out", "out.csv"), "nowhere"),
        (("order.csv", "--out", "no/such/out.csv"), "out.csv.parts"),
        (("order.csv", "--out", "order.csv"), "written over"),
        (("order.csv", "--out", "out.csv", "--summary", "order.csv"), "written over"),
        (("order.csv", "--out", "out.csv", "--summary", "out.csv"), "written over"),
        (("order.csv",), "--out"),
    ],
)
def test_bad_usage_is_told(
    creditgate: Run, book: Book, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "order.csv").write_text("id,action\n1,short_sell\n", "utf-8")
    done = creditgate("replay", *arguments, "--rulebook", book("exchange"))
    assert done.status == 2
    assert words in done.err
    assert (tmp_path / "order.csv").read_text("utf-8") == "id,action\n1,short_sell\n"


def test_orders_without_tables_are_undecided_not_refused(
    creditgate: Run, book: Book, tmp_path: Path
) -> None:
    (tmp_path / "order.csv").write_text(
        "id,action,security,trade_date\n1,short_sell,600000,2020-07-01\n", "utf-8"
    )
    done = creditgate("replay", "order.csv", "--rulebook", book("exchange"), "--out", "out.csv")
    assert done.status == 1
    assert rows_of(tmp_path / "out.csv")[0]["decision"] == "undecided"


def test_a_bar_on_the_terminal_shows_the_rate(replayed: Callable[..., Any], tmp_path: Path) -> None:
    replayed()
    book = Path(__file__).parents[1] / "unit" / "explain" / "books" / "exchange"
    head, *lines = TABLES["order.csv"].splitlines()
    many = [f"{n},{lines[n % 3].split(',', 1)[1]}" for n in range(10_000)]
    (tmp_path / "order.csv").write_text("\n".join([head, *many]), "utf-8")
    (tmp_path / "tables" / "claims.csv").unlink()
    terminal, end = pty.openpty()
    shown = b""
    with subprocess.Popen(
        [sys.executable, "-m", "creditgate", "replay", "order.csv", "--facts", "tables",
         "--rulebook", str(book), "--out", "out.csv"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    ) as process:  # fmt: skip
        os.close(end)
        while True:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
    os.close(terminal)
    assert process.returncode == 1
    text = shown.decode("utf-8", "replace")
    assert re.search(r"[\d,]+ orders/s", text)
    assert "/9999" in text or "/10000" in text
