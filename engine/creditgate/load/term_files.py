"""The glossary of the field: words that names may be made of, and words that have a better one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from creditgate.load.located import Map, Text
from creditgate.load.reading import map_at, texts_at


@dataclass(frozen=True, slots=True)
class Terms:
    """Words that are known beside those of the vocabulary, and what to write instead of others."""

    known: frozenset[str] = frozenset()
    instead: Mapping[str, str] = field(default_factory=dict)


def terms_from_maps(files: Iterable[Map]) -> Terms:
    """Return the glossary of schema-valid files, the later ones over the earlier."""
    known: set[str] = set()
    instead: dict[str, str] = {}
    for file in files:
        for group, _ in map_at(file, "known").entries:
            known.update(texts_at(map_at(file, "known"), group.value))
        for word, term in map_at(file, "instead").entries:
            if isinstance(term, Text):
                instead[word.value] = term.value
    return Terms(frozenset(known), instead)
