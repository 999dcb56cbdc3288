"""From facts to a decision: rulebooks that govern, outcomes of their rules, one answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from creditgate.backends.scalar.compile import CompiledEvent
from creditgate.backends.scalar.runtime import GOVERNED, NOT_GOVERNED, Verdict
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.decision import (
    APPROVED,
    OUT_OF_SCOPE,
    PENDING,
    REJECTED,
    UNDECIDED,
    BreachedRule,
    Core,
    GoverningRulebook,
    PendingRule,
    Refusal,
    UndecidedRule,
    Value,
    WarnedRule,
)
from creditgate.decide.engine import CompiledEpoch, Engine
from creditgate.decide.values import due_text, value_of
from creditgate.domain.dsl_types import TEXT
from creditgate.domain.facts import MISSING, Facts, attribute
from creditgate.domain.vocabulary import Event, Vocabulary
from creditgate.ir.nodes import Claimed
from creditgate.ir.rulebook import EpochRule, Rulebook
from creditgate.ir.walk import every
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import Judged, determine, judge


def day_of(facts: Facts, event: Event) -> int | None:
    """Return the day by which an event is judged, or None if the facts do not say it."""
    record = getattr(facts.root, attribute(event.dated_by[0]), MISSING)
    if record is MISSING:
        return None
    day = getattr(record, attribute(event.dated_by[1]), MISSING)
    return day if isinstance(day, int) else None


@lru_cache(maxsize=64)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


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
    engines: Sequence[Engine], vocabulary: Vocabulary, facts: Facts, on: int | None,
    figures: Iterable[str],
) -> Core:  # fmt: skip
    """Return the core of a decision."""
    event = vocabulary.events.get(facts.event)
    if event is None:
        return refused_core(facts.event, [Refusal("CG9015", f"there is no event {facts.event}")])
    day = on if on is not None else day_of(facts, event)
    wanted = tuple(figures)
    if day is None:
        path = ".".join(event.dated_by)
        unknown = tuple(engine.governing["unknown"] for engine in engines)
        undated = tuple(UndecidedRule(f"{e.rulebook.id}/governs", (path,)) for e in engines)
        return Core(UNDECIDED, facts.event, None, unknown, undecided=undated, missing=(path,))
    as_of = _iso(day)
    findings = _Findings() if wanted or facts.claims else None
    governing: list[GoverningRulebook] = []
    governed = False
    for engine in engines:
        compiled = engine.compiled(day, facts.event)
        code = None if compiled is None else compiled.event
        if compiled is None or code is None:
            governing.append(engine.governing["no"])
            continue
        judged = code.judge(facts.root, facts.claims, day)
        if judged is NOT_GOVERNED:
            governing.append(engine.governing["no"])
            continue
        governing.append(engine.governing["yes" if judged[0] is True else "unknown"])
        governed = True
        plain = judged is GOVERNED and not compiled.determines and not code.deadlines
        if plain and findings is None:
            continue
        findings = findings or _Findings()
        _add_findings(engine, compiled, judged, facts, day, wanted, findings)
    if findings is None:
        decision = APPROVED if governed else OUT_OF_SCOPE
        return Core(decision, facts.event, as_of, tuple(governing), what_if=on is not None)
    decision = findings.decision() if governed else OUT_OF_SCOPE
    what_if = on is not None
    return _core_of(decision, findings, governing, facts.event, as_of, wanted, what_if=what_if)


def _core_of(
    decision: str, findings: _Findings, governing: list[GoverningRulebook], event: str, as_of: str,
    wanted: tuple[str, ...], *, what_if: bool,
) -> Core:  # fmt: skip
    for name in wanted:
        if name not in findings.figures and name not in findings.determinations:
            because = ("no rulebook that governs has a figure of this name on this day",)
            findings.figures[name] = Value("unknown", because=because)
    missing = sorted({path for item in findings.undecided for path in item.missing})
    return Core(
        decision, event, as_of, tuple(governing),
        _by_rule(findings.breached), _by_rule(findings.undecided), _by_rule(findings.pending),
        tuple(missing), _by_rule(findings.warnings), tuple(sorted(findings.claims)), findings.figures,
        findings.determinations, what_if=what_if,
    )  # fmt: skip


def _by_rule(found: list[Found]) -> tuple[Found, ...]:
    """Return findings by the id of their rule: the order of files decides nothing."""
    return tuple(sorted(found, key=lambda item: item.rule))


def refused_core(event: str, refusals: list[Refusal]) -> Core:
    """Return the core for facts that could not be read: undecided, whatever they were."""
    return Core(UNDECIDED, event, None, (), refusals=tuple(refusals))


def refusals_of(diagnostics: Iterable[Diagnostic]) -> list[Refusal]:
    """Return diagnostics as they stand in a decision."""
    return [Refusal(item.code.number, item.message) for item in diagnostics]


def _add_findings(
    engine: Engine, compiled: CompiledEpoch, judged: Any, facts: Facts, day: int,
    figures: tuple[str, ...], findings: _Findings,
) -> None:  # fmt: skip
    """Add what a rulebook that governs, or may govern, found; the reasons come from the reference."""
    book, epoch, code = engine.rulebook, compiled.epoch, compiled.event
    assert code is not None
    governs, breached, undecided, warned, warned_undecided = judged
    evaluation = Evaluation(facts, day, book.calendars)
    if governs is not True:
        _add_undecided(f"{book.id}/governs", evaluation.value(epoch.governs[facts.event]), findings)
        return
    for place in breached:
        rule = code.rules[place]
        reason = book.vocabulary.reasons[rule.definition.reason]
        due = due_of(judge(evaluation, rule), rule, book) if rule.deadline else None
        findings.breached.append(BreachedRule(rule.id, reason.name, reason.fix_103, due))
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
