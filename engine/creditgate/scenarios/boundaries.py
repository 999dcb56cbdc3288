"""The limits that rules and statuses compare with, and on which side of each a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from creditgate.domain.dsl_types import BOOLEAN
from creditgate.ir.bounds import Bounds
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import And, Apply, Expr, If, Named, Not, Or
from creditgate.ir.rulebook import EpochDetermination, EpochRule
from creditgate.reference.evaluate import Evaluation, Unknown

BELOW: Final = "below"
ON: Final = "on"
ABOVE: Final = "above"
_ORDERED: Final = frozenset({"less", "less_or_equal", "greater", "greater_or_equal"})


def limits_of(thing: EpochRule | EpochDetermination) -> dict[str, Apply]:
    """Return the comparisons that decide a rule or a status, by their text.

    Those of a formula that has a name of its own count where it stands for a condition; those
    inside lists do not: each row would be another limit.
    """
    conditions: list[Expr | None]
    if isinstance(thing, EpochRule):
        conditions = [thing.when, *(node for _, node in thing.exemptions), thing.require]
        if thing.deadline is not None:
            conditions.append(thing.deadline.before)
    else:
        conditions = [when for _, when in thing.cases]
    found = (node for item in conditions if item is not None for node in _compared(item))
    return {formula_text(node): node for node in found}


def _compared(node: Expr) -> Iterator[Apply]:
    match node:
        case Apply(operator=operator) if operator in _ORDERED:
            yield node
        case And(items=items) | Or(items=items):
            for item in items:
                yield from _compared(item)
        case Not(item=item):
            yield from _compared(item)
        case If(type=kind, test=test, then=then, otherwise=otherwise) if kind == BOOLEAN:
            for item in (test, then, otherwise):
                yield from _compared(item)
        case Named(type=kind, subject=None, body=body) if kind == BOOLEAN:
            yield from _compared(body)


def sides_of(limits: dict[str, Apply], evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Yield the side of each limit on which some facts stand; what is not known stands nowhere."""
    for text, node in limits.items():
        left, right = (evaluation.value(item) for item in node.arguments)
        if any(value is None or isinstance(value, Unknown) for value in (left, right)):
            continue
        yield text, ON if left == right else BELOW if left < right else ABOVE


def possible_sides(node: Apply, bounds: Bounds) -> Iterable[str]:
    """Return the sides on which anything can stand, as far as the bounds of facts tell."""
    left, right = node.arguments
    distance = bounds.of(left) + -bounds.of(right)
    low, high = distance.low, distance.high
    if low is None or low < 0:
        yield BELOW
    if (low is None or low <= 0) and (high is None or high >= 0):
        yield ON
    if high is None or high > 0:
        yield ABOVE
