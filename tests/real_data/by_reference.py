"""Decide on the reference evaluator alone, to compare with what the gate answers."""

from __future__ import annotations

from dataclasses import dataclass

from creditgate import Gate
from creditgate.decide.plan import day_of
from creditgate.domain.facts import Facts
from creditgate.reference.evaluate import Evaluation
from creditgate.reference.judge import judge


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The rules breached and undecided, those that only warn apart, by their ids."""

    breached: tuple[str, ...]
    undecided: tuple[str, ...]
    warned: tuple[tuple[str, str], ...]


def outcomes_by_reference(gate: Gate, facts: Facts) -> Outcomes:
    """Judge every rule of a gate with one rulebook on the reference."""
    engine = gate.engines[0]
    day = day_of(facts, gate.vocabulary.events[facts.event])
    assert day is not None
    epoch = engine.epoch(day)
    assert epoch is not None
    evaluation = Evaluation(facts, day, engine.rulebook.calendars)
    assert evaluation.value(epoch.governs[facts.event]) is True
    found = [
        (rule, judge(evaluation, rule).outcome) for rule in epoch.rules if rule.event == facts.event
    ]
    deciding = [(rule.id, outcome) for rule, outcome in found if rule.effect == "reject"]
    return Outcomes(
        tuple(sorted(name for name, outcome in deciding if outcome == "breached")),
        tuple(sorted(name for name, outcome in deciding if outcome == "undecided")),
        tuple(
            sorted(
                (rule.id, outcome)
                for rule, outcome in found
                if rule.effect == "warn" and outcome in {"breached", "undecided"}
            )
        ),
    )


def outcomes_by_gate(gate: Gate, facts: Facts) -> Outcomes:
    """Return the same from the gate's decision."""
    core = gate.decide(facts).core
    return Outcomes(
        tuple(item.rule for item in core.breached),
        tuple(item.rule for item in core.undecided),
        tuple((item.rule, item.outcome) for item in core.warnings),
    )
