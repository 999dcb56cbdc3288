"""Generated code says what the reference says on every epoch of every shipped rulebook."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tests.differential.facts import Limits, Situation, situation
from tests.differential.programs import Program

from creditgate.backends.scalar.compile import compile_event
from creditgate.domain.facts import MISSING
from creditgate.ir.rulebook import Epoch, Rulebook
from creditgate.ir.specialise import specialise
from creditgate.pipeline import catalogue, shipped_rulebooks
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge

SITUATIONS = 8
BYTES = 1_500
SHELF = catalogue()


def _ids() -> list[str]:
    shelf = Path(str(shipped_rulebooks()))
    return sorted(str(path.parent.relative_to(shelf)) for path in shelf.rglob("rulebook.yaml"))


def _rulebook(rulebook: str) -> Rulebook | None:
    """Return a rulebook, or None where it does not load alone or holds figures only."""
    checked = SHELF.checked(rulebook)
    assert checked is not None
    book = checked.rulebook
    return None if book.abstract or not book.governs else book


def _agree(epoch: Epoch, event: str, seed: int, outcomes: Counter[str]) -> None:
    rules = tuple(rule for rule in epoch.rules if rule.event == event)
    program = Program(epoch, (epoch.governs[event], *[rule.require for rule in rules]))
    limits = Limits.of(epoch, program.nodes())
    compiled = compile_event(epoch, event)
    random = Random(seed)
    for _ in range(SITUATIONS):
        given: Situation = situation(limits, random.randbytes(BYTES))
        evaluation = Evaluation(given.facts, given.as_of, epoch.rulebook.calendars)
        wanted = tuple(judge(evaluation, rule).outcome for rule in rules)
        inputs = (given.facts.root, given.facts.claims, given.as_of)
        assert compiled.outcomes(*inputs) == wanted
        governs = evaluation.value(epoch.governs[event])
        verdict = compiled.judge(*inputs)
        assert verdict[0] is (MISSING if isinstance(governs, Unknown) else governs)
        if verdict[0] is not False:
            found = sorted((*verdict[1], *verdict[3]))
            assert found == [i for i, word in enumerate(wanted) if word == "breached"]
            found = sorted((*verdict[2], *verdict[4]))
            assert found == [i for i, word in enumerate(wanted) if word == "undecided"]
        outcomes.update(wanted)


@pytest.mark.parametrize("rulebook", _ids())
def test_generated_code_is_the_reference_on(rulebook: str) -> None:
    resolved = _rulebook(rulebook)
    if resolved is None:
        return
    outcomes: Counter[str] = Counter()
    for number, day in enumerate(resolved.change_days()):
        epoch = specialise(resolved, day)
        assert epoch is not None
        for place, event in enumerate(sorted(epoch.governs)):
            _agree(epoch, event, 1_000 * number + place, outcomes)
    assert set(outcomes) - {"pending"} == {"satisfied", "breached", "undecided", "not_applicable"}


@pytest.mark.parametrize("rulebook", _ids())
def test_generated_code_is_the_reference_with_what_was_known_on(rulebook: str) -> None:
    resolved = _rulebook(rulebook)
    if resolved is None:
        return
    outcomes: Counter[str] = Counter()
    random = Random(rulebook)
    issued = sorted({i.issued for i in resolved.instruments.values() if i.issued is not None})
    earlier = random.sample(issued, min(len(issued), 5))
    for known_on in sorted({issued[-1], *(day - 1 for day in earlier)}):
        checked = SHELF.known(rulebook, known_on)
        assert checked is not None
        days = checked.rulebook.change_days()
        for day in {*days[-1:], *random.sample(days, min(len(days), 1))}:
            epoch = specialise(checked.rulebook, day)
            assert epoch is not None
            for place, event in enumerate(sorted(epoch.governs)):
                _agree(epoch, event, known_on + place, outcomes)
    assert outcomes
