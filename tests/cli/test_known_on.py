"""`--known-on`: what is decided, computed and shown with what was published by a day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Book = Callable[[str], Path]
Sale = Callable[..., str]
# The lot of 100 shares was published on 2020-05-01 and holds from 2020-06-01.
BEFORE, AFTER = "2020-04-30", "2020-05-01"


@pytest.fixture
def order(tmp_path: Path, sale: Sale) -> Path:
    """Return a file with an order of 450 shares, of a day on which the lot is 100."""
    path = tmp_path / "order.json"
    path.write_text(sale(order__id="1", order__quantity=450), "utf-8")
    return path


def test_an_order_is_decided_with_what_was_published(
    creditgate: Run, order: Path, book: Book
) -> None:
    asked = ("decide", order, "--rulebook", book("exchange"))
    known = creditgate(*asked, "--known-on", BEFORE)
    assert (known.status, known.err) == (0, "")
    assert known.out == (
        "APPROVED  order 1: short_sell 600000, 450 shares at 12.47 CNY/share on 2020-07-01, "
        "as known on 2020-04-30 (exchange)\n"
    )
    later = creditgate(*asked, "--known-on", AFTER, "--lang", "zh")
    assert later.status == 1
    assert later.lines[:2] == [
        "拒绝  委托 1：融券卖出 600000，450股，价格每股人民币12.47元，2020-07-01，"
        "按2020-05-01已公布的内容（exchange）",
        "  ✗ wrong_lot  450股不是100股的整数倍。",
    ]
    assert creditgate(*asked).status == 1


def test_a_remedy_is_one_by_what_was_known(creditgate: Run, order: Path, book: Book) -> None:
    order.write_text(order.read_text("utf-8").replace("450", "455"), "utf-8")
    known = creditgate("decide", order, "--rulebook", book("exchange"), "--known-on", BEFORE)
    assert known.lines[-1] == "  → Round down to whole lots (Quantity 450 shares): approved"


def test_json_and_csv_say_by_which_day(creditgate: Run, order: Path, book: Book) -> None:
    asked = ("decide", order, "--rulebook", book("exchange"), "--format")
    assert creditgate(*asked, "json").documents[0]["core"]["known_on"] is None
    (found,) = creditgate(*asked, "json", "--known-on", BEFORE).documents
    assert (found["core"]["decision"], found["core"]["known_on"]) == ("approved", BEFORE)
    (row,) = csv.DictReader(io.StringIO(creditgate(*asked, "csv", "--known-on", BEFORE).out))
    assert (row["decision"], row["known_on"]) == ("approved", BEFORE)
    (plain,) = csv.DictReader(io.StringIO(creditgate(*asked, "csv").out))
    assert "known_on" not in plain


def test_a_record_is_decided_anew_with_what_was_known(
    creditgate: Run, tmp_path: Path, order: Path, book: Book
) -> None:
    asked = ("decide", order, "--rulebook", book("exchange"), "--record")
    made = creditgate(*asked, "--known-on", BEFORE).documents
    made += creditgate(*asked).documents
    assert [item["asked"]["known_on"] for item in made] == [BEFORE, None]
    records = creditgate(*asked, "--known-on", BEFORE).out + creditgate(*asked).out
    (tmp_path / "r.jsonl").write_text(records, "utf-8")
    again = creditgate("decide", "--again", "r.jsonl", "--rulebook", book("exchange"))
    assert again.status == 0
    assert again.lines == [
        "SAME  r.jsonl:1: approved, and the core is the same byte for byte",
        "  no daily list was stated",
        "SAME  r.jsonl:2: rejected, and the core is the same byte for byte",
        "  no daily list was stated",
    ]
    broken = records.replace(f'"known_on":"{BEFORE}","on"', '"known_on":"soon","on"')
    (tmp_path / "r.jsonl").write_text(broken, "utf-8")
    again = creditgate("decide", "--again", "r.jsonl", "--rulebook", book("exchange"))
    assert again.status == 2
    assert "the record was asked for a day that is none: soon" in again.err


def test_a_value_is_computed_with_what_was_published(
    creditgate: Run, order: Path, book: Book
) -> None:
    asked = ("compute", "lot", order, "--rulebook", book("exchange"))
    assert creditgate(*asked, "--known-on", BEFORE).lines == [
        "lot = 10 shares",
        "  as known on 2020-04-30",
    ]
    assert creditgate(*asked, "--known-on", AFTER).lines[0] == "lot = 100 shares"
    (found,) = creditgate(*asked, "--known-on", BEFORE, "--format", "json").documents
    assert (found["value"]["exact"], found["known_on"]) == ("10", BEFORE)
    (plain,) = creditgate(*asked, "--format", "json").documents
    assert (plain["value"]["exact"], plain["known_on"]) == ("100", None)
    zh = creditgate(*asked, "--known-on", BEFORE, "--lang", "zh")
    assert zh.lines[1] == "  按2020-04-30已公布的内容"


def test_what_was_not_published_is_not_known(creditgate: Run, order: Path) -> None:
    order.write_text('{"order": {"trade_date": "2015-08-04"}}', "utf-8")
    asked = ("compute", "return_delay", order, "--rulebook", "cn/sse")
    done = creditgate(*asked, "--known-on", "2015-08-02")
    assert done.status == 1
    assert done.lines[0] == (
        "return_delay = not known: nothing about `return_delay` had been published by 2015-08-02"
    )


def test_a_history_is_shown_as_far_as_it_was_published(creditgate: Run, book: Book) -> None:
    lot = creditgate("show", book("exchange"), "lot", "--known-on", BEFORE)
    assert lot.lines[:4] == [
        "as known on 2020-04-30",
        "Lot",
        "  lot · shares",
        "    Value        10 shares",
    ]
    assert "2020-06-01" not in lot.out
    delay = creditgate("show", "cn/sse", "return_delay", "--known-on", "2015-08-02")
    assert "    Value        not published by 2015-08-02" in delay.lines
    assert "2015-08-04" not in delay.out
    table = creditgate("show", "us/reg_sho", "marks_of_the_day", "--known-on", "2010-02-25")
    assert "2011-02-28" not in table.out
    page = creditgate("show", "cn/sse", "--known-on", "2015-07-01", "--history")
    assert "as known on 2015-07-01" in page.lines
    assert "2016 revision" not in page.out
    found = json.loads(
        creditgate("show", "cn/sse", "--known-on", "2015-07-01", "--format", "json").out
    )
    assert found["known_on"] == "2015-07-01"


def test_the_day_of_publication_stands_beside_that_of_effect(creditgate: Run, book: Book) -> None:
    lot = creditgate("show", book("exchange"), "lot")
    assert "    Source       since 2020-06-01; published 2020-05-01; Notice on Lots" in lot.out
    assert "2020-06-01  100 shares · published 2020-05-01; Notice on Lots" in lot.out
    zh = creditgate("show", "cn/sse", "short_ratio_floor", "--lang", "zh")
    assert "自 2024-07-22；公布于 2024-07-10；" in zh.out
    # Published on the day from which it holds: said once.
    rule = creditgate("show", "cn/sse", "first_term_within_six_months")
    same = creditgate("show", "cn/sse", "restricted_holder_does_not_short")
    assert "published" in rule.out
    assert "published" not in same.out.lower().replace("publicly", "")
    found = json.loads(creditgate("show", "cn/sse", "lot", "--format", "json").out)
    assert found["in_force"]["source"]["published"] == "2006-08-21"


def test_a_rulebook_that_was_not_published_is_not_shown(creditgate: Run) -> None:
    done = creditgate("show", "cn/sse", "--known-on", "2006-08-20")
    assert done.status == 2
    assert "cn/sse had not been published by 2006-08-20" in done.err


def test_an_order_of_an_unpublished_rulebook_is_out_of_scope(creditgate: Run, order: Path) -> None:
    done = creditgate("decide", order, "--rulebook", "cn/sse", "--known-on", "2006-08-20")
    assert done.status == 1
    assert done.lines[0].startswith("OUT OF SCOPE  order 1: ")


@pytest.mark.parametrize("day", ["soon", "2020-02-30", ""])
def test_a_day_that_is_none_is_refused(creditgate: Run, order: Path, day: str) -> None:
    done = creditgate("decide", order, "--rulebook", "cn/sse", "--known-on", day)
    assert done.status == 2
    assert "--known-on" in done.err


def test_a_record_says_itself_by_which_day(creditgate: Run) -> None:
    done = creditgate("decide", "--again", "r.json", "--known-on", "2020-01-01")
    assert done.status == 2
    assert "--again stands alone" in done.err
