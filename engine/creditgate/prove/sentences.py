"""Answers as sentences, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from creditgate.prove.answers import Answer

Sentence = tuple[str, str]

SENTENCES: Final[Mapping[tuple[str, str], Sentence]] = {
    ("only_tightens", "yes"): (
        "whatever passes {rulebook} passes {base}{of_rule}",
        "凡通过 {rulebook} 的均通过 {base}{of_rule}",
    ),
    ("only_tightens", "no"): (
        "an order passes {rulebook} that {base} stops{of_rule}",
        "有委托通过 {rulebook}，而 {base} 不予通过{of_rule}",
    ),
    ("only_tightens", "not_decided"): (
        "whether all that passes {rulebook} passes {base}{of_rule}",
        "凡通过 {rulebook} 的是否均通过 {base}{of_rule}",
    ),
    ("never_fires", "yes"): ("{subject} is never breached", "{subject} 永远不会被违反"),
    ("never_fires", "no"): ("{subject} can be breached", "{subject} 可能被违反"),
    ("never_fires", "not_decided"): (
        "whether {subject} can be breached",
        "{subject} 是否可能被违反",
    ),
    ("always_fires", "yes"): (
        "{subject} is breached by all it applies to",
        "{subject} 适用时必被违反",
    ),
    ("always_fires", "no"): ("{subject} can be satisfied", "{subject} 可以被满足"),
    ("always_fires", "not_decided"): (
        "whether {subject} can be satisfied",
        "{subject} 是否可以被满足",
    ),
    ("never_binds", "yes"): (
        "{subject} never stops anything by itself",
        "{subject} 从不单独阻止任何委托",
    ),
    ("never_binds", "no"): ("{subject} stops something by itself", "{subject} 可单独阻止委托"),
    ("never_binds", "not_decided"): (
        "whether {subject} stops anything by itself",
        "{subject} 是否单独阻止委托",
    ),
    ("hidden", "yes"): (
        "{subject} is hidden by {by}, which is breached whenever it is",
        "{subject} 被 {by} 掩盖：前者被违反时后者必被违反",
    ),
    ("hidden", "no"): ("no other rule hides {subject}", "没有其他规则掩盖 {subject}"),
    ("hidden", "not_decided"): (
        "whether another rule hides {subject}",
        "是否有其他规则掩盖 {subject}",
    ),
    ("contradict", "yes"): (
        "{subject} and {with} are never satisfied together",
        "{subject} 与 {with} 不可能同时满足",
    ),
    ("contradict", "no"): ("no two rules on {event} contradict", "{event} 的规则两两不矛盾"),
    ("contradict", "not_decided"): (
        "whether {subject} and {with} contradict",
        "{subject} 与 {with} 是否矛盾",
    ),
    ("undated", "yes"): (
        "{subject} asks for a value before its first version",
        "{subject} 会读取首个版本之前的数值",
    ),
    ("undated", "no"): (
        "{subject} asks for no value before its first version",
        "{subject} 不会读取首个版本之前的数值",
    ),
    ("undated", "not_decided"): (
        "whether {subject} asks for a value before its first version",
        "{subject} 是否会读取首个版本之前的数值",
    ),
    ("approves_without", "yes"): (
        "an approval is possible while {subject} is missing ({event})",
        "缺少 {subject} 时仍可能通过（{event}）",
    ),
    ("approves_without", "no"): (
        "nothing is approved while {subject} is missing ({event})",
        "缺少 {subject} 时一律不通过（{event}）",
    ),
    ("approves_without", "not_decided"): (
        "whether anything is approved while {subject} is missing ({event})",
        "缺少 {subject} 时是否可能通过（{event}）",
    ),
    ("more_never_hurts", "yes"): (
        "what is approved stays so with more {subject} ({event})",
        "{subject} 增加时，已通过的仍通过（{event}）",
    ),
    ("more_never_hurts", "no"): (
        "more {subject} can undo an approval ({event})",
        "{subject} 增加可能使通过变为不通过（{event}）",
    ),
    ("more_never_hurts", "not_decided"): (
        "whether more {subject} can undo an approval ({event})",
        "{subject} 增加是否可能使通过变为不通过（{event}）",
    ),
    ("agree", "yes"): (
        "{rulebook} and {with} say the same{of_subject}",
        "{rulebook} 与 {with} 结论相同{of_subject}",
    ),
    ("agree", "no"): (
        "{rulebook} and {with} differ in {subject}",
        "{rulebook} 与 {with} 在 {subject} 上不同",
    ),
    ("agree", "not_decided"): (
        "whether {rulebook} and {with} differ in {subject}",
        "{rulebook} 与 {with} 在 {subject} 上是否不同",
    ),
}
REASONS: Final[Mapping[str, Sentence]] = {
    "walk": (
        "settled when it is loaded: by the polarity walk and the local proof",
        "加载时已由极性检查与局部证明确定",
    ),
    "unchanged": ("no rule changes", "没有规则改变"),
    "proved": ("proved for all orders", "对所有委托已证明"),
    "prohibition": ("it is a prohibition", "该规则为禁止性规定"),
    "same_words": ("{count} rules stand in both alike", "{count} 条规则在两者中相同"),
    "stands_in_one": ("the rule stands in one of them only", "该规则仅见于其中之一"),
    "time": ("no answer within the time limit", "在时限内没有答案"),
    "calendars": ("the calendar was asked too often", "日历查询次数过多"),
    "lists": (
        "none with short lists; longer lists could not be ruled out",
        "短列表中没有；较长的列表无法排除",
    ),
    "not_encodable": ("not analysed: {about}", "未分析：{about}"),
    "disagrees": (
        "the reference did not confirm the order that was found",
        "参考求值器未确认所找到的委托",
    ),
}
VERDICTS: Final[Mapping[str, Sentence]] = {
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "not_decided": ("not decided", "未能判定"),
}
DECISIONS: Final[Mapping[str, Sentence]] = {
    "approved": ("approved", "通过"),
    "rejected": ("rejected", "拒绝"),
    "undecided": ("undecided", "无法判定"),
    "pending": ("pending", "待完成"),
    "out_of_scope": ("out of scope", "不在适用范围"),
}


def place(lang: str) -> int:
    """Return the place of a language in each pair of words."""
    return 1 if lang == "zh" else 0


def sentence(answer: Answer, lang: str) -> str:
    """Return an answer as a sentence, without its order."""
    of_rule = (f" ({answer.subject})", f"（{answer.subject}）")
    words = {
        "rulebook": answer.rulebook, "subject": answer.subject, "of_rule": "", "of_subject": "",
        "event": "", "by": "", "with": "", "base": "", "about": "", "count": "",
        **answer.words,
    }  # fmt: skip
    if answer.subject:
        words["of_rule"] = of_rule[place(lang)]
        words["of_subject"] = (f" of {answer.subject}", f"：{answer.subject}")[place(lang)]
    said = SENTENCES[answer.question, answer.verdict][place(lang)].format(**words)
    if answer.why in REASONS:
        said += ("; ", "；")[place(lang)] + REASONS[answer.why][place(lang)].format(**words)
    return said


def days(answer: Answer, lang: str) -> str:
    """Return the days that an answer speaks of, in brackets; nothing where it speaks of all."""
    if answer.first is None:
        return ""
    first = date.fromordinal(answer.first).isoformat()
    if answer.last is None:
        return (f" (from {first})", f"（自 {first} 起）")[place(lang)]
    last = date.fromordinal(answer.last).isoformat()
    return (f" ({first} to {last})", f"（{first} 至 {last}）")[place(lang)]
