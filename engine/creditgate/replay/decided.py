"""Decide the orders of a block: the only place of a replay where anything is decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from creditgate.base.diagnostic import Diagnostic
from creditgate.base.failures import InternalFailure
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import Decision, Source
from creditgate.domain.outcomes import BREACHED
from creditgate.explain.documents import stable_bytes
from creditgate.explain.evidence import evidence_of
from creditgate.pipeline import Gate
from creditgate.replay.by_columns import Alike, ByColumns, Found
from creditgate.replay.cases import Case, cases_at
from creditgate.replay.cells import Cells, text_of
from creditgate.replay.lookup import Lookup
from creditgate.replay.outcomes import Outcome, Outcomes
from creditgate.replay.side_records import NotInColumns
from creditgate.tables.columns import key_of

#: Orders whose facts are held as documents at once.
TOGETHER: Final = 4_096
#: Fewer orders are decided one by one sooner than rules are compiled for columns.
FEW_TO_COMPILE: Final = 16_384
_MOST_KNOWN: Final = 100_000


class Decider:
    """Decide blocks of orders, each order by itself on its facts, by the law of its day.

    Where the replay `is_large`, orders are decided as a table where one can say their facts, and where the
    rules breached say all of the decision; one order of each that come out alike is decided by
    itself too, and theirs is its decision. All others are decided one by one, and all are by the law
    of the day that `on` names.
    """

    def __init__(
        self, lookup: Lookup, gate: Gate, *, evidence: bool = False, is_large: bool = True,
        on: date | None = None,
    ) -> None:  # fmt: skip
        self._lookup, self._gate, self._evidence, self._on = lookup, gate, evidence, on
        self._by_columns: ByColumns | None = None
        # A few orders are decided one by one sooner than rules are compiled for columns.
        self._is_made = not is_large
        self._known: dict[bytes, Outcome] = {}

    def decided(self, cells: Cells, before: int) -> Outcomes:
        """Return the outcomes of a block, before which there are so many orders."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        found = self._found(cells)
        alike = [] if found is None else found.alike
        asked = {each.first for each in alike if each.known_as not in self._known}
        places = np.full(cells.count, -1, dtype=np.int32) if found is None else found.places
        one_by_one = sorted({*np.flatnonzero(places < 0).tolist(), *asked})
        alone = self._one_by_one(cells, one_by_one, before)
        kinds = [self._kind(each, alone) for each in alike]
        places = places.copy()
        for place, outcome in alone.items():
            places[place] = len(kinds)
            kinds.append(outcome)
        return Outcomes(before + 1, *self._named(cells), places, kinds, alone)

    def _found(self, cells: Cells) -> Found | None:
        if not self._is_made:
            self._is_made = True
            try:
                held = self._lookup.held
                self._by_columns = ByColumns(held, self._gate, evidence=self._evidence)
            except NotInColumns:
                pass  # every order is decided one by one
        return None if self._by_columns is None else self._by_columns.found(cells)

    def _kind(self, alike: Alike, alone: dict[int, Outcome]) -> Outcome:
        known = self._known.get(alike.known_as)
        if known is None:
            own = alone[alike.first]
            if own.decision != alike.decision or own.diagnostics:
                raise InternalFailure("a table answers otherwise than a single order")
            known = self._known[alike.known_as] = replace(own, row=0, id=None, action=None)
        return known

    def _named(self, cells: Cells) -> tuple[Any, Any]:
        """Return the ids and the actions of the orders of a block."""
        driving, columns = self._lookup.columns.driving, self._lookup.held.folder.orders.columns
        named = self._gate.vocabulary.events[DEFAULT_EVENT].rules_name
        found = []
        for name in (key_of(driving), "" if named is None else named[1]):
            known = name in columns
            column = cells.column(name) if known else pa.nulls(cells.count, pa.string())
            found.append(text_of(column))
        return found[0], found[1]

    def _one_by_one(self, cells: Cells, places: Sequence[int], before: int) -> dict[int, Outcome]:
        found: dict[int, Outcome] = {}
        for start in range(0, len(places), TOGETHER):
            some = places[start : start + TOGETHER]
            rows = cells.rows(some)
            numbers = [before + place + 1 for place in some]
            for place, case in zip(some, cases_at(self._lookup, rows, numbers), strict=True):
                found[place] = _outcome(case, self._decision(case), evidence=self._evidence)
        return found

    def _decision(self, case: Case) -> Decision:
        if case.document is None:
            core = self._gate.refused(case.diagnostics)
            return Decision(core, Source(self._gate, None))
        # JSON is the quick way in; every value is text, a truth value or null: the same facts.
        return self._gate.decide(msgspec.json.encode(case.document), on=self._on)


def _outcome(case: Case, decision: Decision, *, evidence: bool) -> Outcome:
    core = decision.core
    diagnostics = [] if case.document is None else list(map(_shown, case.diagnostics))
    diagnostics += [f"{refusal.code} {refusal.message}" for refusal in core.refusals]
    order = (case.document or {}).get(DEFAULT_EVENT, {})
    return Outcome(
        case.row, case.id, core.decision, core.event, core.as_of, order.get("action"),
        decision.breached, decision.undecided, decision.pending, core.missing, tuple(diagnostics),
        tuple(f"{book.id}@{book.digest}" for book in core.rulebooks if book.governs != "no"),
        hashlib.sha256(decision.core_bytes()).hexdigest(),
        _evidence(decision) if evidence and core.breached else None,
    )  # fmt: skip


def _shown(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code.number} {diagnostic.message}"


def _evidence(decision: Decision) -> str:
    """Return the evidence of what was breached: facts read, limits, citation, as JSON text."""
    found: list[Any] = [
        msgspec.to_builtins(rule)
        for part in evidence_of(decision, whole=False)
        for rule in part.rules
        if rule.outcome == BREACHED
    ]
    return stable_bytes(found).decode()
