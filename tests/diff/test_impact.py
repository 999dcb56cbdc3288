"""A tape of orders under both sides: counts by rule and account, and the orders that flip."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.diff.two_books import LIMIT, Books

pytest.importorskip("duckdb")

Make = Callable[..., Books]
Run = Callable[..., Any]
NARROW = LIMIT.replace("500 shares", "400 shares")
HEAD = "action,quantity,trade_date\n"


def tape(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "orders.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def on_tape(creditgate: Run, made: Books, orders: Path, *more: object) -> Any:
    return creditgate(
        "diff", *made.sides, "--tape", orders, "--text-only", "--format", "json", *more
    )  # fmt: skip


@pytest.fixture
def order_books(books: Make) -> Callable[..., Books]:
    """Return a function that writes rulebooks on plain orders, of which tapes consist."""

    def write(before: str, after: str) -> Books:
        made = books(before.replace("on: trade", "on: order"), after)
        for side in made.sides:
            for path in side.glob("*.yaml"):
                text = path.read_text("utf-8")
                text = text.replace("on: trade", "on: order").replace("{trade:", "{order:")
                path.write_text(text, "utf-8")
        return made

    return write


def test_orders_that_change_are_counted_and_listed(
    creditgate: Run, order_books: Make, tmp_path: Path
) -> None:
    orders = tape(
        tmp_path, "open_long,300,2021-01-04", "open_long,450,2021-01-04",
        "open_short,450,2021-01-04", "open_long,600,2021-01-04", "close_long,450,2021-01-04",
    )  # fmt: skip
    flips = tmp_path / "flips.csv"
    done = on_tape(creditgate, order_books(LIMIT, NARROW), orders, "--flips", flips)
    impact = json.loads(done.out)["impact"]
    assert (impact["orders"], impact["changed"]) == (5, 2)
    assert impact["before"] == {"approved": 4, "rejected": 1}
    assert impact["after"] == {"rejected": 3, "approved": 2}
    assert impact["by_decision"] == {"approved rejected": 2}
    assert impact["by_rule"] == {"act/small": {"stops": 2, "frees": 0}}
    assert [flip["row"] for flip in impact["flips"]] == [2, 3]
    with flips.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["row"], row["before"], row["after"], row["rules_after"]) for row in rows] == [
        ("2", "approved", "rejected", "act/small"), ("3", "approved", "rejected", "act/small"),
    ]  # fmt: skip


def test_by_the_law_of_another_day_a_recorded_order_flips(creditgate: Run, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "replay.md").read_text("utf-8")
    for part in page.split("<!-- file: ")[1:]:
        name, _, rest = part.partition(" -->\n```text\n")
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(rest.partition("```")[0], "utf-8")
    done = creditgate(
        "diff", "cn/sse@2026-01-16", "@2026-01-19", "--tape", "orders.csv", "--facts", "tables",
        "--text-only", "--format", "json",
    )  # fmt: skip
    report = json.loads(done.out)
    impact = report["impact"]
    assert (impact["orders"], impact["changed"], impact["undecided"]) == (4, 1, 1)
    assert impact["by_account"] == {"A1": 1}
    assert impact["by_rule"] == {"cn/margin_trading/margin_covers_order": {"stops": 1, "frees": 0}}
    assert [found["code"] for found in report["problems"]] == ["CG9036"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_tape_on_which_nothing_changes_says_so(
    creditgate: Run, order_books: Make, tmp_path: Path, language: str
) -> None:
    made = order_books(LIMIT, NARROW)
    orders = tape(tmp_path, "open_long,300,2021-01-04")
    done = creditgate("diff", *made.sides, "--tape", orders, "--text-only", "--lang", language)
    words = {"en": "No order is decided differently.", "zh": "没有委托的判定结果改变。"}
    assert words[language] in done.out


def test_orders_that_neither_side_decides_are_told(
    creditgate: Run, order_books: Make, tmp_path: Path
) -> None:
    orders = tape(tmp_path, "open_long,2021-01-04", head="action,trade_date\n")
    done = on_tape(creditgate, order_books(LIMIT, NARROW), orders)
    report = json.loads(done.out)
    assert done.status == 2
    assert [found["code"] for found in report["unanswered"]] == ["CG9036"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("none.csv", None, "CG9020"), ("orders.txt", "x", "CG9001"), ("orders.csv", "", "CG1014")],
)
def test_a_tape_that_cannot_be_used_is_told(
    creditgate: Run, order_books: Make, tmp_path: Path, name: str, content: str | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    done = on_tape(creditgate, order_books(LIMIT, NARROW), tmp_path / name)
    report = json.loads(done.out)
    assert done.status == 2
    assert [found["code"] for found in report["unanswered"]] == [code]
    assert report["text"]


def test_what_is_read_is_not_written_over(
    creditgate: Run, order_books: Make, tmp_path: Path
) -> None:
    orders = tape(tmp_path, "open_long,300,2021-01-04")
    done = on_tape(creditgate, order_books(LIMIT, NARROW), orders, "--flips", orders)
    assert done.status == 2
    assert orders.read_text("utf-8").startswith(HEAD)


def test_a_file_of_flips_that_cannot_be_written_is_told(
    creditgate: Run, order_books: Make, tmp_path: Path
) -> None:
    orders = tape(tmp_path, "open_long,450,2021-01-04")
    done = on_tape(creditgate, order_books(LIMIT, NARROW), orders, "--flips", tmp_path / "no" / "x")
    assert done.status == 2
    assert [found["code"] for found in json.loads(done.out)["unanswered"]] == ["CG9001"]
