"""Turn decoded facts into scaled integers, checking bounds and decimals: generated, in place.

The generated code holds one short block a fact of the vocabulary given. Whatever is wrong raises
`Refused`; `decide.faults` then says what it was. On its way it counts the facts that are there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from fractions import Fraction
from math import ceil, floor
from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from creditgate.decide.records import MOST_ROWS, ClaimRecord, is_number
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.facts import attribute, record_attribute
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
# Exact or not at all: no rounding is ever silent.
EXACT: Final = Context(
    prec=60, Emax=60, Emin=-60, traps=[Inexact, InvalidOperation, Overflow, Subnormal]
)


# What a zero adds that may have been a number too small for a double.
ZERO: Final = 1 << 40


class Refused(Exception):
    """Facts that cannot be read; the careful reader says why."""


DEFAULT_EVENT: Final = "order"
#: Facts as (entity, fact).
FactNames = frozenset[tuple[str, str]]


def lean(vocabulary: Vocabulary, held: FactNames, entities: frozenset[str]) -> Vocabulary:
    """Return the vocabulary with only some facts and entities, keys, and what these need.

    The facts that say when another is none are kept with it, and so are records that are referred to.
    """
    wanted = set(held)
    for entity, name in held:
        none_when = vocabulary.entities[entity].facts[name].none_when
        if none_when is not None:
            wanted.add((entity, none_when.fact))
    holders = (
        entities
        | {entity for entity, _ in wanted}
        | {vocabulary.entities[entity].facts[name].target for entity, name in wanted}
    )
    kept = {
        entity.name: replace(
            entity,
            facts={
                name: fact
                for name, fact in entity.facts.items()
                if (entity.name, name) in wanted or name == entity.key
            },
        )
        for entity in vocabulary.entities.values()
        if entity.name in holders
    }
    return replace(vocabulary, entities=kept)


def converter(
    vocabulary: Vocabulary, carrier: type = Decimal, always: FactNames = frozenset()
) -> Callable[[Any], int]:
    """Return a function that converts and links a decoded document in place.

    It returns how many commas stand between the keys and items of the document as JSON; with a
    zero carried by a double, which may have been a smaller number, it returns `ZERO` more. Facts
    that are `always` given are not looked for.

    `carrier` is what numbers with decimals were decoded into.
    """
    names: dict[str, Any] = {
        "U": msgspec.UNSET, "Decimal": Decimal, "multiply": EXACT.multiply,
        "integral": EXACT.to_integral_exact, "Refused": Refused, "EPOCH": EPOCH,
        "MICROSECOND": MICROSECOND, "MOST_ROWS": MOST_ROWS,
    }  # fmt: skip
    tables = {e.name: e.list_name for e in vocabulary.entities.values() if e.list_name}
    lines: list[str] = []
    for entity in vocabulary.entities.values():
        names[f"key_of_{entity.name}"] = attrgetter(attribute(entity.key or "id"))
        sure = {name for owner, name in always if owner == entity.name} | {entity.key or ""}
        lines += _entity_function(entity, sure, vocabulary, tables, names, carrier)
    lines += _document_function(vocabulary, tables)
    exec(compile("\n".join(lines), "<facts>", "exec"), names)  # generated above
    function: Callable[[Any], int] = names["convert_document"]
    return function


def _entity_function(
    entity: Entity, sure: set[str], vocabulary: Vocabulary, tables: dict[str, str],
    names: dict[str, Any], carrier: type,
) -> list[str]:  # fmt: skip
    # One call a list, not one a row.
    lines = [f"def convert_{entity.name}(rows, tables):"]
    targets = {f.target or "" for f in entity.facts.values() if f.kind == "reference"}
    for target in sorted(targets & tables.keys()):
        lines.append(f"    find_{target} = tables[{tables[target]!r}].get")
    # `m` is one comma less than there are facts in a row; those not given are taken off below.
    most = len(entity.facts) - 1
    body: list[str] = []
    for fact in entity.facts.values():
        is_sure = fact.name in sure
        body += _fact_lines(entity, fact, vocabulary, tables, names, carrier, is_sure=is_sure)
    body = [f"    {line}" for line in body]
    if entity.key is not None:
        loop = ["    for r in rows:", *body] if body else []
        return [*lines, f"    m = len(rows) * {most}", *loop, "    return m"]
    # Without a key a row may hold no fact, and so no comma either.
    start = ["    all = 0", "    for r in rows:", f"        m = {most}"]
    return [*lines, *start, *body, "        if m > 0: all += m", "    return all"]


def _fact_lines(
    entity: Entity, fact: FactDeclaration, vocabulary: Vocabulary, tables: dict[str, str],
    names: dict[str, Any], carrier: type, *, is_sure: bool,
) -> list[str]:  # fmt: skip
    field = f"r.{attribute(fact.name)}"
    stem = f"{entity.name}_{fact.name}"
    body: list[str] = []
    if is_number(fact):
        lines = [f"    v = {field}", *_number_lines(fact, stem, field, names, carrier)]
        lines += [] if is_sure else ["    elif v is U: m -= 1"]
        return lines + _none_when_lines(fact, field)
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
        if fact.target in tables:
            body = [f"        r.{record_attribute(fact.name)} = find_{fact.target}(v, U)"]
    elif fact.kind == "list":
        body = _list_lines(vocabulary.entities[fact.target or ""])
    if not body:
        return _as_given(fact, is_sure=is_sure) + _none_when_lines(fact, field)
    condition = "v is not None" if fact.may_be_none else ""
    if is_sure:
        guard = [f"    if {condition}:" if condition else "    if True:"]
    else:
        guard = ["    if v is U: m -= 1", f"    elif {condition}:" if condition else "    else:"]
    return [f"    v = {field}", *guard, *body, *_none_when_lines(fact, field)]


def _as_given(fact: FactDeclaration, *, is_sure: bool) -> list[str]:
    """Count a fact that stays as it was decoded."""
    field = f"r.{attribute(fact.name)}"
    lines = [] if is_sure else [f"    if {field} is U: m -= 1"]
    if fact.kind == "set":
        lines.append(f"    {'if' if is_sure else 'elif'} {field}: m += len({field}) - 1")
    return lines


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
            f"        if not n: m += {ZERO}",
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
        f"        if v: m += len(v) - 1 + convert_{entity.name}(v, tables)",
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
    lines = ["def convert_document(d):", "    tables = {}", "    m = -1 if d.event is U else 0"]
    for entity, name in tables.items():
        pairs = f"zip(map(key_of_{entity}, rows), rows)"
        lines += [
            f"    rows = d.{name}",
            f"    tables[{name!r}] = t = {{}} if rows is U else dict({pairs})",
            "    if rows is not U:",
            "        if len(t) != len(rows) or len(t) > MOST_ROWS: raise Refused",
            f"        m += len(t) + convert_{entity}(rows, tables) if t else 1",
        ]
    for entity_ in vocabulary.entities.values():
        if entity_.kind == "single":
            lines += [
                f"    r = d.{attribute(entity_.name)}",
                f"    if r is not U: m += 1 + convert_{entity_.name}((r,), tables)",
            ]
    claim = len(ClaimRecord.__struct_fields__)
    return [
        *lines,
        "    made = d.claims",
        f"    if made is not U: m += {claim} * len(made) or 1",
        "    return m if m > 0 else 0",
    ]
