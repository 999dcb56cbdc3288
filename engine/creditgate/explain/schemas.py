"""JSON Schemas of facts documents and of decisions, for those who send and receive them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from creditgate.decide.daily_lists import CHECKSUM
from creditgate.decide.decision import Core
from creditgate.decide.records import MOST_ROWS, MOST_TEXT, is_number
from creditgate.domain.citation import Bilingual
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration, Vocabulary

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_INSTANT: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"

# What the parts of a decision are called; a part without a name here fails a test.
_TITLES: Final = {
    "Core": Bilingual("Core of a decision", "决定的核心内容"),
    "decision": Bilingual("Decision", "结论"),
    "event": Bilingual("Event judged", "判定事件"),
    "as_of": Bilingual("Day whose law was applied", "适用规则的日期"),
    "rulebooks": Bilingual("Rulebooks that were loaded", "所载规则集"),
    "breached": Bilingual("Rules breached", "违反的规则"),
    "undecided": Bilingual("Rules that cannot be decided", "无法判定的规则"),
    "pending": Bilingual("Rules whose deadline is still to come", "期限未到的规则"),
    "missing": Bilingual("Facts that are missing", "缺少的事实"),
    "warnings": Bilingual("Rules that only warn", "仅作提示的规则"),
    "claims": Bilingual("Claims relied on", "已采信的声明"),
    "figures": Bilingual("Figures asked for", "所求指标"),
    "determinations": Bilingual("Determinations", "认定结果"),
    "refusals": Bilingual("Why the facts could not be read", "事实无法读取的原因"),
    "what_if": Bilingual("Judged by the law of another day", "按其他日期的规则判定"),
    "known_on": Bilingual("Day by which all that was applied was published", "所适用内容的公布截止日"),
    "GoverningRulebook": Bilingual("A rulebook that was loaded", "所载规则集"),
    "id": Bilingual("Rulebook id", "规则集标识"),
    "digest": Bilingual("Digest of the meaning", "含义摘要"),
    "governs": Bilingual("Whether the rulebook governs: yes, no or unknown", "是否适用"),
    "BreachedRule": Bilingual("A rule breached", "违反的规则"),
    "rule": Bilingual("Rule id", "规则标识"),
    "reason": Bilingual("Reason code", "原因代码"),
    "fix_103": Bilingual("Value of FIX OrdRejReason(103)", "FIX OrdRejReason(103) 取值"),
    "UndecidedRule": Bilingual("A rule that cannot be decided", "无法判定的规则"),
    "PendingRule": Bilingual("A rule whose deadline is still to come", "期限未到的规则"),
    "due": Bilingual("Deadline: a date, or an instant with its offset", "期限（日期或带时差的时点）"),
    "because": Bilingual("Other causes", "其他原因"),
    "WarnedRule": Bilingual("A rule that only warns", "仅作提示的规则"),
    "outcome": Bilingual("Outcome", "结果"),
    "Value": Bilingual("A value, none, or unknown", "数值、无或未知"),
    "state": Bilingual("value, none or unknown", "数值、无或未知"),
    "value": Bilingual("Exact value as text", "精确值（文本）"),
    "unit": Bilingual("Unit", "单位"),
    "Refusal": Bilingual("Why facts could not be read", "事实无法读取的原因"),
    "code": Bilingual("Code of the diagnostic", "诊断代码"),
    "message": Bilingual("Sentence of the diagnostic", "诊断说明"),
}  # fmt: skip
_WORDS: Final = {
    ("Core", "decision"): ["approved", "rejected", "undecided", "pending", "out_of_scope"],
    ("GoverningRulebook", "governs"): ["yes", "no", "unknown"],
    ("WarnedRule", "outcome"): ["breached", "undecided", "pending"],
    ("Value", "state"): ["value", "none", "unknown"],
}


def facts_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema of a facts document.

    Titles stand in English and Chinese. An absent key is an unknown fact; null says that there is
    none, and is allowed only where the vocabulary allows it. Numbers may be given as JSON numbers
    or as text, which no reader rounds. That keys of rows are unique is checked on reading: a
    schema cannot say it.
    """
    properties: dict[str, Any] = {
        "event": {"type": "string", "enum": list(vocabulary.events), "default": "order"},
        "claims": {"type": "array", "items": {"$ref": "#/$defs/claim"}},
    }
    for entity in vocabulary.entities.values():
        if entity.kind == "single":
            properties[entity.name] = {"$ref": f"#/$defs/{entity.name}"}
        elif entity.list_name is not None:
            properties[entity.list_name] = _list(entity)
    entities = {entity.name: _entity(entity, vocabulary) for entity in vocabulary.entities.values()}
    return {
        "$schema": DIALECT,
        "title": "Facts of one event / 一项事件的事实",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "$defs": {**entities, "claim": _claim(vocabulary)},
    }


