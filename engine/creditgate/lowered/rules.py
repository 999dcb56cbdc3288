"""Rules as terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from creditgate.lowered.folding import make
from creditgate.lowered.terms import Op, Term, Terms


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as terms; `index` is its place among the rules of the event."""

    index: int
    id: str
    applies: Term
    require: Term


def applies(terms: Terms, when: Term | None, exemptions: Sequence[Term]) -> Term:
    """Return the condition under which a rule applies: its own, and no exemption."""
    conditions = [terms.true if when is None else when]
    conditions += [make(terms, Op.NOT, [exemption]) for exemption in exemptions]
    return make(terms, Op.AND, conditions)
