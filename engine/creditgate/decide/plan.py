"""How the events of one day are decided by some rulebooks: prepared once, asked for every order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from creditgate.backends.scalar.runtime import NOT_GOVERNED, Verdict
from creditgate.decide.decision import (
    APPROVED,
    OUT_OF_SCOPE,
    REJECTED,
    BreachedRule,
    Core,
    GoverningRulebook,
)
from creditgate.decide.engine import CompiledEpoch, Engine
from creditgate.decide.kept_epochs import CodeDiffers
from creditgate.domain.facts import Facts, attribute
from creditgate.domain.vocabulary import Event, Vocabulary

if TYPE_CHECKING:
    from creditgate.backends.scalar.compile import Judge

MOST_PLANS: Final = 64
MOST_OUTCOMES: Final = 1024

# A decision, which rulebooks govern, and the rules breached.
_Outcome: TypeAlias = tuple[str, tuple[GoverningRulebook, ...], tuple[BreachedRule, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A rulebook that may govern an event on a day.

    A `plain` one has no deadlines, and finds nothing beside what its rules say.
    """

    engine: Engine
    compiled: CompiledEpoch
    plain: bool

    @classmethod
    def of(cls, engine: Engine, compiled: CompiledEpoch | None) -> Step | None:
        """Return the step of a rulebook, or None where it certainly does not govern the event."""
        if compiled is None or compiled.judge is None:
            return None
        return cls(engine, compiled, not (compiled.determines or compiled.deadlines))

    def governing(self, verdict: Verdict) -> GoverningRulebook:
        """Return whether the rulebook governs, as a verdict has it."""
        if verdict is NOT_GOVERNED:
            return self.engine.governing["no"]
        return self.engine.governing["yes" if verdict[0] is True else "unknown"]


class Plan:
    """What is the same for all events of a kind on a day."""

    __slots__ = (
        "as_of",
        "day",
        "engines",
        "event",
        "judges",
        "known",
        "only",
        "steps",
    )

    def __init__(self, engines: Sequence[Engine], event: str, day: int) -> None:
        self.event, self.day, self.as_of = event, day, date.fromordinal(day).isoformat()
        self.engines = [(each, Step.of(each, each.compiled(day, event))) for each in engines]
        self.steps = tuple([step for _, step in self.engines if step is not None])
        self._judge_with([step.compiled.judge for step in self.steps])

    def _judge_with(self, judges: Sequence[Judge | None]) -> None:
        self.judges = tuple([judge for judge in judges if judge is not None])
        self.only = self.judges[0] if len(self.judges) == 1 else None
        # What verdicts have come to: the same ones come to the same.
        self.known: dict[tuple[Verdict, ...], _Outcome] = {}

    def governing(self, verdicts: Sequence[Verdict]) -> tuple[GoverningRulebook, ...]:
        """Return which rulebooks govern, in the order in which they were named."""
        found = iter(verdicts)
        return tuple(
            engine.governing["no"] if step is None else step.governing(next(found))
            for engine, step in self.engines
        )

    def judged(self, facts: Facts) -> tuple[Verdict, ...]:
        """Return the verdict of each step."""
        root, claims, day = facts.root, facts.claims, self.day
        try:
            if self.only is not None:  # a loop takes as long as a rule
                return (self.only(root, claims, day),)
            return tuple([judge(root, claims, day) for judge in self.judges])
        except CodeDiffers:
            self._judge_with([step.compiled.judge_anew() for step in self.steps])
            return self.judged(facts)

    def quick(
        self, facts: Facts, verdicts: tuple[Verdict, ...], known_on: str | None
    ) -> Core | None:  # fmt: skip
        """Return the core where rules are met or breached and there is nothing else to say."""
        if facts.claims:
            return None
        found = self.known.get(verdicts) or self._outcome(verdicts)
        if found is None:
            return None
        decision, governing, breached = found
        return Core(decision, self.event, self.as_of, governing, breached, known_on=known_on)

    def _outcome(self, verdicts: tuple[Verdict, ...]) -> _Outcome | None:
        breached: list[BreachedRule] = []
        governed = False
        for step, verdict in zip(self.steps, verdicts, strict=True):
            if verdict is NOT_GOVERNED:
                continue
            governs, own, undecided, warned, warned_undecided = verdict
            if governs is not True or undecided or warned or warned_undecided or not step.plain:
                return None
            governed = True
            breached += [step.compiled.rules[place] for place in own]
        breached.sort(key=attrgetter("rule"))
        decision = REJECTED if breached else APPROVED if governed else OUT_OF_SCOPE
        if len(self.known) >= MOST_OUTCOMES:
            self.known = {}
        found = self.known[verdicts] = decision, self.governing(verdicts), tuple(breached)
        return found


def day_of(facts: Facts, event: Event) -> int | None:
    """Return the day by which an event is judged, or None if the facts do not say it."""
    return _day(facts, _dated_by(event))


def _dated_by(event: Event) -> attrgetter[Any]:
    entity, fact = event.dated_by
    return attrgetter(f"{attribute(entity)}.{attribute(fact)}")


def _day(facts: Facts, dated_by: attrgetter[Any]) -> int | None:
    try:
        day = dated_by(facts.root)
    except AttributeError:  # the record was not given
        return None
    return day if day.__class__ is int else None


class Plans:
    """The plans of some rulebooks. Safe to share between threads."""

    def __init__(self, engines: Sequence[Engine], vocabulary: Vocabulary) -> None:
        self.engines, self.vocabulary = tuple(engines), vocabulary
        self._dated_by = {each.name: _dated_by(each) for each in vocabulary.events.values()}
        self._plans: dict[tuple[str, int], Plan] = {}
        self._last = Plan((), "", 1)

    def knows(self, event: str) -> bool:
        """Tell whether there is an event of a name."""
        return event in self._dated_by

    def of(self, facts: Facts) -> Plan | None:
        """Return the plan for an event, or None where its day is not known."""
        event, last = facts.event, self._last
        day = _day(facts, self._dated_by[event])
        if day == last.day and event == last.event:
            return last
        return None if day is None else self.on(event, day)

    def on(self, event: str, day: int) -> Plan:
        """Return the plan for the events of a day."""
        found = self._plans.get((event, day))
        if found is None:
            found = Plan(self.engines, event, day)
            if len(self._plans) >= MOST_PLANS:
                self._plans = {}
            self._plans[event, day] = found
        self._last = found
        return found
