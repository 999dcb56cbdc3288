"""What was asked, in one line: the event and its main facts, by their kinds in the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from creditgate.base.render import visible
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.domain.shown import chinese_money, decimal_text
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

_MOST_SHOWN: Final = 40
_MOST_DIGITS: Final = 18


def headline(
    document: Any, vocabulary: Vocabulary, currency: str | None, language: str = "en"
) -> str:
    """Return an event in one line, from its facts document.

    The entity that dates the event is shown: its id, the fact by which rules are chosen, the first
    reference, quantity, price and money that are given.

    Shape:   `order 17: short_sell 600000, 1,050 shares at 12.46 CNY/share`
    """
    given = document if isinstance(document, Mapping) else {}
    name = given.get("event", DEFAULT_EVENT)
    event = vocabulary.events.get(name) if isinstance(name, str) else None
    if event is None:
        return _cut(str(name))
    entity = vocabulary.entities[event.dated_by[0]]
    record = given.get(entity.name)
    facts: Mapping[str, Any] = record if isinstance(record, Mapping) else {}
    title = event.title.zh if language == "zh" else event.name.replace("_", " ")
    id = facts.get(entity.key or "id")
    head = title if id is None else f"{title} {_cut(str(id))}"
    chosen = event.rules_name[1] if event.rules_name is not None else None
    details = _details(entity, facts, chosen, vocabulary, currency, language)
    colon = "：" if language == "zh" else ": "
    return f"{head}{colon}{details}" if details else head


def _details(
    entity: Entity, facts: Mapping[str, Any], chosen: str | None, vocabulary: Vocabulary,
    currency: str | None, language: str,
) -> str:  # fmt: skip
    words = []
    if chosen is not None and isinstance(facts.get(chosen), str):
        declared = entity.facts[chosen]
        words.append(_member(facts[chosen], declared, vocabulary, language))
    reference = _first(entity, facts, "reference")
    if reference is not None:
        words.append(_cut(str(facts[reference.name])))
    amounts: list[str] = []
    for kind in ("quantity", "price", "money"):
        declared_amount = _first(entity, facts, kind)
        if declared_amount is not None:
            shown = _amount(facts[declared_amount.name], kind, currency, vocabulary, language)
            joins = kind == "price" and bool(amounts)
            if joins and language != "zh":
                amounts[-1] = f"{amounts[-1]} at {shown}"
            else:
                amounts.append(f"价格{shown}" if joins else shown)
    comma = "，" if language == "zh" else ", "
    return comma.join([*([" ".join(words)] if words else []), *amounts])


def _first(entity: Entity, facts: Mapping[str, Any], kind: str) -> FactDeclaration | None:
    given = (fact for fact in entity.facts.values() if fact.kind == kind)
    return next((fact for fact in given if facts.get(fact.name) is not None), None)


def _member(value: str, declared: FactDeclaration, vocabulary: Vocabulary, language: str) -> str:
    enum = vocabulary.enums.get(declared.target or "")
    title = None if enum is None else enum.members.get(value)
    return title.zh if language == "zh" and title is not None else _cut(value)


def _amount(
    value: Any, kind: str, currency: str | None, vocabulary: Vocabulary, language: str
) -> str:
    try:
        written = Decimal(value if isinstance(value, int | str | Decimal) else str(value))
    except (InvalidOperation, ValueError):
        return _cut(str(value))
    if not written.is_finite() or abs(written.adjusted()) > _MOST_DIGITS:
        return _cut(str(written))
    number = Fraction(written)
    if kind == "quantity":
        return decimal_text(number) + ("股" if language == "zh" else " shares")
    if language == "zh" and currency is not None:
        money = chinese_money(decimal_text(number, 2), currency, vocabulary)
        return f"每股{money}" if kind == "price" else money
    unit = "" if currency is None else f" {currency}"
    return decimal_text(number, 2) + unit + ("/share" if kind == "price" and unit else "")


def _cut(text: str) -> str:
    """Return text of a stranger, short and without characters that a terminal would obey."""
    return visible(text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…")
