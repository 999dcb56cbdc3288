"""Facts for a program, from bytes: values on its limits, beside them, none, missing, empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from random import Random
from typing import Any

from tests.differential.choices import Choices
from tests.differential.expressions import HOUR, TEXTS
from tests.differential.records import record_class

from creditgate.domain.dsl_types import (
    BOOLEAN,
    DATE,
    INSTANT,
    TEXT,
    Duration,
    Enum,
    ListOf,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
    without_none,
)
from creditgate.domain.facts import MISSING, ClaimMade, Facts, attribute, record_attribute
from creditgate.domain.vocabulary import Entity, FactDeclaration
from creditgate.ir.nodes import Band, Claimed, Dated, Expr, Fact, Literal, Lookup, Root
from creditgate.ir.rulebook import Epoch

UNIX_DAY = 719163
# Beside what 32 bits hold, what products of two are near the edge of 64, and what a column takes.
LARGE = (2**31, 2**47, 2**62)
MADE = ClaimMade("claim", "desk", "2024-01-02T09:31:00+08:00")


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts with the day that is judged."""

    facts: Facts
    as_of: int | None


@dataclass(slots=True)
class Limits:
    """What facts are chosen near or for: the constants of a program, and what it reads."""

    epoch: Epoch
    numbers: list[Fraction]
    days: list[int]
    texts: list[str]
    claims: list[str]
    roots: list[str]
    read: set[tuple[str, str]]

    @classmethod
    def of(cls, epoch: Epoch, nodes: Iterable[Expr]) -> Limits:
        """Collect the limits of expressions in an epoch."""
        calendars = epoch.rulebook.calendars.values()
        days = [day for each in calendars for day in (each.first_day, each.last_day)]
        limits = cls(epoch, [Fraction(0)], [epoch.start, *days], list(TEXTS), [], [], set())
        for node in nodes:
            limits.note(node)
        for name in ("numbers", "days", "texts", "claims", "roots"):
            setattr(limits, name, list(dict.fromkeys(getattr(limits, name))))
        return limits

    def note(self, node: Expr) -> None:
        """Take one expression into account."""
        match node:
            case Literal(type=Number(), value=Fraction() as value):
                self.numbers.append(value)
            case Literal(type=kind, value=int() as value) if kind == DATE:
                self.days.append(value)
            case Literal(type=kind, value=str() as value) if kind == TEXT:
                self.texts.append(value)
            case Lookup(rows=rows):
                bands = [key for keys, _ in rows for key in keys if isinstance(key, Band)]
                self.numbers += [band.low for band in bands if band.low is not None]
            case Dated(entries=entries):
                self.days += [day for day, _ in entries]
            case Claimed(claim=claim):
                self.claims.append(claim)
            case Root(entity=entity):
                self.roots.append(entity)
            case Fact(record=record, name=name):
                kind = without_none(record.type)
                assert isinstance(kind, Record)
                self.read.add((kind.entity, name))


