"""Types in words: what kind of value a fact, a figure or a parameter has."""

from __future__ import annotations

from typing import Final, assert_never

from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import (
    Boolean,
    Date,
    Duration,
    Enum,
    Failed,
    Instant,
    ListOf,
    Nothing,
    Number,
    Optional,
    Record,
    SetOf,
    Text,
    Time,
    Type,
)
from creditgate.domain.shown import currency_title
from creditgate.domain.units import SHARE, Unit
from creditgate.domain.vocabulary import Vocabulary

_SPANS: Final = {
    "days": Bilingual("days", "自然日数"),
    "months": Bilingual("months", "月数"),
    "trading_days": Bilingual("trading days", "交易日数"),
    "settlement_days": Bilingual("settlement days", "交收日数"),
    "seconds": Bilingual("time", "时长"),
}


def kind_text(kind: Type, vocabulary: Vocabulary, language: str, *, named: bool = True) -> str:
    """Return a type in words, with the names that files have for it unless `named` is false.

    >>> kind_text(Optional(Number(SHARE)), Vocabulary({}, {}, {}, {}, {}), "en")
    'shares, or none'
    """
    match kind:
        case Boolean():
            words = Bilingual("yes or no", "是或否")
        case Number(unit):
            words = _number(unit, vocabulary)
        case Date():
            words = Bilingual("date", "日期")
        case Time():
            words = Bilingual("time of day", "时刻")
        case Instant():
            words = Bilingual("date and time", "日期时间")
        case Duration(unit):
            words = _SPANS[unit]
        case Text():
            words = Bilingual("text", "文本")
        case Enum(name):
            title = vocabulary.enums[name].title
            words = title
            if named:
                words = Bilingual(f"one of: {title.en} ({name})", f"枚举：{title.zh}（{name}）")
        case SetOf(member):
            inner = kind_text(member, vocabulary, language, named=named)
            words = Bilingual(f"set of {inner}", f"集合，元素为{inner}")
        case Record(entity):
            title = vocabulary.entities[entity].title
            words = Bilingual(f"key of a record of {title.en}", f"{title.zh}的编号")
        case ListOf(entity):
            title = vocabulary.entities[entity].title
            words = Bilingual(f"list of {title.en}", f"{title.zh}列表")
        case Optional(of):
            inner = kind_text(of, vocabulary, language, named=named)
            words = Bilingual(f"{inner}, or none", f"{inner}，可无")
        case Nothing() | Failed():
            words = Bilingual("none", "无")
        case _:
            assert_never(kind)
    return words.of(language)


def _number(unit: Unit, vocabulary: Vocabulary) -> Bilingual:
    if unit == SHARE:
        return Bilingual("shares", "股数")
    if unit.ratio:
        return Bilingual("ratio", "比例")
    if not unit.dimensions:
        return Bilingual("number", "数值")
    name, _, per = str(unit).partition("/")
    if per == "share":
        return Bilingual(f"price in {name}", f"价格（{currency_title(name, vocabulary, 'zh')}）")
    if per:
        return Bilingual(str(unit), str(unit))
    return Bilingual(f"money in {name}", f"金额（{currency_title(name, vocabulary, 'zh')}）")
