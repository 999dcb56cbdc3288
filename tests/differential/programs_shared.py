"""Programs whose orders ask for what their accounts add up to: margins, ratios, the dearest position."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from tests.differential.cases import BYTES_OF_SITUATION
from tests.differential.facts import Limits, Situation, mixed, situation
from tests.differential.programs import Program
from tests.differential.world import ENTITIES, epoch, rule

from creditgate.domain.dsl_types import BOOLEAN, COUNT, ListOf, Optional, Record
from creditgate.ir.nodes import (
    Aggregate,
    And,
    Apply,
    Expr,
    Fact,
    If,
    IsNone,
    Literal,
    Not,
    OrElse,
    Root,
    Variable,
)

_COMPARED = ("less", "less_or_equal", "greater", "greater_or_equal", "equal")
_LISTS = {"positions": "position", "contracts": "contract"}
_AMOUNTS = {"position": "quantity", "contract": "amount"}
SITUATIONS = 20


def account_programs(
    seed: int, *, large: bool = False
) -> Iterator[tuple[Program, list[Situation]]]:
    """Yield programs without end, each with situations of which several share accounts."""
    random = Random(seed)
    while True:
        made = _Maker(random)
        rules = tuple([rule(f"rule_{n}", None, (), made.requirement()) for n in range(3)])
        program = Program(epoch(Literal(BOOLEAN, True), rules), ())
        limits = Limits.of(program.epoch, program.nodes())
        drawn = [
            situation(limits, random.randbytes(BYTES_OF_SITUATION), large=large)
            for _ in range(SITUATIONS)
        ]
        kept = [each for each in drawn if each.as_of is not None and not each.facts.claims]
        if kept:
            yield program, mixed(limits, kept, random, SITUATIONS)


class _Maker:
    """Make conditions on an order, its account and its security."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def requirement(self) -> Expr:
        """Return a condition on what an order and its account have."""
        own = self._own(self._random.choice(("quantity", "factor", "limit")))
        operator = self._random.choice(_COMPARED)
        found: Expr = Apply(BOOLEAN, operator, (own, self._of_account(2)))
        if self._random.random() < 0.3:
            found = And(BOOLEAN, (found, self._condition()))
        return found

    def _own(self, name: str) -> Expr:
        return _fact(Root(Record("order"), "order"), "order", name)

    def _of_account(self, depth: int) -> Expr:
        """Return a number that hangs on the account alone."""
        cash, debt = [_fact(_ACCOUNT, "account", name) for name in ("cash", "debt")]
        match self._random.randrange(7 if depth else 3):
            case 0:
                return Apply(COUNT, "subtract", (cash, debt))
            case 1:
                return self._sum()
            case 2:
                return Apply(COUNT, "add", (cash, self._sum()))
            case 3:
                return Apply(COUNT, "divide", (self._of_account(depth - 1), debt))
            case 4:
                return Apply(COUNT, "multiply", (self._of_account(depth - 1), self._sum()))
            case 5:
                parts = self._of_account(depth - 1), self._of_account(depth - 1)
                return If(COUNT, self._condition(), *parts)
            case _:
                return OrElse(COUNT, self._most(), self._of_account(depth - 1))

    def _sum(self) -> Expr:
        source, row, element = self._loop()
        worth = _fact(row, element, _AMOUNTS[element])
        if self._random.random() < 0.7:
            price = _fact(Fact(Record("security"), row, "security"), "security", "price")
            worth = Apply(COUNT, "multiply", (worth, price))
        where = None
        if self._random.random() < 0.4:  # of the order's own security: hangs on both
            of_row = Fact(Record("security"), row, "security")
            of_order = Fact(Record("security"), Root(Record("order"), "order"), "security")
            where = Apply(BOOLEAN, "equal", (of_row, of_order))
        return Aggregate(COUNT, "sum", row, source, where, worth)

    def _most(self) -> Expr:
        source, row, element = self._loop()
        worth = _fact(row, element, _AMOUNTS[element])
        return Aggregate(
            Optional(COUNT), self._random.choice(("min", "max")), row, source, None, worth
        )

    def _condition(self) -> Expr:
        source, row, element = self._loop()
        zero = Literal(COUNT, Fraction(0))
        some = Apply(BOOLEAN, "greater", (_fact(row, element, _AMOUNTS[element]), zero))
        return self._random.choice((
            Aggregate(BOOLEAN, self._random.choice(("any", "all")), row, source, None, some),
            Apply(BOOLEAN, "greater", (_fact(_ACCOUNT, "account", "cash"), zero)),
            Not(BOOLEAN, IsNone(BOOLEAN, self._most())),
        ))  # fmt: skip

    def _loop(self) -> tuple[Expr, Variable, str]:
        name = self._random.choice(tuple(_LISTS))
        element = _LISTS[name]
        source = Fact(ListOf(element), _ACCOUNT, name)
        return source, Variable(Record(element), f"each_{element}"), element


_ACCOUNT = Root(Record("account"), "account")


def _fact(record: Expr, entity: str, name: str) -> Expr:
    kind, scale = ENTITIES[entity][name]
    return Fact(kind, record, name, scale)
