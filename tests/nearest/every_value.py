"""Every value near a fact as given, decided one by one: what an answer is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random
from typing import Any

from creditgate.decide.decision import Decision
from creditgate.nearest.answers import FOUND, NONE, NOT_DECIDED, Suggestion
from creditgate.pipeline import Gate


def value_at(document: Mapping[str, Any], path: str) -> Decimal:
    """Return the number at the path of a single record's fact."""
    entity, _, name = path.partition(".")
    return Decimal(str(document[entity][name]))


def with_value(document: Mapping[str, Any], path: str, value: Decimal) -> dict[str, Any]:
    """Return a document with another number."""
    entity, _, name = path.partition(".")
    return {**document, entity: {**document[entity], name: str(value)}}


def step_of(gate: Gate, document: Mapping[str, Any], path: str) -> Decimal | None:
    """Return the step of which a value is a multiple; None where it is not marked or not given."""
    entity, _, name = path.partition(".")
    marked = gate.vocabulary.entities[entity].facts[name].changeable
    if marked is None or marked.step is None:
        return None
    value = document.get(marked.step[0], {}).get(marked.step[1])
    return None if value is None else Decimal(str(value))


def outward(given: Decimal, unit: Decimal, sign: int, most: int, bounds: tuple[Decimal, Decimal]) -> Iterator[Decimal]:  # fmt: skip
    """Yield the values nearest to the one given, in one direction, within bounds."""
    for step in range(1, most + 1):
        value = given + sign * step * unit
        if bounds[0] <= value <= bounds[1]:
            yield value


def assert_as_by_hand(
    gate: Gate, decision: Decision, document: Mapping[str, Any], suggestion: Suggestion, most: int,
    random: Random,
) -> None:  # fmt: skip
    """Decide the values nearest to the given one in turn: the first approved is the answer.

    Where the answer lies farther, or there is none, nothing near is approved, nor is anything of
    a few values farther off.
    """
    (path,), (direction,) = suggestion.paths, suggestion.directions
    entity, _, name = path.partition(".")
    declared = gate.vocabulary.entities[entity].facts[name]
    unit = Decimal(1).scaleb(-declared.scale)
    assert declared.low is not None
    assert declared.high is not None
    bounds = declared.low, declared.high
    given, sign = value_at(document, path), -1 if direction == "lower" else +1

    def is_approved(value: Decimal) -> bool:
        return gate.decide(with_value(document, path, value)).is_approved

    step = step_of(gate, document, path)
    if step is not None:
        # Only multiples are asked about; the fact as given need be none.
        given_up = (given / step).to_integral_value(ROUND_FLOOR if sign > 0 else ROUND_CEILING)
        near = list(outward(given_up * step, step, sign, most, bounds))
    else:
        near = list(outward(given, unit, sign, most, bounds))
    first = next((value for value in near if is_approved(value)), None)
    if first is not None:
        assert suggestion.state == FOUND, (path, direction, suggestion.state, first)
        assert Decimal(suggestion.changes[0].value.exact or "") == first
        return
    assert suggestion.state in {FOUND, NONE, NOT_DECIDED}
    if suggestion.state == FOUND:
        value = Decimal(suggestion.changes[0].value.exact or "")
        assert (value - given) * sign > most * unit
        assert is_approved(value)
        end = value - sign * (step or unit)
        assert not is_approved(end)
    elif suggestion.state == NONE:
        end = bounds[1] if sign > 0 else bounds[0]
    else:
        return
    units = int(abs(end - given) / unit)
    for _ in range(12 if units else 0):
        value = given + sign * random.randint(1, units) * unit
        if step is not None and value % step:
            continue
        assert not is_approved(value), (path, direction, suggestion.state, value)
