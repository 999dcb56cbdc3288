"""For which values of a fact a condition may hold, and what rules become where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from creditgate.lowered.folding import make
from creditgate.lowered.rules import Rule
from creditgate.lowered.terms import Op, Term, Terms, reachable


def values_asked(condition: Term) -> dict[Term, frozenset[str]]:
    """Return for enums, keys and texts the values outside which the condition is certainly false."""
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
