"""Where the parts of a rulebook stand in its files."""

from __future__ import annotations

from creditgate.base.collector import Collector
from creditgate.base.spans import NOWHERE, Span
from creditgate.check.load import Catalogue
from creditgate.check.sections import sections_of
from creditgate.ir.formula_text import formula_text
from creditgate.ir.nodes import Expr
from creditgate.load.located import Map, Node, Seq, Text


class Files:
    """The files of one rulebook, asked for the place of a part by the keys that lead to it."""

    def __init__(self, shelf: Catalogue, rulebook: str) -> None:
        source = shelf.shelf.read(rulebook, Collector())
        assert source is not None  # it has been read and checked
        self.header = source.header
        self._sections = sections_of(source, None, Collector())

    def place(self, section: str, name: str, *keys: str | int, part: Expr | None = None) -> Span:
        """Return the place of what keys lead to, or of the thing; of a part of it where it is found.

        A part is looked for by its text; where the file says it in other words, the whole is shown.
        """
        item = self._sections[section].get(name)
        if item is None:
            return NOWHERE
        node = _at(item.node, keys)
        if node is None:
            return item.key_span
        return node.span if part is None or not isinstance(node, Text) else _part(node, part)

    def states(self, *keys: str | int) -> bool:
        """Tell whether the header states what keys lead to."""
        return _at(self.header, keys) is not None

    def of_header(self, *keys: str | int, part: Expr | None = None) -> Span:
        """Return the place of what keys lead to in the header, or of a part of it."""
        node = _at(self.header, keys)
        if node is None:
            return self.header.span
        return node.span if part is None or not isinstance(node, Text) else _part(node, part)


def _at(node: Node | None, keys: tuple[str | int, ...]) -> Node | None:
    for key in keys:
        if isinstance(node, Map) and isinstance(key, str):
            node = node.get(key)
        elif isinstance(node, Seq) and isinstance(key, int) and key < len(node.items):
            node = node.items[key]
        else:
            return None
    return node


def _part(node: Text, part: Expr) -> Span:
    places = [place for place, letter in enumerate(node.value) if not letter.isspace()]
    solid = "".join(node.value.split())
    wanted = "".join(formula_text(part).split())
    start = solid.find(wanted) if wanted else -1
    if start < 0:
        return node.span
    return node.map.span(places[start], places[start + len(wanted) - 1] + 1)
