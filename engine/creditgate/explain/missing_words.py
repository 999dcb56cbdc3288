"""What is missing, in words: facts by their titles, other causes in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import Entity, Vocabulary

_STEP: Final = re.compile(r"(?P<name>[a-z_0-9]+)(?:\[(?P<key>.*)\])?")
_KEYED: Final = re.compile(r"(?P<path>.*?) \((?P<key>.*)\)")
#: Causes as evaluators word them, and their Chinese; what stands in brackets is taken over.
CAUSES: Final = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"a value that is none was computed with", "计算用到不存在的值"),
        (r"the day is not known", "日期未知"),
        (r"the date lies before the first entry", "该日期早于首个条目"),
        (r"nothing about `(.+)` had been published by (.+)", "截至{1}尚未公布“{0}”的任何内容"),
        (r"the table has no row for these keys", "表中没有对应的行"),
        (r"there is no status before", "没有此前状态"),
        (r"the divisor is zero", "除数为零"),
        (r"the second is zero", "除数为零"),
        (r"the step is not above zero", "取整单位不大于零"),
        (r"the year leaves 1 to 9999", "年份超出1至9999"),
        (r"the result is outside what can be computed", "结果超出可计算范围"),
        (r"the calendar's horizon is passed(?: \((.+)\))?", "超出日历范围（{0}）"),
        (
            r"no session on that day, or the calendar's horizon is passed(?: \((.+)\))?",
            "当日非交易日，或超出日历范围（{0}）",
        ),
        (
            r"the list `(.+)` is of (.+), and the day of the event is not known",
            "名单“{0}”为{1}的名单，而事件日期未知",
        ),
        (r"the list `(.+)` is of (.+), not of (.+)", "名单“{0}”为{1}的名单，不是{2}的名单"),
        (
            r"no rulebook that governs has a figure of this name on this day",
            "适用的规则集当日没有该名称的指标",
        ),
        (r"the event is not known", "事件未知"),
        (r"the rulebook is not in force on that day", "规则集当日未生效"),
        (r"the determination is not in force on that day", "该状态判定当日未生效"),
        (r"(.+) has no version on that day", "“{0}”当日没有内容"),
    )
)


def cause_words(cause: str, language: str) -> str:
    """Return a cause in a language; one that is not known stays as it is.

    >>> cause_words("the divisor is zero", "zh"), cause_words("the divisor is zero", "en")
    ('除数为零', 'the divisor is zero')
    """
    if language != "zh":
        return cause
    for pattern, chinese in CAUSES:
        found = pattern.fullmatch(cause)
        if found is not None:
            groups = found.groups()
            return chinese.replace("（{0}）", "") if groups == (None,) else chinese.format(*groups)
    return cause


def titles_of(paths: Iterable[str], vocabulary: Vocabulary) -> dict[str, Bilingual]:
    """Return what paths are called: the title of the fact that each ends in.

    A path that the vocabulary does not know is left out.
    """
    found = {path: _title(path, vocabulary) for path in paths}
    return {path: title for path, title in found.items() if title is not None}


def _title(path: str, vocabulary: Vocabulary) -> Bilingual | None:
    keyed = _KEYED.fullmatch(path)
    if keyed is not None and keyed["key"] != "None":
        # A reference to a record that is not among the facts.
        title = _title(keyed["path"], vocabulary)
        key = keyed["key"]
        english = "" if title is None else title.en[:1].lower() + title.en[1:]
        return None if title is None else Bilingual(f"{english} {key}", f"{title.zh}{key}")
    first, *rest = path.split(".")
    entity = _root(first, vocabulary)
    title = None if entity is None else entity.title
    for step in rest:
        match = _STEP.fullmatch(step)
        fact = None if entity is None or match is None else entity.facts.get(match["name"])
        if fact is None:
            return None
        title = fact.title
        entity = vocabulary.entities.get(fact.target or "")
    return title


def _root(step: str, vocabulary: Vocabulary) -> Entity | None:
    match = _STEP.fullmatch(step)
    if match is None:
        return None
    named = vocabulary.entities.get(match["name"])
    if named is not None:
        return named
    lists = (item for item in vocabulary.entities.values() if item.list_name == match["name"])
    return next(lists, None)
