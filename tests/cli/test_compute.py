"""`creditgate compute`: figures, determinations, formulas, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Book = Callable[[str], Path]
Sale = Callable[..., str]


def test_a_figure_is_shown_with_its_authority_and_what_it_rests_on(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    done = creditgate(
        "compute", "margin_required", "-", "--rulebook", book("exchange"), given=sale().encode()
    )
    assert done.status == 0
    assert done.lines == [
        "margin_required = 3,117.50 CNY",
        "  Margin required",
        "  Trading Act, article 9; evidence: official",
        "  Margin (Stock): 50% since 2020-01-02; Trading Act, article 9; evidence: official",
    ]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("size", "size = Small"),
        ("lot", "lot = 100 shares"),
        ("margin_ratio[etf]", "margin_ratio[etf] = 40%"),
        ("account.cash / 7", "account.cash / 7 = 714.285714… CNY  (5000/7)"),
        ("order.quantity >= lot", "order.quantity >= lot = yes"),
        ("order.security.class", "order.security.class = Stock"),
        ("account.collateral[600036].quantity", "account.collateral[600036].quantity = 100 shares"),
        ("as_of + 2 trading days", "as_of + 2 trading days = 2020-07-03"),
    ],
)
def test_any_formula_can_be_asked_for(
    creditgate: Run, book: Book, sale: Sale, asked: str, line: str
) -> None:
    done = creditgate("compute", asked, "-", "--rulebook", book("exchange"), given=sale().encode())
    assert done.status == 0
    assert done.lines[0] == line


def test_a_value_that_is_not_known_says_what_is_missing(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    done = creditgate(
        "compute", "margin_required", "-", "--rulebook", book("exchange"), "--lang", "zh",
        given=sale(market__last_price=None).encode(),
    )  # fmt: skip
    assert done.status == 1
    assert done.lines[0] == "margin_required = 未知：缺少 最新成交价（market.last_price）"


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2020-05-29", "lot = 10 shares"),
        ("2020-06-01", "lot = 100 shares"),
        ("2019-12-31", "lot = not known: the rulebook is not in force on that day"),
    ],
)
def test_the_law_of_another_day_may_be_asked_for(
    creditgate: Run, book: Book, sale: Sale, day: str, line: str
) -> None:
    done = creditgate(
        "compute", "lot", "-", "--rulebook", book("exchange"), "--on", day, given=sale().encode()
    )
    assert done.lines[0] == line


def test_json_has_the_exact_value_and_all_that_was_read(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    done = creditgate(
        "compute", "collateral_value / 3", "-", "--rulebook", book("exchange"),
        "--format", "json", given=sale().encode(),
    )  # fmt: skip
    (document,) = done.documents
    assert document["value"]["exact"] == "3000"
    assert document["value"]["unit"] == "CNY"
    assert document["as_of"] == "2020-07-01"
    assert [item["path"] for item in document["facts"]][:2] == [
        "account.cash",
        "account.collateral",
    ]
    assert document["names"][0]["authority"]["article"] == "8"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("margin_requird", "did you mean `margin_required`?"),
        ("order.quantity + account.cash", "the units differ"),
        ("order.price * 2", "may be none"),
        ("1 +", "CG3001"),
        ("x" * 5000, "CG"),
        ("(" * 3000, "CG"),
    ],
)
def test_what_cannot_be_asked_is_underlined(
    creditgate: Run, book: Book, sale: Sale, asked: str, words: str
) -> None:
    done = creditgate("compute", asked, "-", "--rulebook", book("exchange"), given=sale().encode())
    assert (done.status, done.out) == (2, "")
    assert words in done.err


def test_facts_that_cannot_be_read_do_not_hide_the_others(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    lines = [sale(), "{oops}", '{"order": {"quantity": 1.5}}', sale()]
    done = creditgate(
        "compute", "lot", "-", "--rulebook", book("exchange"), given="\n".join(lines).encode()
    )
    assert done.status == 2
    assert [line for line in done.lines if line.startswith("lot")] == ["lot = 100 shares"] * 2
    assert "stdin:2" in done.err
    assert "`order.quantity`: `1.5` has more than 0 decimals" in done.err


def test_a_figure_of_the_law_is_computed_under_the_shipped_rulebooks(
    creditgate: Run, sale: Sale
) -> None:
    done = creditgate(
        "compute", "order_lot", "-", "--rulebook", "cn/sse", "--lang", "zh", given=sale().encode()
    )
    assert done.status == 0
    assert done.lines[0] == "order_lot = 100股"


def test_a_formula_may_ask_for_facts_that_no_rule_reads(creditgate: Run) -> None:
    document = (
        '{"order": {"id": "1", "trade_date": "2026-01-20", "security": "600000"}, '
        '"securities": [{"id": "600000", "round_lot": 100, "matures_on": "2026-02-02"}]}'
    )
    for asked, line in (
        ("(order.security.matures_on or if none as_of) - as_of", "= 13 days"),
        ("order.security.round_lot", "= 100 shares"),
    ):
        done = creditgate("compute", asked, "-", "--rulebook", "cn/sse", given=document.encode())
        assert done.status == 0
        assert done.lines[0] == f"{asked} {line}"


def test_the_help_teaches_by_example(creditgate_process: Run) -> None:
    done = creditgate_process("compute", "--help")
    assert "creditgate compute margin_available order.json --rulebook cn/sse" in done.out
