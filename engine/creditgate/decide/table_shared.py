"""What rows that refer to the same record share, worked out once for the records of each frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from creditgate.backends.columns.packing import Pack
from creditgate.backends.columns.shared_body import SharedBody
from creditgate.decide.table_arrays import Arrays
from creditgate.decide.table_kernels import Compiled, Kernels, SharedRules
from creditgate.decide.table_proof import Proof
from creditgate.decide.table_threads import in_threads

#: What hangs on a record alone does not ask for the day of a row.
_NO_DAYS: Final = np.zeros(1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Filling:
    """A kernel that fills arrays, and what it is given."""

    kernel: Compiled
    rows: Any
    given: tuple[Any, ...]

    def run(self) -> None:
        in_threads(self.kernel.run, 0, len(self.rows), (self.rows, *self.given))


@dataclass(frozen=True, slots=True)
class SharedValues:
    """What the rows of a table share has been worked out; it can be so again, by other kernels."""

    fillings: Sequence[_Filling]

    @property
    def kernels(self) -> list[Compiled]:
        """Return the kernels that did so."""
        return [each.kernel for each in self.fillings]

    def again(self) -> None:
        """Work everything out again."""
        for each in self.fillings:
            each.run()


def shared_values(
    rules: SharedRules, arrays: Arrays, kernels: Kernels, proof: Proof
) -> SharedValues | None:  # fmt: skip
    """Put what rows share into the arrays; return None where that is not exact.

    Values that are there already stay.
    """
    fillings: list[_Filling] = []
    for place in range(len(rules.event.bodies)):
        body = rules.event.rest(place, arrays.by_name)
        if not body.kept:
            continue
        kernel = kernels.of_records(body, rules, arrays)
        if kernel is None:
            return None
        made = _arrays(body, arrays)
        held = [arrays.array(name) for name in kernel.kernel.columns]
        filling = _Filling(kernel, _places(body, arrays), (_NO_DAYS, *held, *made.values()))
        try:
            filling.run()
        except Exception:
            if kernel.is_proved:
                raise
            proof.make_anew(kernel)  # what was kept cannot be run
            filling.run()
        arrays.by_name |= made
        fillings.append(filling)
    return SharedValues(fillings)


def _places(body: SharedBody, arrays: Arrays) -> Any:
    numbers = np.arange(arrays.rows_of.get(body.frame, 0))
    return np.append(numbers, -1) if body.is_loose else numbers


def _arrays(body: SharedBody, arrays: Arrays) -> Mapping[str, Any]:
    size = arrays.rows_of.get(body.frame, 0) + body.is_loose
    return {name: np.zeros(size, dtype=kind) for name, kind in body.types().items()}


def pack_of(pack: Pack, arrays: Arrays) -> Any:
    """Return columns of records side by side."""
    if pack in arrays.packs:
        return arrays.packs[pack]
    read = [*[name for name, _ in pack.numbers], *pack.small]
    # Where lists begin is said of one row more.
    rows = max(len(arrays.array(name)) - name.startswith("from_") for name in read)
    room = arrays.packs[pack] = np.empty((rows, pack.width), dtype=np.int64)
    fill(pack, room, arrays)
    return room


def fill(pack: Pack, room: Any, arrays: Arrays) -> None:
    """Put columns side by side into their room."""
    names = [name for name, _ in pack.numbers]
    pack.fill(room, {name: arrays.array(name) for name in (*names, *pack.small)})
