"""Daily lists that a facts document states: what a list of another day carries is not known.

A list that is not stated is answered for by the sender, who states its facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from creditgate.decide.conversion import Refused
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import PUBLISHED_LIST, DailyList, Vocabulary

CHECKSUM: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*:[0-9a-fA-F]+")


def is_stated(source: str, checksum: str) -> bool:
    """Tell whether a row says where a list is from, and by which checksum it is known."""
    return bool(source.strip()) and CHECKSUM.fullmatch(checksum) is not None


class DailyLists:
    """The daily lists of a vocabulary, asked of documents whose values are converted.

    `table` is the list at the root of a document that states them; None where there are none.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        entity = vocabulary.entities.get(PUBLISHED_LIST) if vocabulary.lists else None
        self.table = None if entity is None else entity.list_name

    def withhold(self, document: Any, event: str) -> Mapping[tuple[str, str], str]:
        """Take out the facts that the lists of another day carry; return why, by fact.

        The day of a list is right when it is that of the event. `document` states lists.

        Errors: Refused where a list is not stated as needed.
        """
        day = self._day(document, event)
        withheld: dict[tuple[str, str], str] = {}
        for row in getattr(document, self.table or ""):
            declared = self._vocabulary.lists.get(row.id)
            if declared is None or msgspec.UNSET in (row.day, row.source, row.checksum):
                raise Refused
            if not is_stated(row.source, row.checksum):
                raise Refused
            if row.day != day:
                why = _why(declared, row.day, day)
                for entity, fact in declared.carries:
                    self._take_out(document, entity, fact)
                    withheld[entity, fact] = why
        return withheld

    def _day(self, document: Any, event: str) -> int | None:
        declared = self._vocabulary.events.get(event)
        if declared is None:
            return None
        record = getattr(document, attribute(declared.dated_by[0]), msgspec.UNSET)
        day = getattr(record, attribute(declared.dated_by[1]), msgspec.UNSET)
        # An event that no rulebook governs may keep its day as it was decoded.
        return day.toordinal() if isinstance(day, date) else day if isinstance(day, int) else None

    def _take_out(self, document: Any, entity: str, fact: str) -> None:
        declared = self._vocabulary.entities[entity]
        if declared.list_name is not None:
            records = getattr(document, declared.list_name, msgspec.UNSET)
        else:
            records = (getattr(document, attribute(entity), msgspec.UNSET),)
        names = [attribute(fact)]
        if declared.facts[fact].kind == "reference":
            names.append(record_attribute(fact))
        for record in () if records is msgspec.UNSET else records:
            for name in names:
                if getattr(record, name, msgspec.UNSET) is not msgspec.UNSET:
                    setattr(record, name, msgspec.UNSET)


def _why(declared: DailyList, day: int, wanted: int | None) -> str:
    stated = date.fromordinal(day).isoformat()
    if wanted is None:
        return f"the list `{declared.name}` is of {stated}, and the day of the event is not known"
    return (
        f"the list `{declared.name}` is of {stated}, not of {date.fromordinal(wanted).isoformat()}"
    )
