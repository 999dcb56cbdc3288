"""Facts for a program, from bytes: values on its limits, beside them, none, missing, empty."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import strategies
from tests.differential.choices import Choices
from tests.differential.expressions import FIRST_INSTANT, HOUR, TEXTS
from tests.differential.programs import Program
from tests.differential.world import (
    CLAIMS,
    ENTITIES,
    ENUMS,
    FIRST_DAY,
    LAST_DAY,
    ROOT,
    record_class,
)

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    TEXT,
    Duration,
    Enum,
    ListOf,
    Optional,
    Record,
    SetOf,
    Type,
    without_none,
)
from creditgate.domain.facts import MISSING, ClaimMade, Facts, attribute, record_attribute
from creditgate.ir.nodes import Band, Dated, Fact, Literal, Lookup

EDGES = (FIRST_DAY, LAST_DAY, FIRST_DAY + 7, LAST_DAY - 7, FIRST_DAY + 49)


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts with the day that is judged."""

    facts: Facts
    as_of: int | None


@dataclass(slots=True)
class Limits:
    """The constants of a program, near which facts are chosen, and the facts that it reads."""

    numbers: list[Fraction]
    days: list[int]
    read: set[tuple[str, str]]

    @classmethod
    def of(cls, program: Program) -> Limits:
        """Collect the limits of a program."""
        numbers: dict[Fraction, None] = {Fraction(0): None}
        days: dict[int, None] = dict.fromkeys(EDGES)
        read: set[tuple[str, str]] = set()
        for node in program.nodes():
            match node:
                case Literal(type=kind, value=value) if kind == COUNT:
                    assert isinstance(value, Fraction)
                    numbers[value] = None
                case Literal(type=kind, value=value) if kind == DATE:
                    assert isinstance(value, int)
                    days[value] = None
                case Lookup(rows=rows):
                    for keys, _ in rows:
                        for key in keys:
                            if isinstance(key, Band) and key.low is not None:
                                numbers[key.low] = None
                case Dated(entries=entries):
                    days.update(dict.fromkeys(day for day, _ in entries))
                case Fact(record=record, name=name):
                    kind = without_none(record.type)
                    assert isinstance(kind, Record)
                    read.add((kind.entity, name))
        return cls(list(numbers), list(days), read)


@dataclass(slots=True)
class Situations:
    """Make facts from choices."""

    choices: Choices
    limits: Limits

    def situation(self) -> Situation:
        """Return facts and a day."""
        issuers = [self.record("issuer", f"I{place}", {}) for place in range(2)]
        securities = [
            self.record("security", f"S{place}", {"issuer": issuers}) for place in range(2)
        ]
        tables = {"security": securities, "issuer": issuers}
        singles = {entity: self.record(entity, None, tables) for entity in ("order", "account")}
        for entity in list(singles):
            if self.choices.chance(3):
                singles[entity] = self.choices.one((MISSING, None))
        root = ROOT(**{attribute(entity): record for entity, record in singles.items()})
        claims = {
            claim: ClaimMade(claim, "desk", "2024-01-02T09:31:00+08:00")
            for claim in CLAIMS
            if self.choices.chance(30)
        }
        as_of = None if self.choices.chance(10) else self.day()
        return Situation(Facts("order", root, claims), as_of)

    def record(self, entity: str, key: str | None, tables: dict[str, list[Any]]) -> Any:
        """Return a record with the facts that the program reads."""
        values: dict[str, Any] = {} if key is None else {"id": key}
        for name, (kind, scale) in ENTITIES[entity].items():
            if (entity, name) not in self.limits.read or name == "id":
                continue
            if self.choices.chance(5):
                continue
            if isinstance(kind, Optional) and self.choices.chance(20):
                values[attribute(name)] = None
                continue
            plain = without_none(kind)
            if isinstance(plain, Record):
                self.point(values, name, tables[plain.entity])
            elif isinstance(plain, ListOf):
                count = self.choices.one((2, 1, 3, 0))
                values[attribute(name)] = tuple(
                    self.record(plain.entity, f"{plain.entity}{place}", tables)
                    for place in range(count)
                )
            else:
                values[attribute(name)] = self.value(plain, scale)
        return record_class(entity)(**values)

    def point(self, values: dict[str, Any], name: str, table: list[Any]) -> None:
        """Point a reference to a record that is given, or now and then to one that is not."""
        record = self.choices.one(table)
        values[attribute(name)] = record.id
        if not self.choices.chance(4):
            values[record_attribute(name)] = record

    def value(self, kind: Type, scale: int) -> Any:
        """Return a value that is neither missing nor none."""
        choices = self.choices
        match kind:
            case Enum(name):
                return choices.one(ENUMS[name])
            case SetOf(Enum(name)):
                return frozenset(member for member in ENUMS[name] if choices.chance(50))
            case Duration("seconds"):
                return (choices.below(9) - 2) * HOUR + choices.below(3) - 1
            case Duration("months"):
                return choices.one((0, 1, -1, 12, 25, -13))
            case Duration():
                return choices.below(12) - 4
        if kind == BOOLEAN:
            return choices.chance(50)
        if kind == DATE:
            return self.day()
        if kind == INSTANT:
            return FIRST_INSTANT + choices.below(200) * 12 * HOUR + choices.below(3) - 1
        if kind == TEXT:
            return choices.one(TEXTS)
        if kind == COUNT:
            return self.number(scale)
        return 560 + choices.below(30)

    def day(self) -> int:
        """Return a day, usually on or beside one that matters."""
        choices = self.choices
        if choices.chance(60):
            return choices.one(self.limits.days) + choices.below(3) - 1
        return FIRST_DAY - 5 + choices.below(100)

    def number(self, scale: int) -> int:
        """Return a number as it is held, usually on or beside one that matters."""
        choices = self.choices
        if choices.chance(60):
            limit = choices.one(self.limits.numbers) * Fraction(10) ** scale
            return floor(limit) + choices.one((0, 1, -1))
        return (choices.below(256) - 60) * choices.one((1, int(10**scale), 7))


def situation(limits: Limits, source: bytes) -> Situation:
    """Return the situation that bytes stand for."""
    return Situations(Choices(source), limits).situation()


SITUATION_BYTES = strategies.binary(min_size=160, max_size=160)
