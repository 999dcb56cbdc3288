"""Which values of a number or an enum make a test true: intervals and sets of members."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from creditgate.domain.dsl_types import Enum, Number, without_none
from creditgate.ir.bounds import Bounds, same
from creditgate.ir.nodes import And, Apply, Expr, Literal, Not, Or
from creditgate.ir.rulebook import Rulebook

Edge = tuple[Fraction, bool]
"""A limit of an interval, and whether it belongs to it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two limits; None leaves a side open."""

    low: Edge | None = None
    high: Edge | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        (low, low_in), (high, high_in) = self.low, self.high
        return low > high or (low == high and not (low_in and high_in))

    def meet(self, other: Interval) -> Interval:
        """Return what lies in both."""
        lows = [edge for edge in (self.low, other.low) if edge is not None]
        highs = [edge for edge in (self.high, other.high) if edge is not None]
        low = max(lows, key=lambda edge: (edge[0], not edge[1]), default=None)
        high = min(highs, key=lambda edge: (edge[0], edge[1]), default=None)
        return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Values:
    """Values that a subject may have: intervals that do not meet, or members of an enum."""

    subject: Expr
    intervals: tuple[Interval, ...] = ()
    members: frozenset[str] | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether no value is left."""
        return not self.members if self.members is not None else not self.intervals

    def meet(self, other: Values) -> Values:
        """Return the values in both, which are of one subject."""
        if self.members is not None and other.members is not None:
            return Values(self.subject, members=self.members & other.members)
        met = (ours.meet(theirs) for ours in self.intervals for theirs in other.intervals)
        return Values(self.subject, tuple(one for one in met if not one.is_empty))

    def without(self, other: Values) -> Values:
        """Return the values that are not in the other, which is of the same subject."""
        if self.members is not None and other.members is not None:
            return Values(self.subject, members=self.members - other.members)
        left = self
        for interval in other.intervals:
            left = left.meet(Values(self.subject, _outside(interval)))
        return left


def _outside(interval: Interval) -> tuple[Interval, ...]:
    found = []
    if interval.low is not None:
        found.append(Interval(None, (interval.low[0], not interval.low[1])))
    if interval.high is not None:
        found.append(Interval((interval.high[0], not interval.high[1]), None))
    return tuple(found)


class Reader:
    """Reads tests of one rulebook as values of what they speak of."""

    def __init__(self, book: Rulebook, bounds: Bounds) -> None:
        self.book, self.bounds = book, bounds

    def parts(self, test: Expr) -> tuple[Expr, ...]:
        """Return what must all hold for a test to hold."""
        if isinstance(test, And):
            return tuple(part for item in test.items for part in self.parts(item))
        return (test,)

    def values(self, test: Expr) -> Values | None:
        """Return the values that make a test of one subject true; None where it is no such test."""
        match test:
            case Not(item=item):
                inner = self.values(item)
                whole = None if inner is None else self.whole(inner.subject)
                return None if inner is None or whole is None else whole.without(inner)
            case Or(items=items):
                return self._any_of(items)
            case Apply(operator=operator, arguments=(left, Literal(value=value))):
                match without_none(left.type):
                    case Enum():
                        return self._of_members(left, operator, value)
                    case Number() if isinstance(value, Fraction):
                        intervals = _intervals(operator, value)
                        return None if intervals is None else Values(left, intervals)
        return None

    def whole(self, subject: Expr) -> Values | None:
        """Return every value that a subject may have."""
        match without_none(subject.type):
            case Enum(name):
                return Values(subject, members=frozenset(self.book.vocabulary.enums[name].members))
            case Number():
                known = self.bounds.of(subject)
                low = None if known.low is None else (known.low, True)
                high = None if known.high is None else (known.high, True)
                return Values(subject, (Interval(low, high),))
            case _:
                return None

    def _any_of(self, items: tuple[Expr, ...]) -> Values | None:
        read = [self.values(item) for item in items]
        known = [values for values in read if values is not None]
        first = known[0] if known else None
        if first is None or len(known) < len(items):
            return None
        if not all(same(first.subject, other.subject) for other in known):
            return None
        if first.members is not None:
            members = frozenset[str]().union(*(other.members or frozenset() for other in known))
            return Values(first.subject, members=members)
        whole = Values(first.subject, (Interval(),))
        left = whole
        for values in known:
            left = left.without(values)
        return whole.without(left)

    def _of_members(self, left: Expr, operator: str, value: object) -> Values | None:
        whole = self.whole(left)
        if whole is None or whole.members is None:
            return None
        named = value if isinstance(value, frozenset) else {value}
        members = frozenset(str(item) for item in named)
        match operator:
            case "equal" | "member":
                return Values(left, members=members & whole.members)
            case "not_equal" | "not_member":
                return Values(left, members=whole.members - members)
            case _:
                return None


def _intervals(operator: str, value: Fraction) -> tuple[Interval, ...] | None:
    match operator:
        case "less":
            return (Interval(None, (value, False)),)
        case "less_or_equal":
            return (Interval(None, (value, True)),)
        case "greater":
            return (Interval((value, False), None),)
        case "greater_or_equal":
            return (Interval((value, True), None),)
        case "equal":
            return (Interval((value, True), (value, True)),)
        case "not_equal":
            return (Interval(None, (value, False)), Interval((value, False), None))
        case _:
            return None
