"""Sentences as lists of their parts, and the parts on one line."""

from __future__ import annotations

from functools import cache

from creditgate.backends.words.passages import Passage
from creditgate.backends.words.rules import rule_sentence
from creditgate.backends.words.sentences import Words
from creditgate.base.collector import Collector
from creditgate.base.render import render_text
from creditgate.check.asked import asked_expression
from creditgate.explain.show_layout import set_out
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

LONG = (
    "order.type is limit and order.security.trading_suspended and order.security.risk_warning "
    "and market.financing_suspended_market_wide and order.security.financing_suspended "
    "and order.quantity is a multiple of 100 shares"
)


@cache
def rulebook() -> Rulebook:
    """Load a shipped rulebook once."""
    checked = catalogue().checked("cn/sse")
    assert checked is not None
    return checked.rulebook


def said(text: str, language: str = "en") -> Passage:
    """Return an expression in words."""
    collector = Collector()
    node = asked_expression(rulebook(), text, collector)
    assert node is not None, render_text(collector.diagnostics)
    return Words(rulebook(), language).value(node)


def test_a_short_condition_stays_on_its_line() -> None:
    assert said("order.type is limit and order.quantity > 0").parts == ()


def test_a_long_condition_becomes_a_list_of_its_parts() -> None:
    passage = said(LONG)
    assert passage.lead == "all of these hold"
    assert [str(part) for part in passage.parts][::5] == [
        "the order type is Limit",
        "the order's quantity is a whole multiple of 100 shares",
    ]
    assert passage.startswith("all of these hold: (a) the order type is Limit; (b) ")


def test_parts_of_parts_have_marks_of_their_own() -> None:
    passage = said(f"order.price is none or ({LONG})", "zh")
    assert passage.startswith(
        "符合下列任一项：（一）没有委托价格；（二）同时符合下列各项：1.报价方式为"
    )


def test_a_list_ends_with_one_full_stop() -> None:
    lines = list(set_out(said(f"order.price is none or ({LONG})"), "", "", "en"))
    assert lines[:3] == [
        "at least one of these holds:",
        "- there is no limit price;",
        "- all of these hold:",
    ]
    assert [line[-1] for line in lines[3:]] == [";", ";", ";", ";", ";", "."]


def test_what_would_nest_brackets_is_told_apart() -> None:
    text = "account.cash * (100% - 50% * (100% - account.minimum_line))"
    assert said(text) == (
        "the cash including short sale proceeds × ①, where ① is 100% − 50% × (100% − the minimum "
        "maintenance ratio by agreement)"
    )
    passage = said(text, "zh")
    assert passage.named
    assert passage.lead == "现金（含融券卖出所得资金） × ①，其中"
    assert [str(part) for part in passage.parts] == [
        "①为100% − 50% × （100% − 约定最低维持担保比例（平仓线））"
    ]


def test_the_excess_of_one_thing_over_another_has_a_name() -> None:
    assert said("max(account.cash - debt, 0)") == (
        "the excess of the cash including short sale proceeds over the debt of the client"
    )


def test_an_absolute_value_has_a_name() -> None:
    assert said("max(account.cash, -account.cash)", "zh") == "现金（含融券卖出所得资金）的绝对值"


def test_a_factor_of_one_goes_without_saying() -> None:
    assert said("100% * account.minimum_line") == "the minimum maintenance ratio by agreement"
    assert said("(as_of - order.trade_date) / 1 days") == (
        "the days from the order's trade date to the day judged"
    )


def test_a_rule_is_one_sentence() -> None:
    book = rulebook()
    rule = book.rules["short_price_not_below_last"]
    etf = [item for item in rule.exemptions if item.id == "etf"]
    assert rule_sentence(Words(book, "en"), rule, etf) == (
        "Order, if the order's credit action is Short sale and the order type is Limit: it is "
        "required that all of these hold: (a) there is a last trade price (the previous close "
        "before the first trade of the day); (b) the order's limit price is at least the last "
        "trade price (the previous close before the first trade of the day). Excepted: "
        "Exchange-traded funds (the security class of the order's security is Exchange-traded "
        "fund)."
    )
    assert rule_sentence(Words(book, "zh"), rule, etf) == (
        "委托，如业务类型为“融券卖出”，且报价方式为“限价”：要求有最近成交价（当天没有成交的为前收盘价），"
        "且委托价格不低于最近成交价（当天没有成交的为前收盘价）。例外：交易型开放式指数基金"
        "（委托的证券的证券类别为“交易型开放式指数基金”）。"
    )
