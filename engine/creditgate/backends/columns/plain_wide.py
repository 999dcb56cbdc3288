"""The functions on wide integers as plain Python, which refuse what 128 bits could not hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

_WIDE, _NARROW = 2**127, 2**63


def _held(compute: Callable[..., Any], most: int) -> Callable[..., Any]:
    def held(*parts: Any) -> Any:
        found = compute(*[int(part) for part in parts])
        if not -most <= found < most:
            raise OverflowError(f"{found} is too large")
        return found

    return held


PLAIN_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "wide": _held(int, _NARROW),
    "narrow": _held(int, _NARROW),
    "joined": _held(lambda high, low: high * 2**64 + low, _WIDE),
    "add": _held(operator.add, _WIDE),
    "subtract": _held(operator.sub, _WIDE),
    "multiply": _held(operator.mul, _WIDE),
    "floor": _held(operator.floordiv, _WIDE),
    "rest": _held(operator.mod, _WIDE),
    "less": operator.lt,
    "less_or_equal": operator.le,
    "greater": operator.gt,
    "greater_or_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
}
