"""Names in the terms of the field: those of the vocabulary and of its glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, warning
from creditgate.base.spans import Span
from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import Vocabulary
from creditgate.lint.stated import Stated
from creditgate.load.term_files import Terms

_WORD: Final = re.compile(r"[a-z]+")
_CAMEL: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: Endings in which forms of one word differ.
_ENDINGS: Final = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ions",
    "ion",
    "ies",
    "ed",
    "es",
    "s",
    "er",
    "e",
    "y",
)


class Glossary:
    """The words that names are made of."""

    def __init__(self, vocabulary: Vocabulary, terms: Terms) -> None:
        self.instead = terms.instead
        self._stems = {_stem(word) for word in terms.known}
        for text in _texts(vocabulary):
            self._stems.update(_stems(text))

    def unknown(self, name: str, *titles: Bilingual | None) -> list[str]:
        """Return the words of a name that neither the field nor its own title has."""
        own = {stem for title in titles if title is not None for stem in _stems(title.en)}
        words = _WORD.findall(name)
        return [word for word in words if _stem(word) not in self._stems | own]

    def better(self, name: str) -> dict[str, str]:
        """Return the words of a name for which the field has a better one, with that."""
        return {word: self.instead[word] for word in _WORD.findall(name) if word in self.instead}


def names_in_terms(stated: Stated, glossary: Glossary) -> Iterator[Diagnostic]:
    """Yield names that a reader of the field would not know.

    A word of a name is known where the names, titles and aliases of the vocabulary or its glossary
    have it, or the title of the thing itself. A word for which the glossary has another is reported
    wherever it stands.
    """
    for name, span, title in _named(stated):
        for word, term in glossary.better(name).items():
            message = f"`{word}` in `{name}` is not the term of the field"
            yield warning(Code.NOT_A_TERM, message, span, hint=f"write `{term}`")
        for word in glossary.unknown(name, title):
            if word not in glossary.instead:
                message = f"`{word}` in `{name}` is in no title, fact or alias of the field"
                hint = (
                    "take a word of the title, or add the term to rulebooks/vocabulary/terms.yaml"
                )
                yield warning(Code.NOT_A_TERM, message, span, hint=hint)


def _named(stated: Stated) -> Iterator[tuple[str, Span, Bilingual | None]]:
    for item in stated.definitions:
        yield item.name, item.span, item.title
    for rule in stated.book.rules.values():
        for exemption in rule.exemptions:
            if exemption.origin == stated.book.id:
                yield exemption.id, exemption.span, exemption.title or rule.title
    for determination in stated.determinations:
        for value, title in determination.values.items():
            yield value, determination.span, title


def _texts(vocabulary: Vocabulary) -> Iterator[str]:
    for entity in vocabulary.entities.values():
        yield from (entity.name, entity.title.en)
        for fact in entity.facts.values():
            yield from (fact.name, fact.title.en)
            yield from (" ".join(_CAMEL.findall(alias)) for _, alias in fact.aliases)
    for enum in vocabulary.enums.values():
        yield from (enum.name, enum.title.en)
        for name, title in enum.members.items():
            yield from (name, title.en)
    for group in (vocabulary.events, vocabulary.claims, vocabulary.reasons, vocabulary.lists):
        for name, item in group.items():
            yield from (name, item.title.en)


@lru_cache(maxsize=4096)
def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _WORD.findall(text.lower())}


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """Return a word without its ending.

    >>> _stem("financing"), _stem("suspension"), _stem("days")
    ('financ', 'suspens', 'day')
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
