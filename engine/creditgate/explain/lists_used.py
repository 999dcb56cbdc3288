"""The daily lists that the facts of a decision state."""

from __future__ import annotations

from dataclasses import dataclass

from creditgate.decide.decision import Source
from creditgate.domain.citation import Bilingual
from creditgate.domain.facts import MISSING
from creditgate.domain.vocabulary import PUBLISHED_LIST
from creditgate.explain.authorities import day_text


@dataclass(frozen=True, slots=True)
class ListUsed:
    """A daily list: its day, where it was taken from, and its checksum.

    `of_the_day` is false for a list of another day than the event's; what it carries was unknown.
    """

    id: str
    title: Bilingual
    day: str
    source: str
    checksum: str
    of_the_day: bool


def lists_used(source: Source) -> tuple[ListUsed, ...]:
    """Return the lists that the facts state, by name; none where they state none."""
    vocabulary = source.gate.vocabulary
    entity = vocabulary.entities.get(PUBLISHED_LIST)
    if entity is None or source.facts is None:
        return ()
    rows = getattr(source.facts.root, entity.list_name or "", MISSING)
    withheld = source.facts.withheld or {}
    found = []
    for row in () if rows is MISSING else rows:
        declared = vocabulary.lists[row.id]
        of_the_day = not any(fact in withheld for fact in declared.carries)
        found.append(
            ListUsed(
                row.id, declared.title, day_text(row.day), row.source, row.checksum, of_the_day
            )
        )
    return tuple(sorted(found, key=lambda item: item.id))
