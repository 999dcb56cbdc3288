"""Exact values as people read them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import (
    Boolean,
    Date,
    Duration,
    Enum,
    Instant,
    Number,
    SetOf,
    Time,
    Type,
    without_none,
)
from creditgate.domain.instants import instant_text
from creditgate.domain.units import SHARE
from creditgate.domain.vocabulary import Vocabulary

_MOST_DECIMALS: Final = 6
_SPANS: Final = {
    "days": Bilingual("days", "个自然日"),
    "months": Bilingual("months", "个月"),
    "trading_days": Bilingual("trading days", "个交易日"),
    "settlement_days": Bilingual("settlement days", "个交收日"),
}


def decimal_text(value: Fraction, decimals: int = 0, *, grouped: bool = True) -> str:
    """Return a number in decimals, exactly where that ends within six places.

    A number that does not end is cut after six places and marked with `…`.

    >>> decimal_text(Fraction(2509, 2), 2)
    '1,254.50'
    >>> decimal_text(Fraction(1, 3))
    '0.333333…'
    """
    scaled = abs(value)
    places = decimals
    while places < _MOST_DECIMALS and (scaled * 10**places).denominator != 1:
        places += 1
    whole, rest = divmod(scaled * 10**places, 1)
    digits = str(whole).rjust(places + 1, "0")
    head, tail = (digits[:-places], digits[-places:]) if places else (digits, "")
    text = f"{int(head):,}" if grouped else head
    sign = "-" if value < 0 else ""
    return f"{sign}{text}{'.' + tail if tail else ''}{'…' if rest else ''}"


def shown(
    value: Any, kind: Type, vocabulary: Vocabulary, language: str = "en", zone: str | None = None
) -> str:
    """Return a value of a type in words: numbers with their unit, members by their title."""
    kind = without_none(kind)
    if value is None:
        return "无" if language == "zh" else "none"
    match kind:
        case Boolean():
            return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
        case Number(unit):
            if unit == SHARE:
                return decimal_text(value) + ("股" if language == "zh" else " shares")
            if unit.ratio:
                return f"{decimal_text(value * 100)}%"
            if not unit.dimensions:
                return decimal_text(value)
            return f"{decimal_text(value, 2)} {unit}"
        case Date():
            return date.fromordinal(value).isoformat()
        case Time():
            return f"{value // 60:02}:{value % 60:02}"
        case Instant():
            return instant_text(value, zone or "UTC")
        case Duration(unit):
            if unit == "seconds":
                return _elapsed(value, language)
            return f"{value} {_SPANS[unit].of(language)}".replace(" 个", "个")
        case Enum(name):
            members = vocabulary.enums[name].members
            return members[value].of(language) if value in members else str(value)
        case SetOf(member):
            words = sorted(shown(item, member, vocabulary, language) for item in value)
            return ("、" if language == "zh" else ", ").join(words)
        case _:
            return str(value)


def currency_title(currency: str, vocabulary: Vocabulary, language: str) -> str:
    """Return what a currency is called, or its code where the vocabulary does not say."""
    declared = vocabulary.enums.get("currency")
    member = None if declared is None else declared.members.get(currency)
    return currency if member is None else member.of(language)


def chinese_money(amount: str, currency: str, vocabulary: Vocabulary) -> str:
    """Return an amount of a currency in Chinese."""
    title = currency_title(currency, vocabulary, "zh")
    return f"{amount}{title}" if title.endswith("元") else f"{title}{amount}元"


def _elapsed(microseconds: int, language: str) -> str:
    hours = Fraction(microseconds, 3_600_000_000)
    if hours.denominator == 1:
        return f"{hours}小时" if language == "zh" else f"{hours} hours"
    seconds = decimal_text(Fraction(microseconds, 1_000_000))
    return f"{seconds}秒" if language == "zh" else f"{seconds} seconds"
