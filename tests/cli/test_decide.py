"""`creditgate decide`: what it prints, in which form, and how it ends."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Book = Callable[[str], Path]
Sale = Callable[..., str]
EXPLAIN = Path(__file__).parents[1] / "unit" / "explain"


@pytest.fixture
def orders(tmp_path: Path, sale: Sale) -> Path:
    """Return a file with an approved, a rejected and an undecided order."""
    path = tmp_path / "orders.jsonl"
    lines = [
        sale(order__id="1"),
        sale(order__id="2", order__quantity=450, order__price="12.46"),
        sale(order__id="3", account__cash=None),
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_text_in_english(creditgate: Run, orders: Path, book: Book) -> None:
    done = creditgate("decide", orders, "--rulebook", book("exchange"))
    assert done.status == 1
    assert done.err == ""
    assert done.out == (
        "APPROVED  order 1: short_sell 600000, 500 shares at 12.47 CNY/share on 2020-07-01 (exchange)\n"
        "REJECTED  order 2: short_sell 600000, 450 shares at 12.46 CNY/share on 2020-07-01 (exchange)\n"
        "  ✗ wrong_lot  450 shares is no multiple of 100 shares.\n"
        "      Trading Act, article 4; evidence: secondary; over by 50 shares; [exchange/whole_lots]\n"
        "  ✗ price_below_limit  Priced at 12.46 CNY/share, below 12.47 CNY/share; "
        "the last trade was at 12.47 CNY/share.\n"
        "      Trading Act, article 5; evidence: official; short by 0.01 CNY/share; "
        "[exchange/price_not_below_floor]\n"
        "  → Round down to whole lots; Price it at the floor "
        "(Quantity 400 shares, Limit price 12.47 CNY/share): approved\n"
        "UNDECIDED  order 3: short_sell 600000, 500 shares at 12.47 CNY/share on 2020-07-01 (exchange)\n"
        "  ? insufficient_margin  The collateral covers the margin: cannot be decided: "
        "missing cash including short sale proceeds (account.cash)\n"
        "      Trading Act, article 8; evidence: official; [exchange/collateral_covers_margin]\n"
    )


def test_text_in_chinese_as_the_locale_says(
    creditgate_process: Run, orders: Path, book: Book
) -> None:
    done = creditgate_process(
        "decide", orders, "--rulebook", book("exchange"), LC_ALL="zh_CN.UTF-8", PYTHONUTF8="1"
    )
    assert done.lines == [
        "通过  委托 1：融券卖出 600000，500股，价格每股人民币12.47元，2020-07-01（exchange）",
        "拒绝  委托 2：融券卖出 600000，450股，价格每股人民币12.46元，2020-07-01（exchange）",
        "  ✗ wrong_lot  450股不是100股的整数倍。",
        "      交易法第4条；依据等级：二手资料；超出50股；[exchange/whole_lots]",
        "  ✗ price_below_limit  申报价格每股人民币12.46元低于每股人民币12.47元，最近成交价为每股人民币12.47元。",
        "      交易法第5条；依据等级：官方文本；差每股人民币0.01元；[exchange/price_not_below_floor]",
        "  → 向下取整；按最低价申报（委托数量 400股，委托价格 每股人民币12.47元）：可通过",
        "无法判定  委托 3：融券卖出 600000，500股，价格每股人民币12.47元，2020-07-01（exchange）",
        "  ? insufficient_margin  担保物须覆盖保证金：无法判定：缺少 现金（含融券卖出所得资金）（account.cash）",
        "      交易法第8条；依据等级：官方文本；[exchange/collateral_covers_margin]",
    ]


def test_json_is_one_object_a_line_with_core_and_words(
    creditgate: Run, orders: Path, book: Book
) -> None:
    done = creditgate("decide", orders, "--rulebook", book("exchange"), "--format", "json")
    approved, rejected, undecided = done.documents
    assert [item["id"] for item in done.documents] == ["1", "2", "3"]
    assert approved["core"]["decision"] == "approved"
    assert approved["words"]["findings"] == []
    assert "evidence" not in approved
    assert [item["rule"] for item in rejected["core"]["breached"]] == [
        "exchange/price_not_below_floor",
        "exchange/whole_lots",
    ]
    price = next(f for f in rejected["words"]["findings"] if f["reason"] == "price_below_limit")
    assert price["message"]["zh"].startswith("申报价格每股人民币12.46元")
    assert price["limit"]["distance"]["exact"] == "0.01"
    assert rejected["words"]["remedies"][0]["parts"][0][0]["value"]["exact"] == "400"
    assert undecided["core"]["missing"] == ["account.cash"]
    assert undecided["input"] == f"{orders}:3"


def test_json_carries_all_evidence_on_request(creditgate: Run, sale: Sale, book: Book) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--format", "json", "--explain",
        given=sale().encode(),
    )  # fmt: skip
    (document,) = done.documents
    (part,) = document["evidence"]
    assert [rule["outcome"] for rule in part["rules"]] == ["satisfied"] * 6
    assert done.status == 0


def test_csv_is_one_row_an_order(creditgate: Run, orders: Path, book: Book) -> None:
    done = creditgate("decide", orders, "--rulebook", book("exchange"), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert [row["decision"] for row in rows] == ["approved", "rejected", "undecided"]
    assert rows[1]["breached"] == "exchange/price_not_below_floor exchange/whole_lots"
    assert (rows[2]["undecided"], rows[2]["missing"]) == (
        "exchange/collateral_covers_margin",
        "account.cash",
    )


def test_what_waits_for_its_deadline_is_not_approved(
    creditgate: Run, book: Book, tmp_path: Path
) -> None:
    fail = (EXPLAIN / "fail.json").read_text("utf-8")
    done = creditgate("decide", "-", "--rulebook", book("clearing"), given=fail.encode())
    assert done.status == 1
    assert done.lines[0] == "PENDING  settlement fail F1: 500 shares on 2024-03-07 (clearing)"
    assert done.lines[1].endswith(": due by 2024-03-07T09:30:00-05:00")
    late = fail.replace("09:29:59", "09:30:00").encode()
    done = creditgate("decide", "-", "--rulebook", book("clearing"), "--lang", "zh", given=late)
    assert (done.status, done.lines[0][:2]) == (1, "拒绝")
    assert "期限 2024-03-07T09:30:00-05:00" in done.lines[2]
    rows = creditgate(
        "decide", "-", "--rulebook", book("clearing"), "--format", "csv", given=fail.encode()
    )
    (row,) = csv.DictReader(io.StringIO(rows.out))
    assert (row["decision"], row["pending"]) == ("pending", "clearing/closed_out")
    made = creditgate(
        "decide", "-", "--rulebook", book("clearing"), "--record", given=fail.encode()
    )
    (tmp_path / "records.jsonl").write_text(made.out, "utf-8")
    again = creditgate("decide", "--again", "records.jsonl", "--rulebook", book("clearing"))
    assert again.lines == [
        "SAME  records.jsonl:1: pending, and the core is the same byte for byte",
        "  no daily list was stated",
    ]


def test_the_status_is_zero_when_all_are_approved(
    creditgate: Run, sale: Sale, book: Book, tmp_path: Path
) -> None:
    (tmp_path / "order.json").write_text(sale(), "utf-8")
    (tmp_path / "order.yaml").write_text(sale().replace('"12.47"', "12.47"), "utf-8")
    done = creditgate("decide", "order.json", "order.yaml", "--rulebook", book("exchange"))
    assert (done.status, len(done.lines)) == (0, 2)


def test_figures_and_another_day_may_be_asked_for(creditgate: Run, sale: Sale, book: Book) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--on", "2020-05-29",
        "--figure", "margin_required", "--figure", "size",
        given=sale(order__quantity=450).encode(),
    )  # fmt: skip
    assert done.status == 0
    assert done.lines[0].endswith("what if the law of 2020-05-29 applied (exchange)")
    assert done.lines[1:] == ["  margin_required = 2,805.75 CNY", "  size = Small"]


def test_several_rulebooks_must_all_approve(creditgate: Run, sale: Sale, book: Book) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--rulebook", book("member"),
        given=sale(order__quantity=2000).encode(),
    )  # fmt: skip
    assert done.lines[0].endswith("(exchange, member)")
    assert "  ! order_too_large  2,000 shares is large." in done.lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["orders.jsonl"], "name a rulebook"),
        (["--rulebook", "cn/sse"], "name a file with facts"),
        (["-", "--rulebook", "cn/ssee"], "did you mean `cn/sse`?"),
        (["-", "--rulebook", "cn/margin_trading"], "is a base and decides nothing by itself"),
        (["-", "--rulebook", "cn/sse", "--on", "yesterday"], "does not match"),
        (["-", "--rulebook", "cn/sse", "--figure", "margin_availabl"], "did you mean `margin_available`?"),
        (["-", "--rulebook", "cn/sse", "--figure", "haircut"], "compute order.security.haircut"),
        (["--again", "r.json", "o.json"], "--again stands alone"),
        (["--again", "r.json"], "no such file"),
    ],
    ids=lambda item: " ".join(item) if isinstance(item, list) else "",
)  # fmt: skip
def test_bad_usage_says_what_to_do(creditgate: Run, arguments: list[str], words: str) -> None:
    done = creditgate("decide", *arguments)
    assert done.status == 2
    assert words in done.err
    assert done.out == ""


def test_the_help_teaches_by_example(creditgate_process: Run) -> None:
    done = creditgate_process("decide", "--help")
    assert done.status == 0
    assert "creditgate decide order.json --rulebook cn/sse" in done.out
    assert "securities.csv" in done.out
    assert "Exit status:" in done.out


def test_a_record_is_decided_anew(
    creditgate: Run, orders: Path, book: Book, tmp_path: Path
) -> None:
    made = creditgate("decide", orders, "--rulebook", book("exchange"), "--record")
    assert made.status == 1
    assert len(made.lines) == 3
    (tmp_path / "records.jsonl").write_text(made.out, "utf-8")
    again = creditgate("decide", "--again", "records.jsonl", "--rulebook", book("exchange"))
    assert again.status == 0
    assert again.lines == [
        "SAME  records.jsonl:1: approved, and the core is the same byte for byte",
        "  no daily list was stated",
        "SAME  records.jsonl:2: rejected, and the core is the same byte for byte",
        "  no daily list was stated",
        "SAME  records.jsonl:3: undecided, and the core is the same byte for byte",
        "  no daily list was stated",
    ]
    machine = creditgate(
        "decide", "--again", "records.jsonl", "--rulebook", book("exchange"), "--format", "json"
    )
    assert [item["verdict"] for item in machine.documents] == ["same"] * 3


def test_an_edited_record_is_noticed(
    creditgate: Run, orders: Path, book: Book, tmp_path: Path
) -> None:
    made = creditgate("decide", orders, "--rulebook", book("exchange"), "--record").documents
    made[0]["facts"]["account"].update({"cash": 1, "collateral": []})
    made[1]["core"]["decision"] = "approved"
    texts = [json.dumps(item, default=str) for item in made]
    (tmp_path / "r.jsonl").write_text("\n".join(["{oops", *texts]), "utf-8")
    again = creditgate("decide", "--again", "r.jsonl", "--rulebook", book("exchange"))
    assert again.status == 2
    assert "`r.jsonl:1`: this is not a JSON document" in again.err
    assert again.lines[0].startswith("RECORD ALTERED  r.jsonl:2: approved then, rejected now")
    assert "  the record is not as it was written: its checksum differs" in again.lines
    assert any(line.startswith("  breached: none then,") for line in again.lines)
    assert any(line.startswith("RECORD ALTERED  r.jsonl:3") for line in again.lines)
    assert "  decision: approved then, rejected now" in again.lines


def test_a_record_says_by_itself_which_rulebooks_to_load(
    creditgate: Run, sale: Sale, tmp_path: Path
) -> None:
    made = creditgate("decide", "-", "--rulebook", "us/reg_sho", "--record", given=sale().encode())
    (tmp_path / "record.json").write_text(made.out, "utf-8")
    again = creditgate("decide", "--again", "record.json")
    assert again.status == 0
    assert again.lines[0].startswith("SAME  record.json:1: ")


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_an_encoding_that_cannot_say_everything_is_no_fault(
    creditgate_process: Run, sale: Sale, book: Book, form: str
) -> None:
    done = creditgate_process(
        "decide", "-", "--rulebook", book("exchange"), "--lang", "zh", "--format", form,
        given=sale(order__id="委托7", order__price="12.46").encode(), PYTHONIOENCODING="ascii",
    )  # fmt: skip
    assert (done.status, done.err) == (1, "")
    assert "exchange/price_not_below_floor" in done.out


def test_output_that_nobody_reads_to_the_end_is_no_fault(sale: Sale, book: Book) -> None:
    rulebook = str(book("exchange"))
    arguments = [sys.executable, "-m", "creditgate", "decide", "-", "--rulebook", rulebook]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdin.write(f"{sale()}\n".encode())
        running.stdin.flush()
        # The answer comes while the input is still open: results are printed as they are made.
        assert running.stdout.readline().startswith(b"APPROVED")
        running.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            running.stdin.write(f"{sale()}\n".encode() * 2000)
            running.stdin.close()
        assert running.wait(60) in {0, 1}
        assert running.stderr.read() == b""
