"""What would pass: the changes a breached rule proposes, shown only once the gate approved them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from creditgate.decide.decision import REJECTED, Decision, Source
from creditgate.domain.citation import Bilingual
from creditgate.domain.outcomes import BREACHED
from creditgate.explain.changed_documents import document_value, with_fact
from creditgate.explain.documents import document_of, stable_bytes
from creditgate.explain.evidence import judged_day
from creditgate.explain.shown_values import ShownValue, Speech
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Epoch, EpochRule
from creditgate.ir.specialise import closed
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge

# One change may bring another rule to speak; each further step answers one more rule.
MOST_STEPS: Final = 4


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that gets another value."""

    path: str
    title: Bilingual
    value: ShownValue


@dataclass(frozen=True, slots=True)
class OfferedRemedy:
    """Changes under which the gate approved every part; each part is a whole order.

    `rules` are the rules that proposed them, in the order in which they were applied.
    """

    rules: tuple[str, ...]
    titles: tuple[Bilingual, ...]
    parts: tuple[tuple[Change, ...], ...]


@dataclass(frozen=True, slots=True)
class _Proposal:
    rule: str
    title: Bilingual | None
    parts: tuple[tuple[tuple[Change, Any], ...], ...]


def remedies_of(decision: Decision) -> tuple[OfferedRemedy, ...]:
    """Return the remedies of a rejected decision that the gate has approved.

    Each breached rule proposes; what it proposes is decided as the order was, by the same day. A
    single changed order that another rule still rejects is changed once more as that rule
    proposes, a few times at most.
    """
    source = decision.source
    if source is None or source.facts is None or decision.outcome != REJECTED:
        return ()
    document = document_of(source)
    if not isinstance(document, dict):
        return ()
    offered: dict[bytes, OfferedRemedy] = {}
    for proposal in _proposals(decision):
        parts = [_changed(document, part) for part in proposal.parts]
        found = _approved(source, proposal, parts)
        if found is not None:
            offered.setdefault(stable_bytes(found[1]), found[0])
    return tuple(offered.values())


def _approved(
    source: Source, proposal: _Proposal, parts: list[dict[str, Any]]
) -> tuple[OfferedRemedy, list[Any]] | None:
    """Return a remedy with the orders it leads to, if the gate approves all of them."""
    decisions = [source.gate.decide(part, on=source.on) for part in parts]
    applied, final = [proposal], list(parts)
    while len(final) == 1 and decisions[0].outcome == REJECTED and len(applied) < MOST_STEPS:
        following = next((p for p in _proposals(decisions[0]) if len(p.parts) == 1), None)
        if following is None:
            return None
        final = [_changed(final[0], following.parts[0])]
        decisions = [source.gate.decide(final[0], on=source.on)]
        applied.append(following)
    if not decisions or not all(made.is_approved for made in decisions):
        return None
    titles = tuple(dict.fromkeys(item.title for item in applied if item.title is not None))
    rules = tuple(dict.fromkeys(item.rule for item in applied))
    if len(final) == 1:
        merged = {change.path: change for item in applied for change, _ in item.parts[0]}
        return OfferedRemedy(rules, titles, (tuple(merged.values()),)), final
    changes = tuple(tuple(change for change, _ in part) for part in proposal.parts)
    return OfferedRemedy(rules, titles, changes), final


def _proposals(decision: Decision) -> Iterator[_Proposal]:
    source = decision.source
    day = None if source is None else judged_day(source)
    if source is None or source.facts is None or day is None:
        return
    breached, facts = set(decision.breached), source.facts
    for engine, governing in zip(source.gate.engines, decision.core.rulebooks, strict=True):
        epoch = engine.epoch(day)
        if epoch is None or governing.governs != "yes":
            continue
        evaluation = Evaluation(facts, day, engine.rulebook.calendars)
        for rule in epoch.rules:
            if (
                rule.definition.remedies
                and rule.id in breached
                and judge(evaluation, rule).outcome == BREACHED
            ):
                yield from _of_rule(epoch, rule, evaluation)


def _of_rule(epoch: Epoch, rule: EpochRule, evaluation: Evaluation) -> Iterator[_Proposal]:
    for remedy in rule.definition.remedies:
        if remedy.when is None or _value(epoch, remedy.when, evaluation) is True:
            parts = [_part(epoch, part, evaluation) for part in remedy.parts]
            whole = [part for part in parts if part is not None]
            if parts and len(whole) == len(parts):
                yield _Proposal(rule.id, remedy.title, tuple(whole))


def _value(epoch: Epoch, node: Expr, evaluation: Evaluation) -> Any:
    try:
        return evaluation.value(closed(epoch.rulebook, node, epoch.start))
    except KeyError:
        # The remedy names something that has no version yet on this day.
        return Unknown()


def _part(
    epoch: Epoch, changes: Mapping[tuple[str, str], Expr], evaluation: Evaluation
) -> tuple[tuple[Change, Any], ...] | None:
    """Return the changes of one part; None where a value is not known or a quantity is zero."""
    book = epoch.rulebook
    speech = Speech.of(book)
    found = []
    for (entity, name), node in changes.items():
        declared = book.vocabulary.fact(entity, name)
        value = _value(epoch, node, evaluation)
        if declared is None or isinstance(value, Unknown):
            return None
        if declared.kind == "quantity" and value == 0:
            return None
        change = Change(f"{entity}.{name}", declared.title, speech.value(value, node.type))
        found.append((change, document_value(value, node.type)))
    return tuple(found)


def _changed(document: Mapping[str, Any], part: tuple[tuple[Change, Any], ...]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(document))
    for change, value in part:
        entity, _, name = change.path.partition(".")
        changed = with_fact(changed, entity, name, value)
    return changed
