"""Situations as the arrays that kernels read, and what a kernel says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tests.differential.compare import Expected
from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.widths import LONGEST, SIZES, guarded, ranges_of, wide_from

from creditgate.backends.columns.bounds import largest_number
from creditgate.backends.columns.compile import ColumnEvent, Run, column_event, uncompiled
from creditgate.backends.columns.kernel import (
    APPROVED,
    BEYOND,
    OUT_OF_SCOPE,
    PENDING,
    REDO,
    REJECTED,
    UNDECIDED,
    Body,
    Kernel,
)
from creditgate.backends.columns.needs import Column, Needs
from creditgate.backends.columns.touching import touching
from creditgate.backends.columns.values import KNOWN, NONE, first_codes
from creditgate.backends.columns.values import MISSING as MISSING_STATE
from creditgate.backends.columns.widths import MOST_IN_128_BITS as IN_128_BITS
from creditgate.backends.columns.writer import Shape
from creditgate.domain.dsl_types import Record, without_none
from creditgate.domain.facts import MISSING, attribute, record_attribute
from creditgate.domain.vocabulary import Vocabulary

ALIGNED = "order"
WORDS = 1
GOVERNS = 63  # the bit that tells that nobody knows whether the rulebook governs


@dataclass(slots=True)
class Columns:
    """Arrays of situations that stand in rows one below the other, as lists until they are asked for.

    `records` are those of each frame, in the order of their rows.
    """

    vocabulary: Vocabulary
    codes: dict[str, int]
    records: dict[str, list[Any]] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)
    dense: set[Column] = field(default_factory=set)
    sparse: set[Column] = field(default_factory=set)
    loose: set[Column | str] = field(default_factory=set)

    @classmethod
    def of(
        cls, situations: Sequence[Situation], vocabulary: Vocabulary, codes: dict[str, int]
    ) -> Columns:
        """Make the arrays of all facts of some situations."""
        columns = cls(vocabulary, codes)
        roots = [each.facts.root for each in situations]
        singles = [e.name for e in vocabulary.entities.values() if e.kind == "single"]
        for name in singles:
            found = [getattr(root, attribute(name)) for root in roots]
            given = [each for each in found if each not in (MISSING, None)]
            # A record that stands in several situations has one row.
            own = found if name == ALIGNED else list({id(each): each for each in given}.values())
            columns._frame(name, name, own)
            places = {id(each): place for place, each in enumerate(own)}
            rows = [-1 if each in (MISSING, None) else places[id(each)] for each in found]
            columns.arrays[f"at_{name}"] = np.array(rows, dtype=np.int64)
            if len(given) < len(found):
                columns.loose.add(name)
        columns._tables()
        for frame, entity in list(columns.entities.items()):
            columns._facts(frame, entity)
        return columns

    def _frame(self, frame: str, entity: str, records: list[Any]) -> None:
        self.records[frame], self.entities[frame] = records, entity
        for fact in self.vocabulary.entities[entity].facts.values():
            if fact.kind != "list":
                continue
            rows, offsets, states = [], [0], []
            for record in records:
                found = getattr(record, attribute(fact.name), MISSING)
                states.append(_state(found))
                rows += list(found) if isinstance(found, tuple) else []
                offsets.append(len(rows))
            self._note(Column(frame, fact.name), states)
            self.arrays[f"from_{Column(frame, fact.name).name}"] = np.array(offsets, dtype=np.int64)
            self.arrays[f"in_{Column(frame, fact.name).name}"] = np.zeros(1, dtype=np.int64)
            self._frame(f"{frame}.{fact.name}", fact.target or "", rows)

    def _tables(self) -> None:
        """Collect the records that references point to, each once."""
        waiting = [(self.entities[f], r) for f, records in self.records.items() for r in records]
        for entity in self.vocabulary.tables().values():
            self.records[entity.name], self.entities[entity.name] = [], entity.name
        while waiting:
            entity_name, record = waiting.pop()
            for fact in self.vocabulary.entities[entity_name].facts.values():
                pointed = getattr(record, record_attribute(fact.name), MISSING)
                target = without_none(fact.type)
                if (
                    isinstance(target, Record)
                    and pointed is not MISSING
                    and id(pointed) not in self.places
                ):
                    self.places[id(pointed)] = len(self.records[target.entity])
                    self.records[target.entity].append(pointed)
                    waiting.append((target.entity, pointed))

    def _facts(self, frame: str, entity: str) -> None:
        records = self.records[frame]
        for fact in self.vocabulary.entities[entity].facts.values():
            if fact.kind == "list":
                continue
            column = Column(frame, fact.name)
            values = [getattr(record, attribute(fact.name), MISSING) for record in records]
            self._note(column, [_state(value) for value in values])
            if fact.kind == "set":
                members = [sorted(v) if isinstance(v, frozenset) else [] for v in values]
                starts = np.cumsum([0, *map(len, members)])
                self.arrays[f"from_{column.name}"] = starts.astype(np.int64)
                flat = [self.codes[member] for some in members for member in some]
                self.arrays[f"in_{column.name}"] = np.array(flat or [0], dtype=np.int64)
                continue
            # As many bits as it takes: the kernel is run as plain Python here.
            held = np.array([self._held(value) for value in values], dtype=object)
            self.arrays[f"of_{column.name}"] = held
            if fact.kind == "reference":
                pointed = [getattr(r, record_attribute(fact.name), MISSING) for r in records]
                rows = [-1 if p is MISSING else self.places[id(p)] for p in pointed]
                self.arrays[f"to_{column.name}"] = np.array(rows, dtype=np.int64)
                if -1 in rows:
                    self.loose.add(column)

    def _held(self, value: Any) -> Any:
        if value is MISSING or value is None:
            return 0
        return self.codes[value] if isinstance(value, str) else int(value)

    def _note(self, column: Column, states: list[int]) -> None:
        if any(states):
            self.arrays[f"is_{column.name}"] = np.array(states, dtype=np.uint8)
            self.sparse.add(column)
        else:
            self.dense.add(column)

    def shape(self, needs: Needs) -> Shape:
        """Return what a kernel of some needs has to know."""
        wanted = {*needs.values, *needs.lists, *needs.references}
        loose = {each for each in (*needs.references, *needs.singles) if each in self.loose}
        return Shape(
            ALIGNED,
            frozenset(wanted & self.dense),
            frozenset(wanted & self.sparse),
            frozenset(loose),
        )


def _state(value: Any) -> int:
    return MISSING_STATE if value is MISSING else NONE if value is None else KNOWN


def texts_of(situations: Sequence[Situation]) -> set[str]:
    """Return the texts and members of enums in the facts of situations."""
    found: set[str] = set()

    def collect(value: Any) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, (frozenset, tuple)):
            for each in value:
                collect(each)
        elif hasattr(value, "__struct_fields__"):
            for name in value.__struct_fields__:
                collect(getattr(value, name))

    for each in situations:
        collect(each.facts.root)
    return found


def kernel_differences(
    program: Program, situations: Sequence[Situation], wanted: Sequence[Expected], *, wide: bool
) -> Iterator[str]:
    """Yield what the kernel of a program says otherwise than the reference; raises `Unsupported`.

    With `wide` the kernel whose larger numbers are wide has to say the same.
    Rows with claims, and those of no day, are never given to a kernel.
    """
    pairs = [
        (each, expected)
        for each, expected in zip(situations, wanted, strict=True)
        if each.as_of is not None and not each.facts.claims
    ]
    if not pairs:
        return
    rows = [each for each, _ in pairs]
    event = event_of(program)
    vocabulary = program.epoch.rulebook.vocabulary
    codes = first_codes(vocabulary, set(event.words_used) | texts_of(rows))
    columns = Columns.of(rows, vocabulary, codes)
    body = event.body(columns.shape(event.needs), codes, WORDS)
    plain = touching(body.by_numbers())
    arrays = [_unbounded(columns.arrays[name]) for name in plain.columns]
    days = np.array([each.as_of for each in rows], dtype=object)
    ways = [(plain, uncompiled(plain))]
    if wide:
        ways += _wide(body, dict(zip(plain.columns, arrays, strict=True)))
    for kernel, run in ways:
        found = outcomes_of(run, days, arrays)
        for row, (_, expected) in enumerate(pairs):
            said, right = found[row], right_of(program, expected)
            if said is not None and said != right:
                yield f"row {row}: {said} instead of {right}\n{kernel.source}"


def event_of(program: Program) -> ColumnEvent:
    """Return the rules of a program for columns."""
    bits = {rule.id: place for place, rule in enumerate(program.epoch.rules)}
    bits[f"{program.epoch.rulebook.id}/governs"] = GOVERNS
    return column_event(program.epoch, "order", bits)


def _unbounded(array: Any) -> Any:
    """Return an array of integers of any size, in place of one of 64 bits."""
    return array.astype(object) if array.dtype == np.int64 else array


def _wide(body: Body, arrays: Mapping[str, Any]) -> list[tuple[Kernel, Run]]:
    """Return a kernel with wide numbers, if no number needs more than they have."""
    plain = body.by_numbers()
    if largest_number(plain.source, plain.ranges() | ranges_of(arrays), LONGEST) >= IN_128_BITS:
        return []
    most = SIZES[len(plain.source) % len(SIZES)]
    kernel = wide_from(body, arrays, most)
    return [(kernel, guarded(kernel, most))]


def outcomes_of(run: Run, days: Any, arrays: Sequence[Any]) -> list[tuple[int, ...] | None]:
    """Return the decision and the bits of each row, None where another evaluator is to decide."""
    count = len(days)
    decision = np.zeros(count, dtype=np.uint8)
    words = [np.zeros((count, WORDS), dtype=np.uint64) for _ in range(3)]
    run(0, count, np.arange(count), days, *arrays, decision, *words)
    return [
        None
        if decision[row] in {REDO, BEYOND}
        else (int(decision[row]), *[int(each[row, 0]) for each in words])
        for row in range(count)
    ]


def right_of(program: Program, expected: Expected) -> tuple[int, int, int, int]:
    """Return the decision and the bits of rules that a kernel has to find."""
    if expected.governs is not True:
        return (
            (OUT_OF_SCOPE, 0, 0, 0)
            if expected.governs is False
            else (UNDECIDED, 0, 1 << GOVERNS, 0)
        )
    deciding = [
        outcome
        for rule, outcome in zip(program.epoch.rules, expected.outcomes, strict=True)
        if rule.effect != "warn"
    ]
    decision = APPROVED
    for word, code in (("pending", PENDING), ("undecided", UNDECIDED), ("breached", REJECTED)):
        decision = code if word in deciding else decision
    bits = [
        sum(1 << place for place, each in enumerate(expected.outcomes) if each == word)
        for word in ("breached", "undecided", "pending")
    ]
    return decision, bits[0], bits[1], bits[2]
