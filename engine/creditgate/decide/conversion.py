"""Turn decoded facts into scaled integers, checking bounds and decimals: generated, in place.

The generated code holds one short block a fact of the vocabulary given. Whatever is wrong raises
`Refused`; `decide.faults` then says what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from fractions import Fraction
from math import ceil, floor
from operator import attrgetter
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
    prec=60, Emax=60, Emin=-60, traps=[Inexact, InvalidOperation, Overflow, Subnormal]
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
                if (entity.name, name) in wanted
                or name == entity.key
                or (entity.kind == "single" and fact.kind in _AS_GIVEN)
            },
        )
        for entity in vocabulary.entities.values()
        if entity.name in holders
    }
    return replace(vocabulary, entities=entities)


def converter(
    vocabulary: Vocabulary, needed: Needed | None, carrier: type = Decimal
) -> Callable[[Any], None]:
    """Return a function that converts and links a decoded document in place.

    Facts outside `needed` whose every value is good are left as decoded, save the days by which
    events are dated: they are asked for whatever the rulebooks read. None converts all.
    `carrier` is what numbers with decimals were decoded into.
    """
    days = {event.dated_by for event in vocabulary.events.values()}
    names: dict[str, Any] = {
        "U": msgspec.UNSET, "Decimal": Decimal, "multiply": EXACT.multiply,
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
        names[f"key_of_{entity.name}"] = attrgetter(attribute(entity.key or "id"))
        lines += _entity_function(kept, vocabulary, tables, names, carrier)
    lines += _document_function(vocabulary, tables)
    exec(compile("\n".join(lines), "<facts>", "exec"), names)  # generated above
    function: Callable[[Any], None] = names["convert_document"]
    return function


def _entity_function(
    entity: Entity, vocabulary: Vocabulary, tables: dict[str, str], names: dict[str, Any],
    carrier: type,
) -> list[str]:  # fmt: skip
    # One call a list, not one a row.
    lines = [f"def convert_{entity.name}(rows, tables):"]
    targets = {f.target or "" for f in entity.facts.values() if f.kind == "reference"}
    for target in sorted(targets & tables.keys()):
        lines.append(f"    find_{target} = tables[{tables[target]!r}].get")
    lines.append("    for r in rows:")
    body: list[str] = []
    for fact in entity.facts.values():
        body += _fact_lines(entity, fact, vocabulary, tables, names, carrier)
    return lines + [f"    {line}" for line in body or ["    pass"]]


def _fact_lines(
    entity: Entity, fact: FactDeclaration, vocabulary: Vocabulary, tables: dict[str, str],
    names: dict[str, Any], carrier: type,
) -> list[str]:  # fmt: skip
    field = f"r.{attribute(fact.name)}"
    stem = f"{entity.name}_{fact.name}"
    value = f"    v = {field}"
    guard = "    if v is not U" + (" and v is not None:" if fact.may_be_none else ":")
    body: list[str] = []
    if is_number(fact):
        return [
            value,
            *_number_lines(fact, stem, field, names, carrier),
            *_none_when_lines(fact, field),
        ]
    if fact.kind == "date":
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
        found = f"find_{fact.target}({field}, U)" if fact.target in tables else "U"
        return [f"    {pointer} = {found}"]
    elif fact.kind == "list":
        body = _list_lines(vocabulary.entities[fact.target or ""])
    else:
        return _none_when_lines(fact, field)
    return [value, guard, *body, *_none_when_lines(fact, field)]


def _number_lines(
    fact: FactDeclaration, stem: str, field: str, names: dict[str, Any], carrier: type
) -> list[str]:  # fmt: skip
    factor = 10**fact.scale
    low, high = ceil(Fraction(fact.low or 0) * factor), floor(Fraction(fact.high or 0) * factor)
    names[f"scale_{stem}"] = Decimal(factor)
    scaled = f"        {field} = n = v * {factor}" if fact.scale else "        n = v"
    checked = f"        if not {low} <= n <= {high}: raise Refused"
    lines = ["    k = v.__class__"]
    if carrier is float:
        # Division is rounded correctly: of the numbers this short only the one written passes.
        nearest = "__trunc__" if low >= 0 else "__floor__"  # the quicker one, where they agree
        broken = [
            f"        {field} = n = (v * {factor}.0 + 0.5).{nearest}()",
            f"        if n / {factor} != v: raise Refused",
        ]
        # Whole numbers are most often written without a point.
        if fact.scale:
            lines += ["    if k is float:", *broken, "    elif k is int:", scaled]
        else:
            lines += ["    if k is int: pass", "    elif k is float:", *broken]
        kind, decimal = "str", "Decimal(v)"
    else:
        lines += ["    if k is int:", scaled, checked]
        kind, decimal = "Decimal", "v"
    return [
        *lines,
        f"    elif k is {kind}:",
        f"        {field} = n = int(integral(multiply({decimal}, scale_{stem})))",
        checked,
    ]


def _list_lines(entity: Entity) -> list[str]:
    return [
        "        if len(v) > MOST_ROWS: raise Refused",
        f"        if len(v) > 1 and len(set(map(key_of_{entity.name}, v))) != len(v): raise Refused",
        f"        convert_{entity.name}(v, tables)",
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
        pairs = f"zip(map(key_of_{entity}, rows), rows)"
        lines += [
            f"    rows = d.{name}",
            f"    tables[{name!r}] = t = {{}} if rows is U else dict({pairs})",
            "    if rows is not U and (len(t) != len(rows) or len(t) > MOST_ROWS):",
            "        raise Refused",
            f"    if t: convert_{entity}(rows, tables)",
        ]
    for entity_ in vocabulary.entities.values():
        if entity_.kind == "single":
            lines += [
                f"    r = d.{attribute(entity_.name)}",
                f"    if r is not U: convert_{entity_.name}((r,), tables)",
            ]
    return lines
