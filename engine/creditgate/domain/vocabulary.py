"""The vocabulary: every fact, enum, event, claim and reason a rulebook may name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Type


class NoneWhen(msgspec.Struct, frozen=True):
    """A fact is none exactly when a sibling enum fact has one of these members."""

    fact: str
    members: frozenset[str]


class Changeable(msgspec.Struct, frozen=True):
    """How a fact may be changed where it is asked what would have to change for an approval.

    `to` holds the directions: lower, higher, earlier, later. A value is a multiple of the fact
    `step`, as (entity, fact), where that is known. Rows of an element are meant in the lists of
    `within`, as (entity, fact).
    """

    to: tuple[str, ...]
    step: tuple[str, str] | None = None
    within: tuple[tuple[str, str], ...] = ()


class FactDeclaration(msgspec.Struct, frozen=True):
    """One fact of an entity.

    `kind` is the word of the vocabulary file (`money`, `price`, `enum`, ...); `type` carries the
    currency placeholder `¤` for money and price, replaced by the currency of the rulebook that
    reads the fact. `scale` is the number of decimals allowed, `low` and `high` inclusive bounds.
    """

    name: str
    kind: str
    type: Type
    title: Bilingual
    scale: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    may_be_none: bool = False
    none_when: NoneWhen | None = None
    target: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    changeable: Changeable | None = None


class Entity(msgspec.Struct, frozen=True):
    """A kind of record: `single`, `table` or `element`."""

    name: str
    kind: str
    title: Bilingual
    facts: Mapping[str, FactDeclaration]
    key: str | None = None
    list_name: str | None = None


class EnumDeclaration(msgspec.Struct, frozen=True):
    """A closed list of members with their titles."""

    name: str
    title: Bilingual
    members: Mapping[str, Bilingual]
    aliases: Mapping[str, tuple[tuple[str, str], ...]] = msgspec.field(default_factory=dict)


class Event(msgspec.Struct, frozen=True):
    """What is judged: its subjects and the fact that dates it (entity, fact).

    `rules_name` is the fact that the condition of every rule on the event must name, so that no
    rule meets what it was not written for. `timed_by` is the fact that says at which instant the
    event is judged, for deadlines within a day.
    """

    name: str
    title: Bilingual
    subjects: tuple[str, ...]
    dated_by: tuple[str, str]
    rules_name: tuple[str, str] | None = None
    timed_by: tuple[str, str] | None = None


class Claim(msgspec.Struct, frozen=True):
    """A statement that a person makes and answers for."""

    name: str
    title: Bilingual
    who: Bilingual | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why an order is refused, with the value of FIX OrdRejReason(103)."""

    name: str
    title: Bilingual
    fix_103: int


class DailyList(msgspec.Struct, frozen=True):
    """A list that is published for each day, and the facts, as (entity, fact), that it carries."""

    name: str
    title: Bilingual
    carries: tuple[tuple[str, str], ...]


class Vocabulary(msgspec.Struct, frozen=True):
    """Everything that has a name before a rulebook is read."""

    entities: Mapping[str, Entity]
    enums: Mapping[str, EnumDeclaration]
    events: Mapping[str, Event]
    claims: Mapping[str, Claim]
    reasons: Mapping[str, Reason]
    lists: Mapping[str, DailyList] = msgspec.field(default_factory=dict)

    def tables(self) -> Mapping[str, Entity]:
        """Return the table entities by the name of their list in a facts document."""
        return {e.list_name: e for e in self.entities.values() if e.list_name is not None}

    def fact(self, entity: str, name: str) -> FactDeclaration | None:
        """Return the declaration of a fact, or None if the entity has no such fact."""
        declared = self.entities.get(entity)
        return None if declared is None else declared.facts.get(name)


CURRENCY_PLACEHOLDER = "¤"
# The table of a facts document whose rows say of which day the daily lists are.
PUBLISHED_LIST = "published_list"
