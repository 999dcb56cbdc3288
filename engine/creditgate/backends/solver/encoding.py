"""Terms as formulas: each term once for each record of a list that it is read of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import z3

from creditgate.backends.solver import conditions, numbers
from creditgate.backends.solver.calendars import Calls
from creditgate.backends.solver.codes import Codes
from creditgate.backends.solver.pieces import (
    Formula,
    NotEncodable,
    Piece,
    aligned,
    both,
    either,
    opposite,
    same,
)
from creditgate.backends.solver.symbols import Handle, Symbol, Symbols
from creditgate.domain.calendar import Calendar
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.lowered.terms import Number, Op, Reading, Term

BUILDS = {**conditions.BUILDS, **numbers.BUILDS}
Rows = Mapping[int, Handle]
NO_ROWS: Rows = {}


class Lists(Protocol):
    """How lists are encoded: as a few rows, or as any number of them that are compared."""

    axioms: list[Formula]

    def aggregate(self, encoding: Encoding, term: Term, source: Symbol, rows: Rows) -> Piece:
        """Return a fold over the rows of a list that is known."""

    def length(self, encoding: Encoding, source: Symbol) -> Formula:
        """Return how many rows a list that is known has."""


class Encoding:
    """The formulas of terms that share one set of facts.

    Two encodings over one set of symbols speak of one order; `variant` lets one of them read other
    facts in some places.
    """

    def __init__(
        self, vocabulary: Vocabulary, calendars: Mapping[str, Calendar], lists: Lists, *,
        bounded: bool = True,
    ) -> None:  # fmt: skip
        self.vocabulary = vocabulary
        self.codes = Codes()
        self.symbols = Symbols(vocabulary, self.codes, bounded=bounded)
        self.calls = Calls(calendars)
        self.quotients = numbers.Quotients()
        self.lists = lists
        self.as_of = Piece(z3.Int("as_of"), number=Number())
        self._pieces: dict[tuple[object, ...], Any] = {}
        self._roots = {attribute(name): name for name in vocabulary.entities}
        self._facts = {
            (entity.name, attribute(fact.name)): fact
            for entity in vocabulary.entities.values()
            for fact in entity.facts.values()
        }
        self._references = {
            (entity.name, record_attribute(fact.name)): fact
            for entity in vocabulary.entities.values()
            for fact in entity.facts.values()
            if fact.kind == "reference"
        }

    @property
    def axioms(self) -> list[Formula]:
        """Return what is always true of the facts and functions that the terms so far read."""
        return [axiom for axioms in self.axiom_lists for axiom in axioms]

    @property
    def axiom_lists(self) -> tuple[list[Formula], ...]:
        """Return the axioms in the lists in which they grow."""
        return tuple(part.axioms for part in (self.symbols, self.calls, self.quotients, self.lists))

    def remembered(self, key: tuple[object, ...], made: Callable[[], Any]) -> Any:
        """Return what was made under a key for the facts that are read, making it once."""
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = made()
        return found

    @contextmanager
    def reading(self, variant: Mapping[tuple[str, str], str]) -> Iterator[None]:
        """Read some facts, as (path, fact), as others of the same declaration."""
        usual = self._pieces
        self._pieces = {}
        self.symbols.variant = variant
        try:
            yield
        finally:
            self.symbols.variant = {}
            self._pieces = usual

    def piece(self, term: Term, rows: Rows = NO_ROWS) -> Piece:
        """Return the formulas of a term; `rows` are the records that its rows stand for."""
        key = (term.index, *[rows[index].identity for index in sorted(term.rows)])
        found = self._pieces.get(key)
        if found is None:
            found = self._pieces[key] = self._encode(term, rows)
        assert isinstance(found, Piece)
        return found

    def _encode(self, term: Term, rows: Rows) -> Piece:
        match term.op:
            case Op.CONSTANT:
                return conditions.constant(self.codes, term.value, term.number)
            case Op.AS_OF:
                return self.as_of
            case Op.CLAIMED:
                return Piece(self.symbols.claim(str(term.own)))
            case Op.READ:
                return self._read(term, rows)
            case Op.MEMBER:
                return self._member(term, rows)
            case Op.IS_EMPTY | Op.LENGTH:
                return self._size(term, rows)
            case Op.AGGREGATE:
                symbol, lost = self.source(term.parts[0].parts[0], rows)
                made = self.lists.aggregate(self, term, symbol, rows)
                unknown = either(lost, opposite(symbol.known), made.unknown)
                none = both(opposite(unknown), made.none)
                return Piece(made.value, unknown, none, made.below, made.number)
            case Op.LOOKUP:
                parts = [self.piece(part, rows) for part in term.parts]
                return conditions.lookup(self.codes, term, parts)
            case Op.ROUND:
                return self.quotients.rounded(term, [self.piece(p, rows) for p in term.parts])
            case Op.MULTIPLE:
                return self.quotients.multiple(term, [self.piece(p, rows) for p in term.parts])
            case Op.CALL:
                return self.calls.piece(term, [self.piece(part, rows) for part in term.parts])
            case _:
                return BUILDS[term.op](term, [self.piece(part, rows) for part in term.parts])

    def handle(self, record: Term, rows: Rows) -> tuple[Handle, Formula]:
        """Return a record, and the condition that it cannot be found."""
        match record.op:
            case Op.ROOT:
                entity = self._roots[str(record.own)]
                return Handle(entity, entity), False
            case Op.ROW:
                return rows[record.index], False
            case Op.RECORD:
                holder, lost = self.handle(record.parts[0], rows)
                fact = self._references[holder.entity, str(record.own)]
                pointer = self.symbols.of(holder, fact)
                target = fact.target or ""
                return Handle(target, target, (pointer.value,)), either(
                    lost, opposite(pointer.known)
                )
            case _:
                raise NotEncodable(f"a record that is {record.op.name.lower()}")

    def source(self, read: Term, rows: Rows) -> tuple[Symbol, Formula]:
        """Return the fact that a term reads, and the condition that its record cannot be found."""
        if read.op is not Op.READ:
            raise NotEncodable("a list that is not a fact")
        assert isinstance(read.own, Reading)
        holder, lost = self.handle(read.parts[0], rows)
        return self.symbols.of(holder, self._facts[holder.entity, read.own.attribute]), lost

    def fact(self, entity: str, name: str) -> FactDeclaration:
        """Return the declaration of a fact."""
        return self._facts[entity, attribute(name)]

    def _read(self, term: Term, rows: Rows) -> Piece:
        symbol, lost = self.source(term, rows)
        if symbol.value is None:
            raise NotEncodable("a list where one value is asked for")
        unknown = either(lost, symbol.unknown)
        none = both(opposite(lost), symbol.none)
        return Piece(symbol.value, unknown, none, number=term.number)

    def _member(self, term: Term, rows: Rows) -> Piece:
        item, members = term.parts
        piece = self.piece(item, rows)
        if members.constant:
            return Piece(self._is_one_of(piece, members), piece.unfit)
        symbol, lost = self.source(members, rows)
        if item.number is not None:
            raise NotEncodable("a number in a set that is a fact")
        holds = self.symbols.member(symbol, piece.value)
        return Piece(holds, either(piece.unfit, lost, opposite(symbol.known)))

    def _is_one_of(self, piece: Piece, members: Term) -> Formula:
        values = sorted(members.value)
        if piece.number is None:
            if any(isinstance(value, bool) for value in values):
                return either(*[same(piece.value, value) for value in values])
            return self.codes.is_one_of(piece.value, values)
        found = []
        for value in values:
            (left, right), _ = aligned([piece, conditions.constant(self.codes, value)])
            found.append(same(left, right))
        return either(*found)

    def _size(self, term: Term, rows: Rows) -> Piece:
        (read,) = term.parts
        if read.op is not Op.READ:
            raise NotEncodable("the size of a set that is not a fact")
        symbol, lost = self.source(read, rows)
        unknown = either(lost, opposite(symbol.known))
        if symbol.fact.kind == "set":
            if term.op is Op.LENGTH:
                raise NotEncodable("the size of a set")
            return Piece(self.symbols.is_empty(symbol), unknown)
        length = self.lists.length(self, symbol)
        if term.op is Op.LENGTH:
            return Piece(length, unknown, number=Number())
        return Piece(same(length, 0), unknown)
