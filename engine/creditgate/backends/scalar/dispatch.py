"""Sort rules by the enum fact they ask for, so that cost follows the rules that may apply.

Where a fact is known to have a value, conditions on it are settled at once and rules that cannot
apply are left out. Where it is missing or none, all rules are judged the plain way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from creditgate.backends.scalar.folding import make
from creditgate.backends.scalar.rules import Rule
from creditgate.backends.scalar.terms import Op, Term, Terms, reachable

DEEPEST = 3
FEWEST = {1: 2}  # rules that make a choice worth while, by depth
FEWEST_BELOW = 12
FEWEST_APART = 64


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rules that are judged one after the other."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Rules chosen by the value of a fact, `always` those that do not ask for it."""

    fact: Term
    branches: Mapping[str, Tree]
    other: Tree
    unknown: Tree
    always: Tree


Tree: TypeAlias = Leaf | Choice


def sorted_by_facts(terms: Terms, rules: Sequence[Rule], depth: int = 1) -> Tree:
    """Return the rules as a tree of choices."""
    live = tuple([rule for rule in rules if not rule.applies.is_constant(False)])
    asked = [values_asked(rule.applies) for rule in live]
    count = Counter([fact for values in asked for fact in values])
    fact = min(count, key=lambda fact: (-count[fact], fact.index), default=None)
    if fact is None or depth > DEEPEST or count[fact] < FEWEST.get(depth, FEWEST_BELOW):
        return Leaf(live)
    pairs = list(zip(live, asked, strict=True))
    free = tuple([rule for rule, values in pairs if fact not in values])
    apart = len(free) > FEWEST_APART
    always = sorted_by_facts(terms, free, depth + 1) if apart else Leaf(())
    chosen: dict[str, list[Rule]] = defaultdict(list)
    for rule, values in pairs:
        for value in values.get(fact, ()):
            chosen[value].append(rule)
    shared = () if apart else free
    branches = {
        value: sorted_by_facts(
            terms,
            known(terms, sorted([*chosen[value], *shared], key=_index), fact, value),
            depth + 1,
        )
        for value in sorted(chosen)
    }
    bound = tuple([rule for rule, values in pairs if fact in values])
    return Choice(
        fact,
        branches,
        other=Leaf(shared),
        unknown=Leaf(bound if apart else live),
        always=always,
    )


def _index(rule: Rule) -> int:
    return rule.index


def values_asked(condition: Term) -> dict[Term, frozenset[str]]:
    """Return for enum facts the values outside which the condition is certainly false."""
    match condition.op:
        case Op.EQUAL:
            fact, wanted = sorted(condition.parts, key=lambda part: part.constant)
            is_word = wanted.constant and isinstance(wanted.value, str)
            return {fact: frozenset({wanted.value})} if _is_choice(fact) and is_word else {}
        case Op.MEMBER:
            fact, wanted = condition.parts
            return {fact: wanted.value} if _is_choice(fact) and wanted.constant else {}
        case Op.AND:
            found: dict[Term, frozenset[str]] = {}
            for part in condition.parts:
                for fact, values in values_asked(part).items():
                    found[fact] = found[fact] & values if fact in found else values
            return found
        case Op.OR:
            each = [values_asked(part) for part in condition.parts]
            return {
                fact: frozenset[str]().union(*[values[fact] for values in each])
                for fact in each[0]
                if all(fact in values for values in each)
            }
        case _:
            return {}


def _is_choice(term: Term) -> bool:
    return term.op is Op.READ and term.number is None and not term.rows


def known(terms: Terms, rules: Sequence[Rule], fact: Term, value: str) -> list[Rule]:
    """Return the rules as they are where a fact has a value."""
    changed = {fact: terms.constant(value)}
    for term in reachable([part for rule in rules for part in (rule.applies, rule.require)]):
        if any(part in changed for part in term.parts):
            parts = [changed.get(part, part) for part in term.parts]
            changed[term] = again = make(terms, term.op, parts, term.own)
            if term in terms.hints and not again.constant:
                terms.hints.setdefault(again, terms.hints[term])
    return [
        replace(
            rule,
            applies=changed.get(rule.applies, rule.applies),
            require=changed.get(rule.require, rule.require),
        )
        for rule in rules
    ]
