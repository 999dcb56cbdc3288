"""What cases must show of a rule, and which of it given facts show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from creditgate.domain.facts import Facts
from creditgate.domain.outcomes import UNDECIDED
from creditgate.generate.conditions import Condition
from creditgate.generate.facts_read import plain_path
from creditgate.generate.rule_versions import Taken
from creditgate.generate.units_of_limits import unit_of
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import Judged, judge

DECIDES: Final = "decides"
LIMIT: Final = "limit"
MISSING: Final = "missing"
ROWS: Final = "rows"
SOME: Final = "some"
HOLDS: Final = "holds"
FAILS: Final = "fails"
ON: Final = "on"
BELOW: Final = "below"
ABOVE: Final = "above"
Kind = Literal["decides", "limit", "rows", "missing"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing that a case must show of a rule.

    A condition `decides` where the rule would come out otherwise if it alone were the opposite:
    `which` says whether it holds or fails. At a `limit` it decides while the sides of its
    comparison are equal, or one is at most one unit below or above the other. One about all or some
    `rows` of a list decides while some of them are so and others are not. A fact is `missing`
    where the rule is undecided for want of it alone: `which` is its path. `condition` is the number
    of the condition, and nothing for facts.
    """

    kind: Kind
    which: str
    condition: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What facts show: the outcome of the rule, and the obligations that they meet.

    Each stands with the outcome that the rule would have if the condition were the opposite, and
    with none of a fact that is missing.
    """

    outcome: str
    met: Mapping[Obligation, str | None]


def obligations_of(taken: Taken) -> tuple[Obligation, ...]:
    """Return all that cases must show of a version of a rule; what is rarest to meet comes first."""
    found: list[Obligation] = []
    for condition in taken.conditions:
        if condition.comparison is not None:
            found += [Obligation(LIMIT, side, condition.number) for side in (ON, BELOW, ABOVE)]
        if condition.quantified is not None:
            found.append(Obligation(ROWS, SOME, condition.number))
    for condition in taken.conditions:
        found += [Obligation(DECIDES, value, condition.number) for value in (FAILS, HOLDS)]
    return (*found, *[Obligation(MISSING, path) for path in taken.facts.found])


def shown_by(taken: Taken, facts: Facts, day: int) -> Shown | None:
    """Return what facts show of a version, by the reference; None where it does not govern them.

    Where it is not known whether it does, all that can be shown is that a fact is missing.
    """
    version = taken.version
    evaluation = Evaluation(facts, day, version.book.calendars)
    governs = version.event.epoch.governs.get(version.event.event)
    governed = False if governs is None else evaluation.known(governs)
    judged = judge(evaluation, version.rule.rule)
    if governed is not True and (governed is False or judged.outcome != UNDECIDED):
        return None
    if judged.outcome == UNDECIDED:
        return Shown(UNDECIDED, dict.fromkeys(_missing(taken, judged)))
    met = {
        obligation: otherwise
        for condition in taken.conditions
        for obligation, otherwise in _decided(taken, condition, evaluation, judged.outcome)
    }
    return Shown(judged.outcome, met)


def still_shows(taken: Taken, facts: Facts, day: int, shown: Shown) -> bool:
    """Tell whether facts show all that other facts showed, and in the same way."""
    version = taken.version
    evaluation = Evaluation(facts, day, version.book.calendars)
    governs = version.event.epoch.governs[version.event.event]
    if shown.outcome != UNDECIDED and evaluation.known(governs) is not True:
        return False
    judged = judge(evaluation, version.rule.rule)
    if judged.outcome != shown.outcome:
        return False
    if shown.outcome == UNDECIDED:
        alone = set(_missing(taken, judged))
        return evaluation.known(governs) is not False and shown.met.keys() <= alone
    deciding = {each.condition for each in shown.met if each.condition is not None}
    met: dict[Obligation, str | None] = {}
    for number in deciding:
        met |= dict(_decided(taken, taken.conditions[number], evaluation, judged.outcome))
    return shown.met.items() <= met.items()


def _missing(taken: Taken, judged: Judged) -> Iterator[Obligation]:
    unknown = judged.unknown or Unknown()
    paths = {plain_path(path) for path in unknown.missing}
    if len(paths) != 1 or unknown.reasons:
        return
    (path,) = paths
    # Where a record is not given at all, the one fact that is read of it is missing.
    named = [each for each in taken.facts.found if each == path or each.startswith(f"{path}.")]
    if path in named:
        yield Obligation(MISSING, path)
    elif len(named) == 1:
        yield Obligation(MISSING, named[0])


def _decided(
    taken: Taken, condition: Condition, evaluation: Evaluation, outcome: str
) -> Iterator[tuple[Obligation, str]]:
    for holds in _values(condition, evaluation):
        otherwise = judge(evaluation, taken.settled(condition, holds=not holds).rule).outcome
        if otherwise == outcome:
            continue
        yield Obligation(DECIDES, HOLDS if holds else FAILS, condition.number), otherwise
        side = _side(condition, evaluation, holds=holds)
        if side is not None:
            yield Obligation(LIMIT, side, condition.number), otherwise
        if condition.quantified is not None:
            some, every = (evaluation.value(node) for node in condition.quantified)
            if some is True and every is False:
                yield Obligation(ROWS, SOME, condition.number), otherwise


def _values(condition: Condition, evaluation: Evaluation) -> Iterator[bool]:
    """Yield whether a condition holds; of rows both where it holds of one and fails of one."""
    if condition.rows is None:
        value = evaluation.known(condition.node)
        if isinstance(value, bool):
            yield value
        return
    for holds, count in condition.rows.items():
        if evaluation.value(count) == 1:
            yield holds


def _side(condition: Condition, evaluation: Evaluation, *, holds: bool) -> str | None:
    comparison = condition.comparison
    if comparison is None:
        return None
    left, right = (evaluation.known(side) for side in condition.sides[holds])
    apart = Fraction(left) - Fraction(right)
    if apart == 0:
        return ON
    if abs(apart) > unit_of(comparison):
        return None
    return BELOW if apart < 0 else ABOVE
