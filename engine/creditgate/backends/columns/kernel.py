"""The source of a kernel: the rules of an event, judged row by row in one loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from creditgate.backends.columns import calendars as calendar_functions
from creditgate.backends.columns import lists, logic, lookups, numbers
from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.layout import (
    BLOCK,
    Form,
    bounded,
    changed,
    parameters,
    space,
)
from creditgate.backends.columns.needs import Needs, Reader
from creditgate.backends.columns.writer import (
    NO,
    YES,
    Held,
    Shape,
    Writer,
    both,
    either,
    opposite,
)
from creditgate.domain.calendar import Calendar
from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Op, Term, reachable

# What decides most comes last: rulebooks together decide as the one that decides most.
OUT_OF_SCOPE, APPROVED, PENDING, UNDECIDED, REJECTED, REDO, BEYOND = range(7)
BITS: Final = 64
OUTPUTS: Final = ("decision", "breached", "undecided", "pending")
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

    It judges the rows whose numbers stand in `rows` from `begin` up to `end`. `columns` are the
    names of the arrays it takes after the days, in order; four arrays follow that it fills: the
    decision of each row, and the bits of rules breached, undecided and pending. Where it is `wide`
    it calls the functions on integers of 128 bits.
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


@dataclass(frozen=True, slots=True)
class BlockKernel:
    """A kernel of all rows from one to another, which takes columns as they come.

    `kernel` is `kernel(begin, end, limits, ...)`: `limits` are the least and the greatest of each
    column with bounds, its columns are arrays of the forms given. Where a number is not between its
    limits the decision of the row is `BEYOND`. It returns a number other than zero where a column
    cannot have the form it is said to have. `plain` is the kernel of the same rules that judges
    rows by their numbers, none of which is wide.
    """

    kernel: Kernel
    plain: Kernel
    forms: Mapping[str, Form]


class Body:
    """The lines that judge a row.

    Where numbers in them are wide, `plain` are the lines without that.
    """

    def __init__(
        self, lines: list[str], constants: Mapping[str, Any], columns: tuple[str, ...],
        plain: Body | None = None,
    ) -> None:  # fmt: skip
        self._lines, self._constants, self._columns = lines, constants, columns
        self.plain = plain or self

    @property
    def is_wide(self) -> bool:
        """Tell whether a number is wide."""
        return self.plain is not self

    def written(self, lines: list[str]) -> Body:
        """Return the same with other lines, in which numbers are wide."""
        return Body(lines, self._constants, self._columns, self)

    def by_numbers(self) -> Kernel:
        """Return the kernel of rows that are named by their numbers."""
        taken = ["begin", "end", "rows", "day_of", *self._columns, *OUTPUTS]
        lines = [
            f"def kernel({', '.join(taken)}):",
            "    for place in range(begin, end):",
            "        i = rows[place]",
            "        redo = False",
            *[f"        {line}" for line in (*self._lines, "decision[i] = decided")],
        ]
        source = "\n".join([*lines, ""])
        return Kernel(source, self._constants, self._columns, self.is_wide)

    def by_blocks(self, forms: Mapping[str, Form]) -> BlockKernel:
        """Return the kernel of all rows of columns, and of the days of the rows, of some forms.

        Columns without a form are those of tables that stand in other rows. Columns that no rule
        reads are checked too.
        """
        names = ["day_of", *self._columns] if self._reads_days() else [*self._columns]
        names += [n for n, form in forms.items() if n not in names and form.is_checked]
        read = {name: forms[name] for name in names if name in forms}
        places = {name: place for place, name in enumerate(bounded(read))}
        given: list[str] = []
        for name in names:
            given += parameters(name, read[name]) if name in read else [name]
        limits = [f"low{n}, high{n} = limits[0, {n}], limits[1, {n}]" for n in places.values()]
        head = ["wrong = 0", f"marks = np.zeros({BLOCK}, np.bool_)", *limits]
        head += [line for name, form in read.items() for line in space(name, form)]
        block = [f"n = min({BLOCK}, end - block)", "marked = False"]
        for name, form in read.items():
            block += changed(name, form, places.get(name))
        block += [f"{name} = all_{name}[block:block + n]" for name in OUTPUTS]
        row = ["i = place", "redo = False", *self._lines, "decision[i] = decided"]
        after = [
            "if marked:",
            "    for q in range(n):",
            f"        decision[q] = {BEYOND} if marks[q] else decision[q]",
            "        marks[q] = False",
        ]
        taken = ["begin", "end", "limits", *given, *[f"all_{name}" for name in OUTPUTS]]
        lines = [
            f"def kernel({', '.join(taken)}):",
            *[f"    {line}" for line in head],
            f"    for block in range(begin, end, {BLOCK}):",
            *[f"        {line}" for line in block],
            "        for place in range(n):",
            *[f"            {line}" for line in row],
            *[f"        {line}" for line in after],
            "    return wrong",
        ]
        source = "\n".join([*lines, ""])
        kernel = Kernel(source, self._constants, tuple(given), self.is_wide)
        return BlockKernel(kernel, self.plain.by_numbers(), read)

    def _reads_days(self) -> bool:
        return any(line.startswith("as_of = ") for line in self._lines)


def write_body(
    governs: Term,
    rules: Sequence[Judged],
    reader: Reader,
    shape: Shape,
    codes: Mapping[str, int],
    calendars: Mapping[str, Calendar],
    words: int,
    governs_bit: int,
) -> Body:
    """Return what judges a row by some rules; raises `Unsupported` where columns cannot hold them."""
    roots = [governs]
    for each in rules:
        roots += [each.rule.applies, each.rule.require]
        roots += [] if each.plain is None else [each.plain]
    writer = Writer(roots, reader, shape, codes, WRITES, calendars)
    needs = reader.needs(reachable(roots))
    if any(term.op is Op.AS_OF for term in reachable(roots)):
        writer.line("as_of = day_of[i]")
    governed = writer.held(governs)
    within = writer.variable(both(opposite(governed.unfit), governed.text), "f")
    filled = {name: _Words(writer, name, words, within) for name in OUTPUTS[1:]}
    filled["undecided"].add(governs_bit, governed.unfit, decides=True, anyhow=True)
    for each in rules:
        _judge(writer, each, filled)
    for found in filled.values():
        found.write()
    _decide(writer, governed, filled)
    bits = np.array([1 << place for place in range(BITS)] + [0], dtype="uint64")
    return Body(writer.body.lines, {**writer.constants, "bits": bits}, _columns(needs, shape))


class _Words:
    """The bits of one outcome, in words; none is set where the event is not governed.

    A word that no rule has a bit in is left as it is.
    """

    def __init__(self, writer: Writer, name: str, words: int, within: str) -> None:
        self._writer, self._name, self._within = writer, name, within
        self._found: list[dict[int, str]] = [{} for _ in range(words)]
        self._deciding = [0] * words
        self._words: list[str] = []

    def add(self, bit: int, condition: str, *, decides: bool, anyhow: bool = False) -> None:
        """Set a bit under a condition, `anyhow` even where the event may not be governed."""
        condition = condition if anyhow else both(self._within, condition)
        if condition == NO:
            return
        word, place = divmod(bit, BITS)
        self._found[word][place] = f"(bits[{place}] if {condition} else bits[{BITS}])"
        if decides:
            self._deciding[word] |= 1 << place

    def write(self) -> None:
        """Write the words into their array."""
        for word, texts in enumerate(self._found):
            if texts:
                self._writer.line(f"{self._name}{word} = {' | '.join(texts.values())}")
                self._writer.line(f"{self._name}[i, {word}] = {self._name}{word}")

    def decides(self) -> str:
        """Return the condition that a rule that decides has its bit set."""
        found = []
        for word, (texts, deciding) in enumerate(zip(self._found, self._deciding, strict=True)):
            name = f"{self._name}{word}"
            if deciding and deciding != sum(1 << place for place in texts):
                name = f"({name} & {self._writer.constant([deciding], 'uint64')}[0])"
            if deciding:
                found.append(f"({name} != bits[{BITS}])")
        return either(*found)


def _judge(writer: Writer, judged: Judged, words: Mapping[str, _Words]) -> None:
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
    for name, condition in outcomes.items():
        words[name].add(judged.bit, condition, decides=not judged.warns)


def _decide(writer: Writer, governed: Held, words: Mapping[str, _Words]) -> None:
    """Write the decision; where the event is not, or may not be, governed, no rule is judged."""
    lost = writer.variable(governed.unfit, "f")
    text = str(APPROVED)
    for name, code in (("pending", PENDING), ("undecided", UNDECIDED), ("breached", REJECTED)):
        condition = words[name].decides()
        text = text if condition == NO else f"({code} if {condition} else {text})"
    text = text if governed.text == YES else f"({text} if {governed.text} else {OUT_OF_SCOPE})"
    text = text if lost == NO else f"({UNDECIDED} if {lost} else {text})"
    writer.line(f"decided = {REDO} if redo else {text}")


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
    names += [f"at_{entity}" for entity in needs.singles if entity not in shape.in_rows]
    return tuple(names)
