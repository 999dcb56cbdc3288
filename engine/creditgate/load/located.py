"""The located tree: what a YAML file says, every scalar as text, every node with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from creditgate.base.spans import ScalarMap, Span


@dataclass(frozen=True, slots=True)
class Text:
    """Hold a scalar as text; `map` leads from its characters back to the file.

    The span of a block scalar covers its content, without the line of the `|` or `>`.
    """

    value: str
    span: Span
    map: ScalarMap
    style: Literal["plain", "quoted", "block"]


@dataclass(frozen=True, slots=True)
class Seq:
    """Hold a list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Map:
    """Hold a mapping in the order of the file; no key stands twice."""

    entries: tuple[tuple[Text, Node], ...]
    span: Span
    _index: dict[str, int] | None = field(
        init=False, repr=False, compare=False, hash=False, default=None
    )

    def get(self, key: str) -> Node | None:
        """Give the value of a key, or None if the key is absent."""
        place = self._places().get(key)
        return None if place is None else self.entries[place][1]

    def key(self, key: str) -> Text | None:
        """Give the key itself as it stands in the file, or None if it is absent."""
        place = self._places().get(key)
        return None if place is None else self.entries[place][0]

    def keys(self) -> tuple[str, ...]:
        """Give all keys in the order of the file."""
        return tuple(key.value for key, _ in self.entries)

    def _places(self) -> dict[str, int]:
        index = self._index
        if index is None:
            index = {key.value: place for place, (key, _) in enumerate(self.entries)}
            # Computed when first asked for: many mappings are only walked through.
            object.__setattr__(self, "_index", index)
        return index


Node: TypeAlias = Text | Seq | Map
Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


def plain_from_node(node: Node) -> Plain:
    """Give the node as plain dicts, lists and text, without places."""
    match node:
        case Text(value=value):
            return value
        case Seq(items=items):
            return [plain_from_node(item) for item in items]
        case Map(entries=entries):
            return {key.value: plain_from_node(value) for key, value in entries}
