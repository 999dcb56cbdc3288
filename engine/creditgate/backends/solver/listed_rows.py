"""Lists as a few rows each: every order found is real, every list longer than that is not met."""

from __future__ import annotations

import z3

from creditgate.backends.solver.encoding import Encoding, Rows
from creditgate.backends.solver.numbers import added, compared
from creditgate.backends.solver.pieces import (
    Formula,
    NotEncodable,
    Piece,
    both,
    choice,
    either,
    implies,
    opposite,
    same,
)
from creditgate.backends.solver.symbols import Handle, Symbol
from creditgate.lowered.terms import Number, Op, Term


class ListedRows:
    """Encode each list as its first `most` rows, of which any number may be there.

    `lists` are the lists met, with how many rows they have and the records of these.
    """

    def __init__(self, most: int, *, keyed: bool = True) -> None:
        self.most = most
        self.axioms: list[Formula] = []
        self.lists: dict[tuple[object, ...], tuple[Symbol, Formula, tuple[Handle, ...]]] = {}
        self._keyed = keyed

    def rows(self, encoding: Encoding, source: Symbol) -> tuple[Formula, tuple[Handle, ...]]:
        """Return how many rows a list has, and their records."""
        key = (*source.holder.identity, source.fact.name)
        found = self.lists.get(key)
        if found is None:
            name = f"{source.holder.path}.{source.fact.name}"
            size = encoding.symbols.variable(f"{name} rows", source.holder.keys, z3.IntSort())
            self.axioms += [size >= 0, size <= self.most]
            target = source.fact.target or ""
            handles = tuple(
                source.holder.row(source.fact.name, str(place), target)
                for place in range(self.most)
            )
            found = self.lists[key] = (source, size, handles)
            if self._keyed:
                self._declare_keys(encoding, size, handles)
        return found[1], found[2]

    def _declare_keys(self, encoding: Encoding, size: Formula, rows: tuple[Handle, ...]) -> None:
        """State that each row has a key of its own."""
        key = encoding.vocabulary.entities[rows[0].entity].key
        if key is None:
            return
        found = [encoding.symbols.of(row, encoding.fact(row.entity, key)) for row in rows]
        for place, symbol in enumerate(found):
            self.axioms.append(implies(size > place, symbol.known))
            for other in found[:place]:
                differ = opposite(same(symbol.value, other.value))
                self.axioms.append(implies(size > place, differ))

    def length(self, encoding: Encoding, source: Symbol) -> Formula:
        """Return how many rows a list has."""
        return self.rows(encoding, source)[0]

    def aggregate(self, encoding: Encoding, term: Term, source: Symbol, rows: Rows) -> Piece:
        """Return a fold over the rows."""
        row, where, element = term.parts
        size, handles = self.rows(encoding, source)
        unknown: list[Formula] = []
        items: list[tuple[Formula, Piece]] = []
        for place, handle in enumerate(handles):
            inside = {**rows, row.index: handle}
            taken, item = encoding.piece(where, inside), encoding.piece(element, inside)
            is_there = size > place
            is_taken = both(is_there, taken.holds)
            unknown.append(both(is_there, either(taken.unfit, both(taken.holds, item.unfit))))
            items.append((is_taken, item))
        made = folded(term, items)
        return Piece(made.value, either(*unknown), made.none, made.below, made.number)


def folded(term: Term, items: list[tuple[Formula, Piece]]) -> Piece:
    """Return a fold of items, each with the condition under which it is taken."""
    match term.own:
        case "any":
            return Piece(either(*[both(taken, item.value) for taken, item in items]))
        case "all":
            return Piece(both(*[implies(taken, item.value) for taken, item in items]))
        case "count":
            one, none = Piece(1, number=Number()), Piece(0, number=Number())
            chosen = [choice(taken, one, none, Number()) for taken, _ in items]
            return _total(chosen, Number())
        case "sum":
            number = term.number or Number()
            none = Piece(0, number=number)
            return _total([choice(t, _plain(i), none, number) for t, i in items], number)
        case "min" | "max":
            return _extreme(term, items)
        case kind:
            raise NotEncodable(f"the aggregate {kind}")


def _plain(item: Piece) -> Piece:
    """Return an item that is known wherever it is asked for."""
    return Piece(item.value, below=item.below, number=item.number)


def _total(items: list[Piece], number: Number) -> Piece:
    made = Piece(0, number=number)
    for item in items:
        made = added(made, item, number)
    return made


def _extreme(term: Term, items: list[tuple[Formula, Piece]]) -> Piece:
    if term.number is None:
        raise NotEncodable("the least or greatest of what is no number")
    op = Op.LESS if term.own == "min" else Op.GREATER
    made, found = Piece(0, number=term.number), False
    for taken, item in items:
        better = both(taken, either(opposite(found), compared(op, item, made)))
        made = choice(better, _plain(item), made, term.number)
        found = either(found, taken)
    return Piece(made.value, none=opposite(found), below=made.below, number=term.number)
