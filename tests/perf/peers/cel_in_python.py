"""cel-python: one compiled program a side that lists the outcomes of its rules."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tests.perf.peers.cel_in_rust import doubles, listed
from tests.perf.peers.peer import Peer, decoded, ids_by_side


class CelInPython(Peer):
    """Programs chosen by the side of the order."""

    title = "cel-python, one compiled program a side"
    distribution = "cel-python"
    sample = 500
    slowness = 20

    def __init__(self) -> None:
        celpy = import_module("celpy")
        self._to_cel = celpy.json_to_cel
        self._ids = ids_by_side()
        environment = celpy.Environment(runner_class=celpy.CompiledRunner)
        self._programs = {
            side: environment.program(environment.compile(listed(side)))
            for side, ids in self._ids.items()
            if ids
        }

    def from_json(self, raw: bytes) -> Any:
        """Return the order in the types of CEL."""
        order = decoded(raw)
        return order["side"], dict(self._to_cel(doubles(order)))

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        side, facts = order
        program = self._programs.get(side)
        if program is None:
            return ()
        outcomes = program.evaluate(facts)
        return [id for id, holds in zip(self._ids[side], outcomes, strict=True) if not holds]
