"""How documents of facts are decoded: the whole vocabulary, or what decides one event for a while."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, DecimalException
from functools import cached_property
from typing import Any, Final, TypedDict

import msgspec

from creditgate.decide.conversion import DEFAULT_EVENT, ZERO, Needed, Only, Refused, converter, lean
from creditgate.decide.facts_needed import Span
from creditgate.decide.records import RecordTypes
from creditgate.domain.facts import attribute
from creditgate.domain.vocabulary import Vocabulary

_COMMA: Final = b","
# No value is written with more commas than it was read with, save from `\\u002c`.
_ESCAPE: Final = b"\\"
_ESCAPED_COMMA: Final = b"\\u002"
# Digits and points become zeros, so that a long run of them, a long number maybe, is found at once.
# Most letters go, which makes the search short; those of hexadecimal texts stay between their digits.
_SHAPE: Final = bytes.maketrans(b"123456789.E", b"0000000000e")
_DROPPED: Final = b'ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ"_ {}:[]\n'
_LONG: Final = b"0" * 16
# A number too small for a double would be read as zero.
_SMALL: Final = re.compile(b"0e-")
UNREADABLE = (
    msgspec.MsgspecError, Refused, DecimalException, ValueError, OverflowError, RecursionError,
    TypeError, AttributeError,
)  # fmt: skip


class Form:
    """Documents of one vocabulary: their record types, decoder and conversion.

    A `short` form carries numbers with decimals by doubles. It refuses documents with numbers so
    long that two of them could share a double, and gets every other back exactly. `asked` declares
    facts that may be asked for and that no document of the form holds; every record of the form
    holds those that are `always` given. It may be for `only` one event on some days.
    """

    def __init__(
        self, vocabulary: Vocabulary, needed: Needed | None, *, short: bool,
        asked: Vocabulary | None = None, always: Needed = frozenset(), only: Only | None = None,
    ) -> None:  # fmt: skip
        carrier: type = float if short else Decimal
        self._short = short
        self._document = RecordTypes(vocabulary, carrier, asked, always).document
        self._decoder = msgspec.json.Decoder(self._document)
        self._convert = converter(vocabulary, needed, carrier, always, only)

    def decoded(self, raw: bytes) -> Any:
        """Return the converted document of JSON bytes; raises one of `UNREADABLE`."""
        shape = raw.translate(_SHAPE, _DROPPED)
        if self._short and _LONG in shape:
            raise Refused
        document = self._decoder.decode(raw)
        # A key given twice would be dropped silently, but it has brought a comma.
        commas, found = shape.count(_COMMA), self._convert(document)
        if found >= ZERO:
            if _SMALL.search(shape):
                raise Refused
            found %= ZERO
        if found != commas and self._commas_written(raw) != commas:
            raise Refused
        return document

    def _commas_written(self, raw: bytes) -> int:
        """Return how many commas a document has when it is written again, those in texts too."""
        if _ESCAPE in raw and _ESCAPED_COMMA in raw:
            raise Refused
        return msgspec.json.encode(self._decoder.decode(raw)).count(_COMMA)

    def converted(self, document: Any) -> Any:
        """Return the converted document of plain values; raises one of `UNREADABLE`."""
        records = msgspec.convert(document, self._document)
        self._convert(records)
        return records


class SpanForms:
    """The forms in which documents of one event on the days of a span are read.

    The `first` holds whatever decides. Documents of one sender give the same facts, as a rule: the
    `usual` form holds those that any document has given so far, and no others, and looks for those
    only that some record was without. Each fact that is not given takes its time as well.
    """

    def __init__(self, vocabulary: Vocabulary, span: Span, listed: Needed) -> None:
        self.span = span
        self._vocabulary, self._listed = vocabulary, listed
        self._given: Needed = frozenset()
        self._left_out: Needed = frozenset()
        self._usual: Form | None = None

    @cached_property
    def _first(self) -> Form:
        needed = self.span.facts | self._listed
        return self._form(needed, needed)

    def _form(
        self, held: Needed, needed: Needed | None, always: Needed = frozenset()
    ) -> Form:  # fmt: skip
        span, vocabulary = self.span, self._vocabulary
        leaner = lean(vocabulary, held | {vocabulary.events[span.event].dated_by})
        only = span.event, span.first, span.last
        return Form(leaner, needed, short=True, asked=vocabulary, always=always, only=only)

    def usual(self) -> Form | None:
        """Return the form of the facts that documents have given so far, if any was read."""
        if self._usual is None and self._given:
            self._usual = self._form(self._given, None, self._given - self._left_out)
        return self._usual

    def decoded(self, raw: bytes) -> Any:
        """Return the converted document; raises one of `UNREADABLE` for one with other facts."""
        document = self._first.decoded(raw)
        self.learn(document)
        return document

    def learn(self, document: Any) -> None:
        """Read documents with the facts of this one quickly from now on."""
        records = Counter[str]()
        facts = Counter[tuple[str, str]]()
        for entity, record in _records(document, self._vocabulary):
            records[entity] += 1
            facts.update(_given_in(record, entity, self._vocabulary))
        left_out = frozenset(fact for fact in facts if facts[fact] < records[fact[0]])
        left_out |= frozenset(fact for fact in self._given if fact[0] in records) - facts.keys()
        if self._given:  # what is new was left out before
            left_out |= facts.keys() - self._given
        if not (facts.keys() <= self._given and left_out <= self._left_out):
            self._usual = None
            self._given |= facts.keys()
            self._left_out |= left_out


class Head:
    """Of documents of a vocabulary, only the event and the day by which it is judged."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._dated_by = {event.name: event.dated_by for event in vocabulary.events.values()}
        dates: dict[str, dict[str, Any]] = {}
        for entity, fact in self._dated_by.values():
            dates.setdefault(entity, {})[fact] = date
        parts: dict[str, Any] = {
            entity: TypedDict(entity, facts, total=False)  # type: ignore[operator]  # its facts are known when it is made
            for entity, facts in dates.items()
        }
        head = TypedDict("Head", {"event": str, **parts}, total=False)  # type: ignore[misc]  # its parts are known when it is made
        self._decoder = msgspec.json.Decoder(head)

    def event_and_day(self, raw: bytes) -> tuple[str, int] | None:
        """Return the event and its day as an ordinal, or None for want of them."""
        try:
            head: Any = self._decoder.decode(raw)
        except UNREADABLE:
            return None
        event = head.get("event", DEFAULT_EVENT)
        entity, fact = self._dated_by.get(event, ("", ""))
        day = head.get(entity, {}).get(fact)
        return None if day is None else (event, day.toordinal())


