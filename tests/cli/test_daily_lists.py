"""Daily lists on the command line: JSON, YAML, folders of CSV tables, records, listings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
RIGHT, WRONG = "2026-02-02", "2026-01-30"
WHY = "the list `financing_targets` is of 2026-01-30, not of 2026-02-02"

ORDER = {
    "order": {
        "id": "1", "action": "margin_buy", "security": "600000", "type": "limit",
        "quantity": 10000, "price": "10.00", "trade_date": RIGHT, "purpose": "ordinary_trade",
    },
    "account": {
        "id": "A1", "type": "credit", "exchange": "SSE", "cash": "100000.00", "collateral": [],
        "financing_contracts": [], "short_contracts": [], "accrued_interest_and_fees": 0,
        "credit_line": 1000000, "credit_used": 0,
    },
    "client": {"id": "C1", "kind": "other", "insider_of": [], "financing_at_member": 0},
    "member": {"id": "M1", "net_capital": 10000000000, "aggregate_lending": 20000000000},
    "market": {"financing_suspended_market_wide": False},
    "securities": [{
        "id": "600000", "exchange": "SSE", "class": "stock", "price": "10.00",
        "risk_warning": False, "trading_suspended": False, "financing_suspended": False,
        "financing_target_of_exchange": True, "financing_target_of_member": True,
        "delisting_announced": False, "total_market_value": 300000000000,
        "collateral_value_at_member": 1000000000,
    }],
}  # fmt: skip
TABLES = {
    "order.csv": """\
id,account,action,security,type,quantity,price,trade_date,purpose
1,A1,margin_buy,600000,limit,10000,10.00,2026-02-02,ordinary_trade
2,A1,margin_buy,600000,limit,10000,10.00,2026-02-03,ordinary_trade
""",
    "account.csv": """\
id,client,type,exchange,cash,accrued_interest_and_fees,credit_line,credit_used
A1,C1,credit,SSE,100000.00,0,1000000,0
A2,C1,credit,SSE,100000.00,0,1000000,0
""",
    "client.csv": "id,kind,insider_of,financing_at_member\nC1,other,{},0\n",
    "member.csv": "id,net_capital,aggregate_lending\nM1,10000000000,20000000000\n",
    "market.csv": "financing_suspended_market_wide\nno\n",
    "position.csv": "account,list,security,quantity\nA2,collateral,600000,1\n",
    "financing_contract.csv": "account,id,security\n",
    "short_contract.csv": "account,id,security\n",
    "securities.csv": """\
id,exchange,class,price,risk_warning,delisting_announced,trading_suspended,financing_suspended,financing_target_of_exchange,financing_target_of_member,total_market_value,collateral_value_at_member
600000,SSE,stock,10.00,no,no,no,no,yes,yes,300000000000,1000000000
""",
}


def stated(day: str) -> dict[str, str]:
    return {
        "id": "financing_targets", "day": day, "source": "the exchange", "checksum": "sha256:9f86d081"
    }  # fmt: skip


@pytest.fixture
def tables(creditgate: Run, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that decides the tables with a table of lists."""

    def run(lists: str | None, *, name: str = "lists.csv") -> Any:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        for file, text in {**TABLES, **({} if lists is None else {name: lists})}.items():
            (folder / file).write_text(text, "utf-8")
        return creditgate("decide", "tables", "--rulebook", "cn/sse", "--format", "json")

    return run


def decisions(done: Any) -> list[str]:
    return [item["core"]["decision"] for item in done.documents]


