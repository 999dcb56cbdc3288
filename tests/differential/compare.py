"""Compare generated code with the reference on one program and one situation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.differential.facts import Situation
from tests.differential.programs import Program
from tests.differential.world import CALENDARS

from creditgate.backends.scalar.compile import (
    CompiledEvent,
    Value,
    compile_event,
    compile_expression,
)
from creditgate.domain.facts import MISSING
from creditgate.ir.rulebook import Epoch
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge

OUTCOMES = ("satisfied", "breached", "undecided", "pending", "not_applicable")


def plainly(value: Any) -> Any:
    """Return a value of the reference as generated code gives it."""
    return MISSING if isinstance(value, Unknown) else value


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reference says of a program in a situation."""

    governs: Any
    outcomes: tuple[str, ...]
    values: tuple[Any, ...]

    def verdict(self, epoch: Epoch) -> tuple[Any, ...]:
        """Return the verdict that follows."""
        if self.governs is False:
            return (False, (), (), (), ())

        def chosen(word: str, effect: str) -> tuple[int, ...]:
            pairs = zip(epoch.rules, self.outcomes, strict=True)
            return tuple(
                index
                for index, (rule, each) in enumerate(pairs)
                if each == word and rule.effect == effect
            )

        return (
            self.governs,
            *[chosen(word, "reject") for word in ("breached", "undecided")],
            *[chosen(word, "warn") for word in ("breached", "undecided")],
        )


def expected(program: Program, situation: Situation) -> Expected:
    """Ask the reference."""
    evaluation = Evaluation(situation.facts, situation.as_of, CALENDARS)
    governs = program.epoch.governs.get("order")
    return Expected(
        False if governs is None else plainly(evaluation.value(governs)),
        tuple(judge(evaluation, rule).outcome for rule in program.epoch.rules),
        tuple(plainly(evaluation.value(node)) for node in program.expressions),
    )


@dataclass(frozen=True, slots=True)
class Compiled:
    """The generated code of a program."""

    event: CompiledEvent
    values: tuple[Value, ...]

    @classmethod
    def of(cls, program: Program) -> Compiled:
        """Compile a program."""
        return cls(
            compile_event(program.epoch, "order"),
            tuple(compile_expression(node, program.epoch) for node in program.expressions),
        )


def differences(
    program: Program, compiled: Compiled, situation: Situation, wanted: Expected
) -> Iterator[str]:
    """Yield what generated code says otherwise than the reference."""
    inputs = (situation.facts.root, situation.facts.claims, situation.as_of)
    outcomes = compiled.event.outcomes(*inputs)
    if outcomes != wanted.outcomes:
        yield f"outcomes {outcomes} instead of {wanted.outcomes}"
    verdict, right = compiled.event.judge(*inputs), wanted.verdict(program.epoch)
    if verdict != right:
        yield f"verdict {verdict} instead of {right}"
    for number, (value, good) in enumerate(zip(compiled.values, wanted.values, strict=True)):
        found = value(*inputs)
        if (type(found) is bool) != (type(good) is bool) or found != good:
            yield f"value {number} is {found!r} instead of {good!r}"
