"""Compile the rules of one event in one epoch, or one expression, into Python functions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from creditgate.backends.scalar.dispatch import Tree, sorted_by_facts
from creditgate.backends.scalar.generated import Generated, ModuleCode
from creditgate.backends.scalar.modules import (
    new_module,
    write_judge,
    write_outcomes,
    write_value,
)
from creditgate.backends.scalar.runtime import Verdict
from creditgate.backends.scalar.writing import Writing
from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.base.failures import RulebookRejected
from creditgate.base.spans import NOWHERE, Span
from creditgate.domain.dsl_types import Number, without_none
from creditgate.ir.nodes import Expr
from creditgate.ir.rulebook import Epoch, EpochRule
from creditgate.lowered.folding import make
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.recursion import room_to_recurse
from creditgate.lowered.rules import Rule, applies
from creditgate.lowered.terms import Op, Terms

Judge = Callable[[Any, Collection[str], int | None], Verdict]
Outcomes = Callable[[Any, Collection[str], int | None], tuple[str, ...]]
Value = Callable[[Any, Collection[str], int | None], Any]


@dataclass(frozen=True, slots=True)
class CompiledEvent:
    """All rules of one event in one epoch as functions of `(root, claims, as_of)`.

    `judge` returns `(governs, breached, undecided, warned, warned_undecided)`: whether the
    rulebook governs the event (`MISSING` where that cannot be known), then indices into `rules`
    of those breached and undecided, those with effect `warn` apart. What is not governed is not
    judged. `outcomes` returns the outcome of every rule, governed or not. `deadlines` are indices
    of the rules with one: `judge` leaves out those that are pending, as it does those satisfied.
    `judging` is the code behind `judge`.
    """

    event: str
    rules: tuple[EpochRule, ...]
    judge: Judge
    outcomes: Outcomes
    judging: Generated
    deadlines: tuple[int, ...] = ()


def compile_event(
    epoch: Epoch, event: str, keeping: Callable[[ModuleCode], ModuleCode] = lambda code: code
) -> CompiledEvent:
    """Compile the rules of an event as they stand in an epoch.

    `keeping` may return code that is also kept elsewhere when it is written.

    Errors:
        RulebookRejected: a rule uses an operator that this evaluator does not support.
    """
    with room_to_recurse():
        terms = Terms()
        lowering = Lowering(terms, epoch.rulebook.vocabulary)
        findings: list[Diagnostic] = []
        rules = tuple([rule for rule in epoch.rules if rule.event == event])
        lowered: list[Rule] = []
        plain: list[Rule] = []
        for index, rule in enumerate(rules):
            when = None if rule.when is None else lowering.term(rule.when)
            exemptions = [lowering.term(exemption) for _, exemption in rule.exemptions]
            require = lowering.term(rule.require)
            condition = applies(terms, when, exemptions)
            if rule.deadline is not None:
                # Judged without its deadline as well, to tell what is satisfied from what is not.
                plain.append(Rule(len(rules) + len(plain), rule.id, condition, require))
                before = lowering.term(rule.deadline.before)
                require = make(terms, Op.OR, [require, before])
            lowered.append(Rule(index, rule.id, condition, require))
            findings += _unsupported(lowering, rule.definition.span)
        governs = terms.false
        if event in epoch.governs:
            governs = lowering.term(epoch.governs[event])
            findings += _unsupported(lowering, NOWHERE)
        if findings:
            raise RulebookRejected(findings)
        tree = sorted_by_facts(terms, lowered)
        module = new_module(terms)
        warnings = [index for index, rule in enumerate(rules) if rule.effect == "warn"]
        write_judge(module, governs, tree, warnings)
        code = keeping(Writing(module, _title(epoch, event), "judge"))
        judging = Generated(code, epoch.rulebook.calendars.__getitem__)
        deadlines = tuple([i for i, rule in enumerate(rules) if rule.deadline is not None])
        whole = sorted_by_facts(terms, [*lowered, *plain]) if plain else tree
        outcomes = cache(lambda: _outcomes(epoch, event, terms, whole, len(rules), deadlines))
        return CompiledEvent(
            event,
            rules,
            judging.function,
            lambda root, claims, as_of: outcomes()(root, claims, as_of),
            judging,
            deadlines,
        )


def _outcomes(
    epoch: Epoch, event: str, terms: Terms, tree: Tree, count: int, deadlines: tuple[int, ...]
) -> Outcomes:
    """Compile the outcomes; behind those of the rules stand those without the deadlines."""
    with room_to_recurse():
        module = new_module(terms)
        write_outcomes(module, tree, count + len(deadlines))
        writing = Writing(module, _title(epoch, f"{event}, outcomes"), "outcomes")
        outcomes: Outcomes = Generated(writing, epoch.rulebook.calendars.__getitem__).function
        if not deadlines:
            return outcomes
        return lambda root, claims, as_of: with_pending(outcomes(root, claims, as_of), deadlines)


def with_pending(outcomes: tuple[str, ...], deadlines: tuple[int, ...]) -> tuple[str, ...]:
    """Return outcomes without those at the end, which tell how rules stand without their deadlines.

    >>> with_pending(("satisfied", "satisfied", "breached", "satisfied"), (0, 1))
    ('pending', 'satisfied')
    """
    count = len(outcomes) - len(deadlines)
    found = list(outcomes[:count])
    for place, without in zip(deadlines, outcomes[count:], strict=True):
        if found[place] == "satisfied" and without != "satisfied":
            found[place] = "pending"
    return tuple(found)


def compile_expression(node: Expr, epoch: Epoch) -> Value:
    """Compile a closed expression into a function of `(root, claims, as_of)`.

    The function returns the value, a number as `Fraction`; None for none, `MISSING` for unknown.

    Errors:
        RulebookRejected: the expression uses an operator that this evaluator does not support.
    """
    with room_to_recurse():
        terms = Terms()
        lowering = Lowering(terms, epoch.rulebook.vocabulary)
        term = lowering.term(node)
        findings = _unsupported(lowering, NOWHERE)
        if findings:
            raise RulebookRejected(findings)
        module = new_module(terms)
        write_value(module, term, as_fraction=isinstance(without_none(node.type), Number))
        writing = Writing(module, _title(epoch, "expression"), "value")
        value: Value = Generated(writing, epoch.rulebook.calendars.__getitem__).function
        return value


def _unsupported(lowering: Lowering, span: Span) -> list[Diagnostic]:
    found = sorted(set(lowering.unsupported))
    lowering.unsupported.clear()
    return [
        error(
            Code.OPERATOR_NOT_SUPPORTED,
            f"the generated evaluator does not support the operator `{operator}`",
            span,
            hint="give the operator a row in the table of the evaluator",
        )
        for operator in found
    ]


def _title(epoch: Epoch, subject: str) -> str:
    return f"{epoch.rulebook.id} from {date.fromordinal(epoch.start).isoformat()}: {subject}"
