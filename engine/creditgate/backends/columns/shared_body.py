"""What works terms out for the records of a frame, of which rows look them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from creditgate.backends.columns.judging import WRITES, columns_of
from creditgate.backends.columns.kernel import Body
from creditgate.backends.columns.looked_up import LOST, NONE, UNKNOWN, LookedUp
from creditgate.backends.columns.needs import Needs, Reader
from creditgate.backends.columns.shared_terms import Shared, Use
from creditgate.backends.columns.writer import NO, Held, Shape, Writer, either
from creditgate.domain.calendar import Calendar
from creditgate.lowered.terms import Term

#: What is larger is lost: kernels that look it up are to compute with it in 64 bits.
MOST_KEPT: Final = 2**62 - 1


@dataclass(frozen=True, slots=True)
class SharedBody:
    """What fills the arrays of some values for the records of a frame.

    Its kernel goes through their numbers. Where a record may be `loose` the arrays have one place
    more, the last, for a record that is not there; its number is below zero.
    """

    frame: str
    body: Body
    kept: Mapping[str, LookedUp]
    is_loose: bool
    needs: Needs

    def types(self) -> dict[str, str]:
        """Return the types of the arrays that it fills, by their names, in order."""
        return {
            array: "uint8" if array.startswith("state_") or kept.is_condition else "int64"
            for kept in self.kept.values()
            for array in kept.arrays
        }


class SharedWriter:
    """Write what works terms out for the records of frames, each behind those that it asks."""

    def __init__(
        self, reader: Reader, shape: Shape, codes: Mapping[str, int],
        calendars: Mapping[str, Calendar],
    ) -> None:  # fmt: skip
        self._reader, self._shape, self._codes = reader, shape, codes
        self._calendars = calendars
        self._kept: dict[str, LookedUp] = {}

    def uses(self, uses: Mapping[Term, Use]) -> dict[Term, LookedUp]:
        """Return how terms are looked up whose frames were written; constants are not."""
        return {
            term: replace(self._kept[use.name], record=use.record)
            for term, use in uses.items()
            if use.name in self._kept
        }

    def write(self, shared: Shared, names: frozenset[str] | None = None) -> SharedBody:
        """Return what works out the terms of a frame, or those of some names."""
        terms = {n: t for n, t in shared.terms.items() if names is None or n in names}
        uses, ends = self.uses(shared.uses), frozenset(shared.roots)
        writer = Writer(
            terms.values(), self._reader, self._shape, self._codes, WRITES, self._calendars,
            uses, ends,
        )  # fmt: skip
        writer.body.indexes.update(dict.fromkeys(shared.roots, ("i", shared.is_loose)))
        writer.line("lost = False")
        held = {name: writer.held(term) for name, term in terms.items()}
        kept = {n: _kept(n, each, shared) for n, each in held.items() if not each.is_constant}
        for name, each in kept.items():
            _keep(writer, held[name], each)
            self._kept.setdefault(name, each)
        needs = self._reader.needs(t for t in writer.terms if t not in uses and t not in ends)
        columns = (*columns_of(needs, self._shape), *writer.arrays_of_records())
        outputs = tuple([array for each in kept.values() for array in each.arrays])
        body = Body(writer.body.lines, writer.constants, columns, outputs=outputs)
        return SharedBody(shared.frame, body, kept, shared.is_loose, needs)


def _kept(name: str, held: Held, shared: Shared) -> LookedUp:
    return LookedUp(
        next(iter(shared.roots)),
        f"{name}_or_none" if shared.is_loose else name,
        shared.kinds[name] == "condition",
        held.number,
        held.unknown != NO,
        held.none != NO,
        held.below is not None,
    )


def _keep(writer: Writer, held: Held, kept: LookedUp) -> None:
    """Write a value into its arrays; too large a number is lost."""
    compared = writer.arithmetic.compared
    above = compared(">", held.text, writer.number(MOST_KEPT))
    under = compared("<", held.text, writer.number(-MOST_KEPT))
    large = NO
    if held.number is not None:
        beyond = [] if held.below is None else [compared(">", held.below, writer.number(MOST_KEPT))]
        large = writer.variable(either(above, under, *beyond), "f")
    lost = either("redo", "lost", large)
    state = f"{UNKNOWN} if {held.unknown} else {NONE} if {held.none} else 0"
    writer.line(f"state_{kept.name}[i] = {LOST} if {lost} else {state}")
    if kept.is_condition:
        writer.line(f"value_{kept.name}[i] = 1 if {held.text} else 0")
    else:
        writer.line(f"value_{kept.name}[i] = 0 if {large} else {held.text}")
    if held.below is not None:
        writer.line(f"below_{kept.name}[i] = 1 if {large} else {held.below}")
