"""Functions of days and calendars: bounded by what was fitted, made exact where a model asks.

A function is known to the solver by its bounds only. Where a model gives it a wrong value, the
right one at that place is stated and the solver asked again.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import z3

from creditgate.backends.solver.pieces import (
    Formula,
    Piece,
    both,
    either,
    implies,
    opposite,
    same,
    unfit,
)
from creditgate.domain.calendar import Calendar
from creditgate.domain.facts import MISSING
from creditgate.lowered.calendar_functions import (
    CALENDAR_FUNCTIONS,
    FUNCTIONS,
    LAST_DAY,
    MONTHS_IN_YEAR,
)
from creditgate.lowered.terms import Number, Term

DAY: Final = 86_400_000_000
UNIX_DAY: Final = 719_163
# Four hundred years hold every way in which months and leap years follow one another.
FITTED_FROM, FITTED_TO = 722_815, 722_815 + 146_097
LONGEST_MONTH, SHORTEST_MONTH, SLACK = 31, 28, 4


@dataclass(frozen=True, slots=True)
class Call:
    """A function asked for: its formulas, and how it is computed.

    `asked` are the conditions under which its arguments are known, one a use.
    """

    function: Callable[..., Any]
    name: str
    arguments: tuple[Formula, ...]
    value: Formula
    known: Formula
    grows: bool
    family: tuple[str, str | None]
    asked: list[Formula] = field(default_factory=list)


class Calls:
    """All functions asked for, with what is always true of them in `axioms`."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self.calendars = calendars
        self.axioms: list[Formula] = []
        self._found: dict[tuple[Any, ...], Call] = {}

    def __iter__(self) -> Iterator[Call]:
        return iter(self._found.values())

    def piece(self, term: Term, parts: list[Piece]) -> Piece:
        """Return a function of pieces."""
        assert isinstance(term.own, tuple)
        name, calendar = term.own
        call = self._call(str(name), calendar, tuple([part.value for part in parts]))
        lost = unfit(parts)
        call.asked.append(opposite(lost))
        return Piece(call.value, either(lost, z3.Not(call.known)), number=Number())

    def _call(self, name: str, calendar: str | None, arguments: tuple[Formula, ...]) -> Call:
        asked = tuple([z3.IntVal(a) if isinstance(a, int) else a for a in arguments])
        key = (name, calendar, *[each.get_id() for each in asked])
        found = self._found.get(key)
        if found is None:
            whole = f"{name} {calendar or ''}"
            sorts = [z3.IntSort()] * len(asked)
            value = z3.Function(whole, *sorts, z3.IntSort())(*asked)
            known = z3.Function(f"{whole} is known", *sorts, z3.BoolSort())(*asked)
            function: Callable[..., Any] = (
                FUNCTIONS[name]
                if calendar is None
                else CALENDAR_FUNCTIONS[name](self.calendars[calendar])
            )
            grows = name not in {"open_of", "close_of"}
            found = Call(function, name, asked, value, known, grows, (name, calendar))
            self._found[key] = found
            days = None if calendar is None else self.calendars[calendar]
            self.axioms.append(_bounds(found, days))
            self.axioms += self._ordered(found)
        return found

    def _ordered(self, new: Call) -> Iterator[Formula]:
        """Yield that later days, and more of what is added, lead to later days."""
        for other in self:
            if other is not new and new.grows and other.family == new.family:
                for one, two in ((new, other), (other, new)):
                    pairs = zip(one.arguments, two.arguments, strict=True)
                    less = both(one.known, two.known, *[a <= b for a, b in pairs])
                    yield implies(less, one.value <= two.value)

    def wrong(self, model: Any) -> tuple[list[Formula], list[Formula]]:
        """Return what a model overlooks, and what holds it at the places where it looked.

        The former are right values at the places where it has wrong ones. With both, the next
        model is one without mistakes, where there is one at these places.
        """
        found: list[Formula] = []
        held: list[Formula] = []
        for call in self:
            asked = either(*call.asked)
            if asked is not True and not z3.is_true(model.eval(asked, model_completion=True)):
                continue
            places = [_number(model, each) for each in call.arguments]
            held += [each == place for each, place in zip(call.arguments, places, strict=True)]
            right = call.function(*places)
            is_known = right is not MISSING
            said = z3.is_true(model.eval(call.known, model_completion=True))
            if said != is_known or (is_known and _number(model, call.value) != right):
                found.append(_at(call, places, right, is_known))
        return found, held


def _number(model: Any, formula: Formula) -> int:
    return int(model.eval(formula, model_completion=True).as_long())


def _at(call: Call, places: list[int], right: Any, is_known: bool) -> Formula:
    here = [each == place for each, place in zip(call.arguments, places, strict=True)]
    if not is_known:
        return implies(both(*here), z3.Not(call.known))
    exact = implies(both(*here), both(call.known, call.value == right))
    if not call.grows:
        return exact
    if call.name == "add_months":
        return both(exact, _in_month(call, places, here[1:]))
    day = call.arguments[0]
    before = implies(both(call.known, day <= places[0], *here[1:]), call.value <= right)
    after = implies(both(call.known, day >= places[0], *here[1:]), call.value >= right)
    return both(exact, before, after)


