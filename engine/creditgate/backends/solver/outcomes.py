"""Outcomes of rules and decisions of a rulebook as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.pieces import Formula, both, either, opposite
from creditgate.ir.rulebook import Epoch, EpochRule
from creditgate.lowered.folding import make
from creditgate.lowered.lowering import Lowering
from creditgate.lowered.rules import applies
from creditgate.lowered.terms import Op, Term, Terms


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """A rule as terms: the condition under which it applies, what it requires, its deadline."""

    rule: EpochRule
    applies: Term
    require: Term
    before: Term

    @property
    def parts(self) -> tuple[Term, Term, Term]:
        """Return what decides the outcome."""
        return self.applies, self.require, self.before

    @property
    def decides(self) -> bool:
        """Tell whether the outcome counts for the decision."""
        return self.rule.effect != "warn"


@dataclass(frozen=True, slots=True)
class EventTerms:
    """What an epoch says of an event."""

    epoch: Epoch
    event: str
    governs: Term
    rules: tuple[RuleTerms, ...]

    @property
    def deciding(self) -> tuple[RuleTerms, ...]:
        """Return the rules that decide."""
        return tuple(rule for rule in self.rules if rule.decides)


def event_terms(terms: Terms, epoch: Epoch, event: str) -> EventTerms:
    """Return an event of an epoch as terms; epochs that share `terms` share what is equal."""
    lowering = Lowering(terms, epoch.rulebook.vocabulary)
    rules = [rule_terms(lowering, rule) for rule in epoch.rules if rule.event == event]
    governs = lowering.term(epoch.governs[event]) if event in epoch.governs else terms.false
    return EventTerms(epoch, event, governs, tuple(rules))


def rule_terms(lowering: Lowering, rule: EpochRule) -> RuleTerms:
    """Return a rule as terms."""
    terms = lowering.terms
    when = None if rule.when is None else lowering.term(rule.when)
    exemptions = [lowering.term(condition) for _, condition in rule.exemptions]
    before = terms.false if rule.deadline is None else lowering.term(rule.deadline.before)
    return RuleTerms(rule, applies(terms, when, exemptions), lowering.term(rule.require), before)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The conditions under which a rule has each outcome."""

    not_applicable: Formula
    satisfied: Formula
    breached: Formula
    pending: Formula
    undecided: Formula
    applies: Formula
    requirement_holds: Formula

    @property
    def passes(self) -> Formula:
        """Return the condition that the rule stands in nobody's way."""
        return either(self.not_applicable, self.satisfied)


def outcome(encoding: Encoding, rule: RuleTerms) -> Outcome:
    """Return the outcome of a rule as the language defines it."""
    key = ("outcome", *[part.index for part in rule.parts])
    made: Outcome = encoding.remembered(key, lambda: _outcome(encoding, rule))
    return made


def _outcome(encoding: Encoding, rule: RuleTerms) -> Outcome:
    applied, require, before = [encoding.piece(part) for part in rule.parts]
    may_apply = opposite(applied.fails)
    satisfied = both(may_apply, require.holds)
    open_still = both(may_apply, opposite(require.holds))
    pending = both(open_still, before.holds)
    breached = both(open_still, applied.holds, require.fails, before.fails)
    undecided = both(open_still, opposite(before.holds), opposite(breached))
    return Outcome(
        applied.fails, satisfied, breached, pending, undecided, applied.holds, require.holds
    )


def approval(encoding: Encoding, event: EventTerms) -> list[Formula]:
    """Return the conditions that together make a rulebook approve."""
    governed = encoding.piece(event.governs).holds
    return [governed, *[outcome(encoding, rule).passes for rule in event.deciding]]


def approved(encoding: Encoding, event: EventTerms) -> Formula:
    """Return the condition that a rulebook approves."""
    return both(*approval(encoding, event))


def none_breached(encoding: Encoding, rules: Sequence[RuleTerms]) -> Formula:
    """Return the condition that no rule is breached."""
    return opposite(either(*[outcome(encoding, rule).breached for rule in rules]))


def negated(terms: Terms, term: Term) -> Term:
    """Return the opposite of a condition."""
    return make(terms, Op.NOT, [term])
