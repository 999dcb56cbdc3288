"""What facts must be like to show an obligation of a rule, as formulas."""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.outcomes import Outcome, outcome
from creditgate.backends.solver.pieces import Formula, Piece, aligned, both, either, opposite
from creditgate.domain.outcomes import BREACHED, NOT_APPLICABLE, PENDING, SATISFIED
from creditgate.generate.conditions import Condition
from creditgate.generate.obligations import (
    ABOVE,
    DECIDES,
    HOLDS,
    LIMIT,
    MISSING,
    ON,
    ROWS,
    Obligation,
)
from creditgate.generate.rule_versions import Taken
from creditgate.generate.units_of_limits import unit_of


class WantedFacts:
    """The formulas of the obligations of one version of a rule."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken

    def formulas(
        self, encoding: Encoding, obligation: Obligation, barred: tuple[str, ...]
    ) -> list[Formula]:
        """Return what makes facts meet an obligation, with an outcome that is not barred.

        Errors: NotEncodable.
        """
        version = self._taken.version
        governed = encoding.piece(version.event.governs)
        now = outcome(encoding, version.rule)
        if obligation.kind == MISSING:
            alone = self._alone_missing(encoding, obligation.which)
            return [opposite(governed.fails), now.undecided, *alone]
        assert obligation.condition is not None
        condition = self._taken.conditions[obligation.condition]
        wanted = [governed.holds, opposite(now.undecided)]
        wanted += [opposite(_named(now)[each]) for each in barred]
        if obligation.kind == DECIDES:
            holds = obligation.which == HOLDS
            return [*wanted, *self._decides(encoding, condition, now, holds=holds)]
        ways = []
        for holds in (True, False):
            decides = self._decides(encoding, condition, now, holds=holds)
            if obligation.kind == ROWS:
                decides += self._rows_differ(encoding, condition)
            else:
                assert obligation.kind == LIMIT
                decides.append(self._at_limit(encoding, condition, obligation.which, holds=holds))
            ways.append(both(*decides))
        return [*wanted, either(*ways)]

    def _decides(
        self, encoding: Encoding, condition: Condition, now: Outcome, *, holds: bool
    ) -> list[Formula]:
        """Return that a condition holds or fails, and decides."""
        otherwise = outcome(encoding, self._taken.settled(condition, holds=not holds))
        alike = [both(a, b) for a, b in zip(_kinds(now), _kinds(otherwise), strict=True)]
        differs = opposite(either(*alike))
        if condition.rows is None:
            piece = encoding.piece(condition.term)
            return [piece.holds if holds else piece.fails, differs]
        (count,) = map(encoding.piece, self._taken.terms([condition.rows[holds]]))
        return [opposite(count.unfit), count.value == 1, differs]

    def _rows_differ(self, encoding: Encoding, condition: Condition) -> list[Formula]:
        assert condition.quantified is not None
        some, every = map(encoding.piece, self._taken.terms(condition.quantified))
        return [some.holds, every.fails]

    def _alone_missing(self, encoding: Encoding, path: str) -> list[Formula]:
        """Return that a fact alone is missing, and that the rule would be decided with it."""
        if not isinstance(encoding.lists, ListedRows) and "[]" in path:
            return []  # no row is at hand; what is proved without this is proved with it
        facts, version = self._taken.facts, self._taken.version
        read = facts.found[path]

        def decided() -> list[Formula]:
            governs = encoding.piece(version.event.governs).holds
            return [governs, opposite(outcome(encoding, version.rule).undecided)]

        given = facts.given(encoding, read, decided)
        return [facts.is_missing(encoding, read), *facts.others_known(encoding, path), *given]

    def _at_limit(
        self, encoding: Encoding, condition: Condition, which: str, *, holds: bool
    ) -> Formula:
        """Return that the sides of a comparison are equal, or at most one unit apart."""
        comparison = condition.comparison
        assert comparison is not None
        pieces = [encoding.piece(side) for side in self._taken.terms(condition.sides[holds])]
        (left, right), below = aligned(pieces)
        apart = left - right
        if which == ON:
            return apart == 0
        unit = unit_of(comparison) * _common_unit(pieces)
        most = unit.numerator if below is None else unit.numerator * below
        apart = (apart if which == ABOVE else -apart) * unit.denominator
        return both(apart > 0, apart <= most)


def _common_unit(pieces: Iterable[Piece]) -> int:
    return lcm(*[piece.unit for piece in pieces])


def _kinds(found: Outcome) -> tuple[Formula, ...]:
    return (found.not_applicable, found.satisfied, found.breached, found.pending, found.undecided)


def _named(found: Outcome) -> dict[str, Formula]:
    return {
        NOT_APPLICABLE: found.not_applicable,
        SATISFIED: found.satisfied,
        BREACHED: found.breached,
        PENDING: found.pending,
    }
