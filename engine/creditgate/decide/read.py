"""Read facts: JSON bytes, maps, or YAML text, into records that every evaluator understands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, DecimalException
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypedDict

import msgspec

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.conversion import Needed, Refused, converter, lean
from creditgate.decide.daily_lists import DailyLists
from creditgate.decide.facts_needed import Span
from creditgate.decide.faults import fault, faults_of
from creditgate.decide.records import RecordTypes
from creditgate.domain.facts import ClaimMade, Facts, attribute
from creditgate.domain.vocabulary import Vocabulary

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_DEPTH: Final = 40
DEFAULT_EVENT: Final = "order"
MOST_FAULTS: Final = 100
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
_UNREADABLE = (
    msgspec.MsgspecError, Refused, DecimalException, ValueError, OverflowError, RecursionError,
    TypeError, AttributeError,
)  # fmt: skip


class FactsRefused(Exception):
    """Facts that cannot be read; `diagnostics` say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics[:5]))
        self.diagnostics = tuple(diagnostics)


class _Form:
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
        """Return the converted document of JSON bytes; raises one of `_UNREADABLE`."""
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
        """Return the converted document of plain values; raises one of `_UNREADABLE`."""
        records = msgspec.convert(document, self._document)
        self._convert(records)
        return records


class _SpanForm(_Form):
    """Documents that hold only what decides one event on the days of a span."""

    def __init__(self, vocabulary: Vocabulary, span: Span, listed: Needed) -> None:
        needed = span.facts | listed
        super().__init__(lean(vocabulary, needed), needed, short=True)
        self._span = span
        entity, fact = vocabulary.events[span.event].dated_by
        self._day = attrgetter(f"{attribute(entity)}.{attribute(fact)}")

    def decoded(self, raw: bytes) -> Any:
        """Return the converted document; raises one of `_UNREADABLE` for another event or day."""
        document = super().decoded(raw)
        if not self.covers(_event_of(document), self._day(document)):
            raise Refused
        return document

    def covers(self, event: str, day: int) -> bool:
        """Tell whether the span is one of this event and holds this day."""
        span = self._span
        return event == span.event and span.first <= day <= span.last


