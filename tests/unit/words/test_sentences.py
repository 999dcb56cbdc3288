"""Expressions of a shipped rulebook in words."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from creditgate.backends.words.sentences import Words
from creditgate.base.collector import Collector
from creditgate.base.render import render_text
from creditgate.check.asked import asked_expression
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Rulebook
from creditgate.pipeline import catalogue

BOOKS = Path(__file__).parents[1] / "explain" / "books"


@cache
def rulebook(name: str) -> Rulebook:
    """Load a shipped rulebook once."""
    checked = catalogue().checked(name)
    assert checked is not None
    return checked.rulebook


def expression(text: str, name: str = "cn/sse") -> Expr:
    """Return the meaning of a text under a rulebook."""
    collector = Collector()
    node = asked_expression(rulebook(name), text, collector)
    assert node is not None, render_text(collector.diagnostics)
    return node


CASES = [
    (
        "order.action in {margin_buy, short_sell}",
        "the order's credit action is Margin buy or Short sale",
        "业务类型为“融资买入”或“融券卖出”",
    ),
    (
        "order.action not in {margin_buy, short_sell}",
        "the order's credit action is not Margin buy or Short sale",
        "业务类型不是“融资买入”或“融券卖出”",
    ),
    (
        "order.quantity is not a multiple of 100 shares",
        "the order's quantity is not a whole multiple of 100 shares",
        "委托数量不是100股的整数倍",
    ),
    (
        "order.quantity between 100 shares and 1_000 shares",
        "the order's quantity is at least 100 shares and it is at most 1,000 shares",
        "委托数量不低于100股，且其不超过1,000股",
    ),
    (
        "market.last_price is not none and market.last_price >= 2.5 CNY/share",
        "there is a last trade price and it is at least 2.50 CNY a share",
        "有最新成交价，且其不低于每股人民币2.50元",
    ),
    (
        "maintenance_ratio is none or maintenance_ratio > 300%",
        "there is no maintenance ratio or it is above 300%",
        "没有维持担保比例，或其高于300%",
    ),
    (
        "order.trade_date < 2024-07-22 and order.quantity > 0",
        "the order's trade date is before 2024-07-22 and the order's quantity is above zero",
        "交易日期早于2024-07-22，且委托数量高于零",
    ),
    (
        "order.entered_at >= open of order.trade_date",
        "the time of entry is no earlier than the opening of the session on the order's trade date",
        "委托时间不早于交易日期开市时",
    ),
    (
        "not (order.security.risk_warning or order.security.trading_suspended)",
        "the order's security is not under risk warning and the order's security is not suspended "
        "from trading",
        "委托的证券未被实施风险警示，且委托的证券未停牌",
    ),
    (
        "order.security.id in client.insider_of",
        "the order's security is among the securities of companies of which the client is a "
        "director or officer or large holder",
        "委托的证券属于客户任董监高或持股百分之五以上的公司的证券",
    ),
    (
        "account.call_made_on is not none and as_of >= account.call_made_on + 2 trading days",
        "there is a day of the open call for collateral and the day judged is on or after 2 trading "
        "days after the day of the open call for collateral",
        "有追加担保物通知日期，且判断日不早于追加担保物通知日期后2个交易日",
    ),
    (
        "sum(p.quantity * p.security.price * p.security.haircut for p in account.collateral)",
        "the sum, over the collateral securities owned outright, of quantity held × valuation "
        "price × haircut",
        "可充抵保证金证券（自有）的（持有数量 × 估值价格 × 折算率）之和",
    ),
    (
        "count(c for c in account.short_contracts where c.security is order.security)",
        "the number of the account's open short contracts where the security sold short is the "
        "order's security",
        "未了结融券合约中融券卖出证券为委托的证券的项数",
    ),
    (
        "any(c.quantity_owed > 0 for c in account.short_contracts)",
        "for at least one of the account's open short contracts, the shares still owed are above "
        "zero",
        "未了结融券合约中至少有一项符合：未偿还证券数量高于零",
    ),
    (
        "not all(c.quantity_owed > 0 for c in account.short_contracts)",
        "for at least one of the account's open short contracts, the shares still owed are at most "
        "zero",
        "未了结融券合约中至少有一项符合：未偿还证券数量不超过零",
    ),
    (
        'order.security is "600000" and account.id in {"A1", "A2"}',
        "the order's security is 600000 and the account number is A1 or A2",
        "委托的证券为600000，且账户编号为A1或A2",
    ),
    (
        "account.short_contracts[S1].quantity_owed > 0",
        "the shares still owed of the short contract S1 are above zero",
        "融券合约 S1的未偿还证券数量高于零",
    ),
    (
        "account.short_contracts is empty",
        "there are no open short contracts",
        "没有未了结融券合约",
    ),
    (
        "max(0, account.cash - debt)",
        "the excess of the cash including short sale proceeds over the debt of the client",
        "现金（含融券卖出所得资金）超过客户负债的部分",
    ),
    (
        "account.cash - (debt - account.credit_used)",
        "the cash including short sale proceeds − (the debt of the client − the account's credit "
        "line used)",
        "现金（含融券卖出所得资金） − （客户负债 − 已用授信额度）",
    ),
    (
        "if order.action is margin_buy then 50% else short_ratio_floor[client.kind]",
        "as the case may be: (a) if the order's credit action is Margin buy: 50%; (b) otherwise: "
        "the lowest short margin ratio for the kind of investor",
        "按下列情形分别确定：（一）如业务类型为“融资买入”：50%；（二）其他：投资者类别对应的融券保证金"
        "比例下限",
    ),
    (
        "financing_ratio_floor at order.trade_date",
        "the lowest financing margin ratio as of the order's trade date",
        "交易日期当日适用的融资保证金比例下限",
    ),
    (
        "market.last_price or if none market.previous_close",
        "the last trade price (or the previous close where there is none)",
        "最新成交价（没有的，取前收盘价）",
    ),
    (
        "order.quantity rounded down to lot",
        "the order's quantity rounded down to a multiple of the lot of margin buys and short sales",
        "委托数量向下取整至融资买入和融券卖出的最小申报单位的整数倍",
    ),
    (
        "not (financing_rollover_resets_ratio at order.trade_date)",
        "as of the order's trade date, it is not true that a roll-over gives a financing "
        "contract the ratio of that day",
        "按交易日期当日的规定，不属于“融资合约展期适用展期当日的保证金比例”情形",
    ),
    (
        "restricted_shares_lendable and not refinanced_shares_usable",
        "restricted shares may be lent and shares borrowed through refinancing may not be lent on",
        "限售股可出借，且转融券借入的证券不得用于融券",
    ),
    (
        "order.security.board in boards_with_targets_from_listing",
        "the board of the order's security is among the boards whose stocks listed under the "
        "registration system are targets from the listing day",
        "委托的证券的板块属于注册制下首发上市股票自上市首日起可作为标的的板块",
    ),
    (
        "count(d for d in order.security.quote_days where d.in_window)",
        "the number of the trading days of the security of the order's security where the item is "
        "within the period over which trading is measured",
        "委托的证券的个股交易日行情中属于统计期间的项数",
    ),
    (
        "first trading day on or after (order.trade_date + 6 months)",
        "the first trading day on or after (6 months after the order's trade date)",
        "（交易日期后6个月）当日或其后的首个交易日",
    ),
]


@pytest.mark.parametrize(("text", "english", "chinese"), CASES)
def test_an_expression_reads_as_a_sentence(text: str, english: str, chinese: str) -> None:
    book, node = rulebook("cn/sse"), expression(text)
    assert Words(book, "en").value(node) == english
    assert Words(book, "zh").value(node) == chinese


def test_a_parameter_stands_with_its_value_of_the_day() -> None:
    day = rulebook("cn/sse").start
    node = expression("margin_available > 0 and financing_ratio_floor <= 100%")
    words = Words(rulebook("cn/sse"), "en", day).clauses(node)
    assert words == (
        "the margin available is above zero",
        "the lowest financing margin ratio (50%) is at most 100%",
    )


def test_a_parameter_of_another_day_stands_without_a_value() -> None:
    book = rulebook("cn/sse")
    node = expression("financing_ratio_floor at order.trade_date")
    assert Words(book, "en", book.start).value(node) == (
        "the lowest financing margin ratio as of the order's trade date"
    )


def test_clauses_that_speak_of_one_thing_stay_together() -> None:
    node = expression("order.quantity > 0 and order.price is not none and order.price > 0")
    assert Words(rulebook("cn/sse"), "en").clauses(node) == (
        "the order's quantity is above zero",
        "there is a limit price and it is above zero",
    )


def test_a_closed_expression_reads_like_the_open_one() -> None:
    from creditgate.ir.specialise import closed

    book = rulebook("cn/sse")
    node = expression("margin_available >= order_value or if none 0 CNY")
    words = Words(book, "en")
    assert words.value(closed(book, node, book.start)) == words.value(node)


def test_a_table_of_yes_and_no_speaks_of_what_it_is_asked_for() -> None:
    checked = catalogue([BOOKS]).checked("exchange")
    assert checked is not None
    node = asked_expression(checked.rulebook, "counts_twice[order.security.class]", Collector())
    assert node is not None
    assert Words(checked.rulebook, "en").value(node) == (
        "for the security class of the order's security, a security of the class counts twice"
    )
    assert Words(checked.rulebook, "zh").value(node) == (
        "就委托的证券的证券类别而言，该类证券加倍计算"
    )
