"""Read facts: JSON bytes, maps, or YAML text, into records that every evaluator understands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from functools import cached_property
from itertools import islice
from typing import Any, Final

import msgspec

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.conversion import Refused
from creditgate.decide.daily_lists import DailyLists
from creditgate.decide.facts_needed import Span
from creditgate.decide.faults import fault, faults_of
from creditgate.decide.forms import UNREADABLE, Form, Head, SpanForms, event_of
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
        self._forms: list[SpanForms] = []
        self._last: SpanForms | None = None  # those that read the last document

    # Each form is made when first asked for: it costs more than reading many documents.
    @cached_property
    def _whole(self) -> Form:
        return Form(self.vocabulary, None, short=False)

    @cached_property
    def _head(self) -> Head:
        return Head(self.vocabulary)

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
            except UNREADABLE:
                pass  # facts that no rule reads, or a mistake
        try:
            document = self._whole.decoded(raw)
            facts = self._finished(document, data)
        except UNREADABLE:
            return self.from_plain(self._careful(raw), data)
        if not whole:
            forms = self._forms_of(raw)
            if forms is not None:
                forms.learn(document)
        return facts

    def _of_span(self, raw: bytes, data: Any) -> Facts:
        """Return facts read for their span alone; raises one of `UNREADABLE` for others."""
        last = None if self._last is None else self._last.usual()
        if last is not None:
            try:
                return self._finished(last.decoded(raw), data, self)
            except UNREADABLE:
                pass  # another event or day, or other facts
        self._last = forms = self._forms_of(raw)
        if forms is None:
            raise Refused
        usual = forms.usual()
        if usual is not None and usual is not last:
            try:
                return self._finished(usual.decoded(raw), data, self)
            except UNREADABLE:
                pass  # other facts, maybe
        return self._finished(forms.decoded(raw), data, self)

    def _forms_of(self, raw: bytes) -> SpanForms | None:
        """Return the forms of the event and day of a document, if it says them."""
        head = self._head.event_and_day(raw)
        if head is None:
            return None
        for forms in self._forms:
            if forms.span.covers(*head):
                return forms
        span = self._span_of(*head)
        if span is None:
            return None
        self._forms.append(SpanForms(self.vocabulary, span, self._lists.needed))
        return self._forms[-1]

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

    def _finished(
        self, document: Any, given: Any, reader: FactsReader | None = None
    ) -> Facts:  # fmt: skip
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
