"""How documents of facts are decoded: with all facts of the vocabulary, or with the usual ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, DecimalException
from threading import Lock
from typing import Any, Final

import msgspec

from creditgate.decide.conversion import DEFAULT_EVENT, ZERO, FactNames, Refused, converter, lean
from creditgate.decide.records import RecordTypes
from creditgate.domain.vocabulary import Entity, Vocabulary

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
    holds those that are `always` given.
    """

    def __init__(
        self, vocabulary: Vocabulary, *, short: bool, asked: Vocabulary | None = None,
        always: FactNames = frozenset(),
    ) -> None:  # fmt: skip
        carrier: type = float if short else Decimal
        self._short = short
        self._document = RecordTypes(vocabulary, carrier, asked, always).document
        self._decoder = msgspec.json.Decoder(self._document)
        self._convert = converter(vocabulary, carrier, always)

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


class UsualForm:
    """The form in which documents of one event are read.

    Documents of one sender give the same facts, as a rule: the form holds those that any document
    has given so far, and looks for those only that some record was without. Each fact that is not
    given takes its time as well. Safe to share between threads.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lock = Lock()
        self._entities: frozenset[str] = frozenset()
        self._given: FactNames = frozenset()
        self._left_out: FactNames = frozenset()
        self.form: Form | None = None

    def learnt(self, raw: bytes) -> Form:
        """Return the form that this document has changed to its own facts.

        Errors: one of `UNREADABLE`, also where nothing is to be learnt from the document.
        """
        document = msgspec.json.decode(raw)
        entities = frozenset(
            e.name for e in self._vocabulary.entities.values() if _holds(document, e)
        )
        records = Counter[str]()
        facts = Counter[tuple[str, str]]()
        for entity, record in _records(document, self._vocabulary):
            records[entity.name] += 1
            facts.update((entity.name, name) for name in record if name in entity.facts)
        left_out = frozenset(fact for fact in facts if facts[fact] < records[fact[0]])
        with self._lock:
            left_out |= frozenset(fact for fact in self._given if fact[0] in records) - facts.keys()
            if self._given:  # what is new was left out before
                left_out |= facts.keys() - self._given
            known = facts.keys() <= self._given and entities <= self._entities
            if known and left_out <= self._left_out:
                raise Refused
            self._entities |= entities
            self._given |= facts.keys()
            self._left_out |= left_out
            leaner = lean(self._vocabulary, self._given, self._entities)
            always = self._given - self._left_out
            self.form = Form(leaner, short=True, asked=self._vocabulary, always=always)
            return self.form


class _Head(msgspec.Struct):
    event: str = DEFAULT_EVENT


_HEAD: Final = msgspec.json.Decoder(_Head)


def event_in(raw: bytes) -> str:
    """Return the event of a document of JSON bytes; raises one of `UNREADABLE`."""
    return _HEAD.decode(raw).event


def event_of(document: Any) -> str:
    """Return the event of a document; orders need not say so."""
    event: str = DEFAULT_EVENT if document.event is msgspec.UNSET else document.event
    return event


def _key(entity: Entity) -> str | None:
    """Return under which key a document holds records of an entity, if it does by itself."""
    return entity.name if entity.kind == "single" else entity.list_name


def _holds(document: Any, entity: Entity) -> bool:
    """Tell whether a decoded document says anything of an entity, be it that there are no rows."""
    return _key(entity) in document


def _records(document: Any, vocabulary: Vocabulary) -> Iterator[tuple[Entity, dict[str, Any]]]:
    """Yield every record of a decoded document with its entity, inner ones too."""
    for entity in vocabulary.entities.values():
        if _holds(document, entity):
            found = document[_key(entity)]
            rows = [found] if entity.kind == "single" else found
            yield from _records_in(rows, entity, vocabulary)


def _records_in(
    rows: Any, entity: Entity, vocabulary: Vocabulary
) -> Iterator[tuple[Entity, dict[str, Any]]]:
    lists = [fact for fact in entity.facts.values() if fact.kind == "list"]
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            yield entity, row
            for fact in lists:
                inner = vocabulary.entities[fact.target or ""]
                yield from _records_in(row.get(fact.name), inner, vocabulary)
