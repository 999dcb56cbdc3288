"""Lists of any length, by what follows from comparing them term by term.

A fold over a list is a variable. What is known of it: if it differs from what every row would
make it, some row is the reason. Such rows are made up as they are needed, and whatever is said of
every row is said of each of them. All of it is true of every list, so what contradicts it cannot
be; but not all that is consistent with it is an order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import z3

from creditgate.backends.solver.encoding import Encoding, Rows
from creditgate.backends.solver.numbers import compared
from creditgate.backends.solver.pieces import (
    Formula,
    NotEncodable,
    Piece,
    both,
    choice,
    either,
    implies,
    opposite,
)
from creditgate.backends.solver.products import nodes
from creditgate.backends.solver.symbols import Handle, Symbol
from creditgate.lowered.terms import Number, Op, Term

ORDERS = (Op.LESS_OR_EQUAL, Op.GREATER_OR_EQUAL)
MOST_SUMS = 40  # of one list that are compared with one another


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """A fold over a list: what each row gives, and the variables that stand for the whole."""

    term: Term
    rows: Rows
    value: Formula
    unknown: Formula
    none: Formula

    @property
    def variables(self) -> set[int]:
        """Return the variables that stand for the whole."""
        found = (self.value, self.unknown, self.none)
        return {each.get_id() for each in found if not isinstance(each, bool)}


@dataclass(slots=True, eq=False)
class _List:
    """A list: the rows made up for it, each with the condition under which it is one, and folds."""

    source: Symbol
    length: Formula
    handles: list[tuple[Handle, Formula]] = field(default_factory=list)
    folds: list[_Fold] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)


class ComparedRows:
    """Encode lists by the comparison of their folds; call `settle` when all is encoded."""

    def __init__(self) -> None:
        self.axioms: list[Formula] = []
        self.lists: dict[tuple[object, ...], _List] = {}

    def _list(self, encoding: Encoding, source: Symbol) -> _List:
        key = (*source.holder.identity, source.fact.name)
        found = self.lists.get(key)
        if found is None:
            name = f"{source.holder.path}.{source.fact.name} rows"
            length = encoding.symbols.variable(name, source.holder.keys, z3.IntSort())
            found = self.lists[key] = _List(source, length)
            self.axioms.append(length >= 0)
        return found

    def length(self, encoding: Encoding, source: Symbol) -> Formula:
        """Return how many rows a list has."""
        return self._list(encoding, source).length

    def aggregate(self, encoding: Encoding, term: Term, source: Symbol, rows: Rows) -> Piece:
        """Return a fold over the rows."""
        number = term.number
        if number is not None and number.pair:
            return self._anything(number)
        boolean = term.own in {"any", "all"}
        if number is None and not boolean:
            raise NotEncodable("the least or greatest of what is no number")
        where = self._list(encoding, source)
        label = f"{source.holder.path}.{source.fact.name} {term.own} {term.index}"
        value = z3.FreshBool(label) if boolean else z3.FreshInt(label)
        none: Formula = z3.FreshBool(label) if term.own in {"min", "max"} else False
        fold = _Fold(term, rows, value, z3.FreshBool(label), none)
        where.folds.append(fold)
        return Piece(value, fold.unknown, none, number=number)

    def _anything(self, number: Number) -> Piece:
        """Return any number at all: quotients that are added up are not compared."""
        below = z3.FreshInt("below")
        self.axioms.append(below >= 1)
        unknown, none = z3.FreshBool("unknown"), z3.FreshBool("none")
        return Piece(z3.FreshInt("quotient"), unknown, none, below, number)

    def settle(self, encoding: Encoding, conditions: Iterable[Formula], seconds: float) -> bool:
        """State what follows from the rows for conditions, until no more rows or folds come up.

        Returns whether that was done within some seconds.
        """
        until = time.monotonic() + seconds
        used = {node.get_id() for node in nodes(conditions)}
        for each in self.lists.values():
            each.folds = [fold for fold in each.folds if fold.variables & used]
        done = -1
        while done != self._size():
            done = self._size()
            for step in (self._witness, self._tell):
                for each in list(self.lists.values()):
                    if time.monotonic() > until:
                        return False
                    step(encoding, each)
        return True

    def _size(self) -> int:
        return sum(
            len(each.folds) + len(each.handles) + len(each.told) for each in self.lists.values()
        )

    def _row(self, where: _List, condition: Formula) -> Handle:
        """Make up a row of a list that is one under a condition."""
        source = where.source
        label = f"row {len(where.handles)}"
        handle = source.holder.row(source.fact.name, label, source.fact.target or "")
        where.handles.append((handle, condition))
        self.axioms.append(implies(condition, where.length >= 1))
        return handle

    def _witness(self, encoding: Encoding, where: _List) -> None:
        """Make up the rows that are the reasons for what folds are."""
        for place, fold in enumerate(where.folds):
            if (place, -1) in where.told:
                continue
            where.told.add((place, -1))
            row = self._row(where, fold.unknown)
            self.axioms.append(implies(fold.unknown, self._unsure(encoding, fold, row)))
            known = opposite(fold.unknown)
            match fold.term.own:
                case "any" | "all":
                    decided = fold.value if fold.term.own == "any" else opposite(fold.value)
                    condition = both(known, decided)
                    row = self._row(where, condition)
                    taken, item = self._of(encoding, fold, row)
                    item_decides = item.value if fold.term.own == "any" else opposite(item.value)
                    self.axioms.append(implies(condition, both(taken, item_decides)))
                case "min" | "max":
                    condition = both(known, opposite(fold.none))
                    row = self._row(where, condition)
                    taken, item = self._of(encoding, fold, row)
                    whole = Piece(fold.value, number=fold.term.number)
                    equal = compared(Op.EQUAL, whole, item)
                    self.axioms.append(implies(condition, both(taken, equal)))
                case _:
                    self._compare_with_others(encoding, where, place)

    def _compare_with_others(self, encoding: Encoding, where: _List, place: int) -> None:
        """State that a sum is no more than another, or than nothing, unless some row is more."""
        fold = where.folds[place]
        whole = Piece(fold.value, number=fold.term.number)
        nothing = Piece(0, number=Number())
        known = opposite(fold.unknown)
        for op in ORDERS:
            beyond = partial(self._is_beyond, encoding, op, fold, None)
            self._unless(where, known, compared(op, whole, nothing), beyond)
        if fold.term.own == "count":
            self.axioms.append(implies(known, fold.value <= where.length))
        for other in where.folds[max(0, place - MOST_SUMS) : place]:
            if other.term.own not in {"sum", "count"}:
                continue
            total = Piece(other.value, number=other.term.number)
            both_known = both(known, opposite(other.unknown))
            for op in ORDERS:
                beyond = partial(self._is_beyond, encoding, op, fold, other)
                self._unless(where, both_known, compared(op, whole, total), beyond)

    def _is_beyond(
        self, encoding: Encoding, op: Op, fold: _Fold, other: _Fold | None, row: Handle
    ) -> Formula:  # fmt: skip
        """Return whether a row adds to a sum what it does not add to another, or to nothing."""
        theirs = Piece(0, number=Number()) if other is None else self._share(encoding, other, row)
        return opposite(compared(op, self._share(encoding, fold, row), theirs))

    def _unless(
        self, where: _List, known: Formula, holds: Formula,
        reason: Callable[[Handle], Formula],
    ) -> None:  # fmt: skip
        condition = both(known, opposite(holds))
        row = self._row(where, condition)
        self.axioms.append(implies(condition, reason(row)))

    def _tell(self, encoding: Encoding, where: _List) -> None:
        """State of every row made up what folds say of every row."""
        for number, (row, is_one) in enumerate(list(where.handles)):
            for place, fold in enumerate(list(where.folds)):
                if (place, number) in where.told:
                    continue
                where.told.add((place, number))
                known = both(is_one, opposite(fold.unknown))
                self.axioms.append(implies(known, opposite(self._unsure(encoding, fold, row))))
                taken, item = self._of(encoding, fold, row)
                match fold.term.own:
                    case "any":
                        said = implies(both(taken, item.value), fold.value)
                    case "all":
                        said = implies(fold.value, implies(taken, item.value))
                    case "min" | "max":
                        op = Op.LESS_OR_EQUAL if fold.term.own == "min" else Op.GREATER_OR_EQUAL
                        whole = Piece(fold.value, number=fold.term.number)
                        said = implies(taken, both(opposite(fold.none), compared(op, whole, item)))
                    case _:
                        continue
                self.axioms.append(implies(known, said))

    def _of(self, encoding: Encoding, fold: _Fold, row: Handle) -> tuple[Formula, Piece]:
        """Return whether a row is taken, and its element, where both are known."""
        loop, where, element = fold.term.parts
        inside = {**fold.rows, loop.index: row}
        taken, item = encoding.piece(where, inside), encoding.piece(element, inside)
        return taken.value, Piece(item.value, below=item.below, number=item.number)

    def _unsure(self, encoding: Encoding, fold: _Fold, row: Handle) -> Formula:
        """Return whether a row makes a fold unknown."""
        loop, where, element = fold.term.parts
        inside = {**fold.rows, loop.index: row}
        taken, item = encoding.piece(where, inside), encoding.piece(element, inside)
        counted = False if fold.term.own == "count" else item.unfit
        return either(taken.unfit, both(taken.value, counted))

    def _share(self, encoding: Encoding, fold: _Fold, row: Handle) -> Piece:
        """Return what a row adds to a sum or a count."""
        taken, item = self._of(encoding, fold, row)
        if fold.term.own == "count":
            item = Piece(1, number=Number())
        number = item.number or Number()
        return choice(taken, item, Piece(0, number=number), number)
