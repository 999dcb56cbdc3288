"""A row of a table as the facts document that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from creditgate.backends.columns.frames import NONE, Frame
from creditgate.decide.table_arrays import Arrays
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

Row = Mapping[str, Any]
_Wanted = dict[tuple[str, str], None]


class TableDocuments:
    """Make facts documents of rows: the record of the event, its singles, what these refer to."""

    def __init__(
        self, vocabulary: Vocabulary, frames: Mapping[str, Frame], arrays: Arrays
    ) -> None:  # fmt: skip
        self._vocabulary, self._frames, self._arrays = vocabulary, frames, arrays
        self._rows: dict[str, dict[str, int]] = {}

    def document(self, event: str, row: int) -> dict[str, Any]:
        """Return the document of an event."""
        document: dict[str, Any] = {"event": event}
        wanted: _Wanted = {}
        orders, in_rows = self._frames[self._arrays.aligned], self._arrays.in_rows
        for name, frame in self._frames.items():
            if frame.entity.kind == "single":
                place = row if name in in_rows else int(self._arrays.array(f"at_{name}")[row])
                if place >= 0:
                    document[name] = self._record(frame.entity, _row(frame, place), wanted)
        self._follow(wanted, document)
        claims = orders.others.get("claims")
        if claims is not None and claims[row].is_valid:
            document["claims"] = [
                {key: _text(value) for key, value in claim.items()} for claim in claims[row].as_py()
            ]
        return document

    def _follow(self, wanted: _Wanted, document: dict[str, Any]) -> None:
        """Add the records that references point to, and those that these point to."""
        done: set[tuple[str, str]] = set()
        while waiting := [each for each in wanted if each not in done]:
            for entity, key in waiting:
                done.add((entity, key))
                frame = self._frames.get(entity)
                place = self._rows_by_key(entity).get(key)
                if frame is not None and place is not None:
                    name = frame.entity.list_name or entity
                    record = self._record(frame.entity, _row(frame, place), wanted)
                    document.setdefault(name, []).append(record)

    def _rows_by_key(self, entity: str) -> dict[str, int]:
        # Kept by hand: what holds itself, as a cached method does, keeps its tables for long.
        if entity not in self._rows:
            frame = self._frames.get(entity)
            keys = None if frame is None else frame.arrays.get(frame.entity.key or "id")
            found = [] if keys is None else keys.to_pylist()
            self._rows[entity] = {key: row for row, key in enumerate(found)}
        return self._rows[entity]

    def _record(self, entity: Entity, row: Row, wanted: _Wanted) -> dict[str, Any]:
        return dict(self._facts(entity, row, wanted))

    def _facts(self, entity: Entity, row: Row, wanted: _Wanted) -> Iterator[tuple[str, Any]]:
        for name, fact in entity.facts.items():
            if row.get(f"{name}{NONE}"):
                yield name, None
            value = row.get(name)
            if value is None:
                continue
            if fact.kind == "list":
                inner = self._vocabulary.entities[fact.target or ""]
                yield name, [self._record(inner, each, wanted) for each in value]
                continue
            if fact.kind == "reference":
                wanted[fact.target or "", value] = None
            yield name, _plain(fact, value)


def _row(frame: Frame, place: int) -> Row:
    given = {name: array[place].as_py() for name, array in frame.arrays.items()}
    return given | {f"{name}{NONE}": array[place].as_py() for name, array in frame.none.items()}


def _plain(fact: FactDeclaration, value: Any) -> Any:
    match value:
        case float():
            return Decimal(round(value * 10**fact.scale)).scaleb(-fact.scale)
        case _:
            return _text(value)


def _text(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case _:
            return value
