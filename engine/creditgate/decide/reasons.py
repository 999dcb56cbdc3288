"""What the findings of a rulebook rest on: the reasons come from the reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from creditgate.backends.scalar.runtime import Verdict
from creditgate.decide.decision import PENDING, PendingRule, UndecidedRule, WarnedRule
from creditgate.decide.engine import CompiledEpoch
from creditgate.decide.judgement import Findings
from creditgate.decide.plan import Step
from creditgate.decide.values import due_text, value_of
from creditgate.domain.dsl_types import TEXT
from creditgate.domain.facts import Facts
from creditgate.ir.nodes import Claimed, Expr
from creditgate.ir.rulebook import EpochRule, Rulebook
from creditgate.ir.walk import every
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import Judged, determine, judge


def add_findings(
    step: Step, judged: Verdict, facts: Facts, day: int, figures: Sequence[str],
    findings: Findings,
) -> None:  # fmt: skip
    """Add what a rulebook that governs, or may govern, found."""
    compiled, book = step.compiled, step.engine.rulebook
    epoch, rules = compiled.epoch, compiled.in_full
    governs, breached, undecided, warned, warned_undecided = judged
    evaluation = Evaluation(facts, day, book.calendars)
    if governs is not True:
        _add_undecided(f"{book.id}/governs", evaluation.value(epoch.governs[facts.event]), findings)
        return
    for place in breached:
        rule = rules[place]
        due = due_of(judge(evaluation, rule), rule, book) if rule.deadline else None
        findings.breached.append(msgspec.structs.replace(compiled.rules[place], due=due))
    for place in undecided:
        rule = rules[place]
        _add_undecided(rule.id, judge(evaluation, rule).unknown or Unknown(), findings)
    for place in warned:
        rule = rules[place]
        due = due_of(judge(evaluation, rule), rule, book) if rule.deadline else None
        findings.warnings.append(WarnedRule(rule.id, "breached", due))
    findings.warnings += [WarnedRule(rules[p].id, "undecided") for p in warned_undecided]
    _add_pending(evaluation, compiled, judged, book, findings)
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
    evaluation: Evaluation, compiled: CompiledEpoch, judged: Verdict, book: Rulebook,
    findings: Findings,
) -> None:  # fmt: skip
    """Add the rules that are met only because their deadline is still to come."""
    unmet = {place for places in judged[1:] for place in places}
    for place in compiled.deadlines:
        rule = compiled.in_full[place]
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


def _add_undecided(rule: str, unknown: Unknown, findings: Findings) -> None:
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


def may_rely_on_claims(rule: EpochRule) -> bool:
    """Tell whether an exemption of a rule asks for a claim."""
    conditions: list[Expr] = [condition for _, condition in rule.exemptions]
    return any(isinstance(part, Claimed) for node in conditions for part in every(node))
