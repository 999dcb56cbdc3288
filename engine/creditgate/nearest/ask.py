"""Ask what would have to change: each fact alone, and facts together where none does it alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from typing import Final

import msgspec

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.decision import APPROVED, UNDECIDED, Decision, Source
from creditgate.decide.faults import fault
from creditgate.domain.facts import MISSING, Facts, attribute
from creditgate.explain.evidence import judged_day
from creditgate.nearest.answers import (
    FOUND,
    NONE,
    NOT_DECIDED,
    NOT_GIVEN,
    NOT_READ,
    ChangedFact,
    NearestApproval,
    Suggestion,
)
from creditgate.nearest.approval import Approval, SettledRulebooks
from creditgate.nearest.changed_values import Words
from creditgate.nearest.congruences import Congruence
from creditgate.nearest.decided_events import DecidedEvents
from creditgate.nearest.moves import ChangeableFact, marked_facts, named_facts, wrong_paths
from creditgate.nearest.other_days import first_other_day
from creditgate.nearest.outward import Search, nearest
from creditgate.nearest.regions import EVERY, Region, Span

#: How many calendar days off a date is looked for, by default.
HORIZON_DAYS: Final = 92
#: How many values of expressions one search computes, by default.
MOST_VALUES: Final = 50_000
#: How many facts are changed together.
MOST_TOGETHER: Final = 3
# Each search for facts together gets one part of the limit of so many; all of them so many times it.
PARTS: Final = 4
SHARE_TOGETHER: Final = 2


class ChangeRefused(Exception):
    """A question that cannot be asked; `diagnostics` say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(item.message for item in self.diagnostics[:5]))


def nearest_approval(
    decision: Decision, change: Sequence[str] | None = None, *,
    horizon_days: int | None = None, limit: int | None = None,
) -> NearestApproval:  # fmt: skip
    """Return what would have to change for a decision to be an approval.

    `change` names the facts that may change (`order.quantity`,
    `account.collateral[600036].quantity`); without it those that the vocabulary marks. Dates lie
    at most `horizon_days` calendar days off (`HORIZON_DAYS`), and a search computes at most `limit`
    values of expressions (`MOST_VALUES`).

    Errors: ChangeRefused where a fact is not known or cannot be varied, and where the facts of the
            decision could not be read.
    """
    source = decision.source
    if source is None or source.facts is None:
        refusals = [f"{item.code} {item.message}" for item in decision.core.refusals]
        message = "the facts cannot be read, so nothing can be changed in them"
        hint = refusals[0] if refusals else None
        raise ChangeRefused([fault(Code.UNREADABLE_FACTS, "", message, hint)])
    horizon_days = HORIZON_DAYS if horizon_days is None else horizon_days
    limit = MOST_VALUES if limit is None else limit
    vocabulary = source.gate.vocabulary
    wrong = [] if change is None else wrong_paths(vocabulary, change)
    if wrong:
        raise ChangeRefused(wrong)
    core = decision.core
    alone: tuple[Suggestion, ...] = ()
    together: tuple[Suggestion, ...] = ()
    if core.decision != APPROVED and source.facts.event in vocabulary.events:
        facts = source.facts
        moved = (
            marked_facts(vocabulary, facts)
            if change is None
            else named_facts(vocabulary, facts, change)
        )
        asking = _Asking(decision, source, facts, horizon_days, limit)
        alone = tuple(asking.alone([_Move(fact, sign) for fact in moved for sign in fact.signs]))
        if not any(item.state == FOUND for item in alone):
            together = tuple(asking.together(moved))
    missing = core.missing if core.decision == UNDECIDED else ()
    return NearestApproval(core.decision, missing, alone, together, horizon_days, limit)


@dataclass(frozen=True, slots=True)
class _Move:
    """A fact and the direction in which it is changed."""

    fact: ChangeableFact
    sign: int


