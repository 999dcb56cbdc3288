"""Turn decoded facts into scaled integers, checking bounds and decimals: generated, in place.

The generated code holds one short block a fact of the vocabulary given. Whatever is wrong raises
`Refused`; `decide.faults` then says what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

import msgspec

from creditgate.decide.records import MOST_ROWS, is_number
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
# Exact or not at all: no rounding is ever silent.
EXACT: Final = Context(
    prec=60, Emax=60, Emin=-60, traps=[Clamped, Inexact, InvalidOperation, Overflow, Subnormal]
)


class Refused(Exception):
    """Facts that cannot be read; the careful reader says why."""


Needed = frozenset[tuple[str, str]]
# Kinds whose every decoded value is good: a fact of them that nobody reads may stay as it is.
_AS_GIVEN: Final = frozenset({"text", "boolean", "enum", "set", "date", "instant", "reference"})


def lean(vocabulary: Vocabulary, needed: Needed) -> Vocabulary:
    """Return the vocabulary with only the facts `needed`, as (entity, fact), and what is near them.

    Kept as well are facts whose every decoded value is good, the keys of lists, and the facts that
    say when another is none.
    """
    wanted = set(needed)
    for entity in vocabulary.entities.values():
        for fact in entity.facts.values():
            if (entity.name, fact.name) in needed and fact.none_when is not None:
                wanted.add((entity.name, fact.none_when.fact))
    holders = {entity for entity, _ in wanted} | {
        vocabulary.entities[entity].facts[name].target for entity, name in wanted
    }
    entities = {
        entity.name: replace(
            entity,
            facts={
                name: fact
                for name, fact in entity.facts.items()
                if (entity.name, name) in wanted or name == entity.key or fact.kind in _AS_GIVEN
            },
        )
        for entity in vocabulary.entities.values()
        if entity.name in holders
    }
    return replace(vocabulary, entities=entities)


def converter(vocabulary: Vocabulary, needed: Needed | None) -> Callable[[Any], None]:
    """Return a function that converts and links a decoded document in place.

    Facts outside `needed` whose every value is good are left as decoded, save the days by which
    events are dated: they are asked for whatever the rulebooks read. None converts all.
    """
    days = {event.dated_by for event in vocabulary.events.values()}
    names: dict[str, Any] = {
        "U": msgspec.UNSET, "multiply": EXACT.multiply,
        "integral": EXACT.to_integral_exact, "Refused": Refused, "EPOCH": EPOCH,
        "MICROSECOND": MICROSECOND, "MOST_ROWS": MOST_ROWS,
    }  # fmt: skip
    tables = {e.name: e.list_name for e in vocabulary.entities.values() if e.list_name}
    lines: list[str] = []
    for entity in vocabulary.entities.values():
        kept = replace(
            entity,
            facts={
                name: fact
                for name, fact in entity.facts.items()
                if needed is None
                or (entity.name, name) in needed
                or (entity.name, name) in days
                or fact.kind not in _AS_GIVEN
            },
        )
        lines += _entity_function(kept, vocabulary, tables, names)
    lines += _document_function(vocabulary, tables)
    exec(compile("\n".join(lines), "<facts>", "exec"), names)  # generated above
    function: Callable[[Any], None] = names["convert_document"]
    return function


def _entity_function(
    entity: Entity, vocabulary: Vocabulary, tables: dict[str, str], names: dict[str, Any]
) -> list[str]:  # fmt: skip
    lines = [f"def convert_{entity.name}(r, tables):"]
    for fact in entity.facts.values():
        lines += _fact_lines(entity, fact, vocabulary, tables, names)
    if len(lines) == 1:
        lines.append("    pass")
    return lines


def _fact_lines(
    entity: Entity, fact: FactDeclaration, vocabulary: Vocabulary, tables: dict[str, str],
    names: dict[str, Any],
) -> list[str]:  # fmt: skip
    field = f"r.{attribute(fact.name)}"
    stem = f"{entity.name}_{fact.name}"
    value = f"    v = {field}"
    guard = "    if v is not U" + (" and v is not None:" if fact.may_be_none else ":")
    body: list[str] = []
    if is_number(fact):
        factor = 10**fact.scale
        names[f"scale_{stem}"] = Decimal(factor)
        low, high = ceil(Fraction(fact.low or 0) * factor), floor(Fraction(fact.high or 0) * factor)
        exact = f"int(integral(multiply(v, scale_{stem})))"
        whole = f"v * {factor}" if fact.scale else "v"
        body += [
            f"        n = {whole} if v.__class__ is int else {exact}",
            f"        if not {low} <= n <= {high}: raise Refused",
            f"        {field} = n",
        ]
    elif fact.kind == "date":
        body = [f"        {field} = v.toordinal()"]
    elif fact.kind == "time":
        body = [
            "        if v.second or v.microsecond or v.tzinfo is not None: raise Refused",
            f"        {field} = v.hour * 60 + v.minute",
        ]
    elif fact.kind == "instant":
        body = [f"        {field} = (v - EPOCH) // MICROSECOND"]
    elif fact.kind == "duration":
        names[f"low_{stem}"], names[f"high_{stem}"] = fact.low, fact.high
        factor = 1_000_000 if without_none(fact.type) == SECONDS else 1
        if fact.low is not None and fact.high is not None:
            body.append(f"        if not low_{stem} <= v <= high_{stem}: raise Refused")
        body.append(f"        {field} = v * {factor}")
    elif fact.kind == "reference":
        pointer = f"r.{record_attribute(fact.name)}"
        table = tables.get(fact.target or "")
        found = "U" if table is None else f"tables[{table!r}].get(v, U)"
        return [value, f"    {pointer} = {found} if v is not U and v is not None else U"]
    elif fact.kind == "list":
        body = _list_lines(vocabulary.entities[fact.target or ""])
    else:
        return _none_when_lines(fact, field)
    return [value, guard, *body, *_none_when_lines(fact, field)]


def _list_lines(entity: Entity) -> list[str]:
    key = attribute(entity.key or "id")
    return [
        "        if len(v) > MOST_ROWS: raise Refused",
        f"        keys = {{x.{key} for x in v}}",
        "        if len(keys) != len(v) or U in keys: raise Refused",
        f"        for x in v: convert_{entity.name}(x, tables)",
    ]


def _none_when_lines(fact: FactDeclaration, field: str) -> list[str]:
    if fact.none_when is None:
        return []
    sibling = f"r.{attribute(fact.none_when.fact)}"
    members = sorted(fact.none_when.members)
    return [
        f"    if {field} is not U and {sibling} is not U:",
        f"        if ({field} is None) is not ({sibling} in {members!r}): raise Refused",
    ]


def _document_function(vocabulary: Vocabulary, tables: dict[str, str]) -> list[str]:
    lines = ["def convert_document(d):", "    tables = {}"]
    for entity, name in tables.items():
        key = attribute(vocabulary.entities[entity].key or "id")
        lines += [
            f"    rows = d.{name}",
            f"    tables[{name!r}] = t = {{}} if rows is U else {{x.{key}: x for x in rows}}",
            "    if rows is not U and (len(t) != len(rows) or U in t or len(t) > MOST_ROWS):",
            "        raise Refused",
            f"    for x in t.values(): convert_{entity}(x, tables)",
        ]
    for entity_ in vocabulary.entities.values():
        if entity_.kind == "single":
            lines += [
                f"    r = d.{attribute(entity_.name)}",
                f"    if r is not U: convert_{entity_.name}(r, tables)",
            ]
    return lines
