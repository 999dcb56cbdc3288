"""Turn decoded facts into scaled integers, checking bounds and decimals: generated, in place.

Only the facts that some loaded rulebook reads are converted, and those whose value may be wrong
although its kind is right; the generated code holds one short block a fact. Whatever is wrong
raises `Refused`; `decide.faults` then says what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Clamped, Context, Decimal, Inexact, InvalidOperation, Overflow, Rounded
from typing import Any, Final

import msgspec

from creditgate.decide.records import MOST_ROWS, is_number
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
# Exact or not at all: no rounding is ever silent.
EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow, Clamped, Rounded])


class Refused(Exception):
    """Facts that cannot be read; the careful reader says why."""


Needed = frozenset[tuple[str, str]]


def converter(vocabulary: Vocabulary, needed: Needed) -> Callable[[Any], None]:
    """Return a function that converts and links a decoded document in place.

    `needed` holds the facts read, as (entity, fact).
    """
    names: dict[str, Any] = {
        "U": msgspec.UNSET, "multiply": EXACT.multiply, "Refused": Refused, "EPOCH": EPOCH,
        "MICROSECOND": MICROSECOND, "MOST_ROWS": MOST_ROWS,
    }  # fmt: skip
    tables = {e.name: e.list_name for e in vocabulary.entities.values() if e.list_name}
    lines: list[str] = []
    for entity in vocabulary.entities.values():
        lines += _entity_function(entity, vocabulary, needed, tables, names)
    lines += _document_function(vocabulary, tables)
    exec(compile("\n".join(lines), "<facts>", "exec"), names)  # generated above
    function: Callable[[Any], None] = names["convert_document"]
    return function


def _entity_function(
    entity: Entity, vocabulary: Vocabulary, needed: Needed, tables: dict[str, str],
    names: dict[str, Any],
) -> list[str]:  # fmt: skip
    lines = [f"def convert_{entity.name}(r, tables):"]
    for fact in entity.facts.values():
        if (entity.name, fact.name) in needed or _may_be_wrong(fact):
            lines += _fact_lines(entity, fact, vocabulary, tables, names)
    if len(lines) == 1:
        lines.append("    pass")
    return lines


def _may_be_wrong(fact: FactDeclaration) -> bool:
    """Tell whether a value of the right kind may still have to be refused, whoever reads it."""
    has_limits = is_number(fact) or fact.kind in {"time", "duration", "list"}
    return has_limits or fact.none_when is not None


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
        names[f"low_{stem}"], names[f"high_{stem}"] = fact.low, fact.high
        body.append(f"        if not low_{stem} <= v <= high_{stem}: raise Refused")
        if fact.scale:
            names[f"scale_{stem}"] = Decimal(10) ** fact.scale
            body.append(f"        v = multiply(v, scale_{stem})")
        body += ["        n = int(v)", "        if n != v: raise Refused", f"        {field} = n"]
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
