"""Type words of rulebook files, and facts' types in the currency of a rulebook."""

from __future__ import annotations

from collections.abc import Mapping

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    QUANTITY,
    RATIO_NUMBER,
    TEXT,
    TIME,
    Duration,
    Enum,
    ListOf,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
)
from creditgate.domain.units import Unit, money, price
from creditgate.domain.vocabulary import CURRENCY_PLACEHOLDER, Vocabulary

_PLAIN_WORDS: Mapping[str, Type] = {
    "boolean": BOOLEAN,
    "count": COUNT,
    "number": COUNT,
    "ratio": RATIO_NUMBER,
    "quantity": QUANTITY,
    "date": DATE,
    "time": TIME,
    "instant": INSTANT,
    "text": TEXT,
    "days": Duration("days"),
    "months": Duration("months"),
    "hours": Duration("seconds"),
    "trading days": Duration("trading_days"),
    "settlement days": Duration("settlement_days"),
}


def type_from_words(words: str, currency: str, vocabulary: Vocabulary) -> Type | None:
    """Return the type that words of a rulebook file name, or None if they name none.

    Words: boolean, count, number, ratio, quantity, money, price, date, time, instant, text, days,
    months, hours, trading days, settlement days, the name of an enum, `set of` one of these, and
    each with `or none` behind it.
    """
    words = " ".join(words.split())
    if words.endswith(" or none"):
        inner = type_from_words(words.removesuffix(" or none"), currency, vocabulary)
        return None if inner is None else Optional(inner)
    if words.startswith("set of "):
        inner = type_from_words(words.removeprefix("set of "), currency, vocabulary)
        return None if inner is None else SetOf(inner)
    if words == "money":
        return Number(money(currency))
    if words == "price":
        return Number(price(currency))
    if words in _PLAIN_WORDS:
        return _PLAIN_WORDS[words]
    words = words.removeprefix("enum ")
    return Enum(words) if words in vocabulary.enums else None


def in_currency(kind: Type, currency: str) -> Type:
    """Return a fact's type with the currency placeholder replaced."""
    match kind:
        case Number(Unit(dimensions)) if any(
            name == CURRENCY_PLACEHOLDER for name, _ in dimensions
        ):
            changed = ((currency if n == CURRENCY_PLACEHOLDER else n, p) for n, p in dimensions)
            return Number(Unit(tuple(sorted(changed))))
        case Optional(of):
            return Optional(in_currency(of, currency))
        case _:
            return kind


def is_record(kind: Type) -> bool:
    """Tell whether values of the type are records of lists or tables."""
    return isinstance(kind, Record | ListOf)
