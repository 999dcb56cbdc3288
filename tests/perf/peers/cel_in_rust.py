"""common-expression-language (CEL in Rust): one program a side that lists the outcomes of its rules."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from tests.perf.orders30.rules import rules_on
from tests.perf.peers.infix import Spelling, holds
from tests.perf.peers.peer import Peer, decoded, ids_by_side


def number(value: int | Decimal) -> str:
    """Return a number as a double: CEL mixes none with whole numbers and has no decimals."""
    return repr(float(value))


def remainder(operand: str, divisor: int) -> str:
    """Return a remainder, which CEL takes of whole numbers only."""
    return f"double(int({operand}) % {divisor})"


SPELLING = Spelling("&&", "||", "!", remainder=remainder, number=number)


def listed(side: str) -> str:
    """Return the program that lists the outcomes of the rules about a side."""
    return f"[{', '.join(holds(rule, SPELLING) for rule in rules_on(side))}]"


def doubles(order: dict[str, Any]) -> dict[str, Any]:
    """Return an order whose numbers are all doubles."""
    return {name: float(value) if type(value) is int else value for name, value in order.items()}


class CelInRust(Peer):
    """Programs chosen by the side of the order."""

    title = "common-expression-language, one program a side"
    distribution = "common-expression-language"
    sample = 5_000

    def __init__(self) -> None:
        compile_program = import_module("cel").compile
        self._ids = ids_by_side()
        self._programs = {
            side: compile_program(listed(side)).execute for side, ids in self._ids.items() if ids
        }

    def from_json(self, raw: bytes) -> Any:
        """Return the order with doubles."""
        return doubles(decoded(raw))

    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached."""
        side = order["side"]
        program = self._programs.get(side)
        if program is None:
            return ()
        return [id for id, holds in zip(self._ids[side], program(order), strict=True) if not holds]
