"""One vocabulary for two rulebooks that were written with one each."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import msgspec

from creditgate.domain.vocabulary import Entity, EnumDeclaration, FactDeclaration, Vocabulary
from creditgate.ir.digest import vocabulary_digest

Read = Set[tuple[str, str]]


class VocabulariesDiffer(Exception):
    """Two vocabularies that give one name two meanings; `about` names it."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


@dataclass(frozen=True, slots=True)
class Shared:
    """A vocabulary for both, and the facts read whose bounds or members are not the same in both."""

    vocabulary: Vocabulary
    narrowed: tuple[str, ...] = ()


def common_vocabulary(before: Vocabulary, after: Vocabulary, read: Read) -> Shared:
    """Return a vocabulary with all that either has.

    What a fact of `read` may be is what it may be in both; of other facts the later declaration
    is taken.
    Errors: VocabulariesDiffer where a fact that is read, or an entity, is not the same thing.
    """
    if before is after or vocabulary_digest(before) == vocabulary_digest(after):
        return Shared(after)
    for name, event in before.events.items():
        other = after.events.get(name)
        if other is not None and other.dated_by != event.dated_by:
            raise VocabulariesDiffer(name)
    narrowed: list[str] = []
    changes: dict[str, Any] = {
        "entities": {
            name: _entity(before.entities.get(name), after.entities.get(name), read, narrowed)
            for name in {**before.entities, **after.entities}
        },
        "enums": {
            name: _enum(before.enums.get(name), after.enums.get(name))
            for name in {**before.enums, **after.enums}
        },
        "events": {**before.events, **after.events},
        "claims": {**before.claims, **after.claims},
        "reasons": {**before.reasons, **after.reasons},
        "lists": {**before.lists, **after.lists},
    }
    return Shared(msgspec.structs.replace(after, **changes), tuple(sorted(narrowed)))


def _entity(before: Entity | None, after: Entity | None, read: Read, narrowed: list[str]) -> Entity:
    if before is None or after is None:
        found = before or after
        assert found is not None
        return found
    if (before.kind, before.key, before.list_name) != (after.kind, after.key, after.list_name):
        raise VocabulariesDiffer(after.name)
    facts = dict(after.facts)
    for name, fact in before.facts.items():
        other = facts.setdefault(name, fact)
        if (after.name, name) not in read:
            continue
        path = f"{after.name}.{name}"
        if _kind(fact) != _kind(other):
            raise VocabulariesDiffer(path)
        if (fact.low, fact.high) != (other.low, other.high):
            low = max((b for b in (fact.low, other.low) if b is not None), default=None)
            high = min((b for b in (fact.high, other.high) if b is not None), default=None)
            facts[name] = msgspec.structs.replace(other, low=low, high=high)
            narrowed.append(path)
    return msgspec.structs.replace(after, facts=facts)


def _kind(fact: FactDeclaration) -> tuple[Any, ...]:
    return (
        fact.kind, repr(fact.type), fact.scale, fact.may_be_none, fact.none_when, fact.target
    )  # fmt: skip


def _enum(before: EnumDeclaration | None, after: EnumDeclaration | None) -> EnumDeclaration:
    if before is None or after is None:
        found = before or after
        assert found is not None
        return found
    members = {name: title for name, title in after.members.items() if name in before.members}
    return msgspec.structs.replace(after, members=members)
