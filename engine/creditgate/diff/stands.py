"""Rulebooks as they are compared: each as it stands on the days spoken of, or as of a day.

What takes effect only after the day that is judged is left out of account: no fact of that day is
of a later one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

from creditgate.decide.facts_needed import facts_read
from creditgate.diff.vocabularies import common_vocabulary
from creditgate.domain.timeline import Timeline
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.rulebook import Epoch, FigureDefinition, Rulebook
from creditgate.ir.specialise import specialise
from creditgate.prove.only_tightens import common_days
from creditgate.prove.search import Days

BEFORE = "before"
AFTER = "after"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Stand:
    """A rulebook on one side; with `on` (an ordinal) by the law of that day on every day."""

    book: Rulebook
    on: int | None = None
    _epochs: dict[int, Epoch | None] = field(default_factory=dict, compare=False, repr=False)

    def epoch(self, judged: int) -> Epoch | None:
        """Return the law that is applied to what is judged on a day; None where there is none."""
        if judged not in self._epochs:
            self._epochs[judged] = specialise(_up_to(self.book, judged), self.day(judged))
        return self._epochs[judged]

    def day(self, judged: int) -> int:
        """Return the day whose law is applied to what is judged on a day."""
        return judged if self.on is None else self.on


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rulebooks to compare, in one vocabulary.

    `narrowed` are the facts read that may be something else on one side: what they may be on both is
    compared. They are called `before` and `after`, so that two versions of one rulebook are told apart.
    """

    before: Stand
    after: Stand
    vocabulary: Vocabulary
    narrowed: tuple[str, ...] = ()

    @classmethod
    def of(cls, before: Stand, after: Stand) -> Pair:
        """Return a pair.

        Errors: VocabulariesDiffer.
        """
        read = facts_read(before.book) | facts_read(after.book)
        shared = common_vocabulary(before.book.vocabulary, after.book.vocabulary, read)
        vocabulary = shared.vocabulary
        named = [
            Stand(replace(stand.book, id=name, vocabulary=vocabulary), stand.on)
            for name, stand in ((BEFORE, before), (AFTER, after))
        ]
        return cls(named[0], named[1], vocabulary, shared.narrowed)

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


def _up_to(book: Rulebook, day: int) -> Rulebook:
    """Return a rulebook without what takes effect after a day."""
    return replace(
        book,
        parameters={
            n: replace(p, history=_cut(p.history, day)) for n, p in book.parameters.items()
        },
        tables={n: replace(t, history=_cut(t.history, day)) for n, t in book.tables.items()},
        figures={n: _figure(f, day) for n, f in book.figures.items()},
    )


def _figure(figure: FigureDefinition, day: int) -> FigureDefinition:
    replaced = None if figure.replaced is None else _figure(figure.replaced, day)
    return replace(figure, versions=_cut(figure.versions, day), replaced=replaced)


def _cut(timeline: Timeline[Value], day: int) -> Timeline[Value]:
    return Timeline(tuple(entry for entry in timeline.entries if entry[0] <= day))
