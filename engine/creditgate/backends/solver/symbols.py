"""Facts as variables: whether each is unknown or none, and its value within what is declared.

A fact of a record that is found by its key is a function of the key, so that two references with
one key read one record. Rows of a list have the place of the row in their name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

import z3

from creditgate.backends.solver.codes import Codes
from creditgate.backends.solver.pieces import (
    Formula,
    both,
    either,
    implies,
    opposite,
    same,
)
from creditgate.domain.dsl_types import SECONDS, Enum, SetOf, without_none
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.lowered.calendar_functions import LAST_DAY

MINUTES_OF_A_DAY: Final = 24 * 60
MICROSECONDS: Final = 1_000_000
# From the first hour of year 2 to the last of year 9998, so that no zone leaves the calendar.
FIRST_INSTANT: Final = -62_104_000_000 * MICROSECONDS
LAST_INSTANT: Final = 253_370_000_000 * MICROSECONDS


@dataclass(frozen=True, slots=True, eq=False)
class Handle:
    """A record: the path to it, its entity, and the keys that the path does not tell."""

    path: str
    entity: str
    keys: tuple[Formula, ...] = ()

    @property
    def identity(self) -> tuple[str, tuple[int, ...]]:
        """Return what tells it from other records."""
        return self.path, tuple([key.get_id() for key in self.keys])

    def row(self, fact: str, label: str, entity: str) -> Handle:
        """Return a row of a list of this record."""
        return Handle(f"{self.path}.{fact}[{label}]", entity, self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A fact of a record; `members` say of words of interest whether a set holds them."""

    holder: Handle
    fact: FactDeclaration
    unknown: Formula
    none: Formula
    value: Formula
    members: list[tuple[Formula, Formula]] = field(default_factory=list)

    @property
    def known(self) -> Formula:
        """Return the condition that there is a value."""
        return both(opposite(self.unknown), opposite(self.none))


