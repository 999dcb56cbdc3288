"""Names that the solver made up, as names that a person would give: A1, S1, SC1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.domain.vocabulary import Entity, Vocabulary

_MADE_UP: Final = re.compile(r"X(\d+)")
_CLAIMS: Final = ("claims", "event")


def with_plain_names(
    document: Mapping[str, Any], vocabulary: Vocabulary, encoding: Encoding
) -> dict[str, Any]:
    """Return a facts document in which names that no rule knows are short and speak.

    One name stays one name wherever it stands, and different ones stay different.
    """
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    for entity, word in _made_up(document, vocabulary, len(encoding.codes)):
        if word not in names:
            letter = "".join(part[0] for part in entity.split("_")).upper()
            used[letter] = used.get(letter, 0) + 1
            names[word] = f"{letter}{used[letter]}"
    renamed = _renamed(document, names)
    assert isinstance(renamed, dict)
    return renamed


def _made_up(
    document: Mapping[str, Any], vocabulary: Vocabulary, known: int
) -> Iterator[tuple[str, str]]:
    tables = vocabulary.tables()
    for name, value in document.items():
        if name in tables:
            for row in value:
                yield from _in_record(row, tables[name], vocabulary, known)
        elif name not in _CLAIMS:
            yield from _in_record(value, vocabulary.entities[name], vocabulary, known)


def _in_record(
    record: Mapping[str, Any], entity: Entity, vocabulary: Vocabulary, known: int
) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        fact = entity.facts[name]
        if fact.kind == "list":
            for row in value:
                yield from _in_record(
                    row, vocabulary.entities[fact.target or ""], vocabulary, known
                )
        elif fact.kind in {"text", "reference"} and isinstance(value, str):
            match = _MADE_UP.fullmatch(value)
            if match is not None and int(match[1]) >= known:
                holder = fact.target if fact.kind == "reference" else entity.name
                yield holder or entity.name, value


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value
