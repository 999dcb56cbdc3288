"""Read facts: JSON bytes, maps, or YAML text, into records that every evaluator understands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cached_property
from itertools import islice
from typing import Any, Final

import msgspec

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.conversion import Refused
from creditgate.decide.daily_lists import DailyLists
from creditgate.decide.faults import fault, faults_of
from creditgate.decide.forms import UNREADABLE, Form, UsualForm, event_in, event_of
from creditgate.domain.facts import ClaimMade, Facts
from creditgate.domain.vocabulary import Vocabulary

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_DEPTH: Final = 40
MOST_FAULTS: Final = 100


class FactsRefused(Exception):
    """Facts that cannot be read; `diagnostics` say why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics[:5]))
        self.diagnostics = tuple(diagnostics)


class FactsReader:
    """Read facts documents of one vocabulary.

    A document with the same facts as others before it is read quickly; every fact is checked all
    the same.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._lists = DailyLists(vocabulary)
        self._usual = {event: UsualForm(vocabulary) for event in vocabulary.events}
        self._last: UsualForm | None = None  # that of the last document

    # It takes as long to make as many documents to read, and is seldom needed.
    @cached_property
    def _whole(self) -> Form:
        return Form(self.vocabulary, short=False)

    def from_json(self, data: bytes | str) -> Facts:
        """Return the facts of a JSON document.

        Errors: FactsRefused with one diagnostic a mistake; never another exception.
        """
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if len(raw) > MOST_BYTES:
            message = f"the facts have {len(raw)} bytes, more than {MOST_BYTES}"
            raise FactsRefused([fault(Code.TOO_LARGE, "", message)])
        for read in (self._as_usual, self._as_learnt, self._whole_form):
            try:
                return self._finished(read(raw), data)
            except UNREADABLE:
                pass  # other facts, or a mistake
        return self.from_plain(self._careful(raw), data)

    def _as_usual(self, raw: bytes) -> Any:
        last = self._last
        if last is None or last.form is None:
            raise Refused
        return last.form.decoded(raw)

    def _as_learnt(self, raw: bytes) -> Any:
        """Return the document of another event than the last, or with other facts."""
        usual = self._usual.get(event_in(raw))
        if usual is None:
            raise Refused
        last, self._last = self._last, usual
        if usual.form is not None and usual is not last:
            try:
                return usual.form.decoded(raw)
            except UNREADABLE:
                pass  # other facts, maybe
        return usual.learnt(raw).decoded(raw)

    def _whole_form(self, raw: bytes) -> Any:
        return self._whole.decoded(raw)

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
        except UNREADABLE as problem:
            message = "the facts cannot be read"
            hint = str(problem) or None
            raise FactsRefused([fault(Code.UNREADABLE_FACTS, "", message, hint)]) from None

    def _finished(self, document: Any, given: Any) -> Facts:
        made, claims = document.claims, dict[str, ClaimMade]()
        if made is not msgspec.UNSET:
            for item in made:
                if item.claim not in self.vocabulary.claims or item.claim in claims:
                    raise Refused
                claims[item.claim] = ClaimMade(item.claim, item.by, item.at.isoformat())
        event = event_of(document)
        table, withheld = self._lists.table, None
        if table is not None and getattr(document, table) is not msgspec.UNSET:
            withheld = self._lists.withhold(document, event)
        return Facts(event, document, claims, given, withheld)

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
