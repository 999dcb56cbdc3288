"""Trees of rules as infix text, in the spelling of a language."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tests.perf.orders30.rules import (
    Binary,
    Constant,
    Every,
    ListedRule,
    OneOf,
    Ratio,
    Read,
    Remainder,
    Some,
    Tree,
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language spells what trees hold; `remainder` takes the operand and the divisor."""

    both: str
    either: str
    negation: str
    fact: str = "{}"
    member: str = "{0} in [{1}]"
    remainder: Callable[[str, int], str] = "({} % {})".format
    number: Callable[[int | Decimal], str] = str


def as_text(tree: Tree, spelling: Spelling) -> str:
    """Return a tree as text; a ratio is compared by products, for all its divisors are positive.

    >>> as_text(Every((OneOf("mark", ("long",)), Constant(True))), Spelling("and", "or", "not"))
    '(mark in ["long"] and true)'
    """
    match tree:
        case Read(fact):
            return spelling.fact.format(fact)
        case Constant(value):
            if isinstance(value, bool | str):
                return json.dumps(value)
            return spelling.number(value)
        case Binary(operator, left, right):
            return f"({as_text(left, spelling)} {operator} {as_text(right, spelling)})"
        case Remainder(left, divisor):
            return spelling.remainder(as_text(left, spelling), divisor)
        case Ratio(operator, above, below, limit):
            return as_text(Binary(operator, above, Binary("*", Constant(limit), below)), spelling)
        case OneOf(fact, members):
            named = ", ".join(map(json.dumps, members))
            return spelling.member.format(spelling.fact.format(fact), named)
        case Every(parts):
            return _joined(parts, spelling.both, spelling)
        case Some(parts):
            return _joined(parts, spelling.either, spelling)


def holds(rule: ListedRule, spelling: Spelling) -> str:
    """Return the text that is true where a rule does not apply or is met; its sides left out."""
    require = as_text(rule.require, spelling)
    if rule.when is None:
        return require
    return f"({spelling.negation}({as_text(rule.when, spelling)}) {spelling.either} {require})"


def _joined(parts: tuple[Tree, ...], word: str, spelling: Spelling) -> str:
    return f"({f' {word} '.join(as_text(part, spelling) for part in parts)})"
