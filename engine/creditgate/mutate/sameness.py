"""Prove that a changed rulebook decides every order, and computes every figure, as it did.

What is changed is first compared on the spot: each figure, rule and status that names it, a figure
of a record for any record at all. Where that proves nothing it is compared where it comes out: each
rule that reads it, however indirectly, each status, each figure of the whole event. Either way on
all days on which they differ in writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from creditgate.backends.solver.asking import Reply
from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.numbers import compared
from creditgate.backends.solver.outcomes import EventTerms, RuleTerms, outcome, rule_terms
from creditgate.backends.solver.pieces import Formula, Piece, both, either, opposite, same
from creditgate.domain.dsl_types import BOOLEAN, Record
from creditgate.ir.nodes import Expr, FigureUse, Literal, Root
from creditgate.ir.rulebook import EpochDetermination, EpochRule
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.terms import Op, Term
from creditgate.mutate.bench import Bench, Side
from creditgate.mutate.change import HEADER, Change
from creditgate.mutate.law import Law, is_same
from creditgate.mutate.reach import Reached
from creditgate.prove.agreement import differ
from creditgate.prove.only_tightens import common_days
from creditgate.prove.search import Confirm, Days, Found, Search, Wanted

SECONDS: Final = 2.0
_TRUE: Final = Literal(BOOLEAN, True)


class NotProvable(Exception):
    """Something that differs is nothing that the solver compares."""


class Differences(Search):
    """A search that shows no order: it is enough that there may be one."""

    def _shown(self, _reply: Reply, _judged: Sequence[EventTerms], _confirm: Confirm) -> Found:
        return Found("some")


class AnyDay(Differences):
    """A search in which no fact is the day judged: a figure is computed on whatever is sent."""

    def on(self, encoding: Encoding, days: Days) -> list[Formula]:
        """Return the condition that an order is judged on some days."""
        day = encoding.as_of.value
        return [day >= days.first, True if days.last is None else day <= days.last]


@dataclass(slots=True)
class Pair:
    """What stands in the two rulebooks, on which days, and on which event (None: on any)."""

    event: str | None
    one: EpochRule | Expr
    other: EpochRule | Expr
    days: Days


class Sameness:
    """Proofs about the changes of one rulebook; `seconds` are the time limit of one comparison."""

    def __init__(self, bench: Bench, seconds: float = SECONDS) -> None:
        self._bench = bench
        self._seconds = seconds
        self._searches: dict[tuple[str, str | None], Differences] = {}

    def is_proved(self, change: Change) -> bool:
        """Tell whether it is proved that a change changes nothing."""
        if change.section == HEADER and change.name in {"start", "end"}:
            return False
        with room_to_recurse():
            return all(self._in(side, change) for side in self._bench.sides.values())

    def _in(self, side: Side, change: Change) -> bool:
        book = change.apply(side.law.book)
        if book is None:
            return True
        changed = Law(book, self._bench.known)
        return any(
            self._all_same(side.law, changed, reached, change, on_the_spot=on_the_spot)
            for reached, on_the_spot in (
                (side.reach.direct(change), True), (side.reach.of(change), False)
            )
        )  # fmt: skip

    def _all_same(
        self, law: Law, changed: Law, reached: Reached, change: Change, *, on_the_spot: bool
    ) -> bool:  # fmt: skip
        pairs: list[Pair] = []
        try:
            for days in common_days([law.book, changed.book]):
                if change.days is None or not _apart(days, change.days):
                    for pair in _pairs(law, changed, reached, change, days, on_the_spot):
                        _add(pairs, pair)
        except (KeyError, NotProvable):
            return False
        return all(self._is_same(law, pair) for pair in pairs)

    def _is_same(self, law: Law, pair: Pair) -> bool:
        key = law.book.id, pair.event
        if key not in self._searches:
            kind = AnyDay if pair.event is None else Differences
            event = pair.event or min(law.book.vocabulary.events)
            self._searches[key] = kind([law.book], event, self._seconds)
        search = self._searches[key]
        lowering = Lowering(search.terms, law.book.vocabulary)
        try:
            alike, wanted = _compared(lowering, pair)
        except (NotProvable, TypeError):  # a record that is itself compared has no term
            return False
        if lowering.unsupported:
            return False
        if alike:
            return True
        found = search.find(wanted, pair.days, [], lambda _: True)
        return found.found == "none"


def _compared(lowering: Lowering, pair: Pair) -> tuple[bool, Wanted]:
    """Return whether a pair is the same when it is folded, and the condition that it differs."""
    if isinstance(pair.one, EpochRule) and isinstance(pair.other, EpochRule):
        if pair.one.effect != pair.other.effect:
            raise NotProvable
        one, other = rule_terms(lowering, pair.one), rule_terms(lowering, pair.other)
        alike = all(a is b for a, b in zip(one.parts, other.parts, strict=True))
        return alike, _rules_differ(one, other)
    if isinstance(pair.one, EpochRule) or isinstance(pair.other, EpochRule):
        raise NotProvable
    left, right = lowering.term(pair.one), lowering.term(pair.other)
    return left is right, _values_differ(left, right)


def _apart(days: Days, seen: tuple[int, int | None]) -> bool:
    first, last = seen
    before = days.last is not None and days.last < first
    return before or (last is not None and last < days.first)


def _add(pairs: list[Pair], new: Pair) -> None:
    """Add a pair; one that stands on more days is compared once, on all days between."""
    for pair in pairs:
        stands = _alike(pair.one, new.one) and _alike(pair.other, new.other)
        if stands and pair.event == new.event:
            pair.days = Days(min(pair.days.first, new.days.first), new.days.last)
            return
    pairs.append(new)


def _alike(one: EpochRule | Expr, other: EpochRule | Expr) -> bool:
    if isinstance(one, EpochRule) and isinstance(other, EpochRule):
        return is_same(one, other)
    return one is other


def _pairs(
    law: Law, changed: Law, reached: Reached, change: Change, days: Days, on_the_spot: bool
) -> Iterator[Pair]:  # fmt: skip
    one, other = law.start(days.first), changed.start(days.first)
    if one is None or other is None:
        raise NotProvable
    book = law.book
    is_read = False
    for event in sorted(reached.events):
        is_read = True
        yield from _expressions(event, law.governs(event, one), changed.governs(event, other), days)
    for name in sorted(reached.rules) if change.section != HEADER else ():
        is_read = True
        mine, theirs = law.rule(name, one), changed.rule(name, other)
        if is_same(mine, theirs):
            continue
        if mine is None or theirs is None:
            raise NotProvable
        yield Pair(mine.event, mine, theirs, days)
    for name in sorted(reached.determinations) if change.section != HEADER else ():
        is_read = True
        yield from _cases(law.determination(name, one), changed.determination(name, other), days)
    for name in sorted(reached.figures) if change.section != HEADER else ():
        figure = book.figures.get(name)
        if figure is not None and (figure.of is None or on_the_spot):
            is_read = True
            record = None if figure.of is None else Root(Record(figure.of), figure.of)
            asked = FigureUse(figure.type, name, record)
            ours = law.closer(one).close(asked)
            yield from _expressions(None, ours, changed.closer(other).close(asked), days)
    if not is_read:
        raise NotProvable


def _expressions(
    event: str | None, one: Expr | None, other: Expr | None, days: Days
) -> Iterator[Pair]:  # fmt: skip
    if one is not other:
        if one is None or other is None:
            raise NotProvable
        yield Pair(event, one, other, days)


def _cases(
    one: EpochDetermination | None, other: EpochDetermination | None, days: Days
) -> Iterator[Pair]:  # fmt: skip
    if one is None or other is None:
        if one is not other:
            raise NotProvable
        return
    if [to for to, _ in one.cases] != [to for to, _ in other.cases]:
        raise NotProvable
    if one.previous is not other.previous:
        raise NotProvable
    for (_, ours), (_, theirs) in zip(one.cases, other.cases, strict=True):
        yield from _expressions(one.event, ours or _TRUE, theirs or _TRUE, days)


def _rules_differ(one: RuleTerms, other: RuleTerms) -> Wanted:
    def wanted(encoding: Encoding) -> list[Formula]:
        return [differ(outcome(encoding, one), outcome(encoding, other))]

    return wanted


def _values_differ(one: Term, other: Term) -> Wanted:
    def wanted(encoding: Encoding) -> list[Formula]:
        return [_apart_in(encoding.piece(one), encoding.piece(other))]

    return wanted


def _apart_in(one: Piece, other: Piece) -> Formula:
    known = both(opposite(one.unknown), opposite(other.unknown))
    given = both(known, opposite(one.none), opposite(other.none))
    return either(
        opposite(same(one.unknown, other.unknown)),
        both(known, opposite(same(one.none, other.none))),
        both(given, opposite(compared(Op.EQUAL, one, other))),
    )
