"""Terms: what has to be computed, each different thing once.

A term is an operation on other terms. Equal terms are one object, and a term has a higher index
than its parts, so going through indexes downwards meets every whole before its parts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from typing import Any, TypeAlias

from creditgate.domain.facts import MISSING


class Op(Enum):
    """What a term does with its parts."""

    CONSTANT = auto()
    AS_OF = auto()
    CLAIMED = auto()
    ROOT = auto()  # the record of an entity
    ROW = auto()  # the row at hand in the loop over its part
    RECORD = auto()  # the record a reference points to
    READ = auto()  # a fact
    ADD = auto()
    SUBTRACT = auto()
    NEGATE = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    MINIMUM = auto()
    MAXIMUM = auto()
    LESS = auto()
    LESS_OR_EQUAL = auto()
    GREATER = auto()
    GREATER_OR_EQUAL = auto()
    EQUAL = auto()
    NOT_EQUAL = auto()
    MEMBER = auto()
    MULTIPLE = auto()
    ROUND = auto()
    ADD_DAYS = auto()
    CALL = auto()  # a function of the runtime
    AND = auto()
    OR = auto()
    NOT = auto()
    IF = auto()
    IS_NONE = auto()
    OR_ELSE = auto()
    IS_EMPTY = auto()
    LENGTH = auto()
    LOOKUP = auto()
    DATED = auto()
    AGGREGATE = auto()


Constant: TypeAlias = "bool | Fraction | str | frozenset[Any] | Any | None"


@dataclass(frozen=True, slots=True)
class Number:
    """How an exact number is held in integers.

    The value is what is held divided by `unit`; a pair holds a second integer, above zero, by
    which it is divided as well.
    """

    unit: int = 1
    pair: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fact is read as: its attribute, how a number is held, whether it may be none.

    An `identity` is a text or the key of a record: it may have any number of values.
    """

    attribute: str
    number: Number | None
    none: bool
    identity: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One thing to compute.

    `own` tells terms apart that have the same operation and parts. `number` is None for what is
    not a number. `unknown` and `none` say what the value may be at run time. `rows` are the
    indexes of the rows the term reads; `rank` counts the loops that must be over before the term
    can be computed, and `outside` does so for each row, leaving out what happens inside its loop.
    """

    index: int
    op: Op
    parts: tuple[Term, ...]
    own: Hashable
    number: Number | None
    unknown: bool
    none: bool
    rows: frozenset[int]
    rank: int
    outside: Mapping[int, int]

    @property
    def constant(self) -> bool:
        """Tell whether the value stands already."""
        return self.op is Op.CONSTANT

    @property
    def value(self) -> Any:
        """Return the value of a constant; `MISSING` is a value that cannot be known."""
        assert isinstance(self.own, tuple)
        return self.own[1]

    def is_constant(self, value: Any) -> bool:
        """Tell whether the term is the constant True, False, None or MISSING."""
        return self.constant and self.value is value


class Terms:
    """All terms of one piece of work; `hints` are names for readers of the generated source."""

    def __init__(self) -> None:
        self._known: dict[tuple[Op, Hashable, tuple[int, ...]], Term] = {}
        self._count = 0
        self.hints: dict[Term, str] = {}
        self.true = self.constant(True)
        self.false = self.constant(False)
        self.none = self.constant(None)
        self.unknown = self.constant(MISSING)

    def constant(self, value: Constant) -> Term:
        """Return the term of a value; a number is given as `Fraction`."""
        number = Number(value.denominator) if isinstance(value, Fraction) else None
        return self.term(
            Op.CONSTANT,
            own=(type(value).__name__, value),
            number=number,
            unknown=value is MISSING,
            none=value is None,
        )

    def term(
        self,
        op: Op,
        parts: Iterable[Term] = (),
        own: Hashable = None,
        *,
        number: Number | None = None,
        unknown: bool | None = None,
        none: bool = False,
    ) -> Term:
        """Return the one term of its kind; by default it is unknown where a part may be unfit."""
        parts = tuple(parts)
        key = (op, own, tuple([part.index for part in parts]))
        found = self._known.get(key)
        if found is None:
            if unknown is None:
                unknown = any(part.unknown or part.none for part in parts)
            found = self._new(op, parts, own, number, unknown, none)
            self._known[key] = found
        return found

    def _new(
        self,
        op: Op,
        parts: tuple[Term, ...],
        own: Hashable,
        number: Number | None,
        unknown: bool,
        none: bool,
    ) -> Term:
        self._count += 1
        rank = max([part.rank for part in parts], default=0)
        rows = frozenset[int]().union(*[part.rows for part in parts])
        if op is Op.ROW:
            rows = frozenset({self._count})
        elif op is Op.AGGREGATE:
            row = parts[0]
            body = [part for part in parts[1:] if row.index in part.rows]
            settled = [part.rank for part in parts[1:] if row.index not in part.rows]
            rank = 1 + max([part.outside[row.index] for part in body] + settled + [row.rank])
            rows = (rows - {row.index}) | row.parts[0].rows
        outside = {
            row: max(
                [part.outside.get(row, part.rank) for part in parts if op is not Op.ROW],
                default=0,
            )
            for row in rows
        }
        return Term(self._count, op, parts, own, number, unknown, none, rows, rank, outside)


def reachable(roots: Iterable[Term]) -> list[Term]:
    """Return the roots and all they are made of, parts before wholes."""
    seen: set[Term] = set()
    waiting = list(roots)
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            waiting.extend(term.parts)
    return sorted(seen, key=lambda term: term.index)
