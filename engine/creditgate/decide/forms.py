"""How documents of facts are decoded: the whole vocabulary, or what decides one event for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, DecimalException
from operator import attrgetter
from typing import Any, Final, TypedDict

import msgspec

from creditgate.decide.conversion import Needed, Refused, converter, lean
from creditgate.decide.facts_needed import Span
from creditgate.decide.records import RecordTypes
from creditgate.domain.facts import attribute
from creditgate.domain.vocabulary import Vocabulary

DEFAULT_EVENT: Final = "order"
# A comma cannot hide: no value is written with more of them than it was read with, save from `\\u002c`.
_COMMA: Final = b","
_ESCAPE: Final = b"\\"
_ESCAPED_COMMA: Final = b"\\u002"
# A number too small for a double would be read as zero; written again it has lost its minus sign.
_MINUS: Final = b"-"
# Digits and points become zeros, so that a long run of them, a long number maybe, is found at once.
# Most letters go, which makes the search short; those of hexadecimal texts stay between their digits.
_DIGITS: Final = bytes.maketrans(b"123456789.", b"0000000000")
_LETTERS: Final = b'ghijklmnopqrstuvwxyzGHIJKLMNOPQRSUVWXYZ"_ {}'
_LONG: Final = b"0" * 16
UNREADABLE = (
    msgspec.MsgspecError, Refused, DecimalException, ValueError, OverflowError, RecursionError,
    TypeError, AttributeError,
)  # fmt: skip


class Form:
    """Documents of one vocabulary: their record types, decoder and conversion.

    A `short` form carries numbers with decimals by doubles. It refuses documents with numbers so
    long that two of them could share a double, and gets every other back exactly.
    """

    def __init__(self, vocabulary: Vocabulary, needed: Needed | None, *, short: bool) -> None:
        carrier: type = float if short else Decimal
        self._short = short
        self._document = RecordTypes(vocabulary, carrier).document
        self._decoder = msgspec.json.Decoder(self._document)
        self._encoder = msgspec.json.Encoder()
        self._convert = converter(vocabulary, needed, carrier)

    def decoded(self, raw: bytes) -> Any:
        """Return the converted document of JSON bytes; raises one of `UNREADABLE`."""
        shape = raw.translate(_DIGITS, _LETTERS)
        if self._short and _LONG in shape:
            raise Refused
        document = self._decoder.decode(raw)
        # A key given twice would be dropped silently: count the commas that arrived.
        if _ESCAPE in raw and _ESCAPED_COMMA in raw:
            raise Refused
        written = self._encoder.encode(document)
        if written.count(_COMMA) != shape.count(_COMMA):
            raise Refused
        if self._short and _number_of_signs(written) != _number_of_signs(shape):
            raise Refused
        self._convert(document)
        return document

    def converted(self, document: Any) -> Any:
        """Return the converted document of plain values; raises one of `UNREADABLE`."""
        records = msgspec.convert(document, self._document)
        self._convert(records)
        return records


class SpanForm(Form):
    """Documents that hold only what decides one event on the days of a span."""

    def __init__(self, vocabulary: Vocabulary, span: Span, listed: Needed) -> None:
        needed = span.facts | listed
        leaner = lean(vocabulary, needed)
        super().__init__(leaner, needed, short=True)
        entities = leaner.entities.values()
        self._held = frozenset((each.name, fact) for each in entities for fact in each.facts)
        self.span = span
        entity, fact = vocabulary.events[span.event].dated_by
        self._day = attrgetter(f"{attribute(entity)}.{attribute(fact)}")

    def decoded(self, raw: bytes) -> Any:
        """Return the converted document; raises one of `UNREADABLE` for another event or day."""
        document = super().decoded(raw)
        if not self.covers(event_of(document), self._day(document)):
            raise Refused
        return document

    def covers(self, event: str, day: int) -> bool:
        """Tell whether the span is one of this event and holds this day."""
        span = self.span
        return event == span.event and span.first <= day <= span.last

    def holds(self, facts: Needed) -> bool:
        """Tell whether documents with these facts can be read as this form."""
        return facts <= self._held

    def wider(self, vocabulary: Vocabulary, facts: Needed, listed: Needed) -> SpanForm:
        """Return a form of the same days for documents that hold more facts."""
        return SpanForm(vocabulary, replace(self.span, facts=self.span.facts | facts), listed)


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


def _number_of_signs(text: bytes) -> int:
    return len(text) - len(text.replace(_MINUS, b""))  # quicker than to count them


def event_of(document: Any) -> str:
    """Return the event of a document; orders need not say so."""
    event: str = DEFAULT_EVENT if document.event is msgspec.UNSET else document.event
    return event


def facts_given(document: Any, vocabulary: Vocabulary) -> Needed:
    """Return the facts that a decoded document holds, as (entity, fact)."""
    return frozenset(_given(document, vocabulary))


def _given(document: Any, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for entity in vocabulary.entities.values():
        rows: Any = []
        if entity.kind == "single":
            rows = [getattr(document, attribute(entity.name))]
        elif entity.list_name is not None:
            rows = getattr(document, entity.list_name)
        for row in () if rows is msgspec.UNSET else rows:
            if row is not msgspec.UNSET:
                yield from _given_in(row, entity.name, vocabulary)


def _given_in(record: Any, entity: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for fact in vocabulary.entities[entity].facts.values():
        value = getattr(record, attribute(fact.name))
        if value is msgspec.UNSET:
            continue
        yield entity, fact.name
        if fact.kind == "list":
            for row in value:
                yield from _given_in(row, fact.target or "", vocabulary)
