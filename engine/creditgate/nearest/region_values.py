"""What open values may be over a region: certain, between bounds, one of some answers, or anything.

Beside the values it notes where along each fact a comparison turns (`turns`), and which steps
decide something (`steps`): that is where a region is worth dividing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeAlias

from creditgate.domain.calendar import Calendar
from creditgate.ir.nodes import Band
from creditgate.lowered.calendar_functions import LAST_DAY, add_months
from creditgate.nearest.bounded_numbers import ROUNDINGS, Arithmetic, Bounded, Quotient
from creditgate.nearest.congruences import Congruence, solved
from creditgate.nearest.open_values import (
    AND,
    FACT,
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
from creditgate.nearest.regions import Region
from creditgate.reference.evaluate import Unknown

TRUE: Final = 1
FALSE: Final = 2
UNKNOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """A condition that may be some of true, false and unknown, as bits."""

    bits: int


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is certain, not even that it is known."""


ANYTHING: Final = Anything()
EVERY_ANSWER: Final = Answers(TRUE | FALSE | UNKNOWN)
#: A value, None for none, `Unknown`, or one of the classes above.
Found: TypeAlias = Any
Build: TypeAlias = Callable[["RegionValues", Open, "list[Found]"], Found]


def bits_of(found: Found) -> int:
    """Return what a condition may be, as bits."""
    if found is True:
        return TRUE
    if found is False:
        return FALSE
    if isinstance(found, Answers):
        return found.bits
    return UNKNOWN if found is None or isinstance(found, Unknown) else EVERY_ANSWER.bits


def answers(bits: int) -> Found:
    """Return a condition that may be what the bits say."""
    return {TRUE: True, FALSE: False, UNKNOWN: Unknown()}.get(bits) if bits in (
        TRUE, FALSE, UNKNOWN
    ) else Answers(bits)  # fmt: skip


class RegionValues:
    """Evaluate open values over one region; each of them once."""

    def __init__(self, region: Region, units: tuple[Fraction, ...]) -> None:
        self.region = region
        self.units = units
        self.numbers = Arithmetic(region.ends)
        self.turns: list[set[int]] = [set() for _ in region.spans]
        self.steps: set[tuple[int, Congruence]] = set()
        self._found: dict[int, Found] = {}

    def of(self, value: Any) -> Found:
        """Return what a value may be."""
        if not isinstance(value, Open):
            return value
        key = id(value)
        if key not in self._found:
            self._found[key] = self._evaluated(value)
        return self._found[key]

    def bits(self, value: Any) -> int:
        """Return what a condition may be, as bits."""
        return bits_of(self.of(value))

    def _evaluated(self, value: Open) -> Found:
        if value.operation == FACT:
            return self.numbers.fact(value.own, self.units[value.own])
        build = BUILDS.get(value.operation)
        return ANYTHING if build is None else build(self, value, [self.of(p) for p in value.parts])

    def number(self, found: Found) -> Bounded | None:
        """Return a found value as a number; None where it may be none, unknown or no number."""
        if isinstance(found, Bounded):
            return found
        if isinstance(found, Fraction | int) and not isinstance(found, bool):
            return self.numbers.number(found)
        return None

    def signs(self, difference: Bounded) -> tuple[bool, bool, bool]:
        """Tell whether a number may be below, at, or above zero, noting where that turns."""
        low, high = self.numbers.between(difference)
        if low <= 0 <= high and low != high:
            self._note_turns(difference)
        may_be_zero = low <= 0 <= high
        return low < 0, may_be_zero, high > 0

    def _note_turns(self, difference: Bounded) -> None:
        quotients = (difference.low,) if difference.is_exact else (difference.low, difference.high)
        for quotient in quotients:
            for corner in {self.region.nearest, self.region.farthest}:
                for place in range(len(self.region.spans)):
                    self._note_turn(quotient, place, corner)

    def _note_turn(self, quotient: Quotient, place: int, corner: tuple[int, ...]) -> None:
        line = quotient.above.line(place, corner)
        if line is None or not line[0]:
            return
        root = -line[1] / line[0]
        span = self.region.spans[place]
        for after in {ceil(root) - 1, floor(root)}:
            if span.low <= after < span.high:
                self.turns[place].add(after)


def _unfit(parts: list[Found]) -> bool:
    return any(part is None or isinstance(part, Unknown) for part in parts)