def _in_month(call: Call, places: list[int], others: list[Formula]) -> Formula:
    """Return the right values of all days of the month of a place."""
    day, months = call.arguments[0], places[1]
    shown = date.fromordinal(places[0])
    first = shown.replace(day=1).toordinal()
    last = first + monthrange(shown.year, shown.month)[1] - 1
    begin = call.function(first, months)
    end = begin + monthrange(*date.fromordinal(begin).timetuple()[:2])[1] - 1
    moved = begin + day - first
    right = call.value == z3.If(moved > end, end, moved)
    return implies(both(day >= first, day <= last, *others), both(call.known, right))


def _bounds(call: Call, calendar: Calendar | None) -> Formula:
    """Return the bounds of a function, fitted to every day of the calendar."""
    day, *others = call.arguments
    steps = [other.as_long() if z3.is_int_value(other) else None for other in others]
    if call.name == "add_months":
        return _months(call, steps[0])
    assert calendar is not None
    if call.name == "date_of":
        shown = day / DAY + UNIX_DAY
        return implies(call.known, both(call.value >= shown - 1, call.value <= shown + 1))
    if call.name == "add_sessions" and steps[0] is None:
        return _any_sessions(call, calendar)
    fitted = _fitted(call.name, calendar, *[step or 0 for step in steps])
    if fitted is None:
        return z3.Not(call.known)
    first, last, low, high, is_whole = fitted
    scale, start = (DAY, UNIX_DAY) if call.name in {"open_of", "close_of"} else (1, 0)
    base = (day - start) * scale
    bounded = both(day >= first, day <= last, call.value >= base + low, call.value <= base + high)
    inside = both(day >= first, day <= last)
    return both(implies(call.known, bounded), implies(inside, call.known) if is_whole else True)


@lru_cache(maxsize=4096)
def _fitted(name: str, calendar: Calendar, *steps: int) -> tuple[int, int, int, int, bool] | None:
    """Return the first and last day with a value, the least and most by which it is later.

    Last stands whether every day between has one; None where no day has.
    """
    function = CALENDAR_FUNCTIONS[name](calendar)
    scale, start = (DAY, UNIX_DAY) if name in {"open_of", "close_of"} else (1, 0)
    days: list[int] = []
    apart: list[int] = []
    for day in range(calendar.first_day - 1, calendar.last_day + 2):
        found = function(day, *steps)
        if found is not MISSING:
            days.append(day)
            apart.append(found - (day - start) * scale)
    if not days:
        return None
    return days[0], days[-1], min(apart), max(apart), len(days) == days[-1] - days[0] + 1


@lru_cache(maxsize=64)
def _widest(calendar: Calendar) -> int:
    """Return the most days from one session to the next."""
    add = CALENDAR_FUNCTIONS["add_sessions"](calendar)
    found = [add(day, 1) for day in range(calendar.first_day, calendar.last_day + 1)]
    days = [each for each in found if each is not MISSING]
    return max((b - a for a, b in pairwise(days)), default=0) + 1


def _any_sessions(call: Call, calendar: Calendar) -> Formula:
    day, count = call.arguments
    widest = _widest(calendar)
    inside = both(day >= calendar.first_day - 1, day <= calendar.last_day + 1)
    landed = both(call.value >= calendar.first_day, call.value <= calendar.last_day)
    forward = implies(
        count >= 0,
        both(call.value >= day + count, call.value <= day + (count + 1) * widest),
    )
    back = implies(
        count < 0,
        both(call.value <= day + count + 1, call.value >= day + (count - 1) * widest),
    )
    return implies(call.known, both(inside, landed, forward, back))


def _months(call: Call, months: int | None) -> Formula:
    day, count = call.arguments
    always = both(call.value >= 1, call.value <= LAST_DAY, day >= 1)
    if months is None:
        up = both(
            call.value >= day + count * SHORTEST_MONTH - SLACK,
            call.value <= day + count * LONGEST_MONTH + SLACK,
        )
        down = both(
            call.value <= day + count * SHORTEST_MONTH + SLACK,
            call.value >= day + count * LONGEST_MONTH - SLACK,
        )
        moved = both(implies(count >= 0, up), implies(count < 0, down))
        return implies(call.known, both(always, moved))
    low, high = _months_apart(months)
    moved = both(call.value >= day + low, call.value <= day + high)
    first, last = _months_within(months)
    known = same(call.known, both(day >= first, day <= last))
    return both(known, implies(call.known, both(always, moved)))


def _months_within(months: int) -> tuple[int, int]:
    """Return the first and last day for which so many months later is a date."""
    least, most = MONTHS_IN_YEAR, date.max.year * MONTHS_IN_YEAR + MONTHS_IN_YEAR - 1
    first, last = max(least, least - months), min(most, most - months)
    if first > most or last < least:
        return 1, 0
    year, month = divmod(first, MONTHS_IN_YEAR)
    begin = date(year, month + 1, 1).toordinal()
    year, month = divmod(last, MONTHS_IN_YEAR)
    end = date(year, month + 1, monthrange(year, month + 1)[1]).toordinal()
    return begin, end


@lru_cache(maxsize=256)
def _months_apart(months: int) -> tuple[int, int]:
    """Return the least and most days that so many months are, over all years."""
    add = FUNCTIONS["add_months"]
    apart = [add(day, months) - day for day in range(FITTED_FROM, FITTED_TO)]
    return min(apart), max(apart)
