"""Constants in words: numbers with their unit, members by their title."""

from __future__ import annotations

from fractions import Fraction

from creditgate.backends.words.chinese import Chinese
from creditgate.backends.words.english import English
from creditgate.domain.dsl_types import Duration, Enum, Number, SetOf, Type, without_none
from creditgate.domain.shown import chinese_money, decimal_text, shown
from creditgate.domain.units import SHARE
from creditgate.domain.vocabulary import Vocabulary
from creditgate.ir.nodes import Literal, Value

Grammar = English | Chinese


def constant_text(literal: Literal, vocabulary: Vocabulary, grammar: Grammar) -> str:
    """Return a constant as it stands in a sentence."""
    return value_text(literal.value, without_none(literal.type), vocabulary, grammar)


def value_text(value: Value, kind: Type, vocabulary: Vocabulary, grammar: Grammar) -> str:
    """Return a value of a type as it stands in a sentence."""
    chinese = grammar.id == "zh"
    if value is None:
        return "无" if chinese else "none"
    match kind:
        case Number(unit) if isinstance(value, Fraction) and unit.dimensions:
            number = decimal_text(value)
            if unit == SHARE:
                return number + ("股" if chinese else " share" if value == 1 else " shares")
            currency, _, per = str(unit).partition("/")
            amount = decimal_text(value, 2 if value.denominator != 1 else 0)
            amount = (
                chinese_money(amount, currency, vocabulary) if chinese else f"{amount} {currency}"
            )
            if per == "share":
                return f"每股{amount}" if chinese else f"{amount} a share"
            return f"{number} {unit}" if per else amount
        case Duration() if not chinese and value == 1:
            return shown(value, kind, vocabulary, "en").removesuffix("s")
        case Enum():
            return grammar.member(shown(value, kind, vocabulary, grammar.id))
        case SetOf(member) if isinstance(value, frozenset):
            return grammar.listed(member_texts(value, member, vocabulary, grammar))
        case _:
            return shown(value, kind, vocabulary, grammar.id)


def member_texts(
    values: frozenset[str], member: Type, vocabulary: Vocabulary, grammar: Grammar
) -> list[str]:
    """Return the members of a set, those of an enum in the order of its declaration."""
    order = list(vocabulary.enums[member.name].members) if isinstance(member, Enum) else []
    known = [name for name in order if name in values]
    rest = sorted(value for value in values if value not in known)
    return [value_text(value, member, vocabulary, grammar) for value in (*known, *rest)]
