"""The source of a kernel: the rules of an event, judged row by row in one loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from creditgate.backends.columns import calendars as calendar_functions
from creditgate.backends.columns import lists, logic, lookups, numbers
from creditgate.backends.columns.arithmetic import Arithmetic
from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.needs import Needs, Reader
from creditgate.backends.columns.writer import Held, Shape, Writer, both, either, opposite
from creditgate.domain.calendar import Calendar
from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Op, Term, reachable

# What decides most comes last: rulebooks together decide as the one that decides most.
OUT_OF_SCOPE, APPROVED, PENDING, UNDECIDED, REJECTED, REDO = range(6)
BITS: Final = 64
WRITES: Final = {
    **logic.WRITES,
    **numbers.WRITES,
    **lists.WRITES,
    **lookups.WRITES,
    **calendar_functions.WRITES,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule as a kernel judges it: the bit that tells its outcome, and what it is without a term.

    `plain` is the requirement without the deadline, where the rule has one. A rule that only
    `warns` decides nothing.
    """

    rule: Rule
    bit: int
    warns: bool
    plain: Term | None = None


@dataclass(frozen=True, slots=True)
class Kernel:
    """Source of `kernel(begin, end, rows, day_of, ...)`, and its arrays of constants.

    It judges the rows whose numbers stand in `rows` from `begin` up to `end`. `columns` are the names of the arrays it takes after the days, in order; four arrays follow
    that it fills: the decision of each row, and the bits of rules breached, undecided and pending.
    Where it is `wide` it calls the functions on integers of 128 bits.
    """

    source: str
    constants: Mapping[str, Any]
    columns: tuple[str, ...]
    wide: bool = False

    def ranges(self) -> dict[str, Range]:
        """Return the least and greatest of each array of constants."""
        return {
            name: (int(values.min()), int(values.max()))
            for name, values in self.constants.items()
            if len(values)
        }


def write_kernel(
    governs: Term,
    rules: Sequence[Judged],
    reader: Reader,
    shape: Shape,
    arithmetic: Arithmetic,
    codes: Mapping[str, int],
    calendars: Mapping[str, Calendar],
    words: int,
    governs_bit: int,
) -> Kernel:
    """Return the kernel of some rules; raises `Unsupported` where columns cannot hold them."""
    roots = [governs]
    for each in rules:
        roots += [each.rule.applies, each.rule.require]
        roots += [] if each.plain is None else [each.plain]
    writer = Writer(roots, reader, shape, arithmetic, codes, WRITES, calendars)
    needs = reader.needs(reachable(roots))
    if any(term.op is Op.AS_OF for term in reachable(roots)):
        writer.line("as_of = day_of[i]")
    governed = writer.held(governs)
    within = writer.variable(both(opposite(governed.unfit), governed.text), "f")
    breached = _Words(writer, "breached", words, within)
    undecided = _Words(writer, "undecided", words, within)
    pending = _Words(writer, "pending", words, within)
    found: dict[str, list[str]] = {"breached": [], "undecided": [], "pending": []}
    undecided.add(governs_bit, governed.unfit, anyhow=True)
    for each in rules:
        _judge(writer, each, (breached, undecided, pending), found)
    _decide(writer, governed, found)
    for filled in (breached, undecided, pending):
        filled.write()
    columns = _columns(needs, shape)
    parameters = ", ".join(["begin", "end", "rows", "day_of", *columns, "decision", *found])
    body = [f"        {line}" for line in writer.body.lines]
    source = "\n".join(
        [f"def kernel({parameters}):", "    for place in range(begin, end):", "        i = rows[place]",
         "        redo = False", *body, ""]
    )  # fmt: skip
    bits = np.array([1 << place for place in range(BITS)] + [0], dtype="uint64")
    return Kernel(source, {**writer.constants, "bits": bits}, columns)


class _Words:
    """The bits of one outcome, in words; none is set where the event is not governed."""

    def __init__(self, writer: Writer, name: str, words: int, within: str) -> None:
        self._writer, self._name, self._within = writer, name, within
        self._found: list[list[str]] = [[] for _ in range(words)]

    def add(self, bit: int, condition: str, *, anyhow: bool = False) -> None:
        """Set a bit under a condition, `anyhow` even where the event may not be governed."""
        condition = condition if anyhow else both(self._within, condition)
        if condition != "False":
            self._found[bit // BITS].append(
                f"(bits[{bit % BITS}] if {condition} else bits[{BITS}])"
            )

    def write(self) -> None:
        """Write the words into their array."""
        for word, texts in enumerate(self._found):
            self._writer.line(f"{self._name}[i, {word}] = {' | '.join(texts) or f'bits[{BITS}]'}")


def _judge(
    writer: Writer, judged: Judged, words: tuple[_Words, _Words, _Words],
    found: Mapping[str, list[str]],
) -> None:  # fmt: skip
    applies, require = writer.held(judged.rule.applies), writer.held(judged.rule.require)
    sure = writer.variable(both(opposite(applies.unfit), applies.text), "f")
    may = writer.variable(either(applies.unfit, applies.text), "f")
    fails = both(opposite(require.unfit), opposite(require.text))
    breached = writer.variable(both(sure, fails), "f")
    unsure = either(both(may, require.unfit), both(applies.unfit, fails))
    undecided = writer.variable(unsure, "f")
    outcomes = {"breached": breached, "undecided": undecided}
    if judged.plain is not None:
        plain = writer.held(judged.plain)
        met = both(may, opposite(require.unfit), require.text)
        unmet = either(plain.unfit, opposite(plain.text))
        outcomes["pending"] = writer.variable(both(met, unmet), "f")
    for filled, name in zip(words, ("breached", "undecided", "pending"), strict=True):
        if name in outcomes:
            filled.add(judged.bit, outcomes[name])
            if not judged.warns:
                found[name].append(outcomes[name])


def _decide(writer: Writer, governed: Held, found: Mapping[str, list[str]]) -> None:
    """Write the decision; where the event is not, or may not be, governed, no rule is judged."""
    lost = writer.variable(governed.unfit, "f")
    text = str(APPROVED)
    for name, code in (("pending", PENDING), ("undecided", UNDECIDED), ("breached", REJECTED)):
        text = f"({code} if {either(*found[name])} else {text})"
    text = f"({UNDECIDED} if {lost} else {text} if {governed.text} else {OUT_OF_SCOPE})"
    writer.line(f"decision[i] = {REDO} if redo else {text}")


def _columns(needs: Needs, shape: Shape) -> tuple[str, ...]:
    """Return the names of the arrays that columns are given as."""
    names: list[str] = []
    for column in needs.values:
        if column in shape.dense or column in shape.sparse:
            names.append(f"of_{column.name}")
    for column in needs.lists:
        if column in shape.dense or column in shape.sparse:
            names += [f"from_{column.name}", f"in_{column.name}"]
    names += [f"is_{c.name}" for c in (*needs.values, *needs.lists) if c in shape.sparse]
    names += [f"to_{column.name}" for column in needs.references]
    names += [f"at_{entity}" for entity in needs.singles if entity != shape.aligned]
    return tuple(names)
