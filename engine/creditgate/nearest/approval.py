"""Whether an event is approved over a region of the open facts: certainly, never, or in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from creditgate.decide.engine import Engine
from creditgate.domain.facts import Facts
from creditgate.domain.outcomes import NOT_APPLICABLE, SATISFIED
from creditgate.ir.rulebook import Epoch, EpochRule
from creditgate.nearest.congruences import Congruence
from creditgate.nearest.open_values import (
    AND,
    IF,
    NOT,
    OR,
    FactName,
    Open,
    PartialEvaluation,
    Settled,
)
from creditgate.nearest.possible_conditions import CONDITIONS
from creditgate.nearest.possible_numbers import NUMBERS, steps_of
from creditgate.nearest.possible_values import FALSE, TRUE, Build, PossibleValues
from creditgate.nearest.regions import Region
from creditgate.reference.judge import judge

YES: Final = "yes"
NO: Final = "no"
IN_PARTS: Final = "in_parts"
BUILDS: Final[Mapping[str, Build]] = {**NUMBERS, **CONDITIONS}


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that decides, as far as the facts that are not open leave it open."""

    id: str
    when: Any
    exemptions: tuple[Any, ...]
    require: Any

    @property
    def is_settled(self) -> bool:
        """Tell whether the open facts do not matter to the rule."""
        return not any(isinstance(p, Open) for p in (self.when, *self.exemptions, self.require))


@dataclass(frozen=True, slots=True)
class OpenRulebook:
    """A rulebook that may govern the event: whether it does, and the rules that are not met yet."""

    id: str
    governs: Any
    rules: tuple[OpenRule, ...]


@dataclass(slots=True)
class Verdict:
    """Whether everything in a region is approved, nothing, or parts of it.

    `stopped_by` is a rule that stops everything. `steps` are congruences, by the place of a fact,
    without which nothing is approved; `values` say where to divide a region.
    """

    word: str
    stopped_by: str | None
    steps: set[tuple[int, Congruence]]
    values: PossibleValues


@dataclass(frozen=True, slots=True)
class OpenFact:
    """A fact that is left open: its record, and what one of what is held is worth."""

    record: Any
    entity: str
    name: str
    unit: Fraction


class SettledRulebooks:
    """The rulebooks that may govern an event on a day, with what its facts settle."""

    def __init__(self, engines: Sequence[Engine], facts: Facts, day: int) -> None:
        self.event = facts.event
        self.epochs = [
            (epoch, Settled(facts, day, engine.rulebook.calendars))
            for engine in engines
            if (epoch := engine.epoch(day)) is not None and facts.event in epoch.governs
        ]
        self._unmet: list[tuple[str, frozenset[FactName]]] = []
        #: The facts that some rule, or what governs, may read.
        self.reads: frozenset[FactName] = frozenset()
        for epoch, known in self.epochs:
            governs = known.reads(epoch.governs[facts.event])
            self.reads |= governs
            for rule in epoch.rules:
                if rule.event == facts.event and rule.effect != "warn":
                    reads = governs | _read_by(rule, known)
                    self.reads |= reads
                    if not _is_met(epoch, rule, known):
                        self._unmet.append((rule.id, reads))

    def stopping(self, names: frozenset[FactName]) -> tuple[str, ...]:
        """Return the rules that stop the event, whatever some facts (entity, fact) are: they read none."""
        return tuple(rule for rule, reads in self._unmet if reads.isdisjoint(names))


