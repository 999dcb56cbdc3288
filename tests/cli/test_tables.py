"""Folders of CSV tables: joined as the vocabulary declares, and what is wrong is told by line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.good_tables import TABLES

Run = Callable[..., Any]
Book = Callable[[str], Path]


@pytest.fixture
def joined(creditgate: Run, book: Book, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that decides the tables with some of them replaced; None leaves one out."""

    def run(*arguments: str, folder: str = "tables", **replaced: str | None) -> Any:
        names = {f"{name}.csv": text for name, text in replaced.items()}
        (tmp_path / "tables").mkdir(exist_ok=True)
        for name, text in {**TABLES, **names}.items():
            if text is not None:
                (tmp_path / "tables" / name).write_text(text, "utf-8")
        form = () if "--record" in arguments else ("--format", "json")
        return creditgate("decide", folder, "--rulebook", book("exchange"), *form, *arguments)

    return run


def decisions(done: Any) -> list[tuple[str | None, str]]:
    """Return the id and the decision of each result."""
    return [(item["id"], item["core"]["decision"]) for item in done.documents]


def test_tables_become_the_facts_documents_they_stand_for(joined: Callable[..., Any]) -> None:
    done = joined("--record")
    assert done.err == ""
    first, second, third = (item["facts"] for item in done.documents)
    assert first == {
        "event": "order",
        "order": {
            "id": "1", "action": "short_sell", "security": "600000", "type": "limit",
            "quantity": "500", "price": "12.47", "trade_date": "2020-07-01",
        },
        "account": {
            "id": "A1", "cash": "5000.00", "collateral": [], "financing_contracts": [],
        },
        "client": {"id": "C1", "insider_of": []},
        "market": {"last_price": "12.47", "previous_close": "12.40"},
        "securities": [{"id": "600000", "exchange": "SSE", "class": "stock", "price": "12.47"}],
    }  # fmt: skip
    assert second["claims"][0]["by"] == "desk 7"
    assert "claims" not in first
    assert third["market"]["last_price"] is None
    assert third["client"]["insider_of"] == ["600000", "600036"]
    assert [row["security"] for row in third["account"]["collateral"]] == ["600036", "510300"]
    (contract,) = third["account"]["financing_contracts"]
    assert [row["id"] for row in contract["rollovers"]] == ["R1", "R2"]
    assert {row["id"] for row in third["securities"]} == {"600000", "600036", "510300"}
    # No table says anything about the other lists of an account: they stay unknown.
    assert "long_positions" not in third["account"]


def test_the_cases_are_decided_in_the_order_of_their_rows(joined: Callable[..., Any]) -> None:
    done = joined()
    assert done.status == 1
    assert decisions(done) == [("1", "approved"), ("2", "rejected"), ("3", "approved")]
    assert [item["input"] for item in done.documents] == [
        f"tables/order.csv:{line}" for line in (2, 3, 4)
    ]


def test_a_table_of_one_row_belongs_to_every_case(joined: Callable[..., Any]) -> None:
    done = joined("--record", market="last_price,previous_close\n12.47,12.40\n", claims=None)
    assert [item["facts"]["market"]["last_price"] for item in done.documents] == ["12.47"] * 3


def test_a_table_of_another_event_makes_its_own_cases(
    creditgate: Run, tmp_path: Path, book: Book
) -> None:
    (tmp_path / "withdrawal.csv").write_text(
        "event,id,account,requested_on,cash\nwithdrawal,W1,A1,2020-07-01,100.00\n", "utf-8"
    )
    (tmp_path / "account.csv").write_text("id,cash\nA1,5.00\n", "utf-8")
    done = creditgate("decide", ".", "--rulebook", book("exchange"), "--record")
    (document,) = done.documents
    assert document["facts"]["event"] == "withdrawal"
    assert document["facts"]["account"] == {"id": "A1", "cash": "5.00"}
    assert document["core"]["decision"] == "out_of_scope"


