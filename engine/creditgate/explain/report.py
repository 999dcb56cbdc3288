"""The report of a decision: its core with the words that people need, for every face alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from creditgate.decide.decision import APPROVED, OUT_OF_SCOPE, Core, Decision
from creditgate.domain.citation import Bilingual
from creditgate.explain.authorities import Authority
from creditgate.explain.documents import document_of
from creditgate.explain.evidence import RulebookEvidence, RuleEvidence, evidence_of
from creditgate.explain.headline import headline
from creditgate.explain.limits import Limit, first_broken
from creditgate.explain.remedies import OfferedRemedy, remedies_of
from creditgate.reference.judge import BREACHED, UNDECIDED


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is breached or cannot be decided, in words.

    `grade` is the weakest grade of evidence of all that the outcome rests on; `limit` is the first
    comparison that does not hold.
    """

    rule: str
    rulebook: str
    outcome: str
    effect: str
    reason: str
    title: Bilingual
    message: Bilingual | None
    authority: Authority | None
    grade: str
    limit: Limit | None
    missing: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claim as it was made, and whether the decision relies on it."""

    claim: str
    title: Bilingual
    by: str
    at: str
    relied_on: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A decision for people: `evidence` holds every rule, where it was asked for."""

    id: str | None
    headline: Bilingual
    core: Core
    findings: tuple[Finding, ...]
    remedies: tuple[OfferedRemedy, ...]
    claims: tuple[ClaimShown, ...]
    evidence: tuple[RulebookEvidence, ...]


def report_of(decision: Decision, *, explain: bool = False) -> Report:
    """Return the report of a decision; with `explain`, the evidence of every rule as well."""
    core = decision.core
    speaks = core.decision not in {APPROVED, OUT_OF_SCOPE} or core.warnings
    evidence = evidence_of(decision, whole=explain) if speaks or explain else ()
    document = None if decision.source is None else document_of(decision.source)
    findings = tuple(finding for part in evidence for finding in _findings(part))
    shown = _headline(decision, document)
    return Report(
        order_id(decision, document), shown, core, findings, remedies_of(decision),
        claims_shown(decision), evidence if explain else (),
    )  # fmt: skip


def order_id(decision: Decision, document: Any) -> str | None:
    """Return the id of what was judged, as its facts state it."""
    source = decision.source
    if source is None or not isinstance(document, dict):
        return None
    event = source.gate.vocabulary.events.get(str(document.get("event", decision.core.event)))
    if event is None:
        return None
    entity = source.gate.vocabulary.entities[event.dated_by[0]]
    record = document.get(entity.name)
    id = record.get(entity.key or "id") if isinstance(record, dict) else None
    return None if id is None else str(id)


def claims_shown(decision: Decision) -> tuple[ClaimShown, ...]:
    """Return the claims among the facts, in the order of their names."""
    source = decision.source
    if source is None or source.facts is None:
        return ()
    declared = source.gate.vocabulary.claims
    return tuple(
        ClaimShown(name, declared[name].title, made.by, made.at, name in decision.core.claims)
        for name, made in sorted(source.facts.claims.items())
    )


def _headline(decision: Decision, document: Any) -> Bilingual:
    source = decision.source
    if source is None:
        return Bilingual(decision.core.event, decision.core.event)
    governing = {item.id for item in decision.core.rulebooks if item.governs != "no"}
    books = [engine.rulebook for engine in source.gate.engines]
    currencies = {book.currency for book in books if book.id in governing}
    currency = currencies.pop() if len(currencies) == 1 else None
    vocabulary = source.gate.vocabulary
    return Bilingual(
        headline(document, vocabulary, currency, "en"),
        headline(document, vocabulary, currency, "zh"),
    )


def _findings(part: RulebookEvidence) -> list[Finding]:
    if part.governs == "unknown":
        words = Bilingual(
            f"Whether {part.rulebook} governs", f"是否适用{part.title.zh}（{part.rulebook}）"
        )
        return [
            Finding(
                f"{part.rulebook}/governs", part.rulebook, UNDECIDED, "reject", "governs", words,
                None, None, "official", None, part.missing, part.because,
            )
        ]  # fmt: skip
    return [
        _finding(part.rulebook, rule)
        for outcome in (BREACHED, UNDECIDED)
        for rule in part.rules
        if rule.outcome == outcome
    ]


def _finding(rulebook: str, rule: RuleEvidence) -> Finding:
    return Finding(
        rule.rule, rulebook, rule.outcome, rule.effect, rule.reason, rule.title, rule.message,
        rule.authority, rule.grade, first_broken(rule.limits) if rule.message else None,
        rule.missing, rule.because,
    )  # fmt: skip
