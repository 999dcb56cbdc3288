"""What the solver's formulas of a program say of given facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import z3
from tests.differential.compare import Expected
from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.world import CALENDARS, VOCABULARY

from creditgate.backends.solver.asking import Asking
from creditgate.backends.solver.assumed import assumed
from creditgate.backends.solver.conditions import constant
from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.outcomes import EventTerms, event_terms, outcome
from creditgate.backends.solver.pieces import (
    Formula,
    NotEncodable,
    Piece,
    aligned,
    both,
    opposite,
    same,
)
from creditgate.domain.dsl_types import TIME, Date, Duration, Instant, without_none
from creditgate.domain.facts import MISSING, attribute, record_attribute
from creditgate.ir.nodes import Expr
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.terms import Number, Terms

MOST_ROWS = 3  # of the lists of situations
SECONDS = 3.0


def solver_differences(
    program: Program, situations: Sequence[Situation], wanted: Sequence[Expected]
) -> Iterator[str]:
    """Yield what the formulas of a program say otherwise than the reference.

    Where the solver gives up in time it has said nothing wrong.

    Errors: NotEncodable where something in the program has no formula.
    """
    lists = ListedRows(MOST_ROWS, keyed=False)
    encoding = Encoding(VOCABULARY, CALENDARS, lists, bounded=False)
    encoding.as_of = Piece(z3.Int("as_of"), z3.Bool("as_of unknown"), number=Number())
    terms = Terms()
    event = event_terms(terms, program.epoch, "order")
    governs = encoding.piece(event.governs)
    rules = [outcome(encoding, rule) for rule in event.rules]
    values = [_value(encoding, terms, node) for node in program.expressions]
    asking = Asking(encoding)
    for situation, right in zip(situations, wanted, strict=True):
        if not records_agree(situation.facts.root):
            continue
        given = [*assumed(encoding, lists, situation.facts), _day(encoding, situation.as_of)]
        agreed = both(
            _is(governs, right.governs) if _governed(event) else True,
            *[getattr(rule, word) for rule, word in zip(rules, right.outcomes, strict=True)],
            *[
                _is(piece, _held(node, value), encoding)
                for node, piece, value in zip(
                    program.expressions, values, right.values, strict=True
                )
            ],
        )
        if asking.ask(given, SECONDS).found == "none":
            yield f"there are no such facts: {situation}"
        if asking.ask([*given, opposite(agreed)], SECONDS).found == "some":
            yield f"another outcome than {right} is found"


def records_agree(root: Any) -> bool:
    """Tell whether references with one key find one record, as those of documents do."""
    found: dict[tuple[str, str], Any] = {}
    waiting = [(name, getattr(root, name)) for name in root.__struct_fields__]
    while waiting:
        entity, record = waiting.pop()
        if record is MISSING or record is None:
            continue
        for fact in VOCABULARY.entities[entity].facts.values():
            value = getattr(record, attribute(fact.name))
            if isinstance(value, tuple):
                waiting += [(fact.target or "", row) for row in value]
            if fact.kind == "reference" and value not in (MISSING, None):
                pointed = getattr(record, record_attribute(fact.name))
                key = fact.target or "", str(value)
                if key not in found:
                    found[key] = pointed
                    waiting.append((key[0], pointed))
                elif found[key] is not pointed:
                    return False
    return True


def _governed(event: EventTerms) -> bool:
    return event.event in event.epoch.governs


def _value(encoding: Encoding, terms: Terms, node: Expr) -> Piece:
    return encoding.piece(Lowering(terms, VOCABULARY).term(node))


def _day(encoding: Encoding, day: int | None) -> Formula:
    if day is None:
        return encoding.as_of.unknown
    return both(opposite(encoding.as_of.unknown), encoding.as_of.value == day)


def _held(node: Expr, value: Any) -> Any:
    from fractions import Fraction

    kind = without_none(node.type)
    counted = isinstance(kind, Date | Duration | Instant) or kind == TIME
    return Fraction(value) if counted and isinstance(value, int) else value


def _is(piece: Piece, value: Any, encoding: Encoding | None = None) -> Formula:
    """Return whether a piece has a value of the reference."""
    if value is MISSING:
        return piece.unknown
    known = opposite(piece.unknown)
    if value is None:
        return both(known, piece.none)
    given = both(known, opposite(piece.none))
    if isinstance(value, bool):
        return both(given, same(piece.value, value))
    assert encoding is not None
    right = constant(encoding.codes, value)
    (left, other), _ = aligned([piece, right])
    return both(given, same(left, other))


__all__ = ["NotEncodable", "solver_differences"]
