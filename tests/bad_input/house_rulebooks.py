"""House rulebooks over a shipped one, each with one mistake, written into a folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

HEADER: Final = """\
rulebook: house/{name}
title: {{en: A house, zh: 会员}}
authority: {{en: The house, zh: 会员}}
extends: [{base}]
mode: tightens
in_force: {{from: 2015-07-01, cite: {{instrument: manual}}, evidence: official}}
instruments:
  manual: {{title: {{en: The manual, zh: 手册}}, issued: 2015-07-01, in_force: 2015-07-01}}
"""
CITED: Final = "cite: {instrument: manual}, evidence: official"
RULE: Final = """\
chapter: {en: House limits, zh: 内部限额}
rules:
  no_large_order:
    title: {en: No order is larger than the house allows, zh: 单笔限额}
    on: order
    when: order.action in {margin_buy, short_sell}
    require: order.quantity <= 100_000 shares
    reason: order_too_large
    breach: {en: "{order.quantity} are too many.", zh: "{order.quantity}过多。"}
    in_force: [{from: 2015-07-01, cite: {instrument: manual}, evidence: official}]
"""
WAITING: Final = """\
chapter: {en: House terms, zh: 内部期限}
rules:
  call_notified_in_time:
    title: {en: A client is notified of a call in time, zh: 及时通知客户}
    on: account_close_of_day
    require: account.call_notified
    due: account.valued_on
    reason: collateral_call
    breach: {en: Not notified., zh: 尚未通知。}
    in_force: [{from: 2015-07-01, cite: {instrument: manual}, evidence: official}]
"""
REQUIRE: Final = "require: order.quantity <= 100_000 shares"


def ratio(value: str, since: str = "2015-07-01") -> str:
    """Return a chapter with the house's own margin ratio for margin buys."""
    return f"""\
chapter: {{en: House margin, zh: 内部保证金}}
parameters:
  financing_ratio_floor:
    replaces: true
    title: {{en: Margin ratio for margin buys, zh: 融资保证金比例}}
    type: ratio
    stricter: higher
    history: [{{from: {since}, value: {value}, {CITED}}}]
"""


def requiring(condition: str) -> str:
    """Return a chapter whose one rule requires something else."""
    return RULE.replace(REQUIRE, f"require: >-\n      {condition}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A chapter with a mistake and the code of the finding."""

    name: str
    chapter: str | bytes
    code: str
    base: str = "cn/sse"


MISTAKES: Final = (
    Mistake("malformed", RULE + "  no_other: [\n", "CG1001"),
    Mistake("bad_text", RULE.encode() + b"# \xff\n", "CG1002"),
    Mistake("key_twice", RULE + "rules: {}\n", "CG1003"),
    Mistake("anchor", RULE.replace("on: order", "on: &event order"), "CG1004"),
    Mistake("python_tag", RULE.replace("on: order", "on: !!python/name:os.system order"), "CG1005"),
    Mistake("no_value", RULE.replace("on: order", "on:"), "CG1006"),
    Mistake("two_documents", RULE + "---\nrules: {}\n", "CG1009"),
    Mistake("nested_file", "chapter: " + "[" * 10_000 + "]" * 10_000, "CG1010"),
    Mistake("large", RULE + "# " + "x" * 5_000_000, "CG1011"),
    Mistake("binary", b"\x7fELF\x02\x01\x01" + bytes(64), "CG1012"),
    Mistake("tab", RULE.replace("    on", "\ton"), "CG1013"),
    Mistake("empty", "", "CG1014"),
    Mistake("unknown_key", RULE.replace("reason:", "raeson:"), "CG2001"),
    Mistake("no_citation", RULE.replace("cite: {instrument: manual}, ", ""), "CG2002"),
    Mistake("syntax", requiring("order.quantity <= <= 100_000 shares"), "CG3001"),
    Mistake("mixed", requiring("order.quantity <= 1 shares and yes or no"), "CG3002"),
    Mistake("nested_rule", requiring("(" * 10_000 + "yes" + ")" * 10_000), "CG3004"),
    Mistake("single_equals", requiring("order.quantity = 100_000 shares"), "CG3006"),
    Mistake("misspelt_fact", requiring("order.qauntity <= 100_000 shares"), "CG4001"),
    Mistake("unknown_name", requiring("order.quantity <= house_limit"), "CG4001"),
    Mistake("unknown_instrument", RULE.replace("manual", "handbook"), "CG4006"),
    Mistake("no_action", RULE.replace("order.action in {margin_buy, short_sell}", "yes"), "CG4010"),
    Mistake("unknown_event", RULE.replace("on: order", "on: ordre"), "CG4013"),
    Mistake("unknown_reason", RULE.replace("order_too_large", "no_such_reason"), "CG4014"),
    Mistake(
        "order_with_a_deadline",
        RULE.replace(REQUIRE, f"{REQUIRE}\n    due: order.trade_date"),
        "CG4023",
    ),
    Mistake(
        "no_moment", WAITING.replace("account.valued_on", "open of account.valued_on"), "CG4024"
    ),
    Mistake("due_or_none", WAITING.replace("account.valued_on", "account.call_made_on"), "CG5004"),
    Mistake("due_never", WAITING.replace("account.valued_on", "2 trading days"), "CG5001"),
    Mistake("no_such_day", RULE.replace("from: 2015-07-01", "from: 2015-02-30"), "CG4021"),
    Mistake("uncovered", ratio("120%", since="2030-01-01"), "CG4004"),
    Mistake("unit_mix", requiring("order.quantity <= 100_000 CNY"), "CG5003"),
    Mistake("bare_number", requiring("order.quantity <= 100_000"), "CG5008"),
    Mistake("no_condition", requiring("order.quantity"), "CG5005"),
    Mistake("maybe_none", requiring("order.price > 1 CNY/share"), "CG5004"),
    Mistake("loosens", ratio("10%"), "CG7001"),
    Mistake("overtaken", ratio("60%"), "CG7004"),
    Mistake("unknown_base", RULE, "CG4009", base="cn/ses"),
    Mistake("its_own_base", RULE, "CG4007", base="house/its_own_base"),
    Mistake("removes_a_rule", RULE, "CG2008"),
)


def write_all(root: Path) -> None:
    """Write every house rulebook with a mistake below `root`."""
    for mistake in MISTAKES:
        write(root, mistake.name, mistake.chapter, mistake.base)
    header = root / "house" / "removes_a_rule" / "rulebook.yaml"
    header.write_text(header.read_text("utf-8") + "removes: {rules: [whole_lots]}\n", "utf-8")


def write(root: Path, name: str, chapter: str | bytes, base: str = "cn/sse") -> Path:
    """Write one house rulebook and return its folder."""
    folder = root / "house" / name
    folder.mkdir(parents=True)
    (folder / "rulebook.yaml").write_text(HEADER.format(name=name, base=base), "utf-8")
    data = chapter if isinstance(chapter, bytes) else chapter.encode()
    (folder / "limits.yaml").write_bytes(data)
    return folder