def _arithmetic(
    compute: Callable[[Arithmetic, Bounded, Bounded], Bounded | None],
) -> Build:
    def build(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
        if _unfit(parts):
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


def _negate(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    number = values.number(parts[0])
    return ANYTHING if number is None else values.numbers.negate(number)


def _chosen(*, smallest: bool) -> Build:
    def build(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
        if _unfit(parts):
            return Unknown()
        numbers = [values.number(part) for part in parts]
        known = [number for number in numbers if number is not None]
        return ANYTHING if len(known) < len(numbers) else _extreme(values, known, smallest=smallest)

    return build


def _extreme(values: RegionValues, numbers: list[Bounded], *, smallest: bool) -> Bounded:
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
    def build(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
        if _unfit(parts):
            return Unknown()
        one, other = [values.number(part) for part in parts]
        if one is None or other is None:
            return EVERY_ANSWER
        below, equal, above = values.signs(values.numbers.subtract(one, other))
        yes, no = HOLDS[op](below, equal, above)
        return answers((TRUE if yes else 0) | (FALSE if no else 0))

    return build


HOLDS: Final[Mapping[str, Callable[[bool, bool, bool], tuple[bool, bool]]]] = {
    "less": lambda below, equal, above: (below, equal or above),
    "less_or_equal": lambda below, equal, above: (below or equal, above),
    "greater": lambda below, equal, above: (above, below or equal),
    "greater_or_equal": lambda below, equal, above: (equal or above, below),
    "equal": lambda below, equal, above: (equal, below or above),
    "not_equal": lambda below, equal, above: (below or above, equal),
}


def _member(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
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


def _multiple(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    if _unfit(parts):
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
        values.steps.add((place, steps))
        return Answers(TRUE | FALSE)
    return fits


def _steps(
    values: RegionValues, number: Bounded, step: Fraction
) -> tuple[int, Congruence] | bool | None:
    """Return for which values of one fact a number is a multiple of a step; True for all of them.

    None where that is not said by one fact alone.
    """
    if not number.is_exact or number.low.below is not None:
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


def steps_of(values: RegionValues, value: Open) -> tuple[int, Congruence] | None:
    """Return the steps of one fact in which an open `is a multiple of` holds, if it is one."""
    if value.operation != "multiple":
        return None
    one, step = [values.number(values.of(part)) for part in value.parts]
    size = None if step is None else step.value
    found = _steps(values, one, size) if one is not None and size else None
    return found if isinstance(found, tuple) else None


def _rounded(values: RegionValues, value: Open, parts: list[Found]) -> Found:
    if _unfit(parts):
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


def _add_days(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    numbers = [values.number(part) for part in parts]
    if numbers[0] is None or numbers[1] is None:
        return ANYTHING
    found = values.numbers.add(numbers[0], numbers[1])
    low, high = values.numbers.between(found)
    return found if low >= 1 and high <= LAST_DAY else ANYTHING


def _climbing(ask: Callable[..., int | None]) -> Build:
    """Return how a function of days is bounded that never falls where its first argument grows."""

    def build(values: RegionValues, value: Open, parts: list[Found]) -> Found:
        if _unfit(parts):
            return Unknown()
        first, *others = [values.number(part) for part in parts]
        settled = [None if other is None else other.value for other in others]
        if first is None or any(other is None for other in settled):
            return ANYTHING
        low, high = values.numbers.between(first)
        counts = [int(other) for other in settled if other is not None]
        ends = [ask(value.own, int(end), *counts) for end in (ceil(low), floor(high))]
        if not isinstance(ends[0], int) or not isinstance(ends[1], int):
            return ANYTHING
        return values.numbers.spread(Fraction(min(ends)), Fraction(max(ends)))  # type: ignore[type-var,arg-type]

    return build


def _months(_calendar: None, day: int, months: int) -> int | None:
    found = add_months(day, months)
    return found if isinstance(found, int) else None


def _and(_values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    return _all_of([bits_of(part) for part in parts], TRUE, FALSE)


def _or(_values: RegionValues, _value: Open, parts: list[Found]) -> Found:
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


def _not(_values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    return answers(_opposite(bits_of(parts[0])))


def _if(values: RegionValues, _value: Open, parts: list[Found]) -> Found:
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


def _either(values: RegionValues, one: Found, other: Found) -> Found:
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


def _is_none(_values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    (part,) = parts
    if isinstance(part, Anything):
        return EVERY_ANSWER
    if isinstance(part, Unknown):
        return part
    return part is None


def _or_else(_values: RegionValues, _value: Open, parts: list[Found]) -> Found:
    item, other = parts
    if isinstance(item, Anything):
        return ANYTHING
    return other if item is None else item


def _lookup(values: RegionValues, value: Open, parts: list[Found]) -> Found:
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


def _matches(values: RegionValues, want: Any, part: Found) -> bool | None:
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


def _fold(values: RegionValues, value: Open, parts: list[Found]) -> Found:
    pairs = list(_pairs(parts))
    if value.own in {"any", "all"}:
        return _fold_conditions(pairs, value.own)
    if any(bits == UNKNOWN for bits, _ in pairs):
        return Unknown()
    if any(bits == TRUE and _unfit([found]) for bits, found in pairs):
        return Unknown()
    numbers: list[Bounded] = []
    for bits, found in pairs:
        if bits == FALSE:
            continue
        number = values.numbers.number(1) if value.own == "count" else values.number(found)
        if number is None or bits & UNKNOWN or (bits != TRUE and value.own in {"min", "max"}):
            return ANYTHING
        if bits != TRUE:
            low, high = values.numbers.between(number)
            number = values.numbers.spread(min(low, Fraction(0)), max(high, Fraction(0)))
        numbers.append(number)
    if value.own in {"min", "max"}:
        return _extreme(values, numbers, smallest=value.own == "min") if numbers else None
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


def _opaque(_values: RegionValues, _value: Open, _parts: list[Found]) -> Found:
    return ANYTHING


BUILDS: Final[Mapping[str, Build]] = {
    AND: _and,
    OR: _or,
    NOT: _not,
    IF: _if,
    IS_NONE: _is_none,
    OR_ELSE: _or_else,
    LOOKUP: _lookup,
    FOLD: _fold,
    OPAQUE: _opaque,
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
