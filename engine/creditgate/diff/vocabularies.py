"""One vocabulary for two rulebooks that were written with one each."""

from __future__ import annotations

from typing import Any

import msgspec

from creditgate.domain.vocabulary import Entity, EnumDeclaration, FactDeclaration, Vocabulary
from creditgate.ir.digest import vocabulary_digest


class VocabulariesDiffer(Exception):
    """Two vocabularies that give one name two meanings; `about` names it."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


def common_vocabulary(before: Vocabulary, after: Vocabulary) -> Vocabulary:
    """Return a vocabulary with all that either has; of enums only what both have.

    Errors: VocabulariesDiffer where a fact, an entity or an event is not the same thing in both.
    """
    if before is after or vocabulary_digest(before) == vocabulary_digest(after):
        return after
    for name, event in before.events.items():
        other = after.events.get(name)
        if other is not None and other.dated_by != event.dated_by:
            raise VocabulariesDiffer(name)
    changes: dict[str, Any] = {
        "entities": {
            name: _entity(before.entities.get(name), after.entities.get(name))
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
    return msgspec.structs.replace(after, **changes)


def _entity(before: Entity | None, after: Entity | None) -> Entity:
    if before is None or after is None:
        found = before or after
        assert found is not None
        return found
    if (before.kind, before.key, before.list_name) != (after.kind, after.key, after.list_name):
        raise VocabulariesDiffer(after.name)
    facts = dict(after.facts)
    for name, fact in before.facts.items():
        other = facts.setdefault(name, fact)
        if _kind(fact) != _kind(other):
            raise VocabulariesDiffer(f"{after.name}.{name}")
    return msgspec.structs.replace(after, facts=facts)


def _kind(fact: FactDeclaration) -> tuple[Any, ...]:
    return (
        fact.kind, repr(fact.type), fact.scale, fact.low, fact.high, fact.may_be_none,
        fact.none_when, fact.target,
    )  # fmt: skip


def _enum(before: EnumDeclaration | None, after: EnumDeclaration | None) -> EnumDeclaration:
    if before is None or after is None:
        found = before or after
        assert found is not None
        return found
    members = {name: title for name, title in after.members.items() if name in before.members}
    return msgspec.structs.replace(after, members=members)
