"""What judges a row by the rules of an event: the outcome of each rule, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from creditgate.backends.columns import calendars as calendar_functions
from creditgate.backends.columns import lists, logic, lookups, numbers
from creditgate.backends.columns.kernel import (
    APPROVED,
    BEYOND,
    BITS,
    OUT_OF_SCOPE,
    OUTPUTS,
    PENDING,
    REDO,
    REJECTED,
    UNDECIDED,
    Body,
)
from creditgate.backends.columns.looked_up import NOTHING, LookedUp
from creditgate.backends.columns.needs import Needs, Reader
from creditgate.backends.columns.writer import NO, YES, Held, Shape, Writer, both, either, opposite
from creditgate.domain.calendar import Calendar
from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Op, Term

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


def write_body(
    governs: Term,
    rules: Sequence[Judged],
    reader: Reader,
    shape: Shape,
    codes: Mapping[str, int],
    calendars: Mapping[str, Calendar],
    words: int,
    governs_bit: int,
    uses: Mapping[Term, LookedUp] = NOTHING,
) -> Body:
    """Return what judges a row by some rules; raises `Unsupported` where columns cannot hold them."""
    writer = Writer(asked(governs, rules), reader, shape, codes, WRITES, calendars, uses)
    needs = reader.needs(each for each in writer.terms if each not in uses)
    if uses:
        writer.line("lost = False")
    if any(term.op is Op.AS_OF for term in writer.terms):
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
    columns = (*columns_of(needs, shape), *writer.arrays_of_records())
    return Body(writer.body.lines, {**writer.constants, "bits": bits}, columns)


def asked(governs: Term, rules: Sequence[Judged]) -> list[Term]:
    """Return the terms that tell the outcomes of rules."""
    roots = [governs]
    for each in rules:
        roots += [each.rule.applies, each.rule.require]
        roots += [] if each.plain is None else [each.plain]
    return roots


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
    text = f"{REDO} if redo else {text}"
    # What is lost of a record is not for this kernel to decide.
    text = f"{BEYOND} if lost else {text}" if writer.uses else text
    writer.line(f"decided = {text}")
    writer.line("decision[i] = decided")


def columns_of(needs: Needs, shape: Shape) -> tuple[str, ...]:
    """Return the names of the arrays that columns are given as."""
    names: list[str] = []
    for column in needs.values:
        if shape.has(column):
            names.append(f"of_{column.name}")
    for column in needs.lists:
        if shape.has(column):
            names += [f"from_{column.name}", f"in_{column.name}"]
    names += [f"is_{c.name}" for c in (*needs.values, *needs.lists) if c in shape.sparse]
    names += [f"to_{column.name}" for column in needs.references if shape.has(column)]
    names += [f"at_{entity}" for entity in needs.singles if entity not in shape.in_rows]
    return tuple(names)