@dataclass(slots=True)
class Situations:
    """Make facts from choices; where they are `large`, many numbers just fit into a column."""

    choices: Choices
    limits: Limits
    tables: dict[str, list[Any]]
    large: bool = False

    def situation(self) -> Situation:
        """Return facts and a day."""
        vocabulary = self.limits.epoch.rulebook.vocabulary
        for entity in vocabulary.tables().values():
            records = [record_class(vocabulary, entity.name)() for _ in range(2)]
            self.tables[entity.name] = records
        for name, records in self.tables.items():
            for place, record in enumerate(records):
                self.fill(record, vocabulary.entities[name], f"{name}{place}")
        singles: dict[str, Any] = {}
        for name in self.limits.roots:
            singles[attribute(name)] = record = record_class(vocabulary, name)()
            self.fill(record, vocabulary.entities[name], None)
            if self.choices.chance(3):
                singles[attribute(name)] = self.choices.one((MISSING, None))
        claims = {claim: MADE for claim in self.limits.claims if self.choices.chance(30)}
        as_of = None if self.choices.chance(10) else self.day()
        root = record_class(vocabulary, None)(**singles)
        return Situation(Facts("order", root, claims), as_of)

    def fill(self, record: Any, entity: Entity, key: str | None) -> None:
        """Give a record the facts that the program reads."""
        # One row of a list is often the only one of which something is missing.
        missing = 12 if entity.kind == "element" else 5
        for fact in entity.facts.values():
            if (entity.name, fact.name) not in self.limits.read or self.choices.chance(missing):
                continue
            if isinstance(fact.type, Optional) and self.choices.chance(20):
                setattr(record, attribute(fact.name), None)
            else:
                self.give(record, fact)
        keyed = entity.key is not None and entity.facts[entity.key].type == TEXT
        if key is not None and keyed:
            setattr(record, attribute(str(entity.key)), key)

    def give(self, record: Any, fact: FactDeclaration) -> None:
        """Give a record one fact that is neither missing nor none."""
        plain = without_none(fact.type)
        value: Any
        if isinstance(plain, Record):
            place = self.choices.below(2)
            value = f"{plain.entity}{place}"
            # Now and then a reference points to a record that is not given.
            if not self.choices.chance(4):
                pointed = self.tables[plain.entity][place]
                setattr(record, record_attribute(fact.name), pointed)
        elif isinstance(plain, ListOf):
            vocabulary = self.limits.epoch.rulebook.vocabulary
            element = vocabulary.entities[plain.entity]
            rows = [
                record_class(vocabulary, element.name)()
                for _ in range(self.choices.one((2, 1, 3, 0)))
            ]
            for number, row in enumerate(rows):
                self.fill(row, element, f"{element.name}{number}")
            value = tuple(rows)
        else:
            value = self.value(plain, fact.scale)
        setattr(record, attribute(fact.name), value)

    def value(self, kind: Type, scale: int) -> Any:
        """Return a value of a type that is not made of records."""
        choices = self.choices
        match kind:
            case Enum(name):
                return choices.one(self.members(name))
            case SetOf(Enum(name)):
                return frozenset(each for each in self.members(name) if choices.chance(50))
            case SetOf():
                return frozenset(each for each in self.limits.texts if choices.chance(50))
            case Duration("seconds"):
                return (choices.below(9) - 2) * HOUR + choices.below(3) - 1
            case Duration("months"):
                return choices.one((0, 1, -1, 12, 25, -13))
            case Duration():
                return choices.below(12) - 4
            case Number():
                return self.number(scale)
        if kind == BOOLEAN:
            return choices.chance(50)
        if kind == DATE:
            return self.day()
        if kind == INSTANT:
            noon = (self.day() - UNIX_DAY) * 24 * HOUR + choices.below(4) * 6 * HOUR
            return noon + choices.below(3) - 1
        if kind == TEXT:
            return choices.one(self.limits.texts)
        return 560 + choices.below(30)

    def members(self, enum: str) -> list[str]:
        """Return the members of an enum."""
        return list(self.limits.epoch.rulebook.vocabulary.enums[enum].members)

    def day(self) -> int:
        """Return a day, usually on or beside one that matters."""
        choices = self.choices
        if choices.chance(60):
            return choices.one(self.limits.days) + choices.below(3) - 1
        return self.limits.epoch.start - 5 + choices.below(100)

    def number(self, scale: int) -> int:
        """Return a number as it is held, usually on or beside one that matters."""
        choices = self.choices
        if self.large and choices.chance(50):
            return choices.one((1, -1)) * (choices.one(LARGE) - choices.below(3))
        if choices.chance(60):
            limit = choices.one(self.limits.numbers) * Fraction(10) ** scale
            return floor(limit) + choices.one((0, 1, -1))
        return (choices.below(256) - 60) * choices.one((int(10**scale), 1, int(10**scale), 7))


def situation(limits: Limits, source: bytes, *, large: bool = False) -> Situation:
    """Return the situation that bytes stand for."""
    return Situations(Choices(source), limits, {}, large).situation()


def mixed(
    limits: Limits, situations: Sequence[Situation], random: Random, count: int
) -> list[Situation]:  # fmt: skip
    """Return so many situations in which orders of some have the accounts of others."""
    root = record_class(limits.epoch.rulebook.vocabulary, None)
    found = []
    for _ in range(count):
        own, other = random.choice(situations), random.choice(situations)
        records = {
            attribute("order"): getattr(own.facts.root, attribute("order")),
            attribute("account"): getattr(other.facts.root, attribute("account")),
        }
        found.append(Situation(Facts("order", root(**records), {}), own.as_of))
    return found