class Symbols:
    """All variables, and what is always true of them (`axioms`, which grow as facts are read).

    `variant` names facts, as (path, fact), that are read as others of the same declaration: for
    questions about two orders that differ in these only.
    """

    def __init__(self, vocabulary: Vocabulary, codes: Codes, *, bounded: bool = True) -> None:
        self.vocabulary = vocabulary
        self.codes = codes
        self.axioms: list[Formula] = []
        self.found: dict[tuple[Any, ...], Symbol] = {}
        self.variant: Mapping[tuple[str, str], str] = {}
        self.claims: dict[str, Formula] = {}
        self._bounded = bounded
        for enum in vocabulary.enums.values():
            for member in enum.members:
                codes.of(member)
        self._members = len(codes)

    def of(self, holder: Handle, fact: FactDeclaration) -> Symbol:
        """Return the variables of a fact."""
        other = self.variant.get((holder.path, fact.name), "")
        key = (*holder.identity, fact.name, other)
        found = self.found.get(key)
        if found is None:
            found = self.found[key] = self._new(holder, fact, other)
            self._declare(found)
        return found

    def plain_texts(self) -> Formula:
        """Return that no text and no key is a word of an enum, which would read oddly."""
        texts = [s for s in self.found.values() if s.fact.kind in {"text", "reference"}]
        return both(*map(self.plain_text, texts))

    def plain_text(self, symbol: Symbol) -> Formula:
        """Return that a text or a key is no word of an enum."""
        return symbol.value >= self._members

    def claim(self, name: str) -> Formula:
        """Return whether a claim was made."""
        return self.claims.setdefault(name, z3.Bool(f"claimed {name}"))

    def _new(self, holder: Handle, fact: FactDeclaration, other: str) -> Symbol:
        name = f"{holder.path}.{fact.name}{other}"
        unknown = self.variable(f"{name} unknown", holder.keys, z3.BoolSort())
        none: Formula = False
        if fact.may_be_none or fact.none_when is not None:
            none = self.variable(f"{name} none", holder.keys, z3.BoolSort())
        if fact.kind in {"list", "set"}:
            return Symbol(holder, fact, unknown, none, None)
        sort = z3.BoolSort() if fact.kind == "boolean" else z3.IntSort()
        value = self.variable(name, holder.keys, sort)
        if self._bounded and without_none(fact.type) == SECONDS:
            value = value * MICROSECONDS  # documents give whole seconds
        return Symbol(holder, fact, unknown, none, value)

    @staticmethod
    def variable(name: str, keys: tuple[Formula, ...], sort: Any) -> Formula:
        """Return a variable, or a function of keys applied to them."""
        if not keys:
            return z3.Const(name, sort)
        return z3.Function(name, *[z3.IntSort()] * len(keys), sort)(*keys)

    def member(self, symbol: Symbol, word: Formula) -> Formula:
        """Return whether a set that is a fact holds a word."""
        enum = self._enum(symbol)
        if enum is not None:
            return either(*[both(same(word, code), has) for code, has in self._of_enum(symbol)])
        asked = z3.IntVal(word) if isinstance(word, int) else word
        name = f"{symbol.holder.path}.{symbol.fact.name} has"
        has = self.variable(name, (*symbol.holder.keys, asked), z3.BoolSort())
        if all(each.get_id() != has.get_id() for _, each in symbol.members):
            symbol.members.append((asked, has))
            self.axioms.append(implies(self._empty(symbol), opposite(has)))
        return has

    def is_empty(self, symbol: Symbol) -> Formula:
        """Return whether a set that is a fact has no member."""
        if self._enum(symbol) is not None:
            return opposite(either(*[has for _, has in self._of_enum(symbol)]))
        return self._empty(symbol)

    def _enum(self, symbol: Symbol) -> str | None:
        kind = without_none(symbol.fact.type)
        member = kind.member if isinstance(kind, SetOf) else None
        return member.name if isinstance(member, Enum) else None

    def _of_enum(self, symbol: Symbol) -> list[tuple[Formula, Formula]]:
        if not symbol.members:
            stem = f"{symbol.holder.path}.{symbol.fact.name} has"
            for member in self.vocabulary.enums[self._enum(symbol) or ""].members:
                has = self.variable(f"{stem} {member}", symbol.holder.keys, z3.BoolSort())
                symbol.members.append((self.codes.of(member), has))
        return symbol.members

    def _empty(self, symbol: Symbol) -> Formula:
        name = f"{symbol.holder.path}.{symbol.fact.name} is empty"
        return self.variable(name, symbol.holder.keys, z3.BoolSort())

    def _declare(self, symbol: Symbol) -> None:
        """State what the vocabulary says of a fact."""
        fact, value = symbol.fact, symbol.value
        if symbol.none is not False:
            self.axioms.append(opposite(both(symbol.unknown, symbol.none)))
        is_found = bool(symbol.holder.keys) and "." not in symbol.holder.path
        if self._bounded and is_found:
            self._of_record(symbol)
        if value is None or fact.kind == "boolean":
            return
        kind = without_none(fact.type)
        if isinstance(kind, Enum):
            self.axioms.append(
                self.codes.is_one_of(value, self.vocabulary.enums[kind.name].members)
            )
        elif fact.kind in {"text", "reference"}:
            self.axioms.append(value >= 0)
        if not self._bounded:
            return
        low, high = self.bounds(fact)
        if low is not None:
            self.axioms.append(value >= low)
        if high is not None:
            self.axioms.append(value <= high)
        if fact.none_when is not None:
            self._none_when(symbol)

    def given(self, holder: Handle) -> Formula:
        """Return whether the record that a key leads to is given."""
        name = holder.path.partition(".")[0]
        return self.variable(f"{name} is given", holder.keys, z3.BoolSort())

    def _of_record(self, symbol: Symbol) -> None:
        """State that a record found by its key has this key, and that one not given has no facts."""
        given = self.given(symbol.holder)
        if symbol.fact.name == self.vocabulary.entities[symbol.holder.entity].key:
            self.axioms += [
                same(symbol.unknown, opposite(given)),
                same(symbol.value, symbol.holder.keys[0]),
            ]
        else:
            self.axioms.append(either(given, symbol.unknown))

    def _none_when(self, symbol: Symbol) -> None:
        when = symbol.fact.none_when
        assert when is not None
        declared = self.vocabulary.fact(symbol.holder.entity, when.fact)
        assert declared is not None
        sibling = self.of(symbol.holder, declared)
        if symbol.none is False:
            return
        chosen = both(opposite(sibling.none), self.codes.is_one_of(sibling.value, when.members))
        both_given = both(opposite(symbol.unknown), opposite(sibling.unknown))
        self.axioms.append(implies(both_given, same(symbol.none, chosen)))

    @staticmethod
    def bounds(fact: FactDeclaration) -> tuple[int | None, int | None]:
        """Return the least and the greatest value, as held, that a document may give."""
        match fact.kind:
            case "date":
                return 1, LAST_DAY
            case "time":
                return 0, MINUTES_OF_A_DAY - 1
            case "instant":
                return FIRST_INSTANT, LAST_INSTANT
            case "duration":
                if fact.low is None or fact.high is None:
                    return None, None
                factor = MICROSECONDS if without_none(fact.type) == SECONDS else 1
                return ceil(fact.low) * factor, floor(fact.high) * factor
            case "text" | "enum" | "reference" | "list" | "set" | "boolean":
                return None, None
            case _:
                factor = 10**fact.scale
                return ceil(Fraction(fact.low or 0) * factor), floor(
                    Fraction(fact.high or 0) * factor
                )
