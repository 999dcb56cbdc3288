"""Does an overlay only tighten: does its base approve all that the overlay approves.

Rule by rule: where a rule of the base stands unchanged in the overlay nothing is to prove. Where it
changed, whatever passes the overlay's must pass the base's; if that fails alone, all other rules of
the overlay are taken into account, until an order is found or none can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.numbers import compared
from creditgate.backends.solver.outcomes import (
    EventTerms,
    RuleTerms,
    approved,
    none_breached,
    outcome,
)
from creditgate.backends.solver.pieces import Formula, both, either, opposite
from creditgate.domain.facts import attribute
from creditgate.ir.rulebook import Rulebook
from creditgate.ir.specialise import closed
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.terms import Op, Reading, Term, reachable
from creditgate.prove.answers import NO, NOT_DECIDED, YES, Answer
from creditgate.prove.reference_runs import Run
from creditgate.prove.search import Days, Epochs, Found, Search

QUESTION: Final = "only_tightens"
UNCHANGED: Final = "unchanged"
PROVED: Final = "proved"


def only_tightens(
    below: Rulebook,
    above: Rulebook,
    seconds: float,
    on: int | None = None,
    epochs: Epochs | None = None,
) -> Iterator[Answer]:
    """Yield an answer for each rule of the base that is not the same in the overlay.

    Shape: if the overlay changes nothing, one answer about the whole.
    """
    changed = False
    for event in sorted(below.governs):
        search = Search([below, above], event, seconds, epochs)
        for answer in _Compare(search, below, above).answers(on):
            changed = True
            yield answer
    if not changed:
        yield Answer(QUESTION, above.id, YES, words={"base": below.id}, why=UNCHANGED)


def common_days(books: Sequence[Rulebook], on: int | None = None) -> list[Days]:
    """Return spans of days in which no rulebook changes, from when all of them hold."""
    start = max(book.start for book in books)
    ends = [book.end for book in books if book.end is not None]
    end = min(ends, default=None)
    changes = {start, *[day for book in books for day in book.change_days() if day > start]}
    days = sorted(day for day in changes if end is None or day <= end)
    lasts = [*[day - 1 for day in days[1:]], end]
    spans = [Days(first, last) for first, last in zip(days, lasts, strict=True)]
    if on is None:
        return spans
    return [each for each in spans if each.first <= on and (each.last is None or on <= each.last)]


class _Compare:
    def __init__(self, search: Search, below: Rulebook, above: Rulebook) -> None:
        self.search = search
        self.below = below
        self.above = above
        self._proved: dict[tuple[object, ...], Found] = {}
        self._lowering = Lowering(search.terms, above.vocabulary)

    def answers(self, on: int | None) -> Iterator[Answer]:
        said: dict[str, Answer] = {}
        for days in reversed(common_days([self.below, self.above], on)):
            base = self.search.rules(self.below, days.first)
            house = self.search.rules(self.above, days.first)
            if base is None or house is None:
                continue
            for rule, counterpart in _pairs(base, house):
                known = said.get(rule.rule.id)
                if known is not None and known.verdict == NO:
                    continue
                answer = self._answer(base, house, rule, counterpart, days)
                if known is None or answer.verdict != YES:
                    said[rule.rule.id] = answer
        yield from said.values()

    def _answer(
        self, base: EventTerms, house: EventTerms, rule: RuleTerms, other: RuleTerms | None,
        days: Days,
    ) -> Answer:  # fmt: skip
        found = Found("unknown")
        if other is not None and base.governs is house.governs:
            found = self._alone(base, house, rule, other, days)
        if found.found != "none":
            found = self._whole(base, house, rule, days)
        verdict = {"none": YES, "some": NO, "unknown": NOT_DECIDED}[found.found]
        return Answer(
            QUESTION, self.above.id, verdict, rule.rule.id, days.first, days.last, found.orders,
            found.why or (PROVED if verdict == YES else ""), verdict != YES,
            {"base": self.below.id, "about": found.about},
        )  # fmt: skip

    def _alone(
        self, base: EventTerms, house: EventTerms, rule: RuleTerms, other: RuleTerms, days: Days
    ) -> Found:  # fmt: skip
        """Look for an order that passes the overlay's rule and not the base's."""
        agreed = self._agreements(days)
        terms = [base.governs, *rule.parts, *other.parts, *[each for two in agreed for each in two]]
        # The question is the same on other days where nothing that is asked reads the day.
        is_dated = any(self._reads_day(base.event, term) for term in reachable(terms))
        key = (*[term.index for term in terms], days.first if is_dated else 0)
        if key not in self._proved:
            self._proved[key] = self.search.find(
                lambda encoding: [
                    encoding.piece(base.governs).holds, _loosened(encoding, rule, other),
                    *self._agreed(encoding, days),
                ],
                days, [base, house], _anything, doubted=True,
            )  # fmt: skip
        return self._proved[key]

    def _whole(self, base: EventTerms, house: EventTerms, rule: RuleTerms, days: Days) -> Found:
        """Look for an order that the overlay approves and this rule of the base stops."""

        def wanted(encoding: Encoding) -> list[Formula]:
            here = outcome(encoding, rule)
            passes = both(encoding.piece(base.governs).holds, here.passes)
            slipped = both(approved(encoding, house), opposite(passes))
            late = both(
                encoding.piece(house.governs).holds,
                none_breached(encoding, house.deciding),
                _none_undecided(encoding, house),
                encoding.piece(base.governs).holds,
                here.breached,
            )
            return [either(slipped, late), *self._agreed(encoding, days)]

        return self.search.find(wanted, days, [base, house], slips_through, doubted=True)

    def _reads_day(self, event: str, term: Term) -> bool:
        """Tell whether a term is the day of the order, or the fact that says it."""
        _, fact = self.below.vocabulary.events[event].dated_by
        if term.op is Op.READ:
            assert isinstance(term.own, Reading)
            return term.own.attribute == attribute(fact)
        return term.op is Op.AS_OF

    def _agreements(self, days: Days) -> list[tuple[Term, Term]]:
        """Return what the base leaves to an agreement, each with what the overlay fixes."""
        found = []
        for name, parameter in self.below.parameters.items():
            theirs = parameter.history.at(days.first)
            ours = self.above.parameters[name].history.at(days.first)
            if theirs is None or ours is None or not theirs.is_open or ours.is_open:
                continue
            found.append(
                (
                    self._lowering.term(closed(self.below, theirs.value, days.first)),
                    self._lowering.term(closed(self.above, ours.value, days.first)),
                )
            )
        return found

    def _agreed(self, encoding: Encoding, days: Days) -> list[Formula]:
        """Return that what the base leaves to an agreement is what the overlay fixes."""
        found = []
        for left, right in self._agreements(days):
            fact, value = encoding.piece(left), encoding.piece(right)
            found.append(both(opposite(fact.unfit), compared(Op.EQUAL, fact, value)))
        return found


def _none_undecided(encoding: Encoding, event: EventTerms) -> Formula:
    return opposite(either(*[outcome(encoding, rule).undecided for rule in event.deciding]))


def _pairs(base: EventTerms, house: EventTerms) -> Iterator[tuple[RuleTerms, RuleTerms | None]]:
    """Yield the deciding rules of a base that changed, with what stands in their place."""
    found = {rule.rule.definition.name: rule for rule in house.deciding}
    for rule in base.deciding:
        other = found.get(rule.rule.definition.name)
        same = other is not None and all(
            ours is theirs for ours, theirs in zip(rule.parts, other.parts, strict=True)
        )
        if not same or base.governs is not house.governs:
            yield rule, other


def _loosened(encoding: Encoding, base: RuleTerms, house: RuleTerms) -> Formula:
    below, above = outcome(encoding, base), outcome(encoding, house)
    return either(both(above.passes, opposite(below.passes)), both(above.pending, below.breached))


def _anything(_runs: Sequence[Run]) -> bool:
    return True


def slips_through(runs: Sequence[Run]) -> bool:
    """Tell whether the overlay lets an order through that the base does not."""
    below, above = [run.decided.decision for run in runs]
    return (above == "approved" and below != "approved") or (
        above == "pending" and below == "rejected"
    )
