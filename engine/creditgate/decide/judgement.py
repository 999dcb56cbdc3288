"""From facts to a decision: rulebooks that govern, outcomes of their rules, one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from creditgate.backends.scalar.compile import CompiledEvent
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
from creditgate.decide.plan import Plan, Plans, Step
from creditgate.decide.values import due_text, value_of
from creditgate.domain.dsl_types import TEXT
from creditgate.domain.facts import Facts
from creditgate.ir.nodes import Claimed
from creditgate.ir.rulebook import EpochRule, Rulebook
from creditgate.ir.walk import every
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import Judged, determine, judge

Found = TypeVar("Found", BreachedRule, UndecidedRule, PendingRule, WarnedRule)


@dataclass(slots=True)
class _Findings:
    breached: list[BreachedRule] = field(default_factory=list)
    undecided: list[UndecidedRule] = field(default_factory=list)
    pending: list[PendingRule] = field(default_factory=list)
    warnings: list[WarnedRule] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    figures: dict[str, Value] = field(default_factory=dict)
    determinations: dict[str, Value] = field(default_factory=dict)

    def decision(self) -> str:
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
    findings = _Findings()
    governed = False
    for step, judged in zip(plan.steps, verdicts, strict=True):
        if judged is not NOT_GOVERNED:
            governed = True
            _add_findings(step, judged, facts, plan.day, figures, findings)
    decision = findings.decision() if governed else OUT_OF_SCOPE
    core = _core_of(decision, findings, plan, verdicts, figures)
    return msgspec.structs.replace(core, what_if=on is not None, known_on=known_on)


def _undated(plans: Plans, event: str, known_on: str | None) -> Core:
    path = ".".join(plans.vocabulary.events[event].dated_by)
    unknown = tuple(engine.governing["unknown"] for engine in plans.engines)
    undated = tuple(UndecidedRule(f"{e.rulebook.id}/governs", (path,)) for e in plans.engines)
    return Core(
        UNDECIDED, event, None, unknown, undecided=undated, missing=(path,), known_on=known_on
    )


def _core_of(
    decision: str, findings: _Findings, plan: Plan, verdicts: Sequence[Verdict],
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


def _add_findings(
    step: Step, judged: Verdict, facts: Facts, day: int, figures: Sequence[str],
    findings: _Findings,
) -> None:  # fmt: skip
    """Add what a rulebook that governs, or may govern, found; the reasons come from the reference."""
    compiled, book = step.compiled, step.engine.rulebook
    epoch, code = compiled.epoch, compiled.event
    assert code is not None
    governs, breached, undecided, warned, warned_undecided = judged
    evaluation = Evaluation(facts, day, book.calendars)
    if governs is not True:
        _add_undecided(f"{book.id}/governs", evaluation.value(epoch.governs[facts.event]), findings)
        return
    for place in breached:
        rule = code.rules[place]
        due = due_of(judge(evaluation, rule), rule, book) if rule.deadline else None
        findings.breached.append(msgspec.structs.replace(step.breaches[place], due=due))
    for place in undecided:
        rule = code.rules[place]
        _add_undecided(rule.id, judge(evaluation, rule).unknown or Unknown(), findings)
    for place in warned:
        rule = code.rules[place]
        due = due_of(judge(evaluation, rule), rule, book) if rule.deadline else None
        findings.warnings.append(WarnedRule(rule.id, "breached", due))
    findings.warnings += [WarnedRule(code.rules[p].id, "undecided") for p in warned_undecided]
    _add_pending(evaluation, code, judged, book, findings)
    if facts.claims:
        findings.claims |= claims_relied_on(evaluation, compiled.claiming, facts)
    for name in figures:
        if name in epoch.figures:
            node = epoch.figures[name]
            findings.figures[name] = value_of(evaluation.value(node), node.type)
    for item in epoch.determinations:
        asked = item.name in figures
        if asked or (compiled.determines and item.event == facts.event):
            findings.determinations[item.name] = value_of(determine(evaluation, item), TEXT)


def _add_pending(
    evaluation: Evaluation, code: CompiledEvent, judged: Verdict, book: Rulebook,
    findings: _Findings,
) -> None:  # fmt: skip
    """Add the rules that are met only because their deadline is still to come."""
    unmet = {place for places in judged[1:] for place in places}
    for place in code.deadlines:
        rule = code.rules[place]
        found = judge(evaluation, rule) if place not in unmet else None
        due = None if found is None or found.outcome != PENDING else due_of(found, rule, book)
        if due is None:
            continue
        if rule.effect == "warn":
            findings.warnings.append(WarnedRule(rule.id, PENDING, due))
        else:
            findings.pending.append(PendingRule(rule.id, due))


def due_of(judged: Judged, rule: EpochRule, book: Rulebook) -> str | None:
    """Return the deadline that an outcome shows."""
    if judged.due is None or rule.deadline is None:
        return None
    return due_text(judged.due, rule.deadline.due.type, book.time_zone)


def _add_undecided(rule: str, unknown: Unknown, findings: _Findings) -> None:
    findings.undecided.append(
        UndecidedRule(rule, tuple(sorted(unknown.missing)), tuple(sorted(unknown.reasons)))
    )


def claims_relied_on(evaluation: Evaluation, rules: Iterable[EpochRule], facts: Facts) -> set[str]:
    """Return the claims without which some exemption would not hold."""
    relied: set[str] = set()
    for rule in rules:
        judged = judge(evaluation, rule)
        if judged.exempted_by is None:
            continue
        condition: Any = dict(rule.exemptions)[judged.exempted_by]
        claimed = {part.claim for part in every(condition) if isinstance(part, Claimed)}
        relied |= claimed & facts.claims.keys()
    return relied
