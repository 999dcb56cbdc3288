"""Choices from a string of bytes: Hypothesis makes the bytes short and small, so choices simple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from creditgate.domain.dsl_types import Type

Item = TypeVar("Item")


class Choices:
    """Take choices from bytes; past their end every choice is the first one."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._place = 0

    def below(self, count: int) -> int:
        """Return a number from zero up to `count`, excluded."""
        if self._place >= len(self._source):
            return 0
        self._place += 1
        return self._source[self._place - 1] % count

    def one(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[self.below(len(items))]

    def kind(self, *kinds: Type) -> Type:
        """Return one of some types."""
        return self.one(kinds)

    def chance(self, percent: int) -> bool:
        """Return True in about so many cases of a hundred; False past the end."""
        return self.below(100) >= 100 - percent
