"""Decide a batch of orders: the only place of a replay where anything is decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.decision import Decision, Source
from creditgate.domain.outcomes import BREACHED
from creditgate.explain.documents import stable_bytes
from creditgate.explain.evidence import evidence_of
from creditgate.pipeline import Gate
from creditgate.replay.cases import Batch, Case


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one order.

    `rulebooks` are the rulebooks that govern, each with its digest as `id@digest`; `digest` is the
    SHA-256 of the core of the decision. `evidence` is JSON text, for breaches and on request only.
    """

    row: int
    id: str | None
    decision: str
    event: str
    day: str | None
    action: str | None
    breached: tuple[str, ...]
    undecided: tuple[str, ...]
    pending: tuple[str, ...]
    missing: tuple[str, ...]
    diagnostics: tuple[str, ...]
    rulebooks: tuple[str, ...]
    digest: str
    evidence: str | None = None


def decided(batch: Batch, gate: Gate, *, evidence: bool = False) -> list[Outcome]:
    """Return the outcome of each order of a batch, in their order.

    Each order is judged by itself on its facts, by the law of its day.
    """
    return [_outcome(case, _decision(case, gate), evidence=evidence) for case in batch]


def _decision(case: Case, gate: Gate) -> Decision:
    if case.document is None:
        core = gate.refused(case.diagnostics)
        return Decision(core, Source(gate, None))
    # JSON is the quick way in; every value is text, a truth value or null, so it is the same facts.
    return gate.decide(msgspec.json.encode(case.document))


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
