"""The report of a decision: its core with the words that people need, for every face alike."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import msgspec

from creditgate.decide.decision import APPROVED, OUT_OF_SCOPE, Core, Decision, Value
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import Number, Type, without_none
from creditgate.domain.outcomes import BREACHED, PENDING, UNDECIDED
from creditgate.explain.documents import document_of
from creditgate.explain.headline import headline

if TYPE_CHECKING:
    from creditgate.explain.authorities import Authority
    from creditgate.explain.evidence import RulebookEvidence, RuleEvidence
    from creditgate.explain.limits import Limit
    from creditgate.explain.remedies import OfferedRemedy
    from creditgate.ir.rulebook import Rulebook


class Finding(msgspec.Struct, frozen=True):
    """A rule that is breached, cannot be decided or is pending, in words.

    `grade` is the weakest grade of evidence of all that the outcome rests on; `limit` is the first
    comparison that does not hold; `due` is the deadline of a rule that has one.
    """

    rule: str
    rulebook: str
    outcome: str
    effect: str
    reason: str
    title: Bilingual
    message: Bilingual | None
    authority: Authority | None
    grade: str
    limit: Limit | None
    missing: tuple[str, ...]
    because: tuple[str, ...]
    due: str | None = None


class ClaimShown(msgspec.Struct, frozen=True):
    """A claim as it was made, and whether the decision relies on it."""

    claim: str
    title: Bilingual
    by: str
    at: str
    relied_on: bool


class ValueShown(msgspec.Struct, frozen=True):
    """A figure that was asked for, or a determination, in words."""

    name: str
    title: Bilingual
    words: Bilingual
    missing: tuple[str, ...]
    because: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """A decision for people: `evidence` holds every rule, where it was asked for.

    `titles` are what the facts are called that are missing, by their paths.
    """

    id: str | None
    headline: Bilingual
    core: Core
    findings: tuple[Finding, ...]
    remedies: tuple[OfferedRemedy, ...]
    values: tuple[ValueShown, ...]
    claims: tuple[ClaimShown, ...]
    evidence: tuple[RulebookEvidence, ...]
    titles: dict[str, Bilingual]


def report_of(decision: Decision, *, explain: bool = False) -> Report:
    """Return the report of a decision; with `explain`, the evidence of every rule as well."""
    core = decision.core
    evidence: tuple[RulebookEvidence, ...] = ()
    remedies: tuple[OfferedRemedy, ...] = ()
    # An approved order needs none of this, and starts the sooner without it.
    if explain or core.warnings or core.decision not in {APPROVED, OUT_OF_SCOPE}:
        from creditgate.explain.evidence import evidence_of
        from creditgate.explain.remedies import remedies_of

        evidence, remedies = evidence_of(decision, whole=explain), remedies_of(decision)
    document = None if decision.source is None else document_of(decision.source)
    return Report(
        order_id(decision, document), _headline(decision, document), core,
        tuple(finding for part in evidence for finding in _findings(part)), remedies,
        tuple(_values(decision)), claims_shown(decision), evidence if explain else (),
        _titles(decision, evidence),
    )  # fmt: skip


def _titles(decision: Decision, evidence: tuple[RulebookEvidence, ...]) -> dict[str, Bilingual]:
    source, core = decision.source, decision.core
    paths = dict.fromkeys(core.missing)
    for value in (*core.figures.values(), *core.determinations.values()):
        paths.update(dict.fromkeys(value.missing))
    for part in evidence:
        paths.update(dict.fromkeys(part.missing))
        for rule in part.rules:
            paths.update(dict.fromkeys(rule.missing))
    if source is None or not paths:
        return {}
    from creditgate.explain.missing_words import titles_of

    return titles_of(paths, source.gate.vocabulary)


def order_id(decision: Decision, document: Any) -> str | None:
    """Return the id of what was judged, as its facts state it."""
    source = decision.source
    if source is None or not isinstance(document, dict):
        return None
    event = source.gate.vocabulary.events.get(str(document.get("event", decision.core.event)))
    if event is None:
        return None
    entity = source.gate.vocabulary.entities[event.dated_by[0]]
    record = document.get(entity.name)
    id = record.get(entity.key or "id") if isinstance(record, dict) else None
    return None if id is None else str(id)


def claims_shown(decision: Decision) -> tuple[ClaimShown, ...]:
    """Return the claims among the facts, in the order of their names."""
    source = decision.source
    if source is None or source.facts is None:
        return ()
    declared = source.gate.vocabulary.claims
    return tuple(
        ClaimShown(name, declared[name].title, made.by, made.at, name in decision.core.claims)
        for name, made in sorted(source.facts.claims.items())
    )


def _headline(decision: Decision, document: Any) -> Bilingual:
    source = decision.source
    if source is None:
        return Bilingual(decision.core.event, decision.core.event)
    governing = {item.id for item in decision.core.rulebooks if item.governs != "no"}
    books = source.gate.engines
    currencies = {book.currency for book in books if book.id in governing or not governing}
    currency = currencies.pop() if len(currencies) == 1 else None
    vocabulary = source.gate.vocabulary
    return Bilingual(
        headline(document, vocabulary, currency, "en"),
        headline(document, vocabulary, currency, "zh"),
    )


def _values(decision: Decision) -> Iterator[ValueShown]:
    source = decision.source
    if not decision.core.figures and not decision.core.determinations:
        return
    from creditgate.explain.shown_values import NOT_KNOWN

    books = [] if source is None else [engine.rulebook for engine in source.gate.engines]
    for name, value in decision.core.figures.items():
        book = next((book for book in books if name in book.figures), None)
        title = Bilingual(name, name) if book is None else book.figures[name].title
        words = NOT_KNOWN if book is None else _in_words(value, book.figures[name].type, book)
        yield ValueShown(name, title, words, value.missing, value.because)
    for name, value in decision.core.determinations.items():
        book = next((book for book in books if name in book.determinations), None)
        if book is not None:
            item = book.determinations[name]
            words = item.values.get(value.value or "", NOT_KNOWN)
            yield ValueShown(name, item.title, words, value.missing, value.because)


def _in_words(value: Value, kind: Type, book: Rulebook) -> Bilingual:
    """Return a value of the core in words; its exact text is read back."""
    from creditgate.explain.shown_values import NOT_KNOWN, Speech

    if value.state == "unknown":
        return NOT_KNOWN
    plain = without_none(kind)
    if value.value is None or isinstance(plain, Number):
        number = None if value.value is None else Fraction(value.value)
        return Speech.of(book).words(number, kind)
    text = value.value if value.unit is None else f"{value.value} {value.unit}"
    return Bilingual(text, text)


def _findings(part: RulebookEvidence) -> list[Finding]:
    if part.governs == "unknown":
        words = Bilingual(
            f"Whether {part.rulebook} governs", f"是否适用{part.title.zh}（{part.rulebook}）"
        )
        return [
            Finding(
                f"{part.rulebook}/governs", part.rulebook, UNDECIDED, "reject", "governs", words,
                None, None, "official", None, part.missing, part.because,
            )
        ]  # fmt: skip
    return [
        _finding(part.rulebook, rule)
        for outcome in (BREACHED, UNDECIDED, PENDING)
        for rule in part.rules
        if rule.outcome == outcome
    ]


def _finding(rulebook: str, rule: RuleEvidence) -> Finding:
    broken = (limit for limit in rule.limits if not limit.holds)
    return Finding(
        rule.rule, rulebook, rule.outcome, rule.effect, rule.reason, rule.title, rule.message,
        rule.authority, rule.grade, next(broken, None) if rule.message else None,
        rule.missing, rule.because, rule.due,
    )  # fmt: skip
