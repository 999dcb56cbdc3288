"""Facts without those that nothing of what they show needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from creditgate.domain.vocabulary import Vocabulary

Keeps = Callable[[Mapping[str, Any]], bool]
Place = tuple[str | int, ...]


def fewest_facts(
    document: Mapping[str, Any], vocabulary: Vocabulary, keeps: Keeps
) -> dict[str, Any]:
    """Return a document without the records, rows and facts that `keeps` can do without.

    `keeps` tells of a smaller document whether it still shows the same.
    """
    made = dict(document)
    keys = {name: entity.key for name, entity in vocabulary.tables().items()}
    for place in list(_places(made)):
        if place[0] == "event" or (len(place) == 3 and place[2] == keys.get(str(place[0]))):
            continue
        smaller = _without(made, place)
        if smaller is not None and keeps(smaller):
            made = smaller
    return made


def _places(document: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the places of records, rows and facts: wholes before parts, the last row first."""
    for name, value in document.items():
        yield (name,)
        if isinstance(value, Mapping):
            yield from _inside(value, (name,))
        elif isinstance(value, list):
            for number in range(len(value) - 1, -1, -1):
                yield (name, number)
                if isinstance(value[number], Mapping):
                    yield from _inside(value[number], (name, number))


def _inside(record: Mapping[str, Any], place: Place) -> Iterator[Place]:
    for name, value in record.items():
        here = (*place, name)
        yield here
        if isinstance(value, list):
            for number in range(len(value) - 1, -1, -1):
                yield (*here, number)
                if isinstance(value[number], Mapping):
                    yield from _inside(value[number], (*here, number))


def _without(whole: Any, place: Place) -> Any:
    """Return a document without what stands at a place; None where it has gone with its whole."""
    step, *rest = place
    if isinstance(whole, list):
        if not isinstance(step, int) or step >= len(whole):
            return None
        inner = _without(whole[step], tuple(rest)) if rest else None
        if rest and inner is None:
            return None
        return [*whole[:step], *([inner] if rest else []), *whole[step + 1 :]]
    if not isinstance(whole, Mapping) or step not in whole:
        return None
    if not rest:
        return {name: value for name, value in whole.items() if name != step}
    inner = _without(whole[step], tuple(rest))
    return None if inner is None else {**whole, step: inner}