def event_of(document: Any) -> str:
    """Return the event of a document; orders need not say so."""
    event: str = DEFAULT_EVENT if document.event is msgspec.UNSET else document.event
    return event


def _records(document: Any, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    """Yield every record of a document with the name of its entity, inner ones too."""
    for entity in vocabulary.entities.values():
        if entity.kind == "single":
            rows: Any = [getattr(document, attribute(entity.name), msgspec.UNSET)]
        else:
            rows = getattr(document, entity.list_name or "", msgspec.UNSET)
        for row in () if rows is msgspec.UNSET else rows:
            if row is not msgspec.UNSET:
                yield from _records_in(row, entity.name, vocabulary)


def _records_in(record: Any, entity: str, vocabulary: Vocabulary) -> Iterator[tuple[str, Any]]:
    yield entity, record
    for fact in vocabulary.entities[entity].facts.values():
        if fact.kind == "list":
            rows = getattr(record, attribute(fact.name), msgspec.UNSET)
            for row in () if rows is msgspec.UNSET else rows:
                yield from _records_in(row, fact.target or "", vocabulary)


def _given_in(record: Any, entity: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for name in vocabulary.entities[entity].facts:
        if getattr(record, attribute(name), msgspec.UNSET) is not msgspec.UNSET:
            yield entity, name
