"""The text of one cell as the value of a fact, where there is no doubt what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from creditgate.decide.records import MOST_TEXT, is_number
from creditgate.decide.text_facts import value_from_text
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.tables.join import EMPTY_SET

# Between them every day and instant is one of a document, whatever its offset.
FIRST_DAY: Final = date(1600, 1, 1)
LAST_DAY: Final = date(2999, 1, 1)
#: Scaled numbers beyond it are none of a document.
_MOST: Final = 2**62
_PLAIN_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_PLAIN_TIME: Final = re.compile(r"\d\d:\d\d", re.ASCII)
_PLAIN_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_PLAIN_NUMBER: Final = re.compile(r"(0|-?[1-9]\d{0,17}|-?0(?=\.))(\.\d{1,12})?", re.ASCII)
_PLAIN_MEMBER: Final = re.compile(r"[^\s;{}]+( [^\s;{}]+)*")


class Odd(ValueError):
    """A cell of which only the reader of documents can say what it says."""


def limits(fact: FactDeclaration) -> tuple[int, int]:
    """Return between which scaled numbers the values of a fact lie."""
    unit = 10**fact.scale
    low = -_MOST if fact.low is None else ceil(Fraction(fact.low) * unit)
    high = _MOST if fact.high is None else floor(Fraction(fact.high) * unit)
    return max(low, -_MOST), min(high, _MOST)


def is_member(word: str | None, known: Mapping[str, Any] | None) -> bool:
    """Tell whether a word is plainly a member of a set, one of the `known` where there are some."""
    if word is None or not _PLAIN_MEMBER.fullmatch(word) or len(word) > MOST_TEXT:
        return False
    return known is None or word in known


def reader(fact: FactDeclaration, vocabulary: Vocabulary) -> Callable[[str], Any]:
    """Return what reads the text of one cell, and raises Odd where that is not plain."""
    match fact.kind:
        case "boolean" | "duration":
            return lambda text: _value(text, fact, vocabulary)
        case "enum":
            members = vocabulary.enums[fact.target or ""].members
            return lambda text: _checked(text, text in members)
        case "date":
            return _date
        case "time":
            return _time
        case "instant":
            return _instant
        case "set":
            return lambda text: _set(text, fact, vocabulary)
        case _ if is_number(fact):
            return lambda text: _number(text, fact)
        case _:
            return lambda text: _checked(text, len(text) <= MOST_TEXT)


def _checked(value: Any, fits: bool) -> Any:
    if not fits:
        raise Odd
    return value


def _value(text: str, fact: FactDeclaration, vocabulary: Vocabulary) -> Any:
    value = value_from_text(text, fact, vocabulary)
    if isinstance(value, bool):
        return value
    low, high = limits(fact)
    return _checked(value, isinstance(value, int) and low <= value <= high)


def _number(text: str, fact: FactDeclaration) -> Any:
    _checked(text, _PLAIN_NUMBER.fullmatch(text) is not None)
    number = Decimal(text)
    scaled = number.scaleb(fact.scale)
    low, high = limits(fact)
    exact = scaled == scaled.to_integral_value() and low <= scaled <= high
    _checked(text, exact and (bool(number) or not number.is_signed()))
    return number if fact.scale else int(number)


def _date(text: str) -> date:
    _checked(text, _PLAIN_DATE.fullmatch(text) is not None)
    found = date.fromisoformat(text)
    _checked(found, FIRST_DAY <= found <= LAST_DAY)
    return found


def _time(text: str) -> time:
    _checked(text, _PLAIN_TIME.fullmatch(text) is not None)
    return time.fromisoformat(text)


def _instant(text: str) -> datetime:
    _checked(text, _PLAIN_INSTANT.fullmatch(text) is not None)
    found = datetime.fromisoformat(text)
    _checked(found, FIRST_DAY <= found.date() <= LAST_DAY)
    return found


def _set(text: str, fact: FactDeclaration, vocabulary: Vocabulary) -> list[str]:
    if text == EMPTY_SET:
        return []
    known = None if fact.target == "text" else vocabulary.enums[fact.target or ""].members
    members = [member.strip() for member in text.removeprefix("{").removesuffix("}").split(";")]
    _checked(members, len(set(members)) == len(members))
    _checked(members, all(is_member(member, known) for member in members))
    return members
