"""Rulebooks as data: what is defined, since when, on what authority; and one epoch of them.

A `Rulebook` holds every version of everything. An `Epoch` is what is in force between two dates of
change: its expressions are closed (no parameter, table or figure is left to look up by name).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from creditgate.base.spans import NOWHERE, Span
from creditgate.domain.calendar import Calendar
from creditgate.domain.citation import Bilingual, Instrument, Source
from creditgate.domain.dsl_types import Type
from creditgate.domain.timeline import Interval, Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Expr, Key, Literal


@dataclass(frozen=True, slots=True)
class Force:
    """Days on which something is in force, and the source that says so."""

    interval: Interval
    source: Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a history: an expression (a constant, or the fact of an open entry)."""

    value: Expr
    source: Source
    is_open: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ParameterDefinition:
    """A dated constant. `stricter` is `higher`, `lower` or None; `origin` the rulebook's id."""

    name: str
    origin: str
    chapter: Bilingual
    title: Bilingual
    type: Type
    stricter: str | None
    history: Timeline[Entry]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A key column of a table: the members of an enum, or bands of a number."""

    name: str
    type: Type
    enum: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All cells of a table from one day on: a row of keys and the constants of its columns."""

    rows: tuple[tuple[tuple[Key, ...], Mapping[str, Literal]], ...]  # none: not known yet
    source: Source
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A dated table; a table of one value has the single column `value`."""

    name: str
    origin: str
    chapter: Bilingual
    title: Bilingual
    dimensions: tuple[Dimension, ...]
    columns: Mapping[str, Type]
    stricter: str | None
    history: Timeline[Sheet]
    column_titles: Mapping[str, Bilingual] = field(default_factory=dict)
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FigureVersion:
    """A formula in force from its day on."""

    formula: Expr
    text: str
    source: Source
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """A named formula, of an entity where `of` names one.

    `replaced` is the meaning that `base` stands for in an overlay's formula.
    """

    name: str
    origin: str
    chapter: Bilingual
    title: Bilingual
    type: Type
    of: str | None
    variable: str | None
    stricter: str | None
    versions: Timeline[FigureVersion]
    replaced: FigureDefinition | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """Words with expressions in them, in both languages."""

    en: tuple[str | Expr, ...]
    zh: tuple[str | Expr, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes to the order that may make it pass; each part is a whole order."""

    when: Expr | None
    parts: tuple[Mapping[tuple[str, str], Expr], ...]
    title: Bilingual | None


@dataclass(frozen=True, slots=True)
class ExemptionDefinition:
    """A condition under which the rule does not apply."""

    id: str
    origin: str
    title: Bilingual | None
    when: Expr
    text: str
    in_force: tuple[Force, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when what a rule requires may be done; `before` holds while that is still to come."""

    due: Expr
    before: Expr
    text: str


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """A rule with all its exemptions; `require` is already negated for a `forbid`."""

    name: str
    origin: str
    chapter: Bilingual
    title: Bilingual
    event: str
    when: Expr | None
    when_text: str | None
    exemptions: tuple[ExemptionDefinition, ...]
    require: Expr
    require_text: str
    forbids: bool
    effect: str
    reason: str
    breach: Message
    remedies: tuple[Remedy, ...]
    in_force: tuple[Force, ...]
    deadline: Deadline | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Return the name by which decisions report the rule."""
        return f"{self.origin}/{self.name}"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a determination; `when` None is the last resort, `to` None is `previous`."""

    to: str | None
    when: Expr | None
    text: str | None


@dataclass(frozen=True, slots=True)
class DeterminationDefinition:
    """Ordered cases that give a status."""

    name: str
    origin: str
    chapter: Bilingual
    title: Bilingual
    event: str
    values: Mapping[str, Bilingual]
    cases: tuple[Case, ...]
    predicts: str | None
    previous: Expr | None
    first: str | None
    in_force: tuple[Force, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)


#: What a rulebook defines under a name.
Definition = (
    RuleDefinition
    | DeterminationDefinition
    | ParameterDefinition
    | TableDefinition
    | FigureDefinition
)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook with all that it inherits, each thing known by its name.

    It governs from `start` up to and including `end` (None: without end).
    `lineage` names the rulebooks it is made of, the farthest base first; `recited` holds an
    overlay's own citations of inherited things. With `known_on` (an ordinal) it holds what was
    published by that day; where even its start was not, it is not known and has no epoch.
    `declared` holds the titles of figures that an abstract rulebook leaves to those above it.
    """

    id: str
    title: Bilingual
    authority: Bilingual
    mode: str | None
    lineage: tuple[str, ...]
    abstract: bool
    currency: str
    time_zone: str
    trading_calendar: str
    settlement_calendar: str
    start: int
    end: int | None
    start_source: Source
    governs: Mapping[str, Expr]
    instruments: Mapping[str, Instrument]
    parameters: Mapping[str, ParameterDefinition]
    tables: Mapping[str, TableDefinition]
    figures: Mapping[str, FigureDefinition]
    rules: Mapping[str, RuleDefinition]
    determinations: Mapping[str, DeterminationDefinition]
    recited: Mapping[str, Timeline[Source]]
    vocabulary: Vocabulary
    calendars: Mapping[str, Calendar]
    known_on: int | None = None
    is_known: bool = True
    declared: Mapping[str, Bilingual] = field(default_factory=dict)

    def change_days(self) -> tuple[int, ...]:
        """Return the days on which an epoch begins, the first day of the rulebook first."""
        if not self.is_known:
            return ()
        days = {self.start}
        for parameter in self.parameters.values():
            days.update(parameter.history.days)
        for table in self.tables.values():
            days.update(table.history.days)
        for figure in self.figures.values():
            layer: FigureDefinition | None = figure
            while layer is not None:
                days.update(layer.versions.days)
                layer = layer.replaced
        forces = [force for item in self.determinations.values() for force in item.in_force]
        for rule in self.rules.values():
            forces += [*rule.in_force, *(f for item in rule.exemptions for f in item.in_force)]
        for force in forces:
            days.add(force.interval.start)
            if force.interval.end is not None:
                days.add(force.interval.end + 1)
        return tuple(sorted(day for day in days if self.covers(day)))

    def covers(self, day: int) -> bool:
        """Tell whether the rulebook governs anything on a day: outside its time it says nothing."""
        return day >= self.start and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class EpochRule:
    """A rule in force: closed expressions, in the order of the law."""

    id: str
    event: str
    when: Expr | None
    exemptions: tuple[tuple[str, Expr], ...]
    require: Expr
    effect: str
    definition: RuleDefinition
    deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class EpochDetermination:
    """A determination in force."""

    name: str
    event: str
    cases: tuple[tuple[str | None, Expr | None], ...]
    previous: Expr | None
    first: str | None
    definition: DeterminationDefinition


@dataclass(frozen=True, slots=True)
class Epoch:
    """What a rulebook says from `start` up to and including `end` (None: without end)."""

    rulebook: Rulebook
    start: int
    end: int | None
    governs: Mapping[str, Expr]
    rules: tuple[EpochRule, ...]
    figures: Mapping[str, Expr]
    determinations: tuple[EpochDetermination, ...]
