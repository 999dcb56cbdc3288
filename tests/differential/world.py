"""A small market for generated programs: entities, enums, calendars, records, an empty rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.differential.records import record_class

from creditgate.base.spans import NOWHERE
from creditgate.domain.calendar import Calendar
from creditgate.domain.citation import Bilingual, Source
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    TEXT,
    TIME,
    Duration,
    Enum,
    ListOf,
    Optional,
    Record,
    SetOf,
    Type,
    without_none,
)
from creditgate.domain.vocabulary import Entity, EnumDeclaration, FactDeclaration, Vocabulary
from creditgate.ir.nodes import Apply, AsOf, Expr, Fact, Root
from creditgate.ir.rulebook import (
    Deadline,
    Epoch,
    EpochRule,
    Message,
    Rulebook,
    RuleDefinition,
)

WORDS = Bilingual("words", "文字")
FIRST_DAY = date(2024, 1, 1).toordinal()
LAST_DAY = date(2024, 3, 31).toordinal()
WEEKEND = frozenset({5, 6})
CALENDARS = {
    "TRADING": Calendar.build(
        "TRADING",
        ("Exchange", "交易所"),
        "Asia/Shanghai",
        FIRST_DAY,
        LAST_DAY,
        [
            date(2024, 1, 1).toordinal(),
            *range(date(2024, 2, 12).toordinal(), date(2024, 2, 16).toordinal()),
        ],
        WEEKEND,
        570,
        900,
        {date(2024, 2, 9).toordinal(): 690},
    ),
    "SETTLEMENT": Calendar.build(
        "SETTLEMENT",
        ("Settlement", "交收"),
        "America/New_York",
        FIRST_DAY + 7,
        LAST_DAY - 7,
        [date(2024, 2, 19).toordinal()],
        WEEKEND,
        570,
        960,
        {},
    ),
}
ENUMS = {
    "action": ("buy", "sell", "short", "cover"),
    "order_type": ("limit", "market", "stop"),
    "security_class": ("stock", "etf", "bond", "right"),
}
CLAIMS = ("market_making", "no_fail", "odd_lot")


def _facts(**types: tuple[Type, int] | Type) -> dict[str, tuple[Type, int]]:
    return {name: kind if isinstance(kind, tuple) else (kind, 0) for name, kind in types.items()}


ENTITIES: Mapping[str, dict[str, tuple[Type, int]]] = {
    "order": _facts(
        action=Enum("action"),
        kind=Optional(Enum("order_type")),
        security=Record("security"),
        other=Optional(Record("security")),
        quantity=COUNT,
        tick=(COUNT, 1),
        price=(Optional(COUNT), 2),
        factor=(COUNT, 3),
        limit=(COUNT, 4),
        share=(COUNT, 5),
        rate=(Optional(COUNT), 6),
        flag=BOOLEAN,
        marked=Optional(BOOLEAN),
        traded_on=DATE,
        expires_on=Optional(DATE),
        entered_at=INSTANT,
        at_time=TIME,
        held_for=Duration("seconds"),
        term=Duration("days"),
        months=Duration("months"),
        sessions=Duration("trading_days"),
        deliveries=Duration("settlement_days"),
        venues=SetOf(Enum("security_class")),
        label=TEXT,
        code=Optional(TEXT),
    ),
    "account": _facts(
        level=Enum("action"),
        cash=(COUNT, 2),
        debt=(COUNT, 2),
        opened_on=DATE,
        positions=ListOf("position"),
        contracts=ListOf("contract"),
    ),
    "security": {
        "id": (TEXT, 0),
        "class": (Enum("security_class"), 0),
        "issuer": (Record("issuer"), 0),
        "price": (COUNT, 4),
        "earnings": (Optional(COUNT), 6),
        "listed_on": (DATE, 0),
        "suspended": (BOOLEAN, 0),
    },
    "issuer": _facts(id=TEXT, size=COUNT, rating=Optional(Enum("order_type"))),
    "position": _facts(
        id=TEXT,
        security=Record("security"),
        quantity=COUNT,
        cost=(Optional(COUNT), 2),
        held=BOOLEAN,
        since=DATE,
    ),
    "contract": _facts(
        id=TEXT,
        security=Record("security"),
        amount=(COUNT, 2),
        rate=(COUNT, 5),
        opened_on=DATE,
        state=Enum("action"),
        rollovers=ListOf("rollover"),
    ),
    "rollover": _facts(
        id=TEXT, on=Optional(DATE), resets=BOOLEAN, fee=(COUNT, 3), term=Duration("days")
    ),
}
SINGLE = ("order", "account")
TABLES = ("security", "issuer")


_KINDS: Mapping[type, str] = {
    Enum: "enum", SetOf: "set", ListOf: "list", Record: "reference", Duration: "duration",
}  # fmt: skip
_PLAIN_KINDS = {BOOLEAN: "boolean", DATE: "date", INSTANT: "instant", TIME: "time", TEXT: "text"}


def _kind(kind: Type) -> tuple[str, str | None]:
    """Return the word of a type in a vocabulary, and what it points to."""
    plain = without_none(kind)
    if plain in _PLAIN_KINDS:
        return _PLAIN_KINDS[plain], None
    word = _KINDS.get(type(plain), "number")
    target = getattr(plain, "entity", getattr(plain, "name", None))
    return word, target if isinstance(target, str) else None


def _declared(entity: str, name: str, kind: Type, scale: int) -> FactDeclaration:
    word, target = _kind(kind)
    return FactDeclaration(
        name,
        word,
        kind,
        WORDS,
        scale,
        Decimal(-1000),
        Decimal(1000),
        may_be_none=isinstance(kind, Optional),
        target=target,
    )


VOCABULARY = Vocabulary(
    entities={
        name: Entity(
            name,
            "single" if name in SINGLE else "table" if name in TABLES else "element",
            WORDS,
            {fact: _declared(name, fact, *kind) for fact, kind in facts.items()},
            key="id" if "id" in facts else None,
            list_name=f"{name}s" if name in TABLES else None,
        )
        for name, facts in ENTITIES.items()
    },
    enums={
        name: EnumDeclaration(name, WORDS, dict.fromkeys(members, WORDS))
        for name, members in ENUMS.items()
    },
    events={},
    claims={},
    reasons={},
)


RULEBOOK = Rulebook(
    id="test/world",
    title=WORDS,
    authority=WORDS,
    mode=None,
    lineage=("test/world",),
    abstract=False,
    currency="CNY",
    time_zone="Asia/Shanghai",
    trading_calendar="TRADING",
    settlement_calendar="SETTLEMENT",
    start=FIRST_DAY,
    end=None,
    start_source=Source(None, "official"),
    governs={},
    instruments={},
    parameters={},
    tables={},
    figures={},
    rules={},
    determinations={},
    recited={},
    vocabulary=VOCABULARY,
    calendars=CALENDARS,
)


def record(entity: str, **facts: Any) -> Any:
    """Return a record of an entity with some facts, the others missing."""
    return record_class(VOCABULARY, entity)(**facts)


def root(**records: Any) -> Any:
    """Return the root of facts."""
    return record_class(VOCABULARY, None)(**records)


def rule(
    name: str,
    when: Expr | None,
    exemptions: tuple[Expr, ...],
    require: Expr,
    effect: str = "reject",
    deadline: Deadline | None = None,
) -> EpochRule:
    """Return a rule on orders."""
    definition = RuleDefinition(
        name,
        "test/world",
        WORDS,
        WORDS,
        "order",
        when,
        None,
        (),
        require,
        "",
        False,
        effect,
        "other",
        Message((), ()),
        (),
        (),
        deadline,
        NOWHERE,
    )
    numbered = tuple((f"exemption_{place}", each) for place, each in enumerate(exemptions))
    return EpochRule(
        definition.id, "order", when, numbered, require, effect, definition, deadline
    )  # fmt: skip


def deadline_on(due: Expr) -> Deadline:
    """Return a deadline that is a date: it is still to come before that day."""
    return Deadline(due, Apply(BOOLEAN, "less", (AsOf(DATE), due)), "")


def deadline_at(due: Expr) -> Deadline:
    """Return a deadline that is an instant: it is compared with when the order was entered."""
    entered = Fact(INSTANT, Root(Record("order"), "order"), "entered_at")
    return Deadline(due, Apply(BOOLEAN, "less", (entered, due)), "")


def epoch(governs: Expr | None, rules: tuple[EpochRule, ...]) -> Epoch:
    """Return an epoch with rules on orders."""
    return Epoch(
        RULEBOOK,
        FIRST_DAY,
        None,
        {} if governs is None else {"order": governs},
        rules,
        {},
        (),
    )
