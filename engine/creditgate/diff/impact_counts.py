"""What became of the orders of a tape under two rulebooks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flip:
    """An order that is decided differently; the rules are those that decided on each side."""

    row: int
    id: str | None
    account: str | None
    day: str | None
    action: str | None
    before: str
    after: str
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]


@dataclass(slots=True)
class Impact:
    """Numbers of orders, and the first that are decided differently.

    `by_decision` counts by both decisions, `by_rule` by rule and by what it does to orders that
    change (`stops` or `frees`), `by_account` by account. `undecided` is the number of orders that
    neither side decides; `file` holds all that change.
    """

    orders: int = 0
    changed: int = 0
    undecided: int = 0
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    by_decision: dict[str, int] = field(default_factory=dict)
    by_rule: dict[str, dict[str, int]] = field(default_factory=dict)
    by_account: dict[str, int] = field(default_factory=dict)
    flips: list[Flip] = field(default_factory=list)
    file: str | None = None


def ranked(counted: Counter[str]) -> dict[str, int]:
    """Return what was counted, the most frequent first, then by name."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
