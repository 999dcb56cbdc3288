"""Where a rule, a value or a date comes from, and how well that is known."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

EVIDENCE = ("official", "reproduced", "secondary", "unverified")  # best first


class Bilingual(msgspec.Struct, frozen=True):
    """The same words in English and Chinese."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """Return the words in `language`, `en` or `zh`."""
        return self.zh if language == "zh" else self.en


class Instrument(msgspec.Struct, frozen=True):
    """A legal text: its titles and the days it was issued and came into force (ordinals)."""

    id: str
    title: Bilingual
    issued: int | None = None
    in_force: int | None = None
    url: str | None = None
    note: Bilingual | None = None


class Citation(msgspec.Struct, frozen=True):
    """A place in a legal text."""

    instrument: str
    article: str | None = None

    def __str__(self) -> str:
        return self.instrument if self.article is None else f"{self.instrument} {self.article}"


class Source(msgspec.Struct, frozen=True):
    """A citation with its grade of evidence and what has to be said about it.

    `published` is the day of publication (ordinal) where it is not that of the text cited; `review`
    the day (ordinal) by which what is cited is to be compared with its text again.
    """

    citation: Citation | None
    evidence: str
    note: Bilingual | None = None
    published: int | None = None
    review: int | None = None


def published_on(source: Source, instruments: Mapping[str, Instrument]) -> int | None:
    """Return the day on which what a source says was published (ordinal), or None without one.

    >>> act = Instrument("act", Bilingual("Act", "法"), issued=10)
    >>> published_on(Source(Citation("act"), "official"), {"act": act})
    10
    """
    if source.published is not None or source.citation is None:
        return source.published
    instrument = instruments.get(source.citation.instrument)
    return None if instrument is None else instrument.issued


def weakest(grades: list[str]) -> str:
    """Return the lowest of some grades of evidence; `official` for none.

    >>> weakest(["official", "secondary"])
    'secondary'
    """
    return max(grades, key=EVIDENCE.index, default="official")
