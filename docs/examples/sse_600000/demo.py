"""Decide every order of a recorded trading day and say which rules stopped which.

make demo
python -m docs.examples.sse_600000.demo --lang zh
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Final

from docs.examples.sse_600000.documents import Desk, read_desk
from docs.examples.sse_600000.tally import Example, Tally, decide_all, rule_named
from docs.examples.sse_600000.tape import SECURITY, TRADE_DATE, TapeOrder, orders_of, read_trades

from creditgate import Gate
from creditgate.explain.authorities import of_forces
from creditgate.explain.report import report_of
from creditgate.explain.text import text_of

EXCHANGE: Final = "cn/sse"
MEMBER: Final = "brokers/example_cn_member"
APPROVED: Final = "approved"
EXPLAINED: Final = (
    ("An approved order", "通过的委托", APPROVED),
    ("An order stopped by the price rule", "因价格规则被拒绝的委托", "short_price_not_below_last"),
    ("An order stopped for want of margin", "因保证金不足被拒绝的委托", "margin_covers_order"),
    ("An order that cannot be decided, and so does not pass", "无法判定、因而不予通过的委托", "undecided"),
)  # fmt: skip
FIGURES: Final = ("margin_required", "margin_available")
INDENT: Final = " " * 26


def main(arguments: Sequence[str] | None = None) -> None:
    """Decide the tape under the exchange's rules, then under the member's, and print."""
    parser = argparse.ArgumentParser(description="Decide every order of a recorded trading day.")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language")
    parser.add_argument("--orders", type=int, metavar="N", help="decide the first N orders only")
    chosen = parser.parse_args(arguments)
    began = perf_counter()
    trades, desk = read_trades(), read_desk()
    orders = list(orders_of(trades))[: chosen.orders]
    pages = Pages(desk, chosen.lang)
    print("\n".join(pages.what_is_decided(len(trades), orders)))
    for name in (EXCHANGE, MEMBER):
        gate = Gate.load([name])
        tally = decide_all(gate, orders, desk)
        print("\n".join(pages.outcome(gate, tally)))
    print("\n".join(pages.explanations(gate, tally)))
    print("\n" + pages.say("All of it took {:.1f} seconds.", "全部用时 {:.1f} 秒。").format(perf_counter() - began))  # fmt: skip


class Pages:
    """What is printed, in one language."""

    def __init__(self, desk: Desk, language: str) -> None:
        self.desk = desk
        self.language = language

    def say(self, en: str, zh: str) -> str:
        """Return the words of the language."""
        return zh if self.language == "zh" else en

    def what_is_decided(self, trades: int, orders: Sequence[TapeOrder]) -> Iterator[str]:
        """Say what is recorded and what is made."""
        shorts = sum(order.action == "short_sell" for order in orders)
        buys, accounts = len(orders) - shorts, len(self.desk.accounts)
        close = self.desk.market["previous_close"]
        yield self.say(
            f"{SECURITY} on the Shanghai Stock Exchange, {TRADE_DATE}",
            f"上海证券交易所 {SECURITY}，{TRADE_DATE}",
        )
        yield self.say(
            f"  Recorded: {trades:,} trades. Each sell order in them is taken as a short sale\n"
            f"  ({shorts:,}), each buy order as a margin buy ({buys:,}), priced at its first trade.",
            f"  真实数据：{trades:,} 笔逐笔成交。其中每个卖方委托视为一笔融券卖出（{shorts:,} 笔），\n"
            f"  每个买方委托视为一笔融资买入（{buys:,} 笔），以首笔成交价为委托价格。",
        )
        yield self.say(
            f"  Made for the example: the {accounts} accounts that enter the orders in turn, the\n"
            f"  previous close of {close}, haircuts, lists and the shares to lend.",
            f"  为演示而虚构：轮流申报的 {accounts} 个账户、前收盘价 {close}、折算率、各类名单及可融券数量。",
        )
        yield self.say(
            "  Each order is decided as if it were the only one of the day.",
            "  每笔委托均按当日唯一一笔委托判定。",
        )

    def outcome(self, gate: Gate, tally: Tally) -> Iterator[str]:
        """Say what a rulebook answered and which rules stopped orders."""
        book, count = gate.engines[0].rulebook, tally.outcomes
        yield f"\n{book.title.of(self.language)}  ({book.id})"
        for number, en, zh in (
            (tally.orders, "orders decided", "笔委托已判定"),
            (count["approved"], "approved", "通过"),
            (count["rejected"], "rejected: a rule is breached", "拒绝：违反规则"),
            (count["undecided"], "undecided: a fact is missing, so the order does not pass",
             "无法判定：缺少事实，不予通过"),
        ):  # fmt: skip
            yield f"  {number:>7,}  {self.say(en, zh)}"
        yield "\n  " + self.say("stopped  by this alone  rule", "拒绝笔数   仅因此规则  规则")
        for rule_id, stopped in tally.breached.most_common():
            yield f"  {stopped:>7,}  {tally.alone[rule_id]:>13,}  {self._title(gate, rule_id)}"
            yield f"{INDENT}{self._citation(gate, rule_id)}"
        for rule_id, stopped in tally.undecided.most_common():
            word = self.say("    undecided", "     无法判定")
            yield f"  {stopped:>7,}  {word}  {self._title(gate, rule_id)}"
        for path, orders in tally.missing.most_common():
            yield INDENT + self.say(
                f"{path} is not given for {orders:,} orders", f"{orders:,} 笔委托未提供 {path}"
            )
        for rule_id, warned in tally.warned.most_common():
            word = self.say("  only warned", "       仅提示")
            yield f"  {warned:>7,}  {word}  {self._title(gate, rule_id)}"
        rate = f"{tally.orders_per_second:,.0f}"
        median, p99 = tally.microseconds(0.5), tally.microseconds(0.99)
        yield "\n  " + self.say(
            f"{rate} orders a second, one after the other, from JSON to reply: {median:.0f} µs at "
            f"the median,\n  {p99:,.0f} µs at the 99th percentile (orders that pass are the quick ones)",
            f"逐笔判定，自 JSON 读入至答复输出：每秒 {rate} 笔；中位数 {median:.0f} 微秒，99 分位 {p99:,.0f} 微秒",
        )  # fmt: skip

    def explanations(self, gate: Gate, tally: Tally) -> Iterator[str]:
        """Explain the first order of some kinds."""
        heading = self.say("Decisions explained", "判定说明")
        yield f"\n{heading}  ({gate.engines[0].rulebook.id})"
        for en, zh, kind in EXPLAINED:
            example = tally.examples.get(kind)
            if example is not None:
                account = self.say("account", "账户")
                name = self.say(example.account.name, example.account.name_zh)
                yield f"\n{self.say(en, zh)}  ({account}: {name})"
                yield from self._explanation(gate, example, kind)

    def _explanation(self, gate: Gate, example: Example, kind: str) -> Iterator[str]:
        document = self.desk.document(example.order, example.account)
        text = text_of(report_of(gate.decide(document)), self.language)
        yield from (f"  {line}" for line in text.splitlines())
        if kind == APPROVED:
            values = gate.decide(document, figures=FIGURES).core.figures
            for name, value in values.items():
                title = gate.engines[0].rulebook.figures[name].title.of(self.language)
                yield f"    {title}: {value.value} {value.unit}"

    def _title(self, gate: Gate, rule_id: str) -> str:
        return rule_named(gate.engines[0].rulebook, rule_id).title.of(self.language)

    def _citation(self, gate: Gate, rule_id: str) -> str:
        book = gate.engines[0].rulebook
        rule = rule_named(book, rule_id)
        found = of_forces(book, rule.name, rule.origin, rule.in_force, TRADE_DATE.toordinal())
        title = "" if found.title is None else found.title.of(self.language)
        if found.article is None:
            return title
        return self.say(f"{title}, article {found.article}", f"{title}第{found.article}条")


if __name__ == "__main__":
    main()
