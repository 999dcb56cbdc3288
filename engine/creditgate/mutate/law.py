"""A rulebook as cases are judged by it: closed for a day, and only as far as a case needs it."""

from __future__ import annotations

from bisect import bisect_right

from creditgate.ir.interning import Interned
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import EpochDetermination, EpochRule, Rulebook
from creditgate.ir.specialise import Specialiser


class Law:
    """A rulebook, whose expressions are the same objects as equal ones of laws that share `known`.

    What has no version on a day raises `KeyError`: such a rulebook would not load.
    """

    def __init__(self, book: Rulebook, known: Interned) -> None:
        self.book = book
        self._known = known
        self._days = book.change_days()
        self._closers: dict[int, Specialiser] = {}
        self._rules: dict[tuple[int, str], EpochRule | None] = {}

    def start(self, day: int) -> int | None:
        """Return the first day of the epoch of a day; None on a day that is not covered."""
        if not self.book.covers(day):
            return None
        return self._days[bisect_right(self._days, day) - 1]

    def closer(self, start: int) -> Specialiser:
        """Return what closes expressions for the epoch that begins on a day."""
        if start not in self._closers:
            self._closers[start] = Specialiser(self.book, start, self._known)
        return self._closers[start]

    def rule(self, name: str, start: int) -> EpochRule | None:
        """Return a rule; None where there is none, or it is not in force."""
        key = start, name
        if key not in self._rules:
            rule = self.book.rules.get(name)
            self._rules[key] = None if rule is None else self.closer(start).rule(rule)
        return self._rules[key]

    def determination(self, name: str, start: int) -> EpochDetermination | None:
        """Return a determination; None where there is none, or it is not in force."""
        item = self.book.determinations.get(name)
        return None if item is None else self.closer(start).determination(item)

    def governs(self, event: str, start: int) -> Expr | None:
        """Return the condition under which an event is governed; None where it never is."""
        node = self.book.governs.get(event)
        return None if node is None else self.closer(start).close(node)


def is_same(one: EpochRule | None, other: EpochRule | None) -> bool:
    """Tell whether a rule is closed to the same expressions and has the same effect."""
    if one is None or other is None:
        return one is other
    if len(one.exemptions) != len(other.exemptions) or one.effect != other.effect:
        return False
    exempting = zip(one.exemptions, other.exemptions, strict=True)
    return (
        one.when is other.when
        and one.require is other.require
        and all(a == b and x is y for (a, x), (b, y) in exempting)
        and _before(one) is _before(other)
    )


def _before(rule: EpochRule) -> Expr | None:
    """Return the condition that the deadline is still to come, which the deadline is part of."""
    return None if rule.deadline is None else rule.deadline.before
