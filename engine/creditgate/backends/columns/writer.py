"""Write terms as straight lines of a kernel: each once, in the body or in the loop of its rows.

Beside its value a term has two conditions, that it is unknown and that it is none. Everything is
computed whether or not it is needed: nothing in a kernel fails, and a loop without branches is
what a machine runs fastest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from creditgate.backends.columns.arithmetic import Arithmetic
from creditgate.backends.columns.looked_up import LOST, NONE, NOTHING, UNKNOWN, LookedUp, looked_up
from creditgate.backends.columns.needs import Column, Reader, Unsupported
from creditgate.domain.calendar import Calendar
from creditgate.lowered.terms import Number, Op, Term

NO, YES = "False", "True"
#: Where a record stands that is in no table.
NO_RECORD = "-1"


@dataclass(frozen=True, slots=True)
class Held:
    """Variables or literals of a term: its value, whether it is unknown, whether it is none.

    Where it is unknown or none the value means nothing. A pair has its second integer in `below`.
    """

    text: str
    unknown: str = NO
    none: str = NO
    below: str | None = None
    number: Number | None = None

    @property
    def unfit(self) -> str:
        """Return the condition under which the value cannot be computed with."""
        return either(self.unknown, self.none)

    @property
    def is_constant(self) -> bool:
        """Tell whether the value is the same in all rows, and known."""
        is_literal = self.text in {NO, YES} or self.text.isdecimal()
        return is_literal and self.unfit == NO and self.below is None

    @property
    def unit(self) -> int:
        """Return by what the value is divided."""
        return 1 if self.number is None else self.number.unit


@dataclass(frozen=True, slots=True)
class Shape:
    """What the columns at hand look like.

    The records of the entity `aligned` are the rows themselves; those of the entities `beside`
    stand in the same rows. `dense` columns hold a value in every row, `sparse` ones may not;
    others are not there. `loose` are singles and references that may point to no record.
    """

    aligned: str
    dense: frozenset[Column] = frozenset()
    sparse: frozenset[Column] = frozenset()
    loose: frozenset[Column | str] = frozenset()
    beside: frozenset[str] = frozenset()

    @property
    def in_rows(self) -> frozenset[str]:
        """Return the entities whose records stand in the rows themselves."""
        return self.beside | {self.aligned}

    def has(self, column: Column) -> bool:
        """Tell whether a column is there."""
        return column in self.dense or column in self.sparse

    def is_loose(self, reference: Column) -> bool:
        """Tell whether a reference may point to no record; one that is not there points to none."""
        return reference in self.loose or not self.has(reference)


@dataclass(slots=True, eq=False)
class Scope:
    """The body of a kernel, or the body of a loop over rows."""

    row: Term | None = None
    around: Scope | None = None
    lines: list[str] = field(default_factory=list)
    held: dict[Term, Held] = field(default_factory=dict)
    indexes: dict[Term, tuple[str, bool]] = field(default_factory=dict)


def either(*conditions: str) -> str:
    """Return the condition that one of some holds."""
    kept = [each for each in dict.fromkeys(conditions) if each != NO]
    if YES in kept:
        return YES
    return kept[0] if len(kept) == 1 else f"({' | '.join(kept)})" if kept else NO


def both(*conditions: str) -> str:
    """Return the condition that all of some hold."""
    kept = [each for each in dict.fromkeys(conditions) if each != YES]
    if NO in kept:
        return NO
    return kept[0] if len(kept) == 1 else f"({' & '.join(kept)})" if kept else YES


def opposite(condition: str) -> str:
    """Return the condition that another does not hold."""
    return {NO: YES, YES: NO}.get(condition, f"(not {condition})")


Write = Callable[["Writer", Term], Held]


class Writer:
    """Write the terms that some roots are made of."""

    def __init__(
        self,
        roots: Iterable[Term],
        reader: Reader,
        shape: Shape,
        codes: Mapping[str, int],
        writes: Mapping[Op, Write],
        calendars: Mapping[str, Calendar],
        uses: Mapping[Term, LookedUp] = NOTHING,
        ends: frozenset[Term] = frozenset(),
    ) -> None:
        self.terms = looked_up(roots, uses, ends)
        self.uses = uses
        self.reader, self.shape, self.arithmetic = reader, shape, Arithmetic()
        self.codes, self.calendars = codes, calendars
        self.constants: dict[str, np.ndarray[Any, Any]] = {}
        self.body = self.scope = Scope()
        self._writes = writes
        self._count = 0

    # Lines

    def line(self, text: str) -> None:
        """Add a line to the scope at hand."""
        self.scope.lines.append(text)

    def variable(self, text: str, wish: str = "v") -> str:
        """Return a variable that holds an expression; literals and names need none."""
        if text.isidentifier() or text.isdecimal():
            return text
        name = self.fresh(wish)
        self.line(f"{name} = {text}")
        return name

    def fresh(self, wish: str = "v") -> str:
        """Return a new name."""
        self._count += 1
        return f"{wish}{self._count}"

    def constant(self, values: Iterable[Any], kind: str = "int64") -> str:
        """Return the name of an array of constants."""
        name = self.fresh("known")
        self.constants[name] = np.array(list(values), dtype=kind)
        return name

    # Terms

    def home(self, term: Term) -> Scope:
        """Return the innermost scope around whose row a term reads."""
        scope: Scope = self.scope
        while scope.around is not None and (scope.row is None or scope.row.index not in term.rows):
            scope = scope.around
        return scope

    def held(self, term: Term) -> Held:
        """Return a term, written first where it belongs."""
        home = self.home(term)
        found = home.held.get(term)
        if found is None:
            outside, self.scope = self.scope, home
            try:
                use = self.uses.get(term)
                write = self._writes[term.op]
                written = write(self, term) if use is None else self._looked_up(use)
                if term not in home.held:
                    home.held[term] = self._kept(written)
                found = home.held[term]
            finally:
                self.scope = outside
        return found

    def _looked_up(self, use: LookedUp) -> Held:
        """Return what was worked out for a record; what is so of none stands last."""
        index, _ = self.index(use.record)
        state = self.variable(f"state_{use.name}[{index}]", "s")
        self.line(f"lost = lost | ({state} == {LOST})")
        text = f"value_{use.name}[{index}]"
        return Held(
            f"({text} != 0)" if use.is_condition else text,
            f"({state} == {UNKNOWN})" if use.may_be_unknown else NO,
            f"({state} == {NONE})" if use.may_be_none else NO,
            f"below_{use.name}[{index}]" if use.is_pair else None,
            use.number,
        )

    def arrays_of_records(self) -> tuple[str, ...]:
        """Return the names of the arrays of what is looked up."""
        used = {use.name: use for term in self.terms if (use := self.uses.get(term)) is not None}
        return tuple([array for use in used.values() for array in use.arrays])

    def _kept(self, held: Held) -> Held:
        below = None if held.below is None else self.variable(held.below, "b")
        return Held(
            self.variable(held.text),
            self.variable(held.unknown, "u"),
            self.variable(held.none, "n"),
            below,
            held.number,
        )

    def index(self, record: Term) -> tuple[str, bool]:
        """Return where a record stands in its table, and whether it may be missing (below zero)."""
        home = self.home(record)
        found = home.indexes.get(record)
        if found is None:
            outside, self.scope = self.scope, home
            try:
                found = home.indexes[record] = self._index(record)
            finally:
                self.scope = outside
        return found

    def _index(self, record: Term) -> tuple[str, bool]:
        if record.op is Op.ROOT:
            entity = self.reader.entity(record)
            if entity in self.shape.in_rows:
                return "i", False
            return self.variable(f"at_{entity}[i]", "x"), entity in self.shape.loose
        if record.op is not Op.RECORD:
            raise Unsupported(f"the place of {record.op}")
        column = self.reader.pointer(record)
        if not self.shape.has(column):
            return NO_RECORD, True
        holder, may_lack = self.index(record.parts[0])
        read = f"to_{column.name}[{holder}]"
        if may_lack:
            read = f"({read} if {holder} >= 0 else -1)"
        return self.variable(read, "x"), may_lack or self.shape.is_loose(column)

    def state(self, column: Column, index: str, *, may_lack: bool) -> tuple[str, str]:
        """Return the conditions that a column is missing and that it is none in a row."""
        if index == NO_RECORD or not self.shape.has(column):
            return YES, NO
        lacking = self.variable(f"({index} < 0)", "u") if may_lack else NO
        if column in self.shape.dense:
            return lacking, NO
        read = f"is_{column.name}[{index}]"
        if may_lack:
            read = f"({read} if {index} >= 0 else 1)"
        state = self.variable(read, "s")
        return f"({state} == 1)", f"({state} == 2)"

    # Numbers

    def times(self, text: str, factor: int | str | None) -> str:
        """Return a number times an integer or a variable; None is one."""
        if factor is None or factor == 1:
            return text
        by = self.arithmetic.constant(factor) if isinstance(factor, int) else factor
        return self.arithmetic.binary("*", text, by)

    def number(self, value: int) -> str:
        """Return an integer."""
        return self.arithmetic.constant(value)