def test_a_list_of_another_day_is_said_beside_what_is_missing(
    creditgate: Run, tmp_path: Path
) -> None:
    lines = [json.dumps({**ORDER, "lists": [stated(day)]}) for day in (RIGHT, WRONG)]
    (tmp_path / "orders.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    done = creditgate("decide", "orders.jsonl", "--rulebook", "cn/sse")
    assert done.status == 1
    assert done.lines[0].startswith("APPROVED")
    assert done.lines[1].startswith("UNDECIDED")
    missing = (
        "missing financing target of the exchange (order.security.financing_target_of_exchange)"
    )
    assert done.lines[2].endswith(f"cannot be decided: {missing}; {WHY}")
    zh = creditgate("decide", "orders.jsonl", "--rulebook", "cn/sse", "--lang", "zh")
    assert "（order.security.financing_target_of_exchange）；名单“financing_targets”为" in zh.out


def test_a_list_in_yaml_is_read_alike(creditgate: Run, tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text(
        json.dumps({**ORDER, "lists": [stated(WRONG)]}, indent=1).replace("\t", " "), "utf-8"
    )
    done = creditgate("decide", "order.yaml", "--rulebook", "cn/sse", "--format", "json")
    assert done.documents[0]["core"]["undecided"][0]["because"] == [WHY]


def test_a_table_of_lists_is_for_every_case(tables: Callable[..., Any]) -> None:
    assert decisions(tables(None)) == ["approved", "approved"]
    done = tables("id,day,source,checksum\nfinancing_targets,2026-02-02,SSE,sha256:9f86d081\n")
    assert (done.err, decisions(done)) == ("", ["approved", "undecided"])
    because = done.documents[1]["core"]["undecided"][0]["because"]
    assert because == ["the list `financing_targets` is of 2026-02-02, not of 2026-02-03"]


def test_a_table_of_lists_may_name_the_case(tables: Callable[..., Any]) -> None:
    done = tables(
        "order,id,day,source,checksum\n"
        "1,financing_targets,2026-02-02,SSE,sha256:9f86d081\n"
        "2,financing_targets,2026-02-03,SSE,sha256:9f86d081\n"
        ",risk_warnings,2026-02-02,SSE,sha256:9f86d081\n"
    )
    assert (done.err, decisions(done)) == ("", ["approved", "undecided"])
    missing = done.documents[1]["core"]["missing"]
    assert missing == ["order.security.risk_warning"]


def test_the_table_may_bear_the_name_of_its_entity(tables: Callable[..., Any]) -> None:
    text = "id,day,source,checksum\nfinancing_targets,2026-02-02,SSE,sha256:9f86d081\n"
    assert decisions(tables(text, name="published_list.csv")) == ["approved", "undecided"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("financing_targets,2026-02-02,SSE,sha256:9f86d081,more\n", "CG2003"),
        ("financing_targets,2026-02-02,,sha256:9f86d081\n", "CG9021"),
        ("targets,2026-02-02,SSE,sha256:9f86d081\n", "CG9021"),
        ("financing_targets,2026-02-02,SSE,none\n", "CG9021"),
        (",2026-02-02,SSE,sha256:9f86d081\n", "CG9008"),
        (
            "haircuts,2026-02-02,SSE,sha256:9f86d081\nhaircuts,2026-02-03,SSE,sha256:9f86d081\n",
            "CG9008",
        ),
    ],
)
def test_a_row_of_lists_that_says_too_little_approves_nothing(
    tables: Callable[..., Any], rows: str, code: str
) -> None:
    done = tables(f"id,day,source,checksum\n{rows}")
    assert done.status == 2
    assert decisions(done) == ["undecided", "undecided"]
    assert code in done.err


def test_a_column_of_lists_that_means_nothing_is_refused(tables: Callable[..., Any]) -> None:
    done = tables("id,day,sauce,checksum\nfinancing_targets,2026-02-02,SSE,sha256:9f86d081\n")
    assert done.status == 2
    assert "did you mean `source`?" in done.err


def test_a_record_decided_anew_shows_the_lists(creditgate: Run, tmp_path: Path) -> None:
    lines = [json.dumps({**ORDER, "lists": [stated(day)]}) for day in (RIGHT, WRONG)]
    (tmp_path / "orders.jsonl").write_text("\n".join([*lines, json.dumps(ORDER)]), "utf-8")
    made = creditgate("decide", "orders.jsonl", "--rulebook", "cn/sse", "--record")
    assert [[item["day"] for item in doc["lists"]] for doc in made.documents] == [
        [RIGHT], [WRONG], []
    ]  # fmt: skip
    (tmp_path / "r.jsonl").write_text(made.out, "utf-8")
    again = creditgate("decide", "--again", "r.jsonl")
    assert again.status == 0
    assert again.lines == [
        "SAME  r.jsonl:1: approved, and the core is the same byte for byte",
        "  list financing_targets of 2026-02-02: the exchange, sha256:9f86d081",
        "SAME  r.jsonl:2: undecided, and the core is the same byte for byte",
        "  list financing_targets of 2026-01-30, not of the day of the event: the exchange, "
        "sha256:9f86d081",
        "SAME  r.jsonl:3: approved, and the core is the same byte for byte",
        "  no daily list was stated",
    ]
    as_json = creditgate("decide", "--again", "r.jsonl", "--format", "json").documents
    assert [item["lists"][0]["of_the_day"] for item in as_json[:2]] == [True, False]
    assert as_json[2]["lists"] == []


def test_the_lists_of_a_rulebook_are_listed_with_what_it_reads(creditgate: Run) -> None:
    text = creditgate("facts", "us/reg_sho").out
    assert "Daily lists, stated in `lists`:" in text
    assert "threshold_list: Threshold list (carries security.threshold)" in text
    assert "financing_targets" not in text
    zh = creditgate("facts", "cn/sse", "--lang", "zh").out
    assert "每日名单（在 `lists` 中列明）" in zh
    found = json.loads(creditgate("facts", "cn/sse", "--format", "json").out)
    targets = next(item for item in found["lists"] if item["name"] == "financing_targets")
    assert targets["carries"] == ["security.financing_target_of_exchange"]
    every = json.loads(creditgate("facts", "--format", "json").out)
    assert "published_list" in [item["name"] for item in every["entities"]]


def test_the_schema_of_lists_is_printed(creditgate: Run) -> None:
    found = json.loads(creditgate("schema", "lists").out)
    assert found["required"] == ["lists"]
    facts = json.loads(creditgate("schema", "facts").out)
    assert facts["$defs"]["published_list"]["required"] == ["id", "day", "source", "checksum"]
