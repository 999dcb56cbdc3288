"""Rulebooks as they are compared: each as it stands on the days spoken of, or as of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace

from creditgate.diff.vocabularies import common_vocabulary
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import Rulebook
from creditgate.prove.only_tightens import common_days
from creditgate.prove.search import Days

BEFORE = "before"
AFTER = "after"


@dataclass(frozen=True, slots=True)
class Stand:
    """A rulebook on one side; with `on` (an ordinal) by the law of that day on every day."""

    book: Rulebook
    on: int | None = None

    def day(self, judged: int) -> int:
        """Return the day whose law is applied to what is judged on a day."""
        return judged if self.on is None else self.on


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rulebooks to compare, in one vocabulary.

    They are called `before` and `after`, so that two versions of one rulebook are told apart.
    """

    before: Stand
    after: Stand
    vocabulary: Vocabulary

    @classmethod
    def of(cls, before: Stand, after: Stand) -> Pair:
        """Return a pair.

        Errors: VocabulariesDiffer.
        """
        vocabulary = common_vocabulary(before.book.vocabulary, after.book.vocabulary)
        named = [
            Stand(replace(stand.book, id=name, vocabulary=vocabulary), stand.on)
            for name, stand in ((BEFORE, before), (AFTER, after))
        ]
        return cls(named[0], named[1], vocabulary)

    @property
    def books(self) -> tuple[Rulebook, Rulebook]:
        """Return both rulebooks."""
        return self.before.book, self.after.book

    def spans(self) -> list[Days]:
        """Return the days to compare, in spans in which neither changes, the last ones first.

        Where a side is taken as of a day, these are the later of the days named.
        """
        named = [stand.on for stand in (self.before, self.after) if stand.on is not None]
        if named:
            return [Days(max(named), max(named))]
        return common_days(self.books)[::-1]
