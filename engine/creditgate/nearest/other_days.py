"""The first other day on which an event would be approved: each day's law, lists and calendars."""

from __future__ import annotations

from dataclasses import dataclass

from creditgate.decide.decision import Decision
from creditgate.nearest.decided_events import DecidedEvents
from creditgate.nearest.moves import ChangeableFact


@dataclass(frozen=True, slots=True)
class OtherDay:
    """What a walk over days came to; days are ordinals.

    `day` is the first approved one that has a session under every rulebook that governs then,
    `before` the session before it, or the day as given; `until` the last day that was looked at.
    `is_known` tells whether the calendars knew all of them that were approved.
    """

    day: int | None
    before: int
    until: int
    is_known: bool


def first_other_day(
    events: DecidedEvents, fact: ChangeableFact, given: int, sign: int, horizon: int
) -> OtherDay:
    """Return the first approved day after the one given, or before it, up to a horizon in days.

    The fact is the one by which the event is dated, so each day is judged by its own law. Nothing
    else changes: what stands for one day alone, such as a daily list, is unknown on the others.
    """
    before, is_known, until = given, True, given
    low, high = fact.ends(given, horizon)
    lists_stated = events.facts.withheld is not None
    for day in range(given + sign, (high if sign > 0 else low) + sign, sign):
        until = day
        if not lists_stated and not events.is_approved([fact], [day]):
            before = _session_or(events, day, before)
            continue
        decision = events.decided([fact], [day])
        sessions = set() if decision is None else _sessions(events, decision, day)
        if decision is not None and decision.is_approved:
            if sessions == {True}:
                return OtherDay(day, before, until, True)
            is_known = is_known and None not in sessions
        elif sessions == {True}:
            before = day
    return OtherDay(None, before, until, is_known)


def _sessions(events: DecidedEvents, decision: Decision, day: int) -> set[bool | None]:
    """Return whether a day has a session in the calendar of each rulebook that governs."""
    return {
        engine.rulebook.calendars[engine.rulebook.trading_calendar].is_session(day)
        for engine, item in zip(events.source.gate.engines, decision.core.rulebooks, strict=True)
        if item.governs != "no"
    }


def _session_or(events: DecidedEvents, day: int, otherwise: int) -> int:
    books = [engine.rulebook for engine in events.source.gate.engines]
    found = {book.calendars[book.trading_calendar].is_session(day) for book in books}
    return day if found == {True} else otherwise