def decision_schema() -> dict[str, Any]:
    """Return the JSON Schema of the core of a decision, with titles in English and Chinese."""
    (reference,), parts = msgspec.json.schema_components([Core], ref_template="#/$defs/{name}")
    del reference
    for name, part in parts.items():
        part["title"] = _both(_TITLES[name])
        part.pop("description", None)
        for key, schema in part["properties"].items():
            schema["title"] = _both(_TITLES[key])
            words = _WORDS.get((name, key))
            if words is not None:
                schema["enum"] = words
    core = parts.pop("Core")
    return {"$schema": DIALECT, **core, "$defs": parts}


def _both(title: Bilingual) -> str:
    return f"{title.en} / {title.zh}"


def _list(entity: Entity) -> dict[str, Any]:
    rows = {"$ref": f"#/$defs/{entity.name}"}
    return {"title": _both(entity.title), "type": "array", "maxItems": MOST_ROWS, "items": rows}


def _entity(entity: Entity, vocabulary: Vocabulary) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "title": _both(entity.title),
        "type": "object",
        "additionalProperties": False,
        "properties": {
            fact.name: _fact(fact, vocabulary) for fact in entity.facts.values()
        },
    }  # fmt: skip
    if entity.key is not None:
        schema["required"] = [entity.key]
    if entity.name == PUBLISHED_LIST:
        schema["required"] = list(entity.facts)
        schema["properties"]["id"] |= _list_names(vocabulary)
        schema["properties"]["source"]["pattern"] = r"\S"
        schema["properties"]["checksum"]["pattern"] = f"^{CHECKSUM.pattern}$"
    conditions = [_none_when(fact) for fact in entity.facts.values() if fact.none_when is not None]
    return {**schema, "allOf": conditions} if conditions else schema


def _list_names(vocabulary: Vocabulary) -> dict[str, Any]:
    titles = {name: _both(item.title) for name, item in vocabulary.lists.items()}
    return {"enum": list(titles), "x-titles": titles}


def _none_when(fact: FactDeclaration) -> dict[str, Any]:
    """Say that a fact is null for some members of a sibling, and only for those."""
    assert fact.none_when is not None
    sibling, members = fact.none_when.fact, sorted(fact.none_when.members)
    return {
        "if": {"required": [sibling], "properties": {sibling: {"enum": members}}},
        "then": {"properties": {fact.name: {"type": "null"}}},
        "else": {
            "if": {"required": [sibling]},
            "then": {"properties": {fact.name: {"not": {"type": "null"}}}},
        },
    }


def _fact(fact: FactDeclaration, vocabulary: Vocabulary) -> dict[str, Any]:
    schema = {"title": _both(fact.title), **_kind(fact, vocabulary)}
    if fact.may_be_none:
        if "type" in schema:
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            schema["type"] = [*types, "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if fact.aliases:
        schema["x-aliases"] = dict(fact.aliases)
    return schema


def _kind(fact: FactDeclaration, vocabulary: Vocabulary) -> dict[str, Any]:
    target = fact.target or ""
    if is_number(fact):
        decimals = rf"(\.\d{{1,{fact.scale}}}0*)?" if fact.scale else r"(\.0+)?"
        return {
            "type": ["number", "string"],
            "pattern": rf"^-?(0|[1-9]\d*){decimals}$",
            **_bounds(fact),
            "x-decimals": fact.scale,
        }
    match fact.kind:
        case "boolean":
            return {"type": "boolean"}
        case "enum":
            return _members(target, vocabulary)
        case "set":
            items = {"type": "string"} if target == "text" else _members(target, vocabulary)
            return {"type": "array", "items": items}
        case "list":
            return {"type": "array", "maxItems": MOST_ROWS, "items": {"$ref": f"#/$defs/{target}"}}
        case "duration":
            return {"type": "integer", **_bounds(fact)}
        case "date":
            return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case "time":
            return {"type": "string", "pattern": r"^\d{2}:\d{2}(:00)?$"}
        case "instant":
            return {"type": "string", "format": "date-time", "pattern": _INSTANT}
        case _:
            return {"type": "string", "maxLength": MOST_TEXT}


def _members(name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    members: Mapping[str, Bilingual] = vocabulary.enums[name].members
    titles = {member: _both(title) for member, title in members.items()}
    return {"type": "string", "enum": list(members), "x-titles": titles}


def _bounds(fact: FactDeclaration) -> dict[str, Any]:
    found = {"minimum": fact.low, "maximum": fact.high}
    return {key: _json_number(bound) for key, bound in found.items() if bound is not None}


def _json_number(bound: Decimal) -> int | float:
    # A bound is read by other people's tools, whose numbers are binary; facts never pass here.
    return int(bound) if bound == bound.to_integral_value() else float(bound)


def _claim(vocabulary: Vocabulary) -> dict[str, Any]:
    titles = {name: _both(claim.title) for name, claim in vocabulary.claims.items()}
    return {
        "title": "A statement that a person makes and answers for / 由个人作出并负责的声明",
        "type": "object",
        "additionalProperties": False,
        "required": ["claim", "by", "at"],
        "properties": {
            "claim": {"type": "string", "enum": list(vocabulary.claims), "x-titles": titles},
            "by": {"title": "Who says so / 声明人", "type": "string", "maxLength": MOST_TEXT},
            "at": {"title": "When / 声明时间", "type": "string", "pattern": _INSTANT},
        },
    }
