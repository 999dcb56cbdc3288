"""Columns of other tables side by side, record by record: what a row reads of a record lies together.

Rows refer to records here and there. Each column of a record lies in a place of its own, for which
a processor waits each time; side by side they lie in a few lines of its caches.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from creditgate.backends.columns.kernel import Kernel

#: Bits of a small number, which is a condition or a state, and how many of these are in a number.
SMALL: Final = 2
IN_A_NUMBER: Final = 31
_MASK: Final = 2**SMALL - 1
_NEXT: Final = " + 1"


@dataclass(frozen=True, slots=True)
class Pack:
    """Columns of the records of a frame side by side: numbers first, then the small ones.

    Of the places where lists begin there is a second column, where those of the next record do.
    """

    name: str
    numbers: tuple[tuple[str, int], ...]
    small: tuple[str, ...]

    @property
    def width(self) -> int:
        """Return how many numbers a record has."""
        return len(self.numbers) + -(-len(self.small) // IN_A_NUMBER)

    def places(self) -> dict[tuple[str, int], tuple[int, int | None]]:
        """Return where each column stands, and the one of the next record: of small ones the shift."""
        found: dict[tuple[str, int], tuple[int, int | None]] = {
            each: (place, None) for place, each in enumerate(self.numbers)
        }
        for place, name in enumerate(self.small):
            word, shift = divmod(place, IN_A_NUMBER)
            found[name, 0] = len(self.numbers) + word, SMALL * shift
        return found

    def fill(self, room: Any, arrays: Mapping[str, Any]) -> None:
        """Put columns side by side; of what is behind their records nothing is asked."""
        room[:] = 0
        for place, (name, step) in enumerate(self.numbers):
            values = arrays[name][step:][: len(room)]
            room[: len(values), place] = values
        for place, name in enumerate(self.small):
            word, shift = divmod(place, IN_A_NUMBER)
            values = arrays[name].astype(np.int64) << SMALL * shift
            room[: len(values), len(self.numbers) + word] |= values


def packed(
    kernel: Kernel, frames: Mapping[str, Sequence[str]], small: frozenset[str]
) -> tuple[Kernel, tuple[Pack, ...]]:  # fmt: skip
    """Return a kernel whose columns of some frames lie side by side, and how these do.

    `frames` are the columns of each, in order; `small` are those that hold conditions and states.
    """
    packs = []
    for number, names in enumerate(frames.values()):
        own = [name for name in names if name not in small]
        numbers = [(name, step) for name in own for step in ((0, 1) if _is_list(name) else (0,))]
        packs.append(Pack(f"pack{number}", tuple(numbers), tuple([n for n in names if n in small])))
    taken = {name for pack in packs for name, _ in pack.places()}
    if not taken:
        return kernel, ()
    tree = _SideBySide(packs).visit(ast.parse(kernel.source))
    columns = (*[c for c in kernel.columns if c not in taken], *[pack.name for pack in packs])
    arguments = tree.body[0].args
    names = [each.arg for each in arguments.args]
    first = len(names) if not kernel.columns else names.index(kernel.columns[0])
    after = names[first + len(kernel.columns) :]
    arguments.args = [ast.arg(name) for name in (*names[:first], *columns, *after)]
    source = ast.unparse(tree) + "\n"
    return replace(kernel, source=source, columns=columns), tuple(packs)


class _SideBySide(ast.NodeTransformer):
    """Read columns where they lie side by side."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._places = {
            each: (pack.name, *found) for pack in packs for each, found in pack.places().items()
        }
        self._names = {name for name, _ in self._places}

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id not in self._names:
            return node
        record, step = _record(node.slice) if _is_list(node.value.id) else (node.slice, 0)
        pack, place, shift = self._places[node.value.id, step]
        read = f"{pack}[{ast.unparse(record)}, {place}]"
        text = read if shift is None else f"({read} >> {shift}) & {_MASK}"
        return ast.parse(text, mode="eval").body


def _record(place: ast.expr) -> tuple[ast.expr, int]:
    """Return the number of a record, and how many records on a place is that stands for it."""
    match place:
        case ast.BinOp(left=record, op=ast.Add()):
            return record, 1
        case ast.Call(func=ast.Name(id="narrow"), args=[ast.Call(args=[record, _])]):
            return ast.Call(ast.Name("narrow", ast.Load()), [record], []), 1  # it was wide
        case _:
            return place, 0


def _is_list(name: str) -> bool:
    return name.startswith("from_")
