"""Whether a rule that is made of something else says something else, and in which direction."""

from __future__ import annotations

from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.outcomes import EventTerms
from creditgate.backends.solver.pieces import Formula, both, either, opposite
from creditgate.diff.by_values import impossible
from creditgate.diff.changed_rules import ChangedRule, Span
from creditgate.diff.differences import (
    confirms_difference,
    confirms_rule,
    rule_differs,
    rule_not_the_same,
)
from creditgate.diff.meaning_parts import (
    BOTH,
    EQUAL,
    FACTS,
    LOOSER,
    NOT_DECIDED,
    OTHER,
    STRICTER,
    Direction,
    RuleMeaning,
    Verdict,
)
from creditgate.diff.two_sided import TwoSided
from creditgate.domain.citation import Bilingual
from creditgate.prove.search import Found, Wanted

PROVED: Final = "proved"
ADDED: Final = "added"
REMOVED: Final = "removed"
EFFECT: Final = "effect"
SCOPE: Final = "scope"
DIRECTIONS: Final[tuple[Direction, ...]] = (STRICTER, LOOSER)


def rule_meaning(search: TwoSided, span: Span, rule: ChangedRule) -> RuleMeaning:
    """Return what the change of a rule comes to, by the solver on this rule alone."""
    ruled_out = impossible(search.pair, span, rule)
    found = {
        direction: Found("none")
        if direction in ruled_out
        else found_in(search, span, rule, direction)
        for direction in DIRECTIONS
    }
    words = {direction: each.found for direction, each in found.items()}
    verdict: Verdict
    why, about = "", ""
    if words[STRICTER] == words[LOOSER] == "some":
        verdict = BOTH
    elif "unknown" in words.values():
        verdict = NOT_DECIDED
        unknown = next(each for each in found.values() if each.found == "unknown")
        why, about = unknown.why, unknown.about
    elif words[STRICTER] == "some":
        verdict = STRICTER
    elif words[LOOSER] == "some":
        verdict = LOOSER
    else:
        verdict, why, about = _otherwise(search, span, rule)
    return _meaning(span, rule, verdict, why or _how(rule), about)


def found_in(search: TwoSided, span: Span, rule: ChangedRule, direction: Direction) -> Found:
    """Look for what one rule stops and the other lets pass, or prove that there is nothing."""
    before, after = span.before, span.after
    if before is None or after is None:
        return Found("none")
    # A rule that is new cannot let anything pass, and one that is gone cannot stop anything.
    if (rule.before is None and direction == LOOSER) or (
        rule.after is None and direction == STRICTER
    ):
        return Found("none")

    def wanted(encoding: Encoding) -> list[Formula]:
        return [
            *governed(encoding, before, after),
            rule_differs(encoding, rule.before, rule.after, direction),
        ]

    confirm = confirms_rule(*_ids(rule), direction)
    return search.find(wanted, span.days, [before, after], confirm, day_of(search, span))


def _otherwise(search: TwoSided, span: Span, rule: ChangedRule) -> tuple[Verdict, str, str]:
    """Return whether rules that agree wherever both decide agree at all."""
    before, after = span.before, span.after
    if before is None or after is None:
        return OTHER, SCOPE, ""

    def wanted(encoding: Encoding) -> list[Formula]:
        return [
            *governed(encoding, before, after),
            rule_not_the_same(encoding, rule.before, rule.after),
        ]

    confirm = confirms_difference(*_ids(rule))
    found = search.find(wanted, span.days, [before, after], confirm)
    if found.found == "none":
        return EQUAL, PROVED, ""
    if found.found == "some":
        return FACTS, "", ""
    return NOT_DECIDED, found.why, found.about


def governed(encoding: Encoding, before: EventTerms, after: EventTerms) -> list[Formula]:
    """Return that both sides govern."""
    return [encoding.piece(event.governs).holds for event in (before, after)]


def scope_meaning(search: TwoSided, span: Span, titles: dict[str, Bilingual]) -> RuleMeaning:
    """Return what it comes to that two sides do not govern the same."""
    before, after = span.before, span.after
    verdict: Verdict = OTHER
    why, about = SCOPE, ""
    if before is not None and after is not None:

        def wanted(encoding: Encoding) -> list[Formula]:
            one, other = governed(encoding, before, after)
            return [either(both(one, opposite(other)), both(other, opposite(one)))]

        found = search.find(wanted, span.days, [before, after], lambda _runs: True)
        if found.found == "none":
            verdict, why = EQUAL, PROVED
        elif found.found == "unknown":
            verdict, why, about = NOT_DECIDED, found.why, found.about
    return RuleMeaning(
        f"governs.{span.event}", "governs", span.event, titles[span.event], verdict, why, about,
        span.first, span.days.last,
    )  # fmt: skip


def day_of(search: TwoSided, span: Span) -> Wanted:
    """Return the wish that an order is of the first session of the days spoken of."""
    book = search.pair.after.book
    calendar = book.calendars[book.trading_calendar]
    day = calendar.first_on_or_after(span.days.first)
    if day is None or (span.days.last is not None and day > span.days.last):
        day = span.days.first
    return lambda encoding: [encoding.as_of.value == day]


def _ids(rule: ChangedRule) -> tuple[str | None, str | None]:
    before = None if rule.before is None else rule.before.rule.id
    after = None if rule.after is None else rule.after.rule.id
    return before, after


def _how(rule: ChangedRule) -> str:
    if rule.before is None:
        return ADDED
    if rule.after is None:
        return REMOVED
    return EFFECT if rule.before.rule.effect != rule.after.rule.effect else ""


def _meaning(span: Span, rule: ChangedRule, verdict: Verdict, why: str, about: str) -> RuleMeaning:
    definition = rule.stood.rule.definition
    before = None if rule.before is None else rule.before.rule.id
    return RuleMeaning(
        rule.stood.rule.id, "rule", span.event, definition.title, verdict, why, about, span.first,
        span.days.last, not rule.decides, before if before != rule.stood.rule.id else None,
    )  # fmt: skip
