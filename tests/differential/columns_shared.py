"""Orders that share accounts, decided by what was worked out once for each record they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.differential.columns import Columns, outcomes_of
from tests.differential.widths import LONGEST, ranges_of, wide_from

from creditgate.backends.columns.bounds import largest_number
from creditgate.backends.columns.compile import Run, SharingEvent
from creditgate.backends.columns.kernel import Body, Kernel
from creditgate.backends.columns.packing import packed
from creditgate.backends.columns.shared_body import SharedBody
from creditgate.backends.columns.touching import touching
from creditgate.backends.columns.widths import MOST_IN_128_BITS as IN_128_BITS

#: Columns of these frames are read side by side.
PACKED = ("account", "security", "issuer")
Compile = Callable[[Kernel], Run]


@dataclass(slots=True)
class SharedRun:
    """Rows decided by what they share.

    Numbers that may reach `most` are wide. With `pack` the columns of records lie side by side, for
    which numbers must have 64 bits.
    """

    event: SharingEvent
    columns: Columns
    days: Any
    compile: Compile
    most: int
    pack: bool = False
    are_any_size: bool = True

    def outcomes(self) -> list[tuple[int, ...] | None] | None:
        """Return what is said of each row, None of what is left to another evaluator.

        None in place of all where a number needs more than wide ones have.
        """
        for each in self.event.bodies:
            rows = self.rows(each)
            size = len(self.columns.records.get(each.frame, ())) + each.is_loose
            room = {
                name: np.zeros(size, dtype=self._kind(kind)) for name, kind in each.types().items()
            }
            kernel = self._kernel(each.body)
            if kernel is None:
                return None
            held = [self._array(name) for name in kernel.columns]
            run = self.compile(kernel)
            run(0, len(rows), rows, np.zeros(1, dtype=np.int64), *held, *room.values())
            self.columns.arrays |= room
        kernel = self._kernel(self.event.body)
        if kernel is None:
            return None
        arrays: dict[str, Any] = {}
        if self.pack:
            kernel = touching(self._packed(kernel, arrays))
        held = [arrays[name] if name in arrays else self._array(name) for name in kernel.columns]
        return outcomes_of(self.compile(kernel), self.days, held)

    def rows(self, body: SharedBody) -> Any:
        """Return the numbers of the records of a frame, and of one that is not there."""
        rows = np.arange(len(self.columns.records.get(body.frame, ())))
        return np.append(rows, -1) if body.is_loose else rows

    def _kind(self, kind: str) -> str:
        return "object" if self.are_any_size and kind == "int64" else kind

    def _array(self, name: str) -> Any:
        found = self.columns.arrays[name]
        if found.dtype in (np.int64, object):
            return found.astype(object if self.are_any_size else np.int64)
        return found

    def _kernel(self, body: Body) -> Kernel | None:
        plain = body.by_numbers()
        arrays = {name: self._array(name) for name in plain.columns}
        largest = largest_number(plain.source, plain.ranges() | ranges_of(arrays), LONGEST)
        if largest < self.most:
            return plain
        return wide_from(body, arrays, self.most) if largest < IN_128_BITS else None

    def _packed(self, kernel: Kernel, arrays: dict[str, Any]) -> Kernel:
        """Return a kernel of columns side by side, and put these among the arrays."""
        frames = {frame: [n for n in kernel.columns if self._is_of(n, frame)] for frame in PACKED}
        small = frozenset(
            n for names in frames.values() for n in names if self._array(n).dtype == np.uint8
        )
        made, packs = packed(kernel, frames, small)
        for pack in packs:
            read = {name: self._array(name) for name in (*dict(pack.numbers), *pack.small)}
            rows = max([len(v) - n.startswith("from_") for n, v in read.items()], default=0)
            arrays[pack.name] = np.empty((rows, pack.width), dtype=np.int64)
            pack.fill(arrays[pack.name], read)
        return made

    def _is_of(self, name: str, frame: str) -> bool:
        shared = {n for each in self.event.bodies if each.frame == frame for n in each.types()}
        entity = self.columns.vocabulary.entities[frame]
        own = {f"{kind}_{frame}_{fact}" for kind in ("of", "is", "to") for fact in entity.facts}
        return name in shared | own | {f"from_{frame}_{fact}" for fact in entity.facts}


def said_otherwise(
    found: Sequence[tuple[int, ...] | None], right: Sequence[tuple[int, ...]], event: SharingEvent
) -> Iterator[str]:  # fmt: skip
    """Yield the rows of which something else is said than is right."""
    for row, (said, good) in enumerate(zip(found, right, strict=True)):
        if said is not None and said != good:
            bodies = [each.body for each in event.bodies]
            sources = [body.by_numbers().source for body in (*bodies, event.body)]
            yield "\n".join([f"row {row}, sharing: {said} instead of {good}", *sources])
