"""A facts document as a tree that can be bent out of shape: repeated keys, raw tokens, anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary

NUMBERS = frozenset({"count", "number", "ratio", "quantity", "money", "price"})


@dataclass(slots=True)
class Token:
    """Stand for a scalar as it is written in JSON, well formed or not."""

    text: str


@dataclass(slots=True)
class Members:
    """Stand for a JSON object; a key may stand in it more than once."""

    pairs: list[tuple[str, Tree]] = field(default_factory=list)


@dataclass(slots=True)
class Items:
    """Stand for a JSON list."""

    values: list[Tree] = field(default_factory=list)


Tree: TypeAlias = Token | Members | Items


@dataclass(frozen=True, slots=True)
class Site:
    """Name a place of a tree: what holds it, the position in there, and the fact it states."""

    holder: Members | Items
    position: int
    fact: FactDeclaration | None
    entity: Entity | None

    @property
    def value(self) -> Tree:
        if isinstance(self.holder, Members):
            return self.holder.pairs[self.position][1]
        return self.holder.values[self.position]

    @property
    def key(self) -> str | None:
        return self.holder.pairs[self.position][0] if isinstance(self.holder, Members) else None

    def put(self, value: Tree) -> None:
        if isinstance(self.holder, Members):
            self.holder.pairs[self.position] = (self.holder.pairs[self.position][0], value)
        else:
            self.holder.values[self.position] = value

    def remove(self) -> None:
        del (self.holder.pairs if isinstance(self.holder, Members) else self.holder.values)[
            self.position
        ]


def tree_of(document: Any, vocabulary: Vocabulary) -> Members:
    """Return the tree of a facts document; what the vocabulary calls a number is one in JSON."""
    tree = _plain_tree(document)
    assert isinstance(tree, Members)
    for site in sites(tree, vocabulary):
        is_number = site.fact is not None and site.fact.kind in NUMBERS
        if is_number and isinstance(site.value, Token) and site.value.text != "null":
            number = Decimal(json.loads(site.value.text, parse_float=Decimal))
            site.put(Token(format(number, "f")))
    return tree


def _plain_tree(value: Any) -> Tree:
    if isinstance(value, dict):
        return Members([(key, _plain_tree(item)) for key, item in value.items()])
    if isinstance(value, list):
        return Items([_plain_tree(item) for item in value])
    return Token(json.dumps(value, ensure_ascii=False))


def copied(tree: Tree) -> Tree:
    """Return a tree that shares nothing with another."""
    match tree:
        case Token():
            return Token(tree.text)
        case Members(pairs=pairs):
            return Members([(key, copied(value)) for key, value in pairs])
        case Items(values=values):
            return Items([copied(value) for value in values])


def written(tree: Tree) -> str:
    """Return the JSON text of a tree, tokens as they stand."""
    match tree:
        case Token(text=text):
            return text
        case Members(pairs=pairs):
            inside = ",".join(f"{json.dumps(key)}:{written(value)}" for key, value in pairs)
            return "{" + inside + "}"
        case Items(values=values):
            return "[" + ",".join(map(written, values)) + "]"


def sites(tree: Members, vocabulary: Vocabulary) -> list[Site]:
    """Return every place of a facts document, with the fact or the record that stands there."""
    tables = vocabulary.tables()
    found: list[Site] = []
    for position, (key, value) in enumerate(tree.pairs):
        entity = vocabulary.entities.get(key)
        if entity is not None and entity.kind == "single":
            found.append(Site(tree, position, None, entity))
            found += _record(value, entity, vocabulary)
        elif key in tables:
            found.append(Site(tree, position, None, tables[key]))
            found += _rows(value, tables[key], vocabulary)
        else:
            found.append(Site(tree, position, None, None))
            found += _unnamed(value)
    return found


def _record(value: Tree, entity: Entity, vocabulary: Vocabulary) -> Iterator[Site]:
    if not isinstance(value, Members):
        return
    for position, (key, item) in enumerate(value.pairs):
        fact = entity.facts.get(key)
        yield Site(value, position, fact, entity)
        if fact is not None and fact.kind == "list":
            yield from _rows(item, vocabulary.entities[fact.target or ""], vocabulary)


def _rows(value: Tree, entity: Entity, vocabulary: Vocabulary) -> Iterator[Site]:
    if not isinstance(value, Items):
        return
    for position, row in enumerate(value.values):
        yield Site(value, position, None, entity)
        yield from _record(row, entity, vocabulary)


def _unnamed(value: Tree) -> Iterator[Site]:
    """Yield the places of a part that states no facts, such as the claims."""
    match value:
        case Members(pairs=pairs):
            for position, (_, item) in enumerate(pairs):
                yield Site(value, position, None, None)
                yield from _unnamed(item)
        case Items(values=values):
            for position, item in enumerate(values):
                yield Site(value, position, None, None)
                yield from _unnamed(item)
        case Token():
            return
