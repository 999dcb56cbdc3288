"""The evidence of a decision: for each rule its outcome, its authority, what it read, its limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.words.rules import rule_sentence
from creditgate.backends.words.sentences import Words
from creditgate.decide.decision import Decision, Source
from creditgate.decide.engine import Engine
from creditgate.decide.plan import day_of
from creditgate.decide.reasons import due_of
from creditgate.domain.citation import Bilingual, weakest
from creditgate.domain.facts import Facts
from creditgate.domain.outcomes import BREACHED, NOT_APPLICABLE, PENDING, SATISFIED, UNDECIDED
from creditgate.explain.authorities import Authority, of_forces
from creditgate.explain.limits import Limit, limits_of
from creditgate.explain.readings import FactShown, NameShown, facts_shown, names_shown
from creditgate.explain.shown_values import filled
from creditgate.explain.tracing import Tracing
from creditgate.ir.nodes import Claimed, Expr
from creditgate.ir.rulebook import Epoch, EpochRule, ExemptionDefinition, Rulebook
from creditgate.ir.walk import every
from creditgate.reference.evaluate import Evaluation, Unknown
from creditgate.reference.judge import judge

MOST_SENTENCES: Final = 4_096
# By the places of a rulebook and of a rule in memory: both are held, so that no other can be there.
_SENTENCES: dict[tuple[int, int, int], tuple[Rulebook, EpochRule, Bilingual]] = {}

GOVERNS: Final = "governs"


@dataclass(frozen=True, slots=True)
class ExemptionEvidence:
    """An exemption that was looked at: whether it holds (`yes`, `no`, `unknown`) and why."""

    id: str
    title: Bilingual
    text: str
    holds: str
    authority: Authority
    claims: tuple[str, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class RuleEvidence:
    """Why a rule came out as it did.

    `grade` is the weakest grade of evidence of the rule and of everything it rests on. `limits`
    are the comparisons that decided: of the requirement, or of `when` where the rule does not
    apply. `sentence` is the rule in words, as of the day judged. `message` stands only where the rule is breached. `deadline` is the deadline as it is
    written, `due` what it came to where the rule is pending or breached.
    """

    rule: str
    title: Bilingual
    sentence: Bilingual
    chapter: Bilingual
    outcome: str
    effect: str
    reason: str
    fix_103: int
    authority: Authority
    grade: str
    when: str | None
    require: str
    deadline: str | None
    due: str | None
    message: Bilingual | None
    limits: tuple[Limit, ...]
    exempted_by: str | None
    exemptions: tuple[ExemptionEvidence, ...]
    claims: tuple[str, ...]
    missing: tuple[str, ...]
    because: tuple[str, ...]
    facts: tuple[FactShown, ...]
    names: tuple[NameShown, ...]


@dataclass(frozen=True, slots=True)
class RulebookEvidence:
    """The rules of one loaded rulebook, in the order of the law.

    Where it is not known whether the rulebook governs, `missing` and `because` say why and no
    rule is judged.
    """

    rulebook: str
    title: Bilingual
    governs: str
    missing: tuple[str, ...]
    because: tuple[str, ...]
    rules: tuple[RuleEvidence, ...]


def evidence_of(decision: Decision, *, whole: bool = True) -> tuple[RulebookEvidence, ...]:
    """Return the evidence of a decision, one part a loaded rulebook.

    With `whole`, every rule on the event is among it; without, only those that are breached,
    undecided or pending. Facts that were refused and events that are not known leave no evidence.
    """
    source = decision.source
    if source is None or source.facts is None or not decision.core.rulebooks:
        return ()
    facts = source.facts
    return tuple(
        _of_rulebook(engine, facts, item.governs, source, whole=whole)
        for engine, item in zip(source.gate.engines, decision.core.rulebooks, strict=True)
    )


def judged_day(source: Source) -> int | None:
    """Return the day by which a decision judged."""
    if source.facts is None:
        return None
    if source.on is not None:
        return source.on.toordinal()
    event = source.gate.vocabulary.events.get(source.facts.event)
    return None if event is None else day_of(source.facts, event)


def _of_rulebook(
    engine: Engine, facts: Facts, governs: str, source: Source, *, whole: bool
) -> RulebookEvidence:
    book, day = engine.rulebook, judged_day(source)
    unknown = Unknown()
    rules: tuple[RuleEvidence, ...] = ()
    epoch = None if day is None else engine.epoch(day)
    if day is None:
        event = source.gate.vocabulary.events[facts.event]
        unknown = Unknown(missing=frozenset({".".join(event.dated_by)}))
    elif epoch is not None and governs == "yes":
        rules = tuple(_rules(epoch, facts, day, whole=whole))
    elif epoch is not None and governs == "unknown":
        value = Evaluation(facts, day, book.calendars).value(epoch.governs[facts.event])
        unknown = value if isinstance(value, Unknown) else unknown
    missing, because = tuple(sorted(unknown.missing)), tuple(sorted(unknown.reasons))
    return RulebookEvidence(book.id, book.title, governs, missing, because, rules)


def _rules(epoch: Epoch, facts: Facts, day: int, *, whole: bool) -> Iterator[RuleEvidence]:
    shared = Evaluation(facts, day, epoch.rulebook.calendars)
    for rule in epoch.rules:
        if rule.event != facts.event:
            continue
        if whole or judge(shared, rule).outcome in {BREACHED, UNDECIDED, PENDING}:
            yield rule_evidence(epoch, rule, facts, day)


def rule_evidence(epoch: Epoch, rule: EpochRule, facts: Facts, day: int) -> RuleEvidence:
    """Return the evidence of one rule of an epoch, judged by the reference evaluator."""
    book, definition = epoch.rulebook, rule.definition
    evaluation = Tracing(facts, day, book.calendars)
    judged = judge(evaluation, rule)
    # What was read is noted before anything is read again for the sake of showing it.
    facts_read = facts_shown(evaluation, book)
    names_read = names_shown(evaluation, book, day)
    limits: tuple[Limit, ...] = ()
    if judged.outcome in {BREACHED, SATISFIED, PENDING}:
        limits = limits_of(evaluation, rule.require, book)
    elif judged.outcome == NOT_APPLICABLE and judged.exempted_by is None and rule.when is not None:
        limits = limits_of(evaluation, rule.when, book)
    exemptions = tuple(_exemptions(epoch, rule, evaluation, day, judged.exempted_by))
    authority = of_forces(book, definition.name, definition.origin, definition.in_force, day)
    relied = next((item for item in exemptions if item.id == judged.exempted_by), None)
    grades = [authority.evidence, *(name.authority.evidence for name in names_read)]
    if relied is not None:
        grades.append(relied.authority.evidence)
    message = None
    if judged.outcome == BREACHED:
        message = filled(definition.breach, book, epoch.start, evaluation)
    unknown = judged.unknown or Unknown()
    reason = book.vocabulary.reasons[definition.reason]
    return RuleEvidence(
        rule.id, definition.title, _sentence(book, rule, day), definition.chapter, judged.outcome, rule.effect,
        reason.name, reason.fix_103, authority, weakest(grades), definition.when_text,
        definition.require_text,
        None if definition.deadline is None else definition.deadline.text,
        due_of(judged, rule, book), message, limits, judged.exempted_by, exemptions,
        () if relied is None else relied.claims,
        tuple(sorted(unknown.missing)), tuple(sorted(unknown.reasons)), facts_read, names_read,
    )  # fmt: skip


def _sentence(book: Rulebook, rule: EpochRule, day: int) -> Bilingual:
    """Return a rule in words, which are the same for all orders of a day."""
    asked = id(book), id(rule), day
    found = _SENTENCES.get(asked)
    if found is None or found[0] is not book or found[1] is not rule:
        if len(_SENTENCES) >= MOST_SENTENCES:
            _SENTENCES.clear()
        found = _SENTENCES[asked] = book, rule, _sentence_of(book, rule, day)
    return found[2]


def _sentence_of(book: Rulebook, rule: EpochRule, day: int) -> Bilingual:
    held = {name for name, _ in rule.exemptions}
    exemptions = [item for item in rule.definition.exemptions if item.id in held]
    english, chinese = (
        rule_sentence(Words(book, language, day), rule.definition, exemptions)
        for language in ("en", "zh")
    )
    return Bilingual(english, chinese)


def _in_words(book: Rulebook, node: Expr, day: int) -> Bilingual:
    return Bilingual(*(str(Words(book, language, day).value(node)) for language in ("en", "zh")))


def _exemptions(
    epoch: Epoch, rule: EpochRule, evaluation: Tracing, day: int, held: str | None
) -> Iterator[ExemptionEvidence]:
    """Yield the exemptions up to the one that holds; none where `when` is false already."""
    if rule.when is not None and evaluation.value(rule.when) is False:
        return
    definitions = {item.id: item for item in rule.definition.exemptions}
    for name, condition in rule.exemptions:
        definition: ExemptionDefinition = definitions[name]
        value: Any = evaluation.value(condition)
        claims = {part.claim for part in every(condition) if isinstance(part, Claimed)}
        relied = claims & evaluation.facts.claims.keys() if value is True else set[str]()
        whole_name = f"{rule.definition.name}.{name}"
        yield ExemptionEvidence(
            name, definition.title or _in_words(epoch.rulebook, definition.when, day),
            definition.text,
            "unknown" if isinstance(value, Unknown) else ("yes" if value else "no"),
            of_forces(epoch.rulebook, whole_name, definition.origin, definition.in_force, day),
            tuple(sorted(relied)), limits_of(evaluation, condition, epoch.rulebook),
        )  # fmt: skip
        if name == held:
            return