ROW = "short_sell,600000,limit,500,12.47,2020-07-01"
HEADER = "id,account,action,security,type,quantity,price,trade_date"


@pytest.mark.parametrize(
    ("replaced", "place", "words"),
    [
        ({"order": f"{HEADER}\n1,A1,{ROW}\n2,A1,short_sell\n3,A1,{ROW}\n"},
         "order.csv:3", "the line has 3 cells, the header 8"),
        ({"order": f'{HEADER}\n1,A1,{ROW}\n2,A1,"{ROW}\n3,A1,{ROW}\n'},
         "order.csv:3", "the line is not CSV"),
        ({"order": f"{HEADER}\n1,A1,{ROW}\n2,A9,{ROW}\n3,A1,{ROW}\n"},
         "order.csv:3", "there is no account `A9`"),
        ({"order": f"{HEADER}\n1,A1,{ROW}\n2,A1,{ROW.replace('600000', '600001')}\n3,A1,{ROW}\n"},
         "order.csv:3", "`security` refers to security `600001`, which no table holds"),
        ({"order": f"{HEADER}\n1,A1,{ROW}\n2,A1,{ROW.replace('500', '5e')}\n3,A1,{ROW}\n"},
         "order.csv:3", "`5e` is not a number"),
    ],
    ids=["too few cells", "an open quote", "no such account", "no such security", "no number"],
)  # fmt: skip
def test_one_bad_row_shifts_and_hides_no_other(
    joined: Callable[..., Any], replaced: dict[str, str], place: str, words: str
) -> None:
    done = joined(**replaced, claims=None)
    assert done.status == 2
    assert [decision for _, decision in decisions(done)] == ["approved", "undecided", "approved"]
    assert place in done.err
    assert words in done.err


@pytest.mark.parametrize(
    ("replaced", "place", "words"),
    [
        ({"account": "id,client,cash\nA1,C1,5000.00\nA1,C1,9.00\nA2,C2,0.00\n"},
         "account.csv:3", "two rows have the same key: id A1"),
        ({"account": "id,client,cash\n,C1,5000.00\nA2,C2,0.00\n"},
         "account.csv:2", "the row has no `id`"),
        ({"securities": TABLES["securities.csv"] + "600000,SSE,etf,1.00\n"},
         "securities.csv:5", "two rows have the same key: id 600000"),
        ({"market": "last_price,previous_close\n12.47,12.40\n40.00,40.00\n"},
         "market.csv:3", "nothing says which case each belongs to"),
    ],
    ids=["a key twice", "no key", "a security twice", "no link"],
)  # fmt: skip
def test_what_stands_twice_or_nowhere_is_unknown(
    joined: Callable[..., Any], replaced: dict[str, str], place: str, words: str
) -> None:
    done = joined(**replaced, claims=None)
    assert done.status == 2
    assert len(done.documents) == 3
    assert dict(decisions(done))["1"] == "undecided"
    assert place in done.err
    assert words in done.err


def test_one_table_by_itself_is_enough(joined: Callable[..., Any]) -> None:
    order = "id,action,quantity\n1,short_sell,500\n"
    done = joined(folder="tables/order.csv", order=order)
    assert decisions(done) == [("1", "undecided")]
    assert done.status == 1


def test_cells_in_another_encoding_spoil_their_row_only(
    creditgate: Run, book: Book, tmp_path: Path
) -> None:
    text = f"{HEADER.replace('account,', '')}\n1,{ROW}\n乙,{ROW}\n3,{ROW}\n".encode("gb18030")
    (tmp_path / "order.csv").write_bytes(text)
    done = creditgate("decide", "order.csv", "--rulebook", book("exchange"), "--format", "json")
    assert [item["input"] for item in done.documents] == [
        "order.csv:2", "order.csv:3", "order.csv:4"
    ]  # fmt: skip
    assert done.err.count("CG9001") == 1
    assert "save the table as CSV in UTF-8" in done.err
