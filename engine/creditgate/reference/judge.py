"""Judge rules and determinations on the reference: the outcome of guarantee G3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from creditgate.domain.outcomes import BREACHED, NOT_APPLICABLE, PENDING, SATISFIED, UNDECIDED
from creditgate.ir.rulebook import EpochDetermination, EpochRule
from creditgate.reference.evaluate import Evaluation, Unknown


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of a rule; for an undecided one, what is not known.

    `due` is the deadline, where the rule is pending or breached and has one.
    """

    outcome: str
    unknown: Unknown | None = None
    exempted_by: str | None = None
    due: int | None = None


def judge(evaluation: Evaluation, rule: EpochRule) -> Judged:
    """Return the outcome of a rule.

    It applies when its `when` holds and no exemption does. If it certainly does not apply it is
    not applicable; else, if what it requires is certain, it is satisfied; else, if it certainly
    applies and what it requires is certainly false, it is breached; else it is undecided. A
    deadline still to come stands in for what is required, but only makes the rule pending.
    """
    unknown = Unknown()
    when = True if rule.when is None else evaluation.known(rule.when)
    if when is False:
        return Judged(NOT_APPLICABLE)
    applies: Any = when
    if isinstance(when, Unknown):
        unknown |= when
    for name, condition in rule.exemptions:
        exempt = evaluation.known(condition)
        if exempt is True:
            return Judged(NOT_APPLICABLE, exempted_by=name)
        if isinstance(exempt, Unknown):
            unknown |= exempt
            applies = exempt
    require = evaluation.known(rule.require)
    if require is True:
        return Judged(SATISFIED)
    due: int | None = None
    before: Any = False
    if rule.deadline is not None:
        before = evaluation.known(rule.deadline.before)
        if not isinstance(before, Unknown):
            due = evaluation.known(rule.deadline.due)
        if before is True:
            return Judged(PENDING, due=due)
    if applies is True and require is False and before is False:
        return Judged(BREACHED, due=due)
    for part in (require, before):
        if isinstance(part, Unknown):
            unknown |= part
    return Judged(UNDECIDED, unknown)


def determine(evaluation: Evaluation, item: EpochDetermination) -> str | Unknown:
    """Return the status a determination gives.

    The first case that holds decides. A case that cannot be decided leaves the status unknown,
    unless every case that can still be reached gives the same one.
    """
    reached: list[str | Unknown] = []
    unknown: list[Unknown] = []
    for to, when in item.cases:
        holds = True if when is None else evaluation.known(when)
        if holds is False:
            continue
        reached.append(_target(evaluation, item, to))
        if holds is True:
            break
        unknown.append(holds)
    first = reached[0]
    if isinstance(first, str) and all(other == first for other in reached):
        return first
    result = Unknown()
    for part in (*unknown, *(other for other in reached if isinstance(other, Unknown))):
        result |= part
    return result


def _target(evaluation: Evaluation, item: EpochDetermination, to: str | None) -> str | Unknown:
    if to is not None:
        return to
    assert item.previous is not None
    previous = evaluation.value(item.previous)
    if previous is None:
        return item.first if item.first is not None else Unknown(
            reasons=frozenset({"there is no status before"})
        )  # fmt: skip
    return previous if isinstance(previous, Unknown) else str(previous)
