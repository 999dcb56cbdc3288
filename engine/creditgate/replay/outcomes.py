"""What was decided about the orders of a block: outcomes that are alike stand once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one order, or about `times` orders alike.

    `rulebooks` are the rulebooks that govern, each with its digest as `id@digest`; `digest` is the
    SHA-256 of the core of the decision. `evidence` is JSON text, for breaches and on request only.
    """

    row: int
    id: str | None
    decision: str
    event: str
    day: str | None
    action: str | None
    breached: tuple[str, ...]
    undecided: tuple[str, ...]
    pending: tuple[str, ...]
    missing: tuple[str, ...]
    diagnostics: tuple[str, ...]
    rulebooks: tuple[str, ...]
    digest: str
    evidence: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of a block of orders, whose first has the number `first`.

    Of each order there are `ids` and `actions` and the place of its outcome among `kinds`. The
    last of these are `alone`: of orders decided one by one, by the place of the order.
    """

    first: int
    ids: Any
    actions: Any
    places: Any
    kinds: Sequence[Outcome]
    alone: dict[int, Outcome] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.places)

    def counted(self) -> Iterator[Outcome]:
        """Yield the outcomes with their actions, and how many orders came out so."""
        yield from self.alone.values()
        alike = np.flatnonzero(self.places < len(self.kinds) - len(self.alone))
        encoded = self.actions.take(pa.array(alike)).dictionary_encode()
        words = [*encoded.dictionary.to_pylist(), None]
        codes = pc.fill_null(encoded.indices, len(words) - 1).to_numpy(zero_copy_only=False)
        both = self.places[alike].astype(np.int64) * len(words) + codes
        times = np.bincount(both)
        for each in np.flatnonzero(times).tolist():
            place, code = divmod(each, len(words))
            yield replace(self.kinds[place], action=words[code], times=int(times[each]))

    @property
    def numbers(self) -> Any:
        """Return the numbers of the orders."""
        return pa.array(np.arange(self.first, self.first + len(self), dtype=np.int64))
