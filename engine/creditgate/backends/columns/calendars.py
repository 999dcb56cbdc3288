"""Days and calendars in a kernel: functions that are worked out beforehand as arrays of constants.

Days and instants that the arrays do not cover are decided one by one, unless the calendar itself
does not know them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from creditgate.backends.columns.needs import Unsupported
from creditgate.backends.columns.writer import Held, Write, Writer, both, either, opposite
from creditgate.domain.calendar import Calendar
from creditgate.domain.facts import MISSING
from creditgate.domain.instants import EPOCH, MICROSECOND, time_zone_of
from creditgate.lowered.calendar_functions import (
    CALENDAR_FUNCTIONS,
    FUNCTIONS,
    MONTHS_IN_YEAR,
)
from creditgate.lowered.terms import Number, Op, Term

# Days and months that dates are worked out for beforehand.
FIRST_DAY: Final = date(1980, 1, 1).toordinal()
LAST_DAY: Final = date(2100, 12, 31).toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2200
_DAY: Final = timedelta(days=1) // MICROSECOND
_HOURS: Final = (0, 6, 12, 18, 24)
_YEAR: Final = 366


def _call(writer: Writer, term: Term) -> Held:
    assert isinstance(term.own, tuple)
    name, calendar = term.own
    fixed = all(part.constant for part in term.parts[1:])
    parts = [writer.held(part) for part in term.parts]
    match name:
        case "date_of":
            return _date_of(writer, parts[0], writer.calendars[calendar])
        case "add_sessions" if not fixed:
            return _add_sessions(writer, parts, writer.calendars[calendar])
        case "add_months" if not fixed:
            return _add_months(writer, parts)
    if not fixed:
        raise Unsupported(f"the function {name} of such arguments")
    rest = [int(part.value) for part in term.parts[1:]]
    if calendar is None:
        return _worked_out(writer, parts, range(FIRST_DAY, LAST_DAY + 1), FUNCTIONS[name], rest)
    known = writer.calendars[calendar]
    days = range(known.first_day - 1, known.last_day + 2)
    function = CALENDAR_FUNCTIONS[name](known)
    return _worked_out(writer, parts, days, function, rest, is_whole=True)


def _unfit(parts: Sequence[Held]) -> str:
    return either(*[part.unfit for part in parts])


def _outside(writer: Writer, text: str, within: range) -> str:
    """Return the condition that a number is not in a range."""
    compared = writer.arithmetic.compared
    early = compared("<", text, writer.number(within.start))
    return writer.variable(either(early, compared(">=", text, writer.number(within.stop))), "f")


def _place(writer: Writer, outside: str, text: str, within: range) -> str:
    """Return where in an array over a range a number stands; what is outside stands first."""
    start = writer.number(within.start)
    moved = text if within.start == 0 else writer.arithmetic.binary("-", text, start)
    return writer.variable(f"(0 if {outside} else {moved})", "x")


def _redo(writer: Writer, condition: str, unfit: str) -> None:
    """Leave a row in which a condition holds to the evaluator of single orders."""
    writer.line(f"redo = redo | {both(condition, opposite(unfit))}")


def _worked_out(
    writer: Writer, parts: Sequence[Held], days: range, function: Callable[..., object],
    rest: Sequence[int], *, is_whole: bool = False,
) -> Held:  # fmt: skip
    """Return a function of a day; if it `is_whole` it is unknown for days it was not worked out for."""
    day, unfit = parts[0].text, _unfit(parts)
    found = [function(each, *rest) for each in days]
    values = writer.constant([0 if each is MISSING else each for each in found])
    states = writer.constant([each is MISSING for each in found], "uint8")
    outside = _outside(writer, day, days)
    if not is_whole:
        _redo(writer, outside, unfit)
    at = _place(writer, outside, day, days)
    unknown = either(unfit, outside, f"({states}[{at}] != 0)")
    return Held(writer.variable(f"{values}[{at}]"), unknown, number=Number())


def _add_sessions(writer: Writer, parts: Sequence[Held], calendar: Calendar) -> Held:
    """Return a session so many after a day, or before it; so many may be a computed number."""
    (day, count), sessions = parts, calendar.sessions or (0,)
    known = range(calendar.first_day, calendar.last_day + 1)
    days = range(known.start - 1, known.stop + 1)
    dates = writer.constant(sessions)
    after = writer.constant([bisect_right(calendar.sessions, each) - 1 for each in days])
    before = writer.constant([bisect_left(calendar.sessions, each) for each in days])
    binary, compared = writer.arithmetic.binary, writer.arithmetic.compared
    outside = _outside(writer, day.text, days)
    at = _place(writer, outside, day.text, days)
    forward = writer.variable(compared(">", count.text, writer.number(0)), "f")
    start = writer.variable(f"({after}[{at}] if {forward} else {before}[{at}])")
    index = writer.variable(binary("+", start, count.text))
    places = range(len(calendar.sessions))
    beyond = _outside(writer, index, places)
    found = writer.variable(f"{dates}[{_place(writer, beyond, index, places)}]")
    still = writer.variable(compared("==", count.text, writer.number(0)), "f")
    unknown = f"({_outside(writer, day.text, known)} if {still} else {either(outside, beyond)})"
    text = f"({day.text} if {still} else {found})"
    return Held(text, either(_unfit(parts), unknown), number=Number())


def _add_months(writer: Writer, parts: Sequence[Held]) -> Held:
    """Return the same day of another month, or its last; so many may be a computed number."""
    day, count = parts
    days = range(FIRST_DAY, LAST_DAY + 1)
    dates = [date.fromordinal(each) for each in days]
    months = [(year, month + 1) for year in range(FIRST_YEAR, LAST_YEAR + 1)
              for month in range(MONTHS_IN_YEAR)]  # fmt: skip
    own = writer.constant([(d.year - FIRST_YEAR) * MONTHS_IN_YEAR + d.month - 1 for d in dates])
    of_month = writer.constant([each.day for each in dates])
    starts = writer.constant([date(*each, 1).toordinal() - 1 for each in months])
    lengths = writer.constant([monthrange(*each)[1] for each in months])
    binary, compared = writer.arithmetic.binary, writer.arithmetic.compared
    outside = _outside(writer, day.text, days)
    at = _place(writer, outside, day.text, days)
    index = writer.variable(binary("+", writer.variable(f"{own}[{at}]"), count.text))
    places = range(len(months))
    beyond = _outside(writer, index, places)
    _redo(writer, either(outside, beyond), _unfit(parts))
    month = _place(writer, beyond, index, places)
    wanted = writer.variable(f"{of_month}[{at}]")
    last = writer.variable(f"{lengths}[{month}]")
    kept = writer.variable(f"({wanted} if {compared('<', wanted, last)} else {last})")
    text = binary("+", writer.variable(f"{starts}[{month}]"), kept)
    return Held(text, either(_unfit(parts), outside, beyond), number=Number())


def _date_of(writer: Writer, instant: Held, calendar: Calendar) -> Held:
    """Return the day of an instant in the zone of a calendar."""
    start = EPOCH.toordinal()
    days = range(calendar.first_day - _YEAR - start, calendar.last_day + _YEAR - start)
    offsets = [_offsets(day, calendar.time_zone) for day in days]
    moved = writer.constant([found[0] for found in offsets])
    # The zone's offset changes within such a day.
    changes = writer.constant([len(set(found)) > 1 for found in offsets], "uint8")
    binary = writer.arithmetic.binary
    day = writer.variable(binary("//", instant.text, writer.number(_DAY)))
    outside = _outside(writer, day, days)
    at = _place(writer, outside, day, days)
    _redo(writer, either(outside, f"({changes}[{at}] != 0)"), instant.unfit)
    local = binary("+", instant.text, writer.variable(f"{moved}[{at}]"))
    text = binary("+", binary("//", local, writer.number(_DAY)), writer.number(start))
    return Held(text, either(instant.unfit, outside), number=Number())


def _offsets(day: int, zone: str) -> list[int]:
    """Return the offsets of a zone within a day of UTC, in microseconds."""
    found = []
    for hour in _HOURS:
        moment = EPOCH + timedelta(days=day, hours=hour)
        offset = moment.astimezone(time_zone_of(zone)).utcoffset()
        assert offset is not None
        found.append(offset // MICROSECOND)
    return found


WRITES: dict[Op, Write] = {Op.CALL: _call}
