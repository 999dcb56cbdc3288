"""What was made of the tables beside one of orders serves the batches that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from creditgate.backends.columns.needs import Column
from creditgate.backends.columns.values import Codes
from creditgate.decide.table_arrays import ROW_BY_ROW, Arrays
from creditgate.domain.vocabulary import Entity

_KINDS: Final = (*ROW_BY_ROW, "in")
_SHARED: Final = ("value", "state", "below")


@dataclass(slots=True)
class Beside:
    """Arrays of tables that stay the same while batches of orders come one after the other.

    Among them is what orders share, which is worked out once. It belongs to one reader of batches,
    and is not safe to share between threads.
    """

    arrays: Arrays | None = None
    keys: dict[str, Any] = field(default_factory=dict)
    frames: dict[str, Entity] = field(default_factory=dict)
    _first: int = 0

    def serves(self, in_rows: frozenset[str], first: int) -> bool:
        """Tell whether it serves a table with some records in its rows, of so many first codes."""
        return self.arrays is not None and (self.arrays.in_rows, self._first) == (in_rows, first)

    def codes(self) -> Codes:
        """Return the codes of the texts that were met, which more may follow."""
        assert self.arrays is not None
        return self.arrays.codes.above()

    def give(self, arrays: Arrays) -> None:
        """Put what is known into the arrays of a table."""
        kept = self.arrays
        assert kept is not None
        own = {column for column in kept.dense | kept.sparse if column.frame in self.frames}
        arrays.dense |= kept.dense & own
        arrays.sparse |= kept.sparse & own
        arrays.loose |= {c for c in kept.loose if isinstance(c, Column) and c.frame in self.frames}
        arrays.longest = max(arrays.longest, kept.longest)
        arrays.frames |= self.frames
        arrays.rows_of |= {frame: kept.rows_of[frame] for frame in self.frames}
        arrays.packs |= kept.packs
        arrays.take(kept)

    def keep(self, arrays: Arrays, keys: dict[str, Any], first: int) -> None:
        """Keep the arrays of a table that was decided, but not those of its own rows."""
        self.frames = {
            name: entity
            for name, entity in arrays.frames.items()
            if name.partition(".")[0] not in arrays.in_rows
        }
        self.keys, self._first = keys, first
        ours = {
            f"{kind}_{Column(frame, fact).name}"
            for frame, entity in arrays.frames.items()
            if frame not in self.frames
            for kind in _KINDS
            for fact in entity.facts
        }
        ours |= {name for name in arrays.by_name if name.startswith("at_")}
        self.arrays = arrays.without(ours)

    def note(self, arrays: Arrays) -> None:
        """Keep what orders of another batch share that those before did not ask for."""
        assert self.arrays is not None
        own = {n for n in arrays.by_name if n.partition("_")[0] in _SHARED}
        self.arrays.by_name |= {name: arrays.by_name[name] for name in own}
        self.arrays.packs |= arrays.packs
