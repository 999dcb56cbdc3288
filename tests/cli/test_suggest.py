"""`creditgate decide --suggest`: what would have to change, in which words, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from creditgate import Gate
from creditgate.nearest.ask import ChangeRefused

Run = Callable[..., Any]
Book = Callable[[str], Path]
Sale = Callable[..., str]


def test_each_fact_alone_in_english(creditgate: Run, book: Book, sale: Sale) -> None:
    order = sale(order__quantity=2000, market__price_tick="0.01").encode()
    done = creditgate("decide", "-", "--rulebook", book("exchange"), "--suggest", given=order)
    # 5,000 and 100 x 40.00 cover 9,000; 12.47 x 50% = 6.235 a share: 1,443 shares
    assert done.status == 1
    assert done.lines[-6:] == [
        "  What would have to change, all other facts as they are:",
        "    Quantity: approved for at most 1,400 shares (in steps of 100 shares)",
        "    Limit price: no higher or lower value alone would do; stopped by exchange/collateral_covers_margin",
        "    Trade date: approved on no later day up to 2020-10-01",
        "    Cash including short sale proceeds: approved with 8,470.00 CNY, 3,470.00 CNY more, and with nothing less",
        "    Quantity held of 600036: approved with 187 shares, 87 shares more, and with nothing less",
    ]


def test_facts_together_in_chinese(creditgate: Run, book: Book, sale: Sale) -> None:
    order = sale(order__quantity=450, order__price="12.40").encode()
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--suggest", "--lang", "zh", given=order
    )
    assert done.lines[-8:] == [
        "  如何方可通过（其他事实不变）：",
        "    委托数量：单独调低均不能通过；受限于 exchange/price_not_below_floor",
        "    委托价格：单独调高或低均不能通过；受限于 exchange/whole_lots",
        "    交易日期：至2020-10-01，各日均不能通过",
        "    现金（含融券卖出所得资金）：单独调高均不能通过；受限于 exchange/price_not_below_floor、exchange/whole_lots",
        "    600036的持有数量：单独调高均不能通过；受限于 exchange/price_not_below_floor、exchange/whole_lots",
        "    须同时变动（先使第一项变动最小，再使下一项变动最小）：",
        "      委托数量 400股（低50股）；委托价格 每股人民币12.47元（高每股人民币0.07元）（未给出 market.price_tick，未按其取整）：可通过",
    ]


def test_a_price_is_said_with_what_is_not_known_of_its_steps(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    order = sale(order__price="12.40").encode()
    asked = ("decide", "-", "--rulebook", book("exchange"), "--suggest", "--change", "order.price")
    assert creditgate(*asked, given=order).lines[-2:] == [
        "    Limit price: approved at 12.47 CNY/share (market.price_tick is not given, so not kept to), "
        "0.07 CNY/share higher, and at nothing nearer",
        "    Limit price: no lower value alone would do; stopped by exchange/price_not_below_floor",
    ]


def test_missing_facts_are_asked_for_first(creditgate: Run, book: Book, sale: Sale) -> None:
    order = sale(account__cash=None).encode()
    done = creditgate("decide", "-", "--rulebook", book("exchange"), "--suggest", given=order)
    place = done.lines.index("  What would have to change, all other facts as they are:")
    assert done.lines[place + 1] == "    asked for first: missing account.cash"
    assert "approved at" not in done.out
    assert "approved for" not in done.out


def test_an_approved_order_is_one_line(creditgate: Run, book: Book, sale: Sale) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--suggest", given=sale().encode()
    )
    assert (done.status, len(done.lines)) == (0, 1)


def test_json_holds_the_answers_and_the_core_as_without(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    order = sale(order__quantity=2000).encode()
    asked = ("decide", "-", "--rulebook", book("exchange"), "--format", "json")
    (plain,) = creditgate(*asked, given=order).documents
    (document,) = creditgate(
        *asked, "--suggest", "--change", "order.quantity", "--horizon", "5", given=order
    ).documents
    nearest = document.pop("nearest")
    assert document == plain
    assert (nearest["decision"], nearest["horizon_days"]) == ("rejected", 5)
    (alone,) = nearest["alone"]
    assert (alone["state"], alone["paths"], alone["directions"]) == (
        "found", ["order.quantity"], ["lower"],
    )  # fmt: skip
    (change,) = alone["changes"]
    shown = {
        key: change[key]["exact"] for key in ("given", "value", "difference", "step", "nearer")
    }
    assert shown == {
        "given": "2000", "value": "1400", "difference": "600", "step": "100", "nearer": "1500",
    }  # fmt: skip


def test_every_order_of_a_file_is_answered(
    creditgate: Run, book: Book, sale: Sale, tmp_path: Path
) -> None:
    path = tmp_path / "orders.jsonl"
    broken = json.dumps({"order": {"quantity": "many"}})
    path.write_text("\n".join([sale(order__quantity=2000), broken, sale()]) + "\n", "utf-8")
    done = creditgate(
        "decide", path, "--rulebook", book("exchange"), "--format", "json", "--suggest"
    )
    assert done.status == 2
    first, second, third = done.documents
    assert first["nearest"]["alone"][0]["state"] == "found"
    assert second["nearest"] is None
    assert second["core"]["refusals"]
    assert third["nearest"]["alone"] == []


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("order.quantty", "CG9002", "did you mean `order.quantity`?"),
        ("account.collateral.pledged", "CG9002", "did you mean `account.collateral`?"),
        ("quantity", "CG9002", "lists the facts"),
        ("securities.price", "CG9002", "lists the facts"),
        ("", "CG9002", "lists the facts"),
        ("order.type", "CG9024", "only numbers and dates"),
        ("account.collateral", "CG9024", "only numbers and dates"),
        ("order.security", "CG9024", "only numbers and dates"),
    ],
)
def test_what_cannot_be_changed_is_said_with_a_code(
    creditgate: Run, book: Book, sale: Sale, path: str, code: str, hint: str
) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--suggest", "--change", path,
        given=sale().encode(),
    )  # fmt: skip
    assert (done.status, done.out) == (2, "")
    assert code in done.err
    assert hint in done.err


@pytest.mark.parametrize(
    "options",
    [
        ("--change", "order.quantity"),
        ("--horizon", "5"),
        ("--suggest", "--format", "csv"),
        ("--suggest", "--record"),
        ("--suggest", "--horizon", "0"),
        ("--suggest", "--again", "record.json"),
    ],
)
def test_options_that_do_not_go_together(
    creditgate: Run, book: Book, sale: Sale, options: tuple[str, ...]
) -> None:
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), *options, given=sale().encode()
    )
    assert done.status == 2
    assert "Usage" in done.err or "Error" in done.err


def test_in_a_program(book: Book, sale: Sale) -> None:
    gate = Gate.load([book("exchange")])
    document = json.loads(sale(order__quantity=2000), parse_float=Decimal)
    decision = gate.decide(document)
    before = decision.core_bytes()
    answer = decision.nearest_approval(["order.quantity"])
    (found,) = answer.found
    assert found.changes[0].value.words.en == "1,400 shares"
    assert gate.decide(found.document).is_approved
    assert decision.core_bytes() == before
    assert document["order"]["quantity"] == 2000


def test_a_question_that_cannot_be_asked_is_refused(book: Book, sale: Sale) -> None:
    gate = Gate.load([book("exchange")])
    with pytest.raises(ChangeRefused) as refused:
        gate.decide(sale()).nearest_approval(["order.type", "order.size"])
    assert [item.code.number for item in refused.value.diagnostics] == ["CG9024", "CG9002"]
    with pytest.raises(ChangeRefused) as refused:
        gate.decide(b"{").nearest_approval()
    assert [item.code.number for item in refused.value.diagnostics] == ["CG9001"]


def test_the_law_of_another_day_stays_the_one_asked_for(
    creditgate: Run, book: Book, sale: Sale
) -> None:
    # The lot was 10 shares before June 2020.
    order = sale(order__quantity=2005).encode()
    done = creditgate(
        "decide", "-", "--rulebook", book("exchange"), "--on", "2020-03-02", "--suggest",
        "--change", "order.quantity", given=order,
    )  # fmt: skip
    assert done.lines[-1] == (
        "    Quantity: approved for at most 1,440 shares (in steps of 10 shares)"
    )
