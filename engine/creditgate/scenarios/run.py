"""Run cases on the reference, and whole decisions through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from creditgate.base.collector import Collector
from creditgate.base.spans import ScalarMap
from creditgate.check.asked import asked_expression, names_of
from creditgate.check.environment import Scope
from creditgate.check.phrases import constant
from creditgate.decide.decision import OUT_OF_SCOPE
from creditgate.decide.plan import day_of
from creditgate.decide.read import FactsRefused
from creditgate.decide.reasons import due_of
from creditgate.decide.values import exact_text
from creditgate.domain.dsl_types import Type, without_none
from creditgate.ir.nodes import Expr, Row
from creditgate.ir.rulebook import Epoch, EpochDetermination, EpochRule, Rulebook
from creditgate.ir.specialise import closed
from creditgate.ir.walk import every
from creditgate.load.located import Text
from creditgate.pipeline import Gate
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import determine, judge
from creditgate.scenarios.boundaries import limits_of, sides_of
from creditgate.scenarios.case import Case


@dataclass(frozen=True, slots=True)
class Result:
    """What a case gave: sentences about what differs from what was expected; none if it passed.

    `outcome` is that of the rule, or the value of the figure or determination as text; `sides`
    says where the facts stand to each limit (by its text) that decides the rule or status.
    """

    case: Case
    problems: tuple[str, ...]
    outcome: str | None = None
    sides: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether everything was as expected."""
        return not self.problems


def run_case(case: Case, gate: Gate) -> Result:
    """Run one case against a gate that holds its rulebook alone."""
    try:
        facts = gate.read(dict(case.facts))
    except FactsRefused as refused:
        problems = [f"the facts are refused: {d.message}" for d in refused.diagnostics]
        return Result(case, tuple(problems))
    engine = gate.engines[0]
    event = gate.vocabulary.events[case.event]
    day = day_of(facts, event)
    epoch = None if day is None else engine.epoch(day)
    evaluation = Evaluation(facts, day, engine.rulebook.calendars)
    problems = []
    decision = gate.decide(facts)
    if case.decision is not None and decision.outcome != case.decision:
        why = ", ".join((*decision.breached, *decision.undecided, *decision.missing)) or "no rule"
        problems.append(f"the decision is {decision.outcome}, not {case.decision} ({why})")
    judged = _thing(case, epoch)
    sides = () if judged is None else tuple(sides_of(limits_of(judged), evaluation))
    if case.kind == "rule":
        governed = decision.outcome != OUT_OF_SCOPE
        outcome, due = (
            _judged(case, engine.rulebook, evaluation, epoch) if governed else (OUT_OF_SCOPE, None)
        )
        if case.due is not None and (due is None or not _same_moment(due, case.due)):
            problems.append(f"the deadline is {due or 'not shown'}, not {case.due}")
        if case.outcome is not None and outcome != case.outcome:
            problems.append(f"the rule is {outcome}, not {case.outcome}")
        refuses = book_effect(gate, case.subject) == "reject"
        if outcome == "breached" and refuses and decision.is_approved:
            problems.append("the order is approved although the rule is breached")
        return Result(case, tuple(problems), outcome, sides)
    if case.value is None:
        return Result(case, tuple(problems), None, sides)
    shown, differs = _value(case, gate, evaluation, epoch)
    return Result(case, (*problems, *differs), shown, sides)


def _thing(case: Case, epoch: Epoch | None) -> EpochRule | EpochDetermination | None:
    """Return the rule or determination of a case, where its day has one."""
    if epoch is None:
        return None
    if case.kind == "rule":
        return next((r for r in epoch.rules if r.definition.name == case.subject), None)
    return next((d for d in epoch.determinations if d.name == case.subject), None)


def book_effect(gate: Gate, rule: str) -> str:
    """Return what a breach of a rule does: reject or warn."""
    definition = gate.engines[0].rulebook.rules.get(rule)
    return "reject" if definition is None else definition.effect


def _judged(
    case: Case, book: Rulebook, evaluation: Evaluation, epoch: Epoch | None
) -> tuple[str, str | None]:
    """Return the outcome of the case's rule, and the deadline that it shows."""
    if case.subject not in book.rules:
        return "no such rule", None
    if epoch is None:
        return OUT_OF_SCOPE, None
    rule = _thing(case, epoch)
    if not isinstance(rule, EpochRule):
        return "not_in_force", None
    judged = judge(evaluation, rule)
    return judged.outcome, due_of(judged, rule, book)


def _same_moment(due: str, wanted: str) -> bool:
    """Tell whether two texts are one date, or one instant however its offset is written."""
    try:
        same = datetime.fromisoformat(due) == datetime.fromisoformat(wanted)
    except (TypeError, ValueError):
        return False
    # A date is not the midnight that begins it.
    return same and ("T" in due) is ("T" in wanted)


def _value(
    case: Case, gate: Gate, evaluation: Evaluation, epoch: Epoch | None
) -> tuple[str | None, Sequence[str]]:
    """Return a figure or status as text, and what differs from what is expected of it."""
    book = gate.engines[0].rulebook
    if epoch is None:
        before = "the value is unknown: the rulebook does not cover that day"
        # It shows nothing of what makes the value unknown where there is law.
        return None, [] if case.value == "unknown" else [before]
    if case.kind == "determination":
        item = _thing(case, epoch)
        if isinstance(item, EpochDetermination):
            status = determine(evaluation, item)
            shown = "unknown" if isinstance(status, Unknown) else status
        elif case.subject in book.determinations:
            shown = "not_in_force"
        else:
            return None, [f"there is no determination {case.subject}"]
        differs = f"the status is {shown}, not {case.value}"
        return shown, [] if shown == case.value else [differs]
    found = Collector()
    asked = asked_expression(book, case.subject, found)
    if asked is None:
        return None, [f"{case.subject}: {d.message}" for d in found.diagnostics]
    absent = _absent_row(asked, evaluation)
    if absent is not None:
        return None, [absent]
    try:
        value = evaluation.value(closed(book, asked, epoch.start))
    except KeyError:
        value = Unknown()
    shown = shown_value(value, asked.type)
    differs = f"the figure is {shown}, not {case.value}"
    return shown, [] if shown == _wanted(case, gate, asked.type) else [differs]


def _absent_row(asked: Expr, evaluation: Evaluation) -> str | None:
    """Return what is wrong where a case asks for a row that a list which is given does not hold.

    Nothing is known of such a row, so a mistaken key would pass for an unknown value.
    """
    for node in every(asked):
        if isinstance(node, Row) and not isinstance(evaluation.value(node.source), Unknown):
            row = evaluation.value(node)
            if isinstance(row, Unknown):
                return f"there is no {', '.join(sorted(row.missing))} among the facts of this case"
    return None


def shown_value(value: Any, kind: Type) -> str:
    """Return a value as text, as cases expect it."""
    if isinstance(value, Unknown):
        return "unknown"
    return "none" if value is None else exact_text(value, without_none(kind))


def _wanted(case: Case, gate: Gate, kind: Type) -> str:
    text = case.value or ""
    if text in {"unknown", "none"}:
        return text
    names = names_of(gate.engines[0].rulebook)
    places = ScalarMap(None, 0, len(text), "plain", text)
    node = Text(text, case.span, places, "plain")
    found = constant(node, without_none(kind), Scope(names), Collector())
    return (
        f"mistaken value {text}" if found is None else exact_text(found.value, without_none(kind))
    )
