"""What a generated case shows, as a sentence in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from creditgate.backends.words.english import lowered
from creditgate.backends.words.nouns import Scope
from creditgate.backends.words.sentences import Words
from creditgate.domain.dsl_types import BOOLEAN, without_none
from creditgate.domain.outcomes import BREACHED, NOT_APPLICABLE, PENDING, SATISFIED, UNDECIDED
from creditgate.generate.conditions import Condition
from creditgate.generate.obligations import (
    BELOW,
    DECIDES,
    HOLDS,
    MISSING,
    ON,
    ROWS,
    Obligation,
)
from creditgate.generate.rulebook_cases import MadeCase
from creditgate.ir.nodes import Expr, Fact, Named, Root
from creditgate.ir.rulebook import Rulebook

LONGEST: Final = 220
_COMES_OUT: Final[Mapping[str, str]] = {
    NOT_APPLICABLE: "the rule does not apply",
    SATISFIED: "the rule is satisfied",
    BREACHED: "the rule is breached",
    PENDING: "the rule is pending",
    UNDECIDED: "the rule is undecided",
}


class CaseNames:
    """Names for the cases of a rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self._words = Words(book, "en")

    def name(self, case: MadeCase) -> str:
        """Return what a case shows: which condition decides or which fact is missing, and so what."""
        obligation, comes_out = case.obligation, _COMES_OUT[case.shown.outcome]
        if obligation.kind == MISSING:
            return f"without {self.fact(case, obligation.which)}, {comes_out}"
        assert obligation.condition is not None
        condition = case.taken.conditions[obligation.condition]
        holds = Obligation(DECIDES, HOLDS, condition.number) in case.shown.met
        said = self.clause(condition, holds=holds)
        if obligation.kind == DECIDES:
            return f"{said}, so {comes_out}"
        if obligation.kind == ROWS:
            return f"with some rows so and others not, {said}, so {comes_out}"
        if obligation.which == ON:
            return f"exactly at the limit, {said}, so {comes_out}"
        side = "just below" if obligation.which == BELOW else "just above"
        return f"{side} the limit, {said}, so {comes_out}"

    def clause(self, condition: Condition, *, holds: bool) -> str:
        """Return a condition or its opposite in words; as it is written where that is shorter."""
        said = self._words.condition(condition.node, Scope(), holds=holds).text
        if len(said) <= LONGEST:
            return said
        written = condition.text if len(condition.text) <= LONGEST else f"{condition.text[:200]}…"
        return f"`{written}` {'holds' if holds else 'does not hold'}"

    def fact(self, case: MadeCase, path: str) -> str:
        """Return a fact in words; of a row, with the list in which it stands."""
        read = case.taken.facts.found[path]
        if not _is_single(read.node.record):
            return f"the fact {path} ({lowered(read.declared.title.en)})"
        if without_none(read.declared.type) == BOOLEAN:
            said = self._words.condition(read.node, Scope(), holds=True).text
            return f"knowing whether {said}"
        return self._words.value(read.node)


def _is_single(record: Expr) -> bool:
    match record:
        case Root():
            return True
        case Fact(record=holder):
            return _is_single(holder)
        case Named(body=body):
            return _is_single(body)
        case _:
            return False
