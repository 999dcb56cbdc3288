"""What two rulebooks decide differently: rule by rule, then order by order."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from creditgate.backends.solver.outcomes import EventTerms
from creditgate.diff.changed_rules import ChangedRule, Searches, Span, changed_spans
from creditgate.diff.effects import effects
from creditgate.diff.facts_of_rules import facts_read
from creditgate.diff.meaning_parts import (
    BOTH,
    EQUAL,
    NOT_DECIDED,
    OTHER,
    BookMeaning,
    Effect,
    Member,
    RuleMeaning,
    together,
)
from creditgate.diff.other_things import other_things
from creditgate.diff.rule_meanings import DIRECTIONS, rule_meaning, scope_meaning
from creditgate.diff.stands import Pair, Stand
from creditgate.diff.two_sided import TwoSided
from creditgate.diff.vocabularies import VocabulariesDiffer
from creditgate.diff.witnesses import Gates
from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.digest import meaning_digest

SAME_DIGEST: Final = "same_digest"
WITHIN: Final = "within"
BOUNDS: Final = "bounds"
VOCABULARIES: Final = "vocabularies"
NO_COMMON_DAYS: Final = "no_common_days"
Told = Callable[[BookMeaning], None]


def book_meaning(
    before: Stand, after: Stand, seconds: float, told: Told = lambda _: None,
    until: float = math.inf,
) -> BookMeaning:  # fmt: skip
    """Return what two rulebooks decide differently.

    Units:   `seconds` is the time limit of one question to the solver; what has not been asked by
             `until`, a moment of `time.monotonic`, is not decided.
    `told` hears of what is answered so far, after each answer.
    """
    made = BookMeaning(before.book.id, after.book.id, after.book.title, EQUAL)
    if before.on == after.on and meaning_digest(before.book) == meaning_digest(after.book):
        return replace(made, why=SAME_DIGEST)
    try:
        pair = Pair.of(before, after)
    except VocabulariesDiffer as problem:
        return replace(made, verdict=NOT_DECIDED, why=VOCABULARIES, about=problem.about)
    if not pair.spans():
        return replace(made, verdict=NOT_DECIDED, why=NO_COMMON_DAYS)
    for found in _Comparison(before, after, pair, seconds, made, until).answers():
        made = found
        told(made)
    return made


class _Comparison:
    def __init__(
        self, before: Stand, after: Stand, pair: Pair, seconds: float, made: BookMeaning,
        until: float,
    ) -> None:  # fmt: skip
        self.until = until
        self.stands = (before, after)
        self.pair, self.made = pair, made
        self.searches = Searches(pair, seconds)
        self.titles = {name: event.title for name, event in pair.vocabulary.events.items()}

    def answers(self) -> Iterator[BookMeaning]:
        """Yield what is known after each answer."""
        spans = list(changed_spans(self.searches))
        asked, dropped = self._facts(spans)
        alike = max((s.alike for s in spans if s.event == _most(spans)), default=0)
        self.made = replace(self.made, asked=asked, dropped=dropped, alike=alike)
        rules: list[RuleMeaning] = []
        verdicts: dict[tuple[object, ...], RuleMeaning] = {}
        for span in spans:
            search = self.searches.of(span.event)
            if not span.same_scope:
                self._add(rules, scope_meaning(search, span, self.titles))
                yield self._with(rules)
            for rule in span.rules:
                known = verdicts.get(rule.key)
                if known is None:
                    known = self._asked(search, span, rule)
                    verdicts[rule.key] = known
                self._add(rules, replace(known, first=span.first, last=span.days.last))
                yield self._with(rules)
        for thing in other_things(self.pair):
            rules.append(thing)
        yield self._with(rules)
        yield from self._effects(spans, verdicts, rules)

    def _asked(self, search: TwoSided, span: Span, rule: ChangedRule) -> RuleMeaning:
        if time.monotonic() < self.until:
            return rule_meaning(search, span, rule)
        definition = rule.stood.rule.definition
        return RuleMeaning(
            rule.stood.rule.id, "rule", span.event, definition.title, NOT_DECIDED, WITHIN
        )

    @staticmethod
    def _add(rules: list[RuleMeaning], meaning: RuleMeaning) -> None:
        """Add what a change comes to; days that follow each other and say the same are one."""
        for place, known in enumerate(rules):
            same = replace(known, first=None, last=None) == replace(meaning, first=None, last=None)
            if same and meaning.last is not None and known.first == meaning.last + 1:
                rules[place] = replace(known, first=meaning.first)
                return
        rules.append(meaning)

    def _effects(
        self, spans: list[Span], verdicts: dict[tuple[object, ...], RuleMeaning],
        rules: list[RuleMeaning],
    ) -> Iterator[BookMeaning]:  # fmt: skip
        gates = Gates(*self.stands)
        found: list[Effect] = []
        met: set[object] = set()
        for span in spans:
            for direction in DIRECTIONS:
                here = [
                    rule.for_decision()
                    for rule in span.rules
                    if rule.decides and verdicts[rule.key].verdict in {direction, BOTH}
                ]
                # The latest days show what a change of these rules does; earlier ones are alike.
                key = (span.event, direction, *[rule.name for rule in here])
                if not here or key in met or time.monotonic() > self.until:
                    continue
                met.add(key)
                for effect in effects(self.searches.of(span.event), span, here, direction, gates):
                    found.append(effect)
                    yield replace(self._with(rules), effects=tuple(found))

    def _with(self, rules: list[RuleMeaning]) -> BookMeaning:
        verdict = together([rule.verdict for rule in rules if not rule.warns])
        if verdict == EQUAL and self.pair.narrowed:
            return replace(
                self.made, rules=tuple(rules), verdict=OTHER, why=BOUNDS,
                about=", ".join(self.pair.narrowed),
            )  # fmt: skip
        if verdict == EQUAL and any(rule.warns and rule.verdict != EQUAL for rule in rules):
            verdict = OTHER
        self.made = replace(self.made, rules=tuple(rules), verdict=verdict)
        return self.made

    def _facts(self, spans: list[Span]) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
        before: set[str] = set()
        after: set[str] = set()
        for span in spans:
            before |= _read(self.pair.vocabulary, span.before)
            after |= _read(self.pair.vocabulary, span.after)
        return self._members(after - before), self._members(before - after)

    def _members(self, paths: set[str]) -> tuple[Member, ...]:
        found = []
        for path in sorted(paths):
            entity, _, name = path.partition(".")
            fact = self.pair.vocabulary.fact(entity, name)
            title = Bilingual(path, path) if fact is None else fact.title
            found.append(Member(path, title))
        return tuple(found)


def _read(vocabulary: Vocabulary, event: EventTerms | None) -> frozenset[str]:
    if event is None:
        return frozenset()
    return facts_read(vocabulary, [part for rule in event.rules for part in rule.parts])


def _most(spans: list[Span]) -> str:
    """Return the event with the most rules alike."""
    return max(spans, key=lambda span: span.alike).event if spans else ""
