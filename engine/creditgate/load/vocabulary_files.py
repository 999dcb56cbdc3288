"""Vocabulary files to the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.domain.citation import Bilingual
from creditgate.domain.dsl_types import (
    BOOLEAN,
    COUNT,
    DATE,
    INSTANT,
    QUANTITY,
    RATIO_NUMBER,
    TEXT,
    TIME,
    Duration,
    Enum,
    ListOf,
    Number,
    Optional,
    Record,
    SetOf,
    Type,
)
from creditgate.domain.units import money, price
from creditgate.domain.vocabulary import (
    CURRENCY_PLACEHOLDER,
    Changeable,
    Claim,
    DailyList,
    Entity,
    EnumDeclaration,
    Event,
    FactDeclaration,
    NoneWhen,
    Reason,
    Vocabulary,
)
from creditgate.load.changeable_facts import check_changeable
from creditgate.load.list_files import check_lists
from creditgate.load.located import Map, Text
from creditgate.load.reading import (
    bilingual_at,
    decimal_at,
    map_at,
    span_of,
    text_at,
    texts_at,
)

Item = TypeVar("Item")

_TYPES: Mapping[str, tuple[Type, int]] = {
    "boolean": (BOOLEAN, 0),
    "count": (COUNT, 0),
    "number": (COUNT, 6),
    "ratio": (RATIO_NUMBER, 6),
    "quantity": (QUANTITY, 0),
    "money": (Number(money(CURRENCY_PLACEHOLDER)), 2),
    "price": (Number(price(CURRENCY_PLACEHOLDER)), 4),
    "date": (DATE, 0),
    "time": (TIME, 0),
    "instant": (INSTANT, 0),
    "text": (TEXT, 0),
}


def vocabulary_from_maps(files: list[Map], collector: Collector) -> Vocabulary:
    """Return the vocabulary of some schema-valid files, reporting names that clash or dangle."""
    entities: dict[str, Entity] = {}
    enums: dict[str, EnumDeclaration] = {}
    events: dict[str, Event] = {}
    claims: dict[str, Claim] = {}
    reasons: dict[str, Reason] = {}
    lists: dict[str, DailyList] = {}
    for file in files:
        if file.get("entity") is not None:
            entity = _entity(file, collector)
            _put(entities, entity.name, entity, file, collector)
        for name, node in _named(file, "enums"):
            _put(enums, name, _enum(name, node), node, collector)
        for name, node in _named(file, "events"):
            holder, _, fact = text_at(node, "dated_by").partition(".")
            event = Event(
                name,
                bilingual_at(node),
                texts_at(node, "subjects"),
                (holder, fact),
                _path_at(node, "rules_name"),
                _path_at(node, "timed_by"),
            )
            _put(events, name, event, node, collector)
        for name, node in _named(file, "claims"):
            who = bilingual_at(node, "who") if node.get("who") is not None else None
            _put(claims, name, Claim(name, bilingual_at(node), who), node, collector)
        for name, node in _named(file, "reasons"):
            reason = Reason(name, bilingual_at(node), int(text_at(node, "fix_103", "99")))
            _put(reasons, name, reason, node, collector)
        for name, node in _named(file, "lists"):
            carried = (path.partition(".") for path in texts_at(node, "carries"))
            facts = tuple((entity, fact) for entity, _, fact in carried)
            _put(lists, name, DailyList(name, bilingual_at(node), facts), node, collector)
    vocabulary = Vocabulary(entities, enums, events, claims, reasons, lists)
    for file in files:
        _check_targets(file, vocabulary, collector)
        check_changeable(file, vocabulary, collector)
    check_lists(
        [node for file in files for _, node in _named(file, "lists")], vocabulary, collector
    )
    return vocabulary


def _named(file: Map, section: str) -> list[tuple[str, Map]]:
    entries = map_at(file, section).entries
    return [(key.value, node) for key, node in entries if isinstance(node, Map)]


def _path_at(node: Map, key: str) -> tuple[str, str] | None:
    """Return an entity and its fact, or None where the key is absent."""
    holder, _, fact = text_at(node, key).partition(".")
    return (holder, fact) if fact else None


def _put(known: dict[str, Item], name: str, item: Item, node: Map, collector: Collector) -> None:
    if name in known:
        collector.add(error(Code.DUPLICATE_NAME, f"`{name}` is declared twice", node.span))
    known[name] = item


def _entity(file: Map, collector: Collector) -> Entity:
    facts = {name: _fact(name, node, collector) for name, node in _named(file, "facts")}
    return Entity(
        text_at(file, "entity"),
        text_at(file, "kind"),
        bilingual_at(file),
        facts,
        text_at(file, "key") or None,
        text_at(file, "list") or None,
    )


def _fact(name: str, node: Map, collector: Collector) -> FactDeclaration:
    word = text_at(node, "type")
    target = None
    kind: Type
    scale = 0
    match word:
        case "enum":
            target = text_at(node, "enum")
            kind = Enum(target)
        case "set":
            target = text_at(node, "of")
            kind = SetOf(TEXT if target == "text" else Enum(target))
        case "reference":
            target = text_at(node, "to")
            kind = Record(target)
        case "list":
            target = text_at(node, "of")
            kind = ListOf(target)
        case "duration":
            kind = Duration(text_at(node, "unit"))
        case _:
            kind, scale = _TYPES[word]
    none_when = None
    sibling = node.get("none_when")
    if isinstance(sibling, Map):
        none_when = NoneWhen(text_at(sibling, "fact"), frozenset(texts_at(sibling, "in")))
    may_be_none = text_at(node, "none") == "allowed" or none_when is not None
    aliases = tuple(
        (key.value, value.value)
        for key, value in map_at(node, "aliases").entries
        if isinstance(value, Text)
    )
    return FactDeclaration(
        name,
        word,
        Optional(kind) if may_be_none else kind,
        bilingual_at(node),
        int(text_at(node, "scale") or scale),
        decimal_at(node, "min", collector),
        decimal_at(node, "max", collector),
        may_be_none,
        none_when,
        target,
        aliases,
        _changeable(node),
    )


def _changeable(node: Map) -> Changeable | None:
    stated = node.get("changeable")
    if not isinstance(stated, Map):
        return None
    lists = (path.partition(".") for path in texts_at(stated, "in"))
    within = tuple((entity, fact) for entity, _, fact in lists)
    return Changeable(texts_at(stated, "to"), _path_at(stated, "step"), within)


def _enum(name: str, node: Map) -> EnumDeclaration:
    members: dict[str, Bilingual] = {}
    aliases: dict[str, tuple[tuple[str, str], ...]] = {}
    for key, member in map_at(node, "members").entries:
        if isinstance(member, Map):
            members[key.value] = Bilingual(text_at(member, "en"), text_at(member, "zh"))
            aliases[key.value] = tuple(
                (alias.value, value.value)
                for alias, value in map_at(member, "aliases").entries
                if isinstance(value, Text)
            )
    return EnumDeclaration(name, bilingual_at(node), members, aliases)


def _check_targets(file: Map, vocabulary: Vocabulary, collector: Collector) -> None:
    for _, node in _named(file, "facts"):
        word = text_at(node, "type")
        key = {"enum": "enum", "set": "of", "reference": "to", "list": "of"}.get(word)
        target = text_at(node, key) if key else ""
        known = vocabulary.entities if word in {"reference", "list"} else vocabulary.enums
        if key and target not in known and target != "text":
            at = node.get(key)
            span = node.span if at is None else at.span
            collector.add(error(Code.UNKNOWN_NAME, f"there is no {word} target `{target}`", span))
    for _, node in _named(file, "events"):
        holder, _, fact = text_at(node, "dated_by").partition(".")
        declared = vocabulary.fact(holder, fact)
        if declared is None or declared.kind != "date":
            collector.add(
                error(
                    Code.UNKNOWN_NAME,
                    f"`{holder}.{fact}` is not a date of the vocabulary",
                    node.span,
                    hint="`dated_by` names the date fact by which the event is judged",
                )
            )
        timed_by = _path_at(node, "timed_by")
        if timed_by is not None:
            instant = vocabulary.fact(*timed_by)
            if instant is None or instant.type != INSTANT:
                collector.add(
                    error(
                        Code.UNKNOWN_NAME,
                        f"`{'.'.join(timed_by)}` is not an instant of the vocabulary",
                        span_of(node, "timed_by"),
                        hint="`timed_by` names the instant, never none, at which the event is judged",
                    )
                )
