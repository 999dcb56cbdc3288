"""Programs: an epoch of a few rules, and expressions on their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.differential import quantities
from tests.differential.choices import Choices
from tests.differential.conditions import CONDITIONS, chosen_enum, dated, keyed, lookup
from tests.differential.expressions import (
    ACTION,
    CLOSED,
    DAYS,
    ORDER_TYPE,
    SECONDS,
    Expressions,
    Maker,
    a_choice,
    a_fact,
    optional,
    or_else,
)
from tests.differential.world import CLAIMS, deadline_at, deadline_on, epoch, rule

from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    TEXT,
    TIME,
    Duration,
    Enum,
    Optional,
    Record,
    SetOf,
    Type,
)
from creditgate.ir.nodes import And, Apply, Claimed, Expr, Fact, Literal, Or, Root
from creditgate.ir.rulebook import Deadline, Epoch, EpochRule
from creditgate.ir.walk import every

KINDS: tuple[Type, ...] = (
    COUNT,
    COUNT,
    COUNT,
    BOOLEAN,
    DATE,
    Optional(COUNT),
    INSTANT,
    DAYS,
    SECONDS,
    ACTION,
    TEXT,
    TIME,
    Optional(DATE),
    Optional(ORDER_TYPE),
)


def makers(kind: Type) -> Sequence[Maker]:
    """Return what can make expressions of a kind that are not leaves."""
    every_kind: tuple[Maker, ...] = (a_fact, a_choice, lookup)
    match kind:
        case Optional():
            extreme = [quantities.extreme] if kind.of in (COUNT, DATE) else []
            return (*every_kind, a_fact, optional, *extreme)
        case Duration():
            return (*every_kind, quantities.span, quantities.span, quantities.folded_span)
        case Enum():
            return (*every_kind, or_else)
    if kind == BOOLEAN:
        return (*every_kind, or_else, *CONDITIONS)
    if kind == COUNT:
        return (*every_kind, or_else, *quantities.NUMBERS_MADE)
    if kind == DATE:
        return (*every_kind, or_else, dated, *(quantities.moved_date,) * 3)
    if kind == INSTANT:
        return (*every_kind, or_else, *(quantities.moved_instant,) * 3)
    return every_kind


@dataclass(frozen=True, slots=True)
class Program:
    """An epoch, and some expressions on their own."""

    epoch: Epoch
    expressions: tuple[Expr, ...]

    @property
    def roots(self) -> list[Expr]:
        """Return all expressions, those of the rules too."""
        roots = [*self.expressions, *self.epoch.governs.values()]
        for each in self.epoch.rules:
            roots += [each.require, *[when for _, when in each.exemptions]]
            roots += [] if each.when is None else [each.when]
            roots += [] if each.deadline is None else [each.deadline.before]
        return roots

    def nodes(self) -> list[Expr]:
        """Return every node of every expression, each once."""
        return list({id(node): node for root in self.roots for node in every(root)}.values())


def program(source: bytes) -> Program:
    """Return the program that bytes stand for."""
    make = Expressions(Choices(source), makers)
    expressions = tuple(make.of(make.choices.one(KINDS), 3) for _ in range(3))
    rules = []
    for number in range(1 + make.choices.below(5)):
        when = _when(make)
        exemptions = tuple(_exemption(make) for _ in range(make.choices.below(3)))
        require = make.of(BOOLEAN, 3)
        effect = "warn" if make.choices.chance(15) else "reject"
        deadline = _deadline(make) if make.choices.chance(25) else None
        rules.append(rule(f"rule_{number}", when, exemptions, require, effect, deadline))
    if make.choices.chance(16):
        rules += _keyed_rules(make)
    governs = make.of(BOOLEAN, 1) if make.choices.chance(25) else Literal(BOOLEAN, True)
    return Program(epoch(None if make.choices.chance(2) else governs, tuple(rules)), expressions)


def _when(make: Expressions) -> Expr | None:
    """Return the condition of a rule: it usually names an action, as rules on orders do."""
    fact = Fact(ACTION, Root(Record("order"), "order"), "action")
    if make.choices.chance(50):
        test: Expr = Apply(BOOLEAN, "equal", (fact, make.constant(ACTION)))
    else:
        test = Apply(BOOLEAN, "member", (fact, make.constant(SetOf(ACTION))))
    match make.choices.below(7):
        case 0:
            return test
        case 1:
            return make.of(BOOLEAN, 2)
        case 2:
            return Or(BOOLEAN, (test, chosen_enum(make, BOOLEAN, 0, CLOSED)))
        case 3:
            return And(BOOLEAN, (test, chosen_enum(make, BOOLEAN, 0, CLOSED)))
        case 4:
            return None
        case _:
            return And(BOOLEAN, (make.of(BOOLEAN, 2), test))


def _keyed_rules(make: Expressions) -> list[EpochRule]:
    """Return many small rules, most of which name a security, a text, an action or several."""
    order = Root(Record("order"), "order")
    security, text = Record("security"), make.choices.one(("label", "code"))
    facts = (
        Fact(security, order, "security")
        if make.choices.chance(70)
        else Fact(Optional(security), order, "other"),
        Fact(TEXT if text == "label" else Optional(TEXT), order, text),
    )
    conditions = [make.of(BOOLEAN, 2) for _ in range(3)]
    rules = []
    for number in range(24 + make.choices.below(24)):
        tests = [keyed(make, fact) for fact in facts if make.choices.chance(95)]
        if make.choices.chance(10):
            tests.append(chosen_enum(make, BOOLEAN, 0, CLOSED))
        when = And(BOOLEAN, tuple(tests)) if tests else None
        rules.append(rule(f"keyed_{number}", when, (), make.choices.one(conditions)))
    return rules


def _deadline(make: Expressions) -> Deadline:
    """Return a deadline that is a date or an instant."""
    if make.choices.chance(50):
        return deadline_on(make.of(DATE, 2))
    return deadline_at(make.of(INSTANT, 2))


def _exemption(make: Expressions) -> Expr:
    if make.choices.chance(30):
        return Claimed(BOOLEAN, make.choices.one(CLAIMS))
    return make.of(BOOLEAN, 2)
