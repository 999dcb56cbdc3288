"""What is lazy or three-valued over a region: conditions, choices, tables, folds over lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from creditgate.ir.nodes import Band
from creditgate.nearest.bounded_numbers import Bounded
from creditgate.nearest.open_values import (
    AND,
    FOLD,
    IF,
    IS_NONE,
    LOOKUP,
    NOT,
    OPAQUE,
    OR,
    OR_ELSE,
    Open,
)
from creditgate.nearest.possible_numbers import extreme
from creditgate.nearest.possible_values import (
    ANYTHING,
    EVERY_ANSWER,
    FALSE,
    TRUE,
    UNKNOWN,
    Answers,
    Anything,
    Build,
    Found,
    PossibleValues,
    answers,
    bits_of,
    is_unfit,
)
from creditgate.reference.evaluate import Unknown


def _and(_values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    return _all_of([bits_of(part) for part in parts], TRUE, FALSE)


def _or(_values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    return _all_of([bits_of(part) for part in parts], FALSE, TRUE)


def _all_of(each: list[int], neutral: int, decides: int) -> Found:
    if decides in each:
        return answers(decides)
    bits = neutral if all(one & neutral for one in each) else 0
    bits |= decides if any(one & decides for one in each) else 0
    bits |= UNKNOWN if any(one & UNKNOWN for one in each) else 0
    return answers(bits)


def _opposite(bits: int) -> int:
    turned = (FALSE if bits & TRUE else 0) | (TRUE if bits & FALSE else 0)
    return turned | (bits & UNKNOWN)


def _not(_values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    return answers(_opposite(bits_of(parts[0])))


def _if(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    test, then, other = parts
    bits = bits_of(test)
    if bits in (TRUE, FALSE):
        return then if bits == TRUE else other
    if bits == UNKNOWN:
        return Unknown()
    found = _either(values, then, other) if bits & TRUE and bits & FALSE else (
        then if bits & TRUE else other
    )  # fmt: skip
    return _either(values, found, Unknown()) if bits & UNKNOWN else found


def _either(values: PossibleValues, one: Found, other: Found) -> Found:
    """Return what may be one of two."""
    if one is other or (type(one) is type(other) and not isinstance(one, Unknown) and one == other):
        return one
    is_condition = [
        isinstance(found, bool | Answers | Unknown) for found in (one, other)
    ]  # fmt: skip
    if all(is_condition) and any(isinstance(found, bool | Answers) for found in (one, other)):
        return answers(bits_of(one) | bits_of(other))
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return one
    first, second = values.number(one), values.number(other)
    if first is None or second is None:
        return ANYTHING
    ends = [values.numbers.between(number) for number in (first, second)]
    return values.numbers.spread(min(e[0] for e in ends), max(e[1] for e in ends))


def _is_none(_values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    (part,) = parts
    if isinstance(part, Anything):
        return EVERY_ANSWER
    if isinstance(part, Unknown):
        return part
    return part is None


def _or_else(_values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    item, other = parts
    if isinstance(item, Anything):
        return ANYTHING
    return other if item is None else item


def _lookup(values: PossibleValues, value: Open, parts: list[Found]) -> Found:
    if any(isinstance(part, Unknown) for part in parts):
        return Unknown()
    cells: list[Any] = []
    for pattern, cell in value.own:
        each = [_matches(values, want, part) for want, part in zip(pattern, parts, strict=True)]
        if all(match is not False for match in each):
            cells.append(cell.value)
            if all(match is True for match in each):
                break
    else:
        return ANYTHING  # perhaps no row is at the keys
    found = cells[0]
    for other in cells[1:]:
        found = _either(values, found, other)
    return found


def _matches(values: PossibleValues, want: Any, part: Found) -> bool | None:
    """Tell whether a key of a table matches; None where it may."""
    if isinstance(part, Anything | Answers):
        return None
    if want is None or part is None:
        return want is None and part is None
    number = values.number(part)
    if not isinstance(want, Band) or number is None:
        return bool(want == part)
    matches: bool | None = True
    for end, inside in ((want.low, (False, True, True)), (want.high, (True, False, False))):
        if end is None:
            continue
        signs = values.signs(values.numbers.subtract(number, values.numbers.number(end)))
        may = {fits for sign, fits in zip(signs, inside, strict=True) if sign}
        if may == {False}:
            return False
        matches = matches if may == {True} else None
    return matches


def _pairs(parts: list[Found]) -> Iterator[tuple[int, Found]]:
    for place in range(0, len(parts), 2):
        yield bits_of(parts[place]), parts[place + 1]


def _fold(values: PossibleValues, value: Open, parts: list[Found]) -> Found:
    pairs = list(_pairs(parts))
    if value.own in {"any", "all"}:
        return _fold_conditions(pairs, value.own)
    if any(bits == UNKNOWN for bits, _ in pairs):
        return Unknown()
    if any(bits == TRUE and is_unfit([found]) for bits, found in pairs):
        return Unknown()
    numbers: list[Bounded] = []
    for bits, found in pairs:
        if bits == FALSE:
            continue
        number = values.number(found)
        if number is None or bits & UNKNOWN or (bits != TRUE and value.own in {"min", "max"}):
            return ANYTHING
        if bits != TRUE:
            low, high = values.numbers.between(number)
            number = values.numbers.spread(min(low, Fraction(0)), max(high, Fraction(0)))
        numbers.append(number)
    if value.own in {"min", "max"}:
        return extreme(values, numbers, smallest=value.own == "min") if numbers else None
    total = values.numbers.number(0)
    for number in numbers:
        total = values.numbers.add(total, number)
    return total


def _fold_conditions(pairs: list[tuple[int, Found]], kind: str) -> Found:
    neutral, decides = (FALSE, TRUE) if kind == "any" else (TRUE, FALSE)
    each = []
    for where, found in pairs:
        bits = bits_of(found) if where & TRUE else 0
        bits |= neutral if where & FALSE else 0
        each.append(bits | (where & UNKNOWN))
    # Here one unknown row makes the whole unknown.
    if UNKNOWN in each:
        return Unknown()
    plain = [bits & (TRUE | FALSE) for bits in each]
    bits = bits_of(_all_of(plain, neutral, decides))
    return answers(bits | (UNKNOWN if any(one & UNKNOWN for one in each) else 0))


def _opaque(_values: PossibleValues, _value: Open, _parts: list[Found]) -> Found:
    return ANYTHING


CONDITIONS: Final[Mapping[str, Build]] = {
    AND: _and,
    OR: _or,
    NOT: _not,
    IF: _if,
    IS_NONE: _is_none,
    OR_ELSE: _or_else,
    LOOKUP: _lookup,
    FOLD: _fold,
    OPAQUE: _opaque,
}