class _Head:
    """Of documents of a vocabulary, only the event and the day by which it is judged."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._dated_by = {event.name: event.dated_by for event in vocabulary.events.values()}
        dates: dict[str, dict[str, Any]] = {}
        for entity, fact in self._dated_by.values():
            dates.setdefault(entity, {})[fact] = date
        parts: dict[str, Any] = {
            entity: TypedDict(entity, facts, total=False)  # type: ignore[operator]
            for entity, facts in dates.items()
        }
        head = TypedDict("Head", {"event": str, **parts}, total=False)  # type: ignore[misc]
        self._decoder = msgspec.json.Decoder(head)

    def event_and_day(self, raw: bytes) -> tuple[str, int] | None:
        """Return the event and its day as an ordinal, or None for want of them."""
        try:
            head: Any = self._decoder.decode(raw)
        except _UNREADABLE:
            return None
        event = head.get("event", DEFAULT_EVENT)
        entity, fact = self._dated_by.get(event, ("", ""))
        day = head.get(entity, {}).get(fact)
        return None if day is None else (event, day.toordinal())


class FactsReader:
    """Read facts documents of one vocabulary.

    `span_of` gives, for an event and a day, the facts that decide it. A document that holds no
    others is read quickly, the more so when it is of the event and the days of the one before;
    every fact that is given is checked all the same.
    """

    def __init__(
        self, vocabulary: Vocabulary, span_of: Callable[[str, int], Span | None]
    ) -> None:  # fmt: skip
        self.vocabulary = vocabulary
        self._span_of = span_of
        self._lists = DailyLists(vocabulary)
        self._forms: list[_SpanForm] = []
        self._form: _SpanForm | None = None  # the one that read the last document

    # Each form is made when first asked for: it costs more than reading many documents.
    @cached_property
    def _whole(self) -> _Form:
        return _Form(self.vocabulary, None, short=False)

    @cached_property
    def _head(self) -> _Head:
        return _Head(self.vocabulary)

    def from_json(self, data: bytes | str, *, whole: bool = False) -> Facts:
        """Return the facts of a JSON document; `whole` makes those ready too that nobody needs.

        Errors: FactsRefused with one diagnostic a mistake; never another exception.
        """
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if len(raw) > MOST_BYTES:
            message = f"the facts have {len(raw)} bytes, more than {MOST_BYTES}"
            raise FactsRefused([fault(Code.TOO_LARGE, "", message)])
        if not whole:
            try:
                return self._of_span(raw, data)
            except _UNREADABLE:
                pass  # facts that no rule reads, or a mistake
        try:
            return self._finished(self._whole.decoded(raw), data)
        except _UNREADABLE:
            return self.from_plain(self._careful(raw), data)

    def _of_span(self, raw: bytes, data: Any) -> Facts:
        """Return facts read for their span alone; raises one of `_UNREADABLE` for others."""
        last = self._form
        if last is not None:
            try:
                return self._finished(last.decoded(raw), data, self)
            except _UNREADABLE:
                pass  # another event or day, maybe
        head = self._head.event_and_day(raw)
        if head is None or (last is not None and last.covers(*head)):
            raise Refused
        form = next((form for form in self._forms if form.covers(*head)), None)
        if form is None:
            span = self._span_of(*head)
            if span is None:
                raise Refused
            form = _SpanForm(self.vocabulary, span, self._lists.needed)
            self._forms.append(form)
        read = self._finished(form.decoded(raw), data, self)
        self._form = form
        return read

    def from_plain(self, document: Any, given: Any = None) -> Facts:
        """Return the facts of a document of maps, lists and exact values.

        `given` is kept with them as the document that was handed in.

        Errors: FactsRefused with one diagnostic a mistake; never another exception.
        """
        misshapen = _misshapen(document)
        found = (
            list(islice(faults_of(document, self.vocabulary), MOST_FAULTS))
            if misshapen is None
            else [misshapen]
        )
        if found:
            raise FactsRefused(found)
        try:
            return self._finished(self._whole.converted(document), given)
        except _UNREADABLE as problem:
            message = "the facts cannot be read"
            hint = str(problem) or None
            raise FactsRefused([fault(Code.UNREADABLE_FACTS, "", message, hint)]) from None

    def _finished(
        self, document: Any, given: Any, reader: FactsReader | None = None
    ) -> Facts:  # fmt: skip
        made = document.claims
        claims: dict[str, ClaimMade] = {}
        if made is not msgspec.UNSET:
            for item in made:
                if item.claim not in self.vocabulary.claims or item.claim in claims:
                    raise Refused
                claims[item.claim] = ClaimMade(item.claim, item.by, item.at.isoformat())
        event = _event_of(document)
        table, withheld = self._lists.table, None
        if table is not None and getattr(document, table) is not msgspec.UNSET:
            withheld = self._lists.withhold(document, event)
        return Facts(event, document, claims, given, withheld, reader)

    def _careful(self, raw: bytes) -> Any:
        try:
            return json.loads(
                raw.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant,
                parse_int=_whole, object_pairs_hook=_unique,
            )  # fmt: skip
        except FactsRefused:
            raise
        except RecursionError:
            raise FactsRefused([_too_deep()]) from None
        except (ValueError, DecimalException) as problem:
            message = "this is not a JSON document"
            raise FactsRefused([fault(Code.UNREADABLE_FACTS, "", message, f"{problem}")]) from None


def _number_of_signs(text: bytes) -> int:
    return len(text) - len(text.replace(_MINUS, b""))  # quicker than to count them


def _event_of(document: Any) -> str:
    event: str = DEFAULT_EVENT if document.event is msgspec.UNSET else document.event
    return event


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) < 40 else Decimal(text)


def _no_constant(text: str) -> Any:
    raise FactsRefused([fault(Code.NOT_A_NUMBER, "", f"`{text}` is not a number")])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key, count in times.items() if count > 1)
        raise FactsRefused(
            [fault(Code.DUPLICATE_RECORD, twice, "the key stands twice in one record")]
        )
    return found


def _too_deep() -> Diagnostic:
    message = f"the facts are nested deeper than {MOST_DEPTH} levels"
    return fault(Code.FACTS_TOO_DEEP, "", message)


def _misshapen(document: Any) -> Diagnostic | None:
    """Return what no document may have, whatever it says: too many levels, text that is none."""
    waiting: list[tuple[Any, int]] = [(document, 1)]
    while waiting:
        value, level = waiting.pop()
        if level > MOST_DEPTH:
            return _too_deep()
        if isinstance(value, Mapping):
            waiting.extend((item, level + 1) for item in value.values())
            waiting.extend((key, level) for key in value)
        elif isinstance(value, list | tuple):
            waiting.extend((item, level + 1) for item in value)
        elif isinstance(value, str) and not value.isascii() and _has_half_characters(value):
            hint = "write UTF-8, or both halves of the pair"
            message = "a text holds half a character (a lone surrogate)"
            return fault(Code.UNREADABLE_FACTS, "", message, hint)
    return None


def _has_half_characters(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
