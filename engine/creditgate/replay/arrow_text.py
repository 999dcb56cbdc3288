"""Columns of Arrow as the text of facts, exactly: what a CSV file would hold in the same place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import pyarrow
from pyarrow import types

from creditgate.base.codes import Code
from creditgate.domain.instants import instant_text
from creditgate.domain.vocabulary import FactDeclaration

_NUMBERS: Final = frozenset({"count", "number", "ratio", "quantity", "money", "price", "duration"})
_NAMES: Final = frozenset({"text", "reference", "enum"})
# So many digits are got back from the nearest double; with more, two numbers may share one.
_DIGITS_OF_DOUBLE: Final = 15
_PER_SECOND: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why the value of a cell cannot be taken."""

    code: Code
    message: str
    hint: str


@dataclass(slots=True)
class Texts:
    """The cells of a column as text; None is an empty cell. `flaws` are by place in the column."""

    cells: list[str | None]
    flaws: dict[int, Flaw] = field(default_factory=dict)


def misfit(kind: Any, fact: FactDeclaration | None, *, as_of: bool = False) -> str | None:
    """Return why a column of an Arrow type cannot hold a fact, or None if it can.

    Without a fact it is a column that names rows of another table, or the column `as_of`.

    >>> misfit(pyarrow.timestamp("us"), None, as_of=True)
    'an instant without an offset, which may be any'
    """
    if types.is_dictionary(kind):
        kind = kind.value_type
    wanted = "instant" if as_of else "reference" if fact is None else fact.kind
    if types.is_timestamp(kind) and kind.tz is None:
        return "an instant without an offset, which may be any"
    if _is_text(kind) or types.is_null(kind):
        return None
    fits = {
        "boolean": types.is_boolean(kind),
        "date": types.is_date(kind),
        "instant": types.is_timestamp(kind) or (as_of and types.is_date(kind)),
        "time": types.is_time(kind),
        "set": _is_list(kind) and _is_text(kind.value_type),
    }.get(wanted, False)
    if wanted in _NUMBERS:
        fits = types.is_integer(kind) or types.is_decimal(kind) or types.is_floating(kind)
    elif wanted in _NAMES:
        fits = types.is_integer(kind)
    return None if fits else f"{kind}, where {wanted} is wanted"


def texts_of(column: Any, fact: FactDeclaration | None) -> Texts:
    """Return the cells of a column of Arrow, as text that says exactly the same.

    Numbers keep every digit. A binary floating point number is taken only where the shortest
    decimal that it stands for has no more decimals than the fact and at most fifteen digits.

    >>> texts_of(pyarrow.array([12.48, None]), None).cells
    ['12.48', None]
    """
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if types.is_floating(kind):
        return _floats(column, fact)
    if types.is_timestamp(kind):
        return _instants(column)
    convert = _converter(kind)
    return Texts([None if value is None else convert(value) for value in column.to_pylist()])


def _converter(kind: Any) -> Callable[[Any], str | None]:
    if _is_text(kind):
        return lambda value: value.strip() or None
    if types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if types.is_decimal(kind):
        return lambda value: format(value, "f")
    if types.is_date(kind):
        return lambda value: str(value.isoformat())
    if types.is_time(kind):
        return _time_text
    if _is_list(kind):
        return lambda value: ";".join(str(member) for member in value) or "{}"
    return str


def _time_text(value: time) -> str:
    return value.isoformat("minutes") if not value.second and not value.microsecond else value.isoformat()  # fmt: skip


def _floats(column: Any, fact: FactDeclaration | None) -> Texts:
    found = Texts([])
    scale = 4 if fact is None else fact.scale
    for place, value in enumerate(column.to_pylist()):
        text: str | None = None
        if value is not None and not isfinite(value):
            hint = "leave the cell empty where the fact is not known"
            found.flaws[place] = Flaw(Code.NOT_A_NUMBER, f"`{value}` is no number", hint)
        elif value is not None:
            shortest = Decimal(repr(value))
            _, digits, exponent = shortest.normalize().as_tuple()
            assert isinstance(exponent, int)
            if len(digits) + max(exponent, 0) > _DIGITS_OF_DOUBLE or -exponent > scale:
                message = f"the binary floating point number `{value!r}` is not exact with {scale} decimals"
                hint = "write decimals, integers or text"
                found.flaws[place] = Flaw(Code.FLOAT_REFUSED, message, hint)
            else:
                text = format(shortest, "f")
        found.cells.append(text)
    return found


def _instants(column: Any) -> Texts:
    found = Texts([])
    per_second, zone = _PER_SECOND[column.type.unit], column.type.tz
    for place, count in enumerate(column.cast(pyarrow.int64()).to_pylist()):
        text: str | None = None
        if count is not None:
            microseconds, rest = divmod(count * _MICROSECONDS, per_second)
            if rest:
                message = "an instant is counted in whole microseconds"
                hint = "round it where it is made"
                found.flaws[place] = Flaw(Code.TOO_MANY_DECIMALS, message, hint)
            else:
                text = _instant_text(microseconds, zone)
        found.cells.append(text)
    return found


def _instant_text(microseconds: int, zone: str) -> str:
    """Return an instant in a zone of Arrow: a name, or an offset such as `+08:00`."""
    if zone[:1] not in {"+", "-"}:
        return instant_text(microseconds, zone)
    hours, _, minutes = zone[1:].partition(":")
    ahead = (int(hours) * 60 + int(minutes or 0)) * 60 * _MICROSECONDS
    shifted = microseconds + (ahead if zone[0] == "+" else -ahead)
    return f"{instant_text(shifted).removesuffix('+00:00')}{zone}"


def _is_text(kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_list(kind: Any) -> bool:
    return bool(types.is_list(kind) or types.is_large_list(kind))
