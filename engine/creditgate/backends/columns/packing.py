"""Columns of other tables side by side, record by record: what a row reads of a record lies together.

Rows refer to records here and there. Each column of a record lies in a place of its own, for which
a processor waits each time; side by side they lie in a few lines of its caches.
"""

from __future__ import annotations

import re
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

    def places(self) -> dict[tuple[str, int], str]:
        """Return what stands for each column, and the one after a record, at the place `{}`."""
        found = {each: f"{self.name}[{{}}, {place}]" for place, each in enumerate(self.numbers)}
        for place, name in enumerate(self.small):
            word, shift = divmod(place, IN_A_NUMBER)
            text = f"{self.name}[{{}}, {len(self.numbers) + word}]"
            found[name, 0] = f"(({text} >> {SMALL * shift}) & {_MASK})"
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
    places = {each: text for pack in packs for each, text in pack.places().items()}
    taken = {name for name, _ in places}

    def changed(found: re.Match[str]) -> str:
        name, index = found.groups()
        step = int(index.endswith(_NEXT))
        return places[name, step].format(index.removesuffix(_NEXT) if step else index)

    names_ = "|".join(sorted(taken, key=len, reverse=True))
    head, body = kernel.source.split("\n", 1)
    if not taken:
        return kernel, ()
    body = re.sub(rf"\b({names_})\[([^\[\]]+)\]", changed, body)
    columns = (*[c for c in kernel.columns if c not in taken], *[pack.name for pack in packs])
    head = head.replace(", ".join(kernel.columns), ", ".join(columns))
    return replace(kernel, source=f"{head}\n{body}", columns=columns), tuple(packs)


def _is_list(name: str) -> bool:
    return name.startswith("from_")