class _Asking:
    """Questions about one event, decided as its decision was."""

    def __init__(
        self, decision: Decision, source: Source, facts: Facts, horizon_days: int, limit: int
    ) -> None:
        self.source, self.facts = source, facts
        self.horizon_days, self.limit = horizon_days, limit
        day = judged_day(source)
        engines = source.gate.engines
        self.settled = None if day is None else SettledRulebooks(engines, facts, day)
        self.events = DecidedEvents(source, facts)
        self.words = Words.of(decision, engines)
        self._dated_by = ".".join(source.gate.vocabulary.events[facts.event].dated_by)

    def alone(self, moves: Sequence[_Move]) -> Iterator[Suggestion]:
        """Yield the answer about each fact and direction."""
        for move in moves:
            if move.fact.given is None:
                yield self._suggestion([move], NOT_GIVEN)
            elif move.fact.path == self._dated_by:
                yield self._other_day(move)
            else:
                found, _ = self._searched([move], self.limit)
                if found.state != NOT_READ or move.fact.is_named:
                    yield found

    def together(self, facts: Sequence[ChangeableFact]) -> Iterator[Suggestion]:
        """Yield facts that do it together, as few as possible; the first one changes least.

        Two facts are tried in both orders: with the least change of the one and of the other.
        """
        able = [f for f in facts if f.given is not None and f.path != self._dated_by]
        left = self.limit * SHARE_TOGETHER
        for size in range(2, MOST_TOGETHER + 1):
            found: set[frozenset[tuple[str, str]]] = set()
            for chosen in permutations(able, size) if size == 2 else combinations(able, size):
                for moves in _directions(chosen):
                    suggestion, computed = self._searched(moves, self.limit // PARTS)
                    left -= computed
                    values = frozenset((c.path, c.value.exact or "") for c in suggestion.changes)
                    if suggestion.state == FOUND and values not in found:
                        found.add(values)
                        yield suggestion
                    if left <= 0:
                        return
            if found:
                return

    def _searched(self, moves: Sequence[_Move], limit: int) -> tuple[Suggestion, int]:
        """Return the answer about facts, and how many values of expressions were computed for it."""
        facts = [move.fact for move in moves]
        given = [fact.given or 0 for fact in facts]
        if self.settled is None:
            return self._suggestion(moves, NONE, stopped_by=self._undated()), 0
        names = frozenset((fact.entity, fact.declared.name) for fact in facts)
        stopping = self.settled.stopping(names)
        if not names <= self.settled.reads:
            return self._suggestion(moves, NOT_READ, stopped_by=stopping), 0
        if stopping:
            return self._suggestion(moves, NONE, stopped_by=stopping), 0
        approval = Approval(self.settled, [fact.open for fact in facts])
        settled = approval.settled_breaches()
        if approval.open_places != set(range(len(facts))):
            return self._suggestion(moves, NOT_READ, stopped_by=settled), approval.computed
        start = self._start(moves)
        if settled or start is None:
            return self._suggestion(moves, NONE, stopped_by=settled), approval.computed

        def decide(values: tuple[int, ...]) -> bool:
            return self.events.is_approved(facts, values)

        search = nearest(approval, start, given, decide, limit)
        return self._answer(moves, start, search), approval.computed + search.computed

    def _start(self, moves: Sequence[_Move]) -> Region | None:
        """Return all values that the facts may take; None where one of them may take no other."""
        spans = []
        for move in moves:
            fact, sign, given = move.fact, move.sign, move.fact.given or 0
            low, high = self.words.ends(fact, given, self.horizon_days)
            steps = self._steps(fact)
            first, last = (given + 1, high) if sign > 0 else (low, given - 1)
            span = Span(low, high, sign, steps).within(first, last)
            if span is None:
                return None
            spans.append(span)
        return Region(tuple(spans))

    def _steps(self, fact: ChangeableFact) -> Congruence:
        """Return the steps of the values of a fact, from the fact that says what they are."""
        if fact.smallest > 1:
            return Congruence(fact.smallest)
        if fact.step is None:
            return EVERY
        held = self._step_given(fact.step)
        declared = self.source.gate.vocabulary.fact(*fact.step)
        if declared is None or held is None:
            return EVERY
        step = Fraction(held, 10**declared.scale) / fact.unit
        return Congruence(int(step)) if step.denominator == 1 and step > 0 else EVERY

    def _step_given(self, step: tuple[str, str]) -> int | None:
        """Return the fact that says what the steps are, as held; None where it is not given."""
        record = getattr(self.facts.root, attribute(step[0]), MISSING)
        held = getattr(record, attribute(step[1]), MISSING)
        return held if isinstance(held, int) else None

    def _answer(self, moves: Sequence[_Move], start: Region, search: Search) -> Suggestion:
        if search.word != FOUND or search.region is None:
            until = self.words.until(moves[0].fact, start.farthest[0]) if len(moves) == 1 else None
            return self._suggestion(moves, search.word, stopped_by=search.stopped_by, until=until)
        facts = [move.fact for move in moves]
        changes = []
        nearer_ones = []
        for place, (move, value) in enumerate(zip(moves, search.values, strict=True)):
            smallest = self._steps(move.fact).modulus
            step = search.region.spans[place].steps.modulus
            nearer = [_towards(move, value, by) for by in dict.fromkeys((step, smallest))]
            nearer_ones += [(place, each) for each in nearer]
            changed = self.words.changed(move.fact, move.sign, value, step, nearer[0])
            unknown = move.fact.step
            if unknown is not None and self._step_given(unknown) is None:
                changed = msgspec.structs.replace(changed, step_unknown=".".join(unknown))
            changes.append(changed)
        return self._confirmed(moves, facts, search.values, nearer_ones, changes)

    def _confirmed(
        self, moves: Sequence[_Move], facts: Sequence[ChangeableFact], values: Sequence[int],
        nearer_ones: Sequence[tuple[int, int]], changes: Sequence[ChangedFact],
    ) -> Suggestion:  # fmt: skip
        """Return values as an answer once the gate, asked with whole documents, agrees."""
        decided = self.events.decided(facts, values)
        agrees = decided is not None and decided.is_approved
        for place, value in nearer_ones:
            others = [value if p == place else v for p, v in enumerate(values)]
            nearer = self.events.decided(facts, others)
            agrees = agrees and nearer is not None and not nearer.is_approved
        if not agrees:
            return self._suggestion(moves, NOT_DECIDED)
        document = self.events.document(facts, values)
        return self._suggestion(moves, FOUND, changes=tuple(changes), document=document)

    def _other_day(self, move: _Move) -> Suggestion:
        fact, given = move.fact, move.fact.given or 0
        found = first_other_day(self.events, fact, given, move.sign, self.horizon_days)
        until = self.words.day(found.until)
        if found.day is None:
            state = NONE if found.is_known else NOT_DECIDED
            return self._suggestion([move], state, until=until)
        changes = [self.words.changed(fact, move.sign, found.day, 1, found.before)]
        return self._confirmed([move], [fact], [found.day], [(0, found.before)], changes)

    def _undated(self) -> tuple[str, ...]:
        return tuple(f"{engine.id}/governs" for engine in self.source.gate.engines)

    def _suggestion(
        self, moves: Sequence[_Move], state: str, *, changes: tuple[ChangedFact, ...] = (),
        stopped_by: Iterable[str] = (), until: str | None = None, document: object = None,
    ) -> Suggestion:  # fmt: skip
        facts = [move.fact for move in moves]
        return Suggestion(
            tuple(fact.path for fact in facts), tuple(fact.title for fact in facts),
            tuple(self.words.direction(move.fact, move.sign) for move in moves), state, changes,
            tuple(sorted(set(stopped_by))), until, document,
            facts[0].declared.kind if len(facts) == 1 else "",
        )  # fmt: skip


def _towards(move: _Move, value: int, by: int) -> int:
    """Return a value nearer to the fact as given, but no farther than it."""
    given = move.fact.given or 0
    return max(given, value - by) if move.sign > 0 else min(given, value + by)


def _directions(facts: Sequence[ChangeableFact]) -> Iterator[list[_Move]]:
    """Yield facts with each choice of their directions."""
    chosen: list[list[_Move]] = [[]]
    for fact in facts:
        chosen = [[*moves, _Move(fact, sign)] for moves in chosen for sign in fact.signs]
    yield from chosen
