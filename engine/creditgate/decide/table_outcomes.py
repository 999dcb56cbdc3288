"""Decisions of the rows of a table, with one bit a rule for what was breached and undecided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from creditgate.backends.columns.kernel import (
    APPROVED,
    BITS,
    OUT_OF_SCOPE,
    PENDING,
    REDO,
    REJECTED,
    UNDECIDED,
)
from creditgate.decide.decision import Core
from creditgate.ir.rulebook import Rulebook

WORDS: Final = {
    OUT_OF_SCOPE: "out_of_scope", APPROVED: "approved", PENDING: "pending",
    UNDECIDED: "undecided", REJECTED: "rejected",
}  # fmt: skip
#: The bits of the rules that are breached, undecided and pending.
Bits: TypeAlias = tuple[int, int, int]
_CODES: Final = {word: code for code, word in WORDS.items()}


class RuleBits:
    """The place of each rule of some rulebooks among the bits of an outcome.

    Behind the rules stands, for each rulebook, whether it is unknown if it governs.
    """

    def __init__(self, rulebooks: Sequence[Rulebook]) -> None:
        rules = [rule.id for book in rulebooks for rule in book.rules.values()]
        rules += [f"{book.id}/governs" for book in rulebooks]
        self.rules: tuple[str, ...] = tuple(dict.fromkeys(rules))
        self.places = {rule: place for place, rule in enumerate(self.rules)}
        self.words = max(1, -(-len(self.rules) // BITS))
        #: A word is as wide as a few rules need; many have several words of 64 bits.
        self.width = next((w for w in (8, 16, 32) if len(self.rules) <= w), BITS)

    @property
    def size(self) -> int:
        """Return how many bytes hold the bits of all rules."""
        return self.words * self.width // 8

    def of_rulebook(self, book: Rulebook) -> int:
        """Return the bits that a rulebook can set."""
        own = [*[rule.id for rule in book.rules.values()], f"{book.id}/governs"]
        return sum(1 << self.places[rule] for rule in own)

    def of(self, core: Core) -> Bits:
        """Return the bits of the rules breached, undecided and pending; warnings are among them."""
        found = {
            "breached": [item.rule for item in core.breached],
            "undecided": [item.rule for item in core.undecided],
            "pending": [item.rule for item in core.pending],
        }
        for warning in core.warnings:
            found[warning.outcome].append(warning.rule)
        breached, undecided, pending = (
            sum(1 << self.places[rule] for rule in set(rules) if rule in self.places)
            for rules in found.values()
        )
        return breached, undecided, pending


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What was found for each row: the decision, and words of bits, one a rule."""

    decision: Any
    breached: Any
    undecided: Any
    pending: Any

    @classmethod
    def of(cls, rows: int, bits: RuleBits) -> Outcomes:
        """Return outcomes of rows that are still to be decided."""
        words = [np.zeros((rows, bits.words), dtype=f"uint{bits.width}") for _ in range(3)]
        return cls(np.full(rows, REDO, dtype=np.uint8), *words)

    @property
    def words(self) -> tuple[Any, Any, Any]:
        """Return the bits of rules breached, undecided and pending."""
        return self.breached, self.undecided, self.pending

    @property
    def all(self) -> tuple[Any, Any, Any, Any]:
        """Return the decisions and the bits."""
        return self.decision, *self.words

    def reset(self, rows: Any) -> None:
        """Forget what was found for some rows, given by their numbers or as a slice."""
        self.decision[rows] = REDO
        for each in self.words:
            each[rows] = 0

    def join(self, other: Outcomes) -> None:
        """Take in what another rulebook found."""
        np.maximum(self.decision, other.decision, out=self.decision)
        for own, bits in zip(self.words, other.words, strict=True):
            np.bitwise_or(own, bits, out=own)

    def agrees(self, row: int, others: Bits, own: int) -> bool:
        """Tell whether a row has the same bits, among `own`, as others."""
        found = [int.from_bytes(each[row].tobytes(), "little") & own for each in self.words]
        return found == [each & own for each in others]

    def settle(self, row: int, core: Core, bits: RuleBits) -> None:
        """Write a decision that stands alone into a row."""
        self.decision[row] = _CODES[core.decision]
        for each, found in zip(self.words, bits.of(core), strict=True):
            each[row] = np.frombuffer(found.to_bytes(bits.size, "little"), each.dtype)

    def table(self, bits: RuleBits) -> pa.Table:
        """Return the outcomes as a table, the ids of rules in its metadata."""
        words = pa.array([WORDS[code] for code in range(len(WORDS))])
        held = [None, pa.py_buffer(self.decision)]
        codes = pa.Array.from_buffers(pa.uint8(), len(self.decision), held)
        decision = pa.DictionaryArray.from_arrays(codes, words, safe=False)
        columns: dict[str, Any] = {"decision": decision}
        kind = pa.binary(bits.size)
        for name in ("breached", "undecided", "pending"):
            buffer = pa.py_buffer(getattr(self, name))
            columns[name] = pa.Array.from_buffers(kind, len(codes), [None, buffer])
        return pa.table(columns).replace_schema_metadata({"rules": json.dumps(bits.rules)})
