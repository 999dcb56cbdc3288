"""From facts to a decision: rulebooks that govern, outcomes of their rules, one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from creditgate.backends.scalar.runtime import NOT_GOVERNED, Verdict
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.decision import (
    APPROVED,
    OUT_OF_SCOPE,
    PENDING,
    REJECTED,
    UNDECIDED,
    BreachedRule,
    Core,
    PendingRule,
    Refusal,
    UndecidedRule,
    Value,
    WarnedRule,
)
from creditgate.decide.plan import Plan, Plans
from creditgate.domain.facts import Facts

Found = TypeVar("Found", BreachedRule, UndecidedRule, PendingRule, WarnedRule)


@dataclass(slots=True)
class Findings:
    """What the rulebooks that govern, or may govern, found."""

    breached: list[BreachedRule] = field(default_factory=list)
    undecided: list[UndecidedRule] = field(default_factory=list)
    pending: list[PendingRule] = field(default_factory=list)
    warnings: list[WarnedRule] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    figures: dict[str, Value] = field(default_factory=dict)
    determinations: dict[str, Value] = field(default_factory=dict)

    def decision(self) -> str:
        """Return what the findings come to where a rulebook governs."""
        if self.breached:
            return REJECTED
        if self.undecided:
            return UNDECIDED
        return PENDING if self.pending else APPROVED


def decide_core(
    plans: Plans, facts: Facts, on: int | None, figures: Sequence[str], known_on: str | None
) -> Core:
    """Return the core of a decision."""
    if not plans.knows(facts.event):
        refusal = Refusal("CG9015", f"there is no event {facts.event}")
        return refused_core(facts.event, [refusal], known_on)
    plan = plans.of(facts) if on is None else plans.on(facts.event, on)
    if plan is None:
        return _undated(plans, facts.event, known_on)
    verdicts = plan.judged(facts)
    if on is None and not figures:
        found = plan.quick(facts, verdicts, known_on)
        if found is not None:
            return found
    # What the reference is not asked for is decided without it, and starts the sooner.
    from creditgate.decide.reasons import add_findings

    findings = Findings()
    governed = False
    for step, judged in zip(plan.steps, verdicts, strict=True):
        if judged is not NOT_GOVERNED:
            governed = True
            add_findings(step, judged, facts, plan.day, figures, findings)
    decision = findings.decision() if governed else OUT_OF_SCOPE
    core = _core_of(decision, findings, plan, verdicts, figures)
    return msgspec.structs.replace(core, what_if=on is not None, known_on=known_on)


def _undated(plans: Plans, event: str, known_on: str | None) -> Core:
    path = ".".join(plans.vocabulary.events[event].dated_by)
    unknown = tuple(engine.governing["unknown"] for engine in plans.engines)
    undated = tuple(UndecidedRule(f"{e.id}/governs", (path,)) for e in plans.engines)
    return Core(
        UNDECIDED, event, None, unknown, undecided=undated, missing=(path,), known_on=known_on
    )


def _core_of(
    decision: str, findings: Findings, plan: Plan, verdicts: Sequence[Verdict],
    wanted: Sequence[str],
) -> Core:  # fmt: skip
    for name in wanted:
        if name not in findings.figures and name not in findings.determinations:
            because = ("no rulebook that governs has a figure of this name on this day",)
            findings.figures[name] = Value("unknown", because=because)
    missing = sorted({path for item in findings.undecided for path in item.missing})
    return Core(
        decision, plan.event, plan.as_of, plan.governing(verdicts),
        _by_rule(findings.breached), _by_rule(findings.undecided), _by_rule(findings.pending),
        tuple(missing), _by_rule(findings.warnings), tuple(sorted(findings.claims)), findings.figures,
        findings.determinations,
    )  # fmt: skip


def _by_rule(found: list[Found]) -> tuple[Found, ...]:
    """Return findings by the id of their rule: the order of files decides nothing."""
    return tuple(sorted(found, key=lambda item: item.rule))


def refused_core(event: str, refusals: list[Refusal], known_on: str | None) -> Core:
    """Return the core for facts that could not be read: undecided, whatever they were."""
    return Core(UNDECIDED, event, None, (), refusals=tuple(refusals), known_on=known_on)


def refusals_of(diagnostics: Iterable[Diagnostic]) -> list[Refusal]:
    """Return diagnostics as they stand in a decision."""
    return [Refusal(item.code.number, item.message) for item in diagnostics]
