"""Kernels of an event in an epoch, compiled for the columns at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from creditgate.backends.columns.judging import Judged, asked, write_body
from creditgate.backends.columns.kernel import Body, Kernel
from creditgate.backends.columns.needs import Needs, Reader
from creditgate.backends.columns.passes import plain_passes
from creditgate.backends.columns.plain_wide import PLAIN_FUNCTIONS
from creditgate.backends.columns.shared_body import SharedBody, SharedWriter
from creditgate.backends.columns.shared_terms import Chooser, Shared
from creditgate.backends.columns.writer import Shape
from creditgate.domain.calendar import Calendar
from creditgate.ir.rulebook import Epoch
from creditgate.lowered.folding import make
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.rules import Rule, applies
from creditgate.lowered.terms import Op, Reading, Term, Terms, reachable
from creditgate.lowered.values_asked import known, values_asked

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ColumnEvent:
    """The rules of an event in an epoch, ready to be written for columns of any shape.

    `words_used` are the texts that the rules compare with.
    """

    terms: Terms
    governs: Term
    rules: tuple[Judged, ...]
    reader: Reader
    calendars: Mapping[str, Calendar]
    needs: Needs
    words_used: frozenset[str]
    governs_bit: int

    def chosen_by(self) -> Term | None:
        """Return the enum fact of the event by whose member most rules apply, where lists are read.

        Loops over rows of lists are worth sparing those rows that ask for other rules.
        """
        if not self.needs.lists:
            return None
        count = Counter(
            fact
            for each in self.rules
            for fact in values_asked(each.rule.applies)
            if fact.parts[0].op is Op.ROOT
            and isinstance(fact.own, Reading)
            and not fact.own.identity
        )
        return min(count, key=lambda fact: (-count[fact], fact.index), default=None)

    def where(self, fact: Term, value: str) -> ColumnEvent:
        """Return the rules that may apply where a fact has a value, simplified for it."""
        with room_to_recurse():
            asked = [values_asked(each.rule.applies).get(fact) for each in self.rules]
            kept = [
                each
                for each, values in zip(self.rules, asked, strict=True)
                if values is None or value in values
            ]
            rules = [each.rule for each in kept]
            rules += [replace(e.rule, require=e.plain) for e in kept if e.plain is not None]
            changed = iter(known(self.terms, rules, fact, value))
            judged = [replace(each, rule=next(changed)) for each in kept]
            judged = [
                each if each.plain is None else replace(each, plain=next(changed).require)
                for each in judged
            ]
            judged = [each for each in judged if not each.rule.applies.is_constant(False)]
            roots = [self.governs, *[part for each in judged for part in _terms(each)]]
            needs = self.reader.needs(reachable(roots))
            return replace(self, rules=tuple(judged), needs=needs)

    def kernel(self, shape: Shape, codes: Mapping[str, int], words: int) -> Kernel:
        """Return the kernel for columns of a shape; raises `Unsupported` where there can be none."""
        return self.body(shape, codes, words).by_numbers()

    def sharing(
        self, shape: Shape, codes: Mapping[str, int], words: int
    ) -> SharingEvent | None:  # fmt: skip
        """Return the event with what rows share; None where they share nothing.

        Raises `Unsupported` where columns cannot hold it.
        """
        with room_to_recurse():
            roots = asked(self.governs, self.rules)
            found = Chooser(self.terms, self.reader, shape, self.calendars).sharing(roots)
            if not found.uses:
                return None
            writer = SharedWriter(self.reader, shape, codes, self.calendars)
            bodies = tuple([writer.write(each) for each in found.frames])
            body = write_body(
                self.governs, self.rules, self.reader, shape, codes,
                self.calendars, words, self.governs_bit, writer.uses(found.uses),
            )  # fmt: skip
            return SharingEvent(body, bodies, found.frames, writer)

    def body(self, shape: Shape, codes: Mapping[str, int], words: int) -> Body:
        """Return what judges a row of a shape; raises `Unsupported` where there can be none."""
        with room_to_recurse():
            return write_body(
                self.governs, self.rules, self.reader, shape, codes,
                self.calendars, words, self.governs_bit,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SharingEvent:
    """An event whose rows look up what was worked out for the records of some frames.

    `bodies` do so, each behind those of which it looks something up itself.
    """

    body: Body
    bodies: tuple[SharedBody, ...]
    frames: tuple[Shared, ...]
    writer: SharedWriter

    def rest(self, place: int, arrays: Collection[str]) -> SharedBody:
        """Return the body at a place without the values whose arrays are there already."""
        whole = self.bodies[place]
        left = [name for name, kept in whole.kept.items() if not {*kept.arrays} <= {*arrays}]
        if len(left) == len(whole.kept):
            return whole
        with room_to_recurse():
            return self.writer.write(self.frames[place], frozenset(left))


def column_event(epoch: Epoch, event: str, bits: Mapping[str, int]) -> ColumnEvent:
    """Return the rules of an event in an epoch; `bits` are the places of their outcomes.

    Where it is not known whether the rulebook governs the event, that is an outcome as of a rule
    of the name `governs`.
    """
    with room_to_recurse():
        terms = Terms()
        vocabulary = epoch.rulebook.vocabulary
        lowering = Lowering(terms, vocabulary)
        judged: list[Judged] = []
        for rule in epoch.rules:
            if rule.event != event:
                continue
            when = None if rule.when is None else lowering.term(rule.when)
            exemptions = [lowering.term(exemption) for _, exemption in rule.exemptions]
            require = plain = lowering.term(rule.require)
            if rule.deadline is not None:
                require = make(terms, Op.OR, [require, lowering.term(rule.deadline.before)])
            condition = applies(terms, when, exemptions)
            judged.append(
                Judged(
                    Rule(bits[rule.id], rule.id, condition, require),
                    bits[rule.id],
                    rule.effect == "warn",
                    None if rule.deadline is None else plain,
                )
            )
        governs = lowering.term(epoch.governs[event]) if event in epoch.governs else terms.false
        roots = [governs, *[part for each in judged for part in _terms(each)]]
        found = reachable(roots)
        reader = Reader(vocabulary)
        return ColumnEvent(
            terms, governs, tuple(judged), reader, epoch.rulebook.calendars, reader.needs(found),
            frozenset(_words(found)), bits[f"{epoch.rulebook.id}/governs"],
        )  # fmt: skip


def _terms(judged: Judged) -> list[Term]:
    plain = [] if judged.plain is None else [judged.plain]
    return [judged.rule.applies, judged.rule.require, *plain]


def _words(terms: list[Term]) -> set[str]:
    found: set[str] = set()
    for term in terms:
        values: Any = ()
        if term.constant:
            values = term.value if isinstance(term.value, frozenset) else (term.value,)
        elif term.op is Op.LOOKUP:
            table: Any = term.own
            values = [cell for keys, cell in table.rows for cell in (*keys, cell)]
        found.update(value for value in values if isinstance(value, str))
    return found


def uncompiled(kernel: Kernel) -> Run:
    """Return a kernel as plain Python: the same source, with numbers that cannot overflow."""
    constants = kernel.constants.items()
    names: dict[str, Any] = dict(PLAIN_FUNCTIONS) | {
        name: values.astype(object) if values.dtype == "int64" else values
        for name, values in constants
    }
    names |= {"np": np, **plain_passes()}
    # Machine code widens what it computes with; NumPy keeps to what a block is held in.
    source = kernel.source.replace("np.int32", "np.int64")
    exec(compile(source, "<kernel>", "exec"), names)
    run: Run = names["kernel"]
    return run
