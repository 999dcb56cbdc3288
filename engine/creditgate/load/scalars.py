"""Read the text of scalars as values: exact, in one way of writing, with the place of a mistake."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.load.located import Text

_LONGEST_NUMBER: Final = 60
_DIGITS: Final = "(?:0|[1-9][0-9]*(?:_[0-9]+)*)"
_INTEGER: Final = re.compile(f"-?{_DIGITS}")
_DECIMAL: Final = re.compile(rf"-?{_DIGITS}(?:\.[0-9]+)?")
_NOT_IN_NUMBERS: Final = re.compile("[^-0-9_.]")
_DATE: Final = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile("([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
_BOOLEANS: Final = {"yes": True, "true": True, "no": False, "false": False}


def read_decimal(text: Text, collector: Collector) -> Decimal | None:
    """Read an exact number, such as `1_000.50` or `-0.25`.

    Errors: CG5009 for anything else: exponents, percent signs, leading zeros, other digits.
    """
    if len(text.value) <= _LONGEST_NUMBER and _DECIMAL.fullmatch(text.value):
        return Decimal(text.value.replace("_", ""))
    collector.add(_not_a_number(text, "a number", "write it like `1_000.50`"))
    return None


def read_integer(text: Text, collector: Collector) -> int | None:
    """Read a whole number, such as `1_000` or `-3`.

    Errors: CG5009 for anything else.
    """
    if len(text.value) <= _LONGEST_NUMBER and _INTEGER.fullmatch(text.value):
        return int(text.value.replace("_", ""))
    collector.add(_not_a_number(text, "a whole number", "write it like `1_000`"))
    return None


def read_date(text: Text, collector: Collector) -> date | None:
    """Read a date as year, month and day, such as `2024-01-31`.

    Errors: CG4021 for another way of writing and for days that do not exist.
    """
    match = _DATE.fullmatch(text.value)
    if match is None:
        hint = "write year, month and day, like `2024-01-31`"
        collector.add(_error(Code.BAD_DATE, text, "is not written as a date", hint))
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        hint = "correct the year, the month or the day"
        collector.add(_error(Code.BAD_DATE, text, "is not a day of the calendar", hint))
        return None


def read_time(text: Text, collector: Collector) -> time | None:
    """Read a time of day, such as `09:30` or `14:57:00`.

    Errors: CG5009 for another way of writing and for times that do not exist.
    """
    match = _TIME.fullmatch(text.value)
    if match is not None:
        try:
            return time(int(match[1]), int(match[2]), int(match[3] or 0))
        except ValueError:
            pass
    hint = "write hours and minutes of the day, like `09:30`"
    collector.add(_error(Code.BAD_LITERAL, text, "is not a time of day", hint))
    return None


def read_instant(text: Text, collector: Collector) -> datetime | None:
    """Read a date, a time and the offset from UTC, such as `2024-01-31T10:31:00+08:00`.

    Errors: CG5009 for another way of writing, for a missing offset, and for days, times and
    offsets that do not exist.
    """
    match = _INSTANT.fullmatch(text.value)
    if match is not None and match[1] is None:
        hint = "add the offset from UTC, like `+08:00`"
        collector.add(_error(Code.BAD_LITERAL, text, "has no offset from UTC", hint))
        return None
    if match is not None:
        try:
            return datetime.fromisoformat(text.value)
        except ValueError:
            pass
    hint = "write date, time and offset, like `2024-01-31T10:31:00+08:00`"
    collector.add(_error(Code.BAD_LITERAL, text, "is not an instant", hint))
    return None


def read_boolean(text: Text, collector: Collector) -> bool | None:
    """Read `yes` or `no`; `true` and `false` mean the same.

    Errors: CG5009 for anything else.
    """
    value = _BOOLEANS.get(text.value)
    if value is None:
        collector.add(
            _error(Code.BAD_LITERAL, text, "is neither yes nor no", "write `yes` or `no`")
        )
    return value


def _not_a_number(text: Text, what: str, hint: str) -> Diagnostic:
    """Point at the first character that belongs to no number, or else at the whole."""
    written = text.value
    if len(written) > _LONGEST_NUMBER:
        return _error(Code.BAD_LITERAL, text, f"is too long for {what}", hint)
    found = _NOT_IN_NUMBERS.search(written)
    if found is None or not written[0].isdigit():
        return _error(Code.BAD_LITERAL, text, f"is not {what}", hint)
    span = text.map.span(*found.span())
    message = f"`{written}` is not {what} because of `{found[0]}`"
    return error(Code.BAD_LITERAL, message, span, hint=hint)


def _error(code: Code, text: Text, what_is_wrong: str, hint: str) -> Diagnostic:
    written = " ".join(text.value.split())
    shown = written if len(written) <= _LONGEST_NUMBER else written[:_LONGEST_NUMBER] + "…"
    return error(code, f"`{shown}` {what_is_wrong}", text.span, hint=hint)
