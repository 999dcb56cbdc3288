"""The strict operators over a region: arithmetic, comparisons, steps, rounding, days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Final

from creditgate.domain.calendar import Calendar
from creditgate.lowered.calendar_functions import LAST_DAY, add_months
from creditgate.nearest.bounded_numbers import ROUNDINGS, Arithmetic, Bounded
from creditgate.nearest.congruences import Congruence, solved
from creditgate.nearest.open_values import Open
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


def _arithmetic(
    compute: Callable[[Arithmetic, Bounded, Bounded], Bounded | None],
) -> Build:
    def build(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
        if is_unfit(parts):
            return Unknown()
        one, other = [values.number(part) for part in parts]
        if one is None or other is None:
            return ANYTHING
        found = compute(values.numbers, one, other)
        if found is None:
            values.signs(other)
            return ANYTHING
        return found

    return build


def _negate(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    number = values.number(parts[0])
    return ANYTHING if number is None else values.numbers.negate(number)


def _chosen(*, smallest: bool) -> Build:
    def build(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
        if is_unfit(parts):
            return Unknown()
        numbers = [values.number(part) for part in parts]
        known = [number for number in numbers if number is not None]
        return ANYTHING if len(known) < len(numbers) else extreme(values, known, smallest=smallest)

    return build


def extreme(values: PossibleValues, numbers: list[Bounded], *, smallest: bool) -> Bounded:
    """Return the smallest or the largest of some numbers."""
    found, *others = numbers
    for other in others:
        below, _, above = values.signs(values.numbers.subtract(found, other))
        if below and above:
            ends = [values.numbers.between(found), values.numbers.between(other)]
            choose = min if smallest else max
            found = values.numbers.spread(choose(e[0] for e in ends), choose(e[1] for e in ends))
        elif above is smallest and (above or below):
            found = other
    return found


def _compared(op: str) -> Build:
    def build(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
        if is_unfit(parts):
            return Unknown()
        one, other = [values.number(part) for part in parts]
        if one is None or other is None:
            return _same(op, parts[0], parts[1])
        below, equal, above = values.signs(values.numbers.subtract(one, other))
        yes, no = HOLDS[op](below, equal, above)
        return answers((TRUE if yes else 0) | (FALSE if no else 0))

    return build


def _same(op: str, one: Found, other: Found) -> Found:
    """Compare what is no number, of which conditions may be certain."""
    if op not in {"equal", "not_equal"} or isinstance(one, Anything) or isinstance(other, Anything):
        return EVERY_ANSWER
    left, right = bits_of(one), bits_of(other)
    if isinstance(one, bool | Answers) and isinstance(other, bool | Answers):
        yes = (left & right & (TRUE | FALSE)) != 0
        no = bool(left & TRUE and right & FALSE) or bool(left & FALSE and right & TRUE)
        unknown = UNKNOWN if (left | right) & UNKNOWN else 0
    else:
        return EVERY_ANSWER
    yes, no = (yes, no) if op == "equal" else (no, yes)
    return answers((TRUE if yes else 0) | (FALSE if no else 0) | unknown)


HOLDS: Final[Mapping[str, Callable[[bool, bool, bool], tuple[bool, bool]]]] = {
    "less": lambda below, equal, above: (below, equal or above),
    "less_or_equal": lambda below, equal, above: (below or equal, above),
    "greater": lambda below, equal, above: (above, below or equal),
    "greater_or_equal": lambda below, equal, above: (equal or above, below),
    "equal": lambda below, equal, above: (equal, below or above),
    "not_equal": lambda below, equal, above: (below or above, equal),
}


def _member(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    one, members = values.number(parts[0]), parts[1]
    if one is None or not isinstance(members, frozenset):
        return EVERY_ANSWER
    bits = 0
    for member in members:
        other = values.number(member)
        if other is None:
            return EVERY_ANSWER
        below, equal, above = values.signs(values.numbers.subtract(one, other))
        if equal and not below and not above:
            return True
        bits |= TRUE if equal else 0
    return answers(bits | FALSE)


def _multiple(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    if is_unfit(parts):
        return Unknown()
    one, step = [values.number(part) for part in parts]
    size = None if step is None else step.value
    if one is None or size is None:
        return EVERY_ANSWER
    if size == 0:
        return Unknown()
    found = _steps(values, one, size)
    if found is None:
        return Answers(TRUE | FALSE)
    if isinstance(found, bool):
        return found
    place, steps = found
    fits = values.region.spans[place].fits(steps)
    if fits is None:
        values.choices.add((place, steps))
        return Answers(TRUE | FALSE)
    return fits


def _steps(
    values: PossibleValues, number: Bounded, step: Fraction
) -> tuple[int, Congruence] | bool | None:
    """Return for which values of one fact a number is a multiple of a step; True for all of them.

    None where that is not said by one fact alone.
    """
    if not number.is_exact or number.low.below:
        return None
    facts = {place for powers in number.low.above.terms for place, p in enumerate(powers) if p}
    if not facts:
        value = number.value
        return value is not None and (value / step).denominator == 1
    place = facts.pop()
    line = number.low.above.line(place, values.region.nearest)
    if facts or line is None:
        return None
    found = solved(*line, step)
    if found is None:
        return False
    return True if found.modulus == 1 else (place, found)


def steps_of(values: PossibleValues, value: Open) -> tuple[int, Congruence] | None:
    """Return the steps of one fact in which an open `is a multiple of` holds, if it is one."""
    if value.operation != "multiple":
        return None
    one, step = [values.number(values.of(part)) for part in value.parts]
    size = None if step is None else step.value
    found = _steps(values, one, size) if one is not None and size else None
    return found if isinstance(found, tuple) else None


def _rounded(values: PossibleValues, value: Open, parts: list[Found]) -> Found:
    if is_unfit(parts):
        return Unknown()
    one, step = [values.number(part) for part in parts]
    size = None if step is None else step.value
    if one is None or size is None:
        return ANYTHING
    if size <= 0:
        return Unknown()
    if _steps(values, one, size) is True:
        return one
    return values.numbers.rounded(one, size, value.operation)


def _add_days(values: PossibleValues, _value: Open, parts: list[Found]) -> Found:
    numbers = [values.number(part) for part in parts]
    if numbers[0] is None or numbers[1] is None:
        return ANYTHING
    found = values.numbers.add(numbers[0], numbers[1])
    low, high = values.numbers.between(found)
    return found if low >= 1 and high <= LAST_DAY else ANYTHING


def _climbing(ask: Callable[..., int | None]) -> Build:
    """Return how a function of days is bounded that never falls where its first argument grows."""

    def build(values: PossibleValues, value: Open, parts: list[Found]) -> Found:
        if is_unfit(parts):
            return Unknown()
        first, *others = [values.number(part) for part in parts]
        settled = [None if other is None else other.value for other in others]
        if first is None or any(other is None for other in settled):
            return ANYTHING
        low, high = values.numbers.between(first)
        counts = [int(other) for other in settled if other is not None]
        ends = [ask(value.own, end, *counts) for end in (ceil(low), floor(high))]
        found = [end for end in ends if end is not None]
        if len(found) < len(ends):
            return ANYTHING
        return values.numbers.spread(Fraction(min(found)), Fraction(max(found)))

    return build


def _months(_calendar: None, day: int, months: int) -> int | None:
    found = add_months(day, months)
    return found if isinstance(found, int) else None


NUMBERS: Final[Mapping[str, Build]] = {
    "add": _arithmetic(Arithmetic.add),
    "subtract": _arithmetic(Arithmetic.subtract),
    "days_between": _arithmetic(Arithmetic.subtract),
    "add_elapsed": _arithmetic(Arithmetic.add),
    "elapsed_between": _arithmetic(Arithmetic.subtract),
    "negate": _negate,
    "multiply": _arithmetic(Arithmetic.multiply),
    "divide": _arithmetic(Arithmetic.divide),
    "divide_durations": _arithmetic(Arithmetic.divide),
    "minimum": _chosen(smallest=True),
    "maximum": _chosen(smallest=False),
    **{op: _compared(op) for op in HOLDS},
    "member": _member,
    "multiple": _multiple,
    **dict.fromkeys(ROUNDINGS, _rounded),
    "add_days": _add_days,
    "add_months": _climbing(_months),
    "add_trading_days": _climbing(Calendar.add_sessions),
    "add_settlement_days": _climbing(Calendar.add_sessions),
    "first_trading_day": _climbing(Calendar.first_on_or_after),
    "last_trading_day": _climbing(Calendar.last_on_or_before),
    "first_settlement_day": _climbing(Calendar.first_on_or_after),
    "last_settlement_day": _climbing(Calendar.last_on_or_before),
    "date_of": _climbing(Calendar.date_of),
}
