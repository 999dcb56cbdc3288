"""Cases as the text of a scenario file, in the form that people write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary
from creditgate.generate.rulebook_cases import MadeCase

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*|\d{4}-\d{2}-\d{2}")
_PLAIN_SENTENCE: Final = re.compile(r"[A-Za-z(][^\n]*[^\s:]|[A-Za-z]")
_WORDS: Final = frozenset({"yes", "no", "true", "false", "null", "none", "on", "off", "y", "n"})
_LEAST_DECIMALS: Final = {"money": 2, "price": 2}
_USUAL_EVENT: Final = "order"


def case_lines(case: MadeCase, name: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the lines of a case, as an item of a list."""
    version = case.taken.version
    yield f"- name: {sentence(name)}"
    yield f"  rule: {version.rule.rule.definition.name}"
    if version.event.event != _USUAL_EVENT:
        yield f"  event: {version.event.event}"
    yield f"  on: {date.fromordinal(case.day).isoformat()}"
    facts = list(_facts_lines(case, vocabulary))
    if facts:
        yield "  facts:"
        yield from (f"    {line}" for line in facts)
    claims = [claim["claim"] for claim in case.document.get("claims", ())]
    if claims:
        yield f"  claims: [{', '.join(claims)}]"
    yield f"  expect: {{outcome: {case.shown.outcome}}}"


def sentence(text: str) -> str:
    """Return a sentence as a scalar, in quotes where YAML would read it otherwise.

    >>> sentence("the price is at least 3"), sentence("a: b"), sentence("`x` holds")
    ('the price is at least 3', '"a: b"', '"`x` holds"')
    """
    if _PLAIN_SENTENCE.fullmatch(text) and ": " not in text and " #" not in text:
        return text
    return _quoted(text)


def _facts_lines(case: MadeCase, vocabulary: Vocabulary) -> Iterator[str]:
    tables = vocabulary.tables()
    holder, dated = vocabulary.events[case.taken.version.event.event].dated_by
    for name, value in case.document.items():
        if name in tables:
            yield f"{name}:"
            yield from (f"  - {_flow(row, tables[name], vocabulary)}" for row in value)
        elif name in vocabulary.entities:
            entity = vocabulary.entities[name]
            given = {key: item for key, item in value.items() if (name, key) != (holder, dated)}
            if given or name != holder:
                yield from _record_lines(name, given, entity, vocabulary)


def _record_lines(
    name: str, record: Mapping[str, Any], entity: Entity, vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield a record: on one line, or a fact a line where it holds lists with rows."""
    if not any(entity.facts[key].kind == "list" and value for key, value in record.items()):
        yield f"{name}: {_flow(record, entity, vocabulary)}"
        return
    yield f"{name}:"
    for key, value in record.items():
        fact = entity.facts[key]
        if fact.kind == "list" and value:
            target = vocabulary.entities[fact.target or ""]
            yield f"  {key}:"
            yield from (f"    - {_flow(row, target, vocabulary)}" for row in value)
        else:
            yield f"  {key}: {_value(value, fact, vocabulary)}"


def _flow(record: Mapping[str, Any], entity: Entity, vocabulary: Vocabulary) -> str:
    """Return a record on one line, its key first."""
    ordered = sorted(record.items(), key=lambda item: item[0] != entity.key)
    parts = (f"{key}: {_value(value, entity.facts[key], vocabulary)}" for key, value in ordered)
    return "{" + ", ".join(parts) + "}"


def _value(value: Any, fact: FactDeclaration, vocabulary: Vocabulary) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    match fact.kind:
        case "list":
            target = vocabulary.entities[fact.target or ""]
            return f"[{', '.join(_flow(row, target, vocabulary) for row in value)}]"
        case "set":
            return f"[{', '.join(map(_scalar, value))}]"
        case "money" | "price" | "ratio" | "number" | "quantity" | "count" | "duration":
            return _number(value, fact)
        case _:
            return _scalar(str(value))


def _number(value: Any, fact: FactDeclaration) -> str:
    """Return a number without zeros that say nothing; of money the cents stay.

    A whole number of money is written with its cents too.
    """
    text = f"{Decimal(str(value)):f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(_LEAST_DECIMALS.get(fact.kind, 0), "0")
    return f"{whole}.{decimals}" if decimals else whole


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
