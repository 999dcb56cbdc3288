"""Rules and determinations as `show` tells them."""

from __future__ import annotations

from creditgate.backends.words.passages import Passage
from creditgate.backends.words.rules import rule_sentence
from creditgate.backends.words.sentences import Words
from creditgate.explain.authorities import of_forces
from creditgate.explain.show_parts import (
    Branch,
    Period,
    ShownDetermination,
    ShownExemption,
    ShownRule,
)
from creditgate.explain.show_sources import Sources, place_of
from creditgate.ir.nodes import Not
from creditgate.ir.rulebook import (
    DeterminationDefinition,
    ExemptionDefinition,
    Force,
    Remedy,
    Rulebook,
    RuleDefinition,
)
from creditgate.ir.specialise import in_force


class RuleTeller:
    """Tells rules of one rulebook in one language as of a day."""

    def __init__(self, book: Rulebook, language: str, day: int) -> None:
        self.book, self.language, self.day = book, language, day
        self.words = Words(book, language, day)
        self.sources = Sources(book, language)

    def rule(self, rule: RuleDefinition, *, full: bool) -> ShownRule | None:
        """Return a rule; None on a day on which it is not in force, unless `full` is asked."""
        force = in_force(rule.in_force, self.day)
        if force is None and not full:
            return None
        required = rule.require
        if rule.forbids and isinstance(required, Not):
            required = required.item
        reason = self.book.vocabulary.reasons[rule.reason]
        words = self.words
        exemptions = [
            item
            for item in rule.exemptions
            if full or in_force(item.in_force, self.day) is not None
        ]
        return ShownRule(
            rule.name,
            rule.id,
            rule.title.of(self.language),
            rule_sentence(words, rule, exemptions),
            self._event(rule.event),
            () if rule.when is None else words.clauses(rule.when),
            rule.forbids,
            (words.value(required),) if rule.forbids else words.clauses(required),
            None if rule.deadline is None else words.value(rule.deadline.due),
            tuple(self._exemption(rule, item) for item in exemptions),
            words.message(rule.breach.zh if self.language == "zh" else rule.breach.en),
            rule.reason,
            reason.title.of(self.language),
            reason.fix_103,
            rule.effect,
            tuple(self._remedy(remedy) for remedy in rule.remedies),
            force is not None,
            self._period(rule.name, rule.origin, rule.in_force, force),
            _written(rule),
            place_of(rule.span),
            self.sources.forces(rule.in_force) if full else (),
            self.sources.recited(rule.name) if full else (),
        )

    def determination(
        self, item: DeterminationDefinition, *, full: bool
    ) -> ShownDetermination | None:
        """Return a determination; None on a day on which it is not in force, unless `full`."""
        force = in_force(item.in_force, self.day)
        if force is None and not full:
            return None
        cases = []
        for case in item.cases:
            when = None if case.when is None else self.words.value(case.when)
            cases.append(Branch(when, self._named(self._status(item, case.to))))
        return ShownDetermination(
            item.name,
            item.title.of(self.language),
            self._event(item.event),
            tuple(cases),
            item.predicts,
            self._fact_title(item.predicts),
            force is not None,
            self._period(item.name, item.origin, item.in_force, force),
            place_of(item.span),
            self.sources.forces(item.in_force) if full else (),
            self.sources.recited(item.name) if full else (),
        )

    def governs(self) -> tuple[Branch, ...]:
        """Return what the rulebook governs: a condition for each event."""
        governed = self.book.governs.items()
        return tuple(
            Branch(self.words.value(node), self._named(self._event(name)))
            for name, node in governed
        )

    def _named(self, title: str) -> Passage:
        return Passage(title, language=self.language)

    def _event(self, name: str) -> str:
        return self.book.vocabulary.events[name].title.of(self.language)

    def _fact_title(self, path: str | None) -> str | None:
        entity, _, name = (path or "").partition(".")
        fact = self.book.vocabulary.fact(entity, name) if name else None
        return path if fact is None else fact.title.of(self.language)

    def _status(self, item: DeterminationDefinition, to: str | None) -> str:
        if to is None:
            return "与前次相同" if self.language == "zh" else "As before"
        return item.values[to].of(self.language)

    def _exemption(self, rule: RuleDefinition, item: ExemptionDefinition) -> ShownExemption:
        name = f"{rule.name}.{item.id}"
        force = in_force(item.in_force, self.day)
        return ShownExemption(
            item.id,
            None if item.title is None else item.title.of(self.language),
            self.words.clauses(item.when),
            force is not None,
            self._period(name, item.origin, item.in_force, force),
            " ".join(item.text.split()),
        )

    def _period(
        self, name: str, origin: str, forces: tuple[Force, ...], force: Force | None
    ) -> Period:
        shown = force if force is not None else forces[0]
        if force is None:
            return self.sources.force(shown)
        authority = of_forces(self.book, name, origin, forces, self.day)
        return self.sources.period(authority, shown.source, shown.interval.end)

    def _remedy(self, remedy: Remedy) -> str:
        if remedy.title is not None:
            return remedy.title.of(self.language)
        colon, semicolon = ("：", "；") if self.language == "zh" else (": ", "; ")
        changes = [
            f"{self._fact_title(f'{entity}.{fact}')}{colon}{self.words.value(value)}"
            for part in remedy.parts
            for (entity, fact), value in part.items()
        ]
        return semicolon.join(changes)


def _written(rule: RuleDefinition) -> tuple[tuple[str, str], ...]:
    """Return the rule's expressions as they stand in the file."""
    parts = [("when", rule.when_text)] if rule.when_text else []
    parts += [(f"unless {item.id}", item.text) for item in rule.exemptions]
    parts.append(("forbid" if rule.forbids else "require", rule.require_text))
    parts += [] if rule.deadline is None else [("due", rule.deadline.text)]
    return tuple((key, " ".join((text or "").split())) for key, text in parts)