class Approval:
    """The conditions of an approval under some rulebooks, with some facts of an event left open.

    `computed` is how many expressions were evaluated to get at them.
    """

    def __init__(self, settled: SettledRulebooks, facts: Sequence[OpenFact]) -> None:
        self.units = tuple(fact.unit for fact in facts)
        places = {(id(fact.record), fact.name): place for place, fact in enumerate(facts)}
        names = frozenset((fact.entity, fact.name) for fact in facts)
        self.rulebooks: list[OpenRulebook] = []
        self.computed = 0
        for epoch, known in settled.epochs:
            evaluation = PartialEvaluation(known, places, names)
            book = _open_rulebook(epoch, settled.event, evaluation)
            self.computed += evaluation.computed
            if book is not None:
                self.rulebooks.append(book)

    @property
    def open_places(self) -> frozenset[int]:
        """Return the places of the facts on which the approval depends."""
        found: set[int] = set()
        seen: set[int] = set()
        waiting: list[Any] = []
        for book in self.rulebooks:
            waiting.append(book.governs)
            for rule in book.rules:
                waiting += [rule.when, *rule.exemptions, rule.require]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Open) and id(value) not in seen:
                seen.add(id(value))
                waiting.extend(value.parts)
                if value.operation == "fact":
                    found.add(value.own)
        return frozenset(found)

    def settled_breaches(self) -> tuple[str, ...]:
        """Return the rules that stop the event whatever the open facts are."""
        return tuple(
            rule.id
            for book in self.rulebooks
            if book.governs is not False and not isinstance(book.governs, Open)
            for rule in book.rules
            if rule.is_settled
        )

    def over(self, region: Region) -> Verdict:
        """Return what is certain of a region."""
        values = PossibleValues(region, self.units, BUILDS)
        steps: set[tuple[int, Congruence]] = set()
        word, governed = YES, 0
        for book in self.rulebooks:
            governs = values.bits(book.governs)
            if governs == FALSE:
                continue
            governed |= governs
            if governs != TRUE:
                word = IN_PARTS
                if not governs & (TRUE | FALSE):
                    return Verdict(NO, f"{book.id}/governs", set(), values)
            for rule in book.rules:
                passes, needed = _passes(values, rule)
                if passes == YES:
                    continue
                word = IN_PARTS
                if governs == TRUE:
                    if passes == NO:
                        return Verdict(NO, rule.id, set(), values)
                    steps |= needed
        if not governed & TRUE:
            return Verdict(NO, None, set(), values)
        return Verdict(word, None, steps, values)


def _read_by(rule: EpochRule, settled: Settled) -> frozenset[FactName]:
    parts = [rule.when, rule.require, *(condition for _, condition in rule.exemptions)]
    each = [settled.reads(node) for node in parts if node is not None]
    return frozenset[FactName]().union(*each)


def _is_met(epoch: Epoch, rule: EpochRule, settled: Settled) -> bool:
    """Tell whether a rule does not stand in the way of the event as it is given."""
    if settled.evaluation.known(epoch.governs[rule.event]) is False:
        return True
    return judge(settled.evaluation, rule).outcome in {SATISFIED, NOT_APPLICABLE}


def _open_rulebook(epoch: Epoch, event: str, evaluation: PartialEvaluation) -> OpenRulebook | None:
    governs = evaluation.known(epoch.governs[event])
    if governs is False:
        return None
    rules = [
        rule
        for each in epoch.rules
        if each.event == event and each.effect != "warn"
        for rule in _open_rule(each, evaluation)
    ]
    return OpenRulebook(epoch.rulebook.id, governs, tuple(rules))


def _open_rule(rule: EpochRule, evaluation: PartialEvaluation) -> Iterator[OpenRule]:
    """Yield a rule, unless it stands in nobody's way whatever the open facts are."""
    when = True if rule.when is None else evaluation.known(rule.when)
    if when is False:
        return
    exemptions = [evaluation.known(condition) for _, condition in rule.exemptions]
    require = evaluation.known(rule.require)
    if require is True or any(exempt is True for exempt in exemptions):
        return
    yield OpenRule(rule.id, when, tuple(e for e in exemptions if e is not False), require)


def _passes(values: PossibleValues, rule: OpenRule) -> tuple[str, set[tuple[int, Congruence]]]:
    """Return whether a rule is met or does not apply, and the steps it needs for that.

    It stands in the way unless `when` is false, an exemption is true, or what it requires is true.
    """
    when = values.bits(rule.when)
    if when == FALSE:
        return YES, set()
    exemptions = [values.bits(exempt) for exempt in rule.exemptions]
    require = values.bits(rule.require)
    if require == TRUE or TRUE in exemptions:
        return YES, set()
    escapes = when & FALSE or any(exempt & TRUE for exempt in exemptions)
    if not escapes and not require & TRUE:
        return NO, set()
    return IN_PARTS, set() if escapes else set(_needed(values, rule.require, True))


def _needed(values: PossibleValues, value: Any, wanted: bool) -> Iterator[tuple[int, Congruence]]:
    """Yield steps that hold wherever a condition is as wanted."""
    if not isinstance(value, Open):
        return
    if value.operation == NOT:
        yield from _needed(values, value.parts[0], not wanted)
    elif value.operation in {AND, OR}:
        bit = TRUE if wanted else FALSE
        every = wanted is (value.operation == AND)
        able = [part for part in value.parts if values.bits(part) & bit]
        if every or len(able) == 1:
            for part in value.parts if every else able:
                yield from _needed(values, part, wanted)
    elif value.operation == IF:
        test = values.bits(value.parts[0])
        if test in (TRUE, FALSE):
            yield from _needed(values, value.parts[1 if test == TRUE else 2], wanted)
    elif wanted:
        steps = steps_of(values, value)
        if steps is not None and values.region.spans[steps[0]].fits(steps[1]) is None:
            yield steps
