"""Facts without those that nothing of what they show needs."""

from __future__ import annotations

import copy
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
    made = copy.deepcopy(dict(document))
    keys = {name: entity.key for name, entity in vocabulary.tables().items()}
    for place in list(_places(made)):
        if place[0] == "event" or (len(place) == 3 and place[2] == keys.get(str(place[0]))):
            continue
        smaller = copy.deepcopy(made)
        if _removed(smaller, place) and keeps(smaller):
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


def _removed(document: dict[str, Any], place: Place) -> bool:
    """Take out what stands at a place; False where it has gone with its whole."""
    holder: Any = document
    for step in place[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError):
            return False
    last = place[-1]
    if isinstance(holder, list):
        if not isinstance(last, int) or last >= len(holder):
            return False
        del holder[last]
        return True
    if last not in holder:
        return False
    del holder[last]
    return True
