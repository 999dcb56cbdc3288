"""What a peer of the benchmark is: an engine given the listed rules, asked about one order."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar

import msgspec
from tests.perf.orders30.documents import json_record
from tests.perf.orders30.facts import SIDES, Row
from tests.perf.orders30.rules import rules_on

_DECODER = msgspec.json.Decoder()


class Peer(ABC):
    """An engine holding the listed rules.

    `title` says how it is asked, `distribution` is what a package registry calls it. `sample` is
    the number of orders of which its answers are compared in a quick run; `slowness` divides the
    number of orders about which it is asked in turn. Making one imports the engine.
    """

    title: ClassVar[str]
    distribution: ClassVar[str]
    sample: ClassVar[int]
    slowness: ClassVar[int] = 1

    @classmethod
    def installed(cls) -> str | None:
        """Return the version that is installed, or None."""
        try:
            return version(cls.distribution)
        except PackageNotFoundError:
            return None

    def prepared(self, row: Row) -> Any:
        """Return an order as the engine takes it, decoded; this is not timed."""
        return self.from_json(json_record(row))

    @abstractmethod
    def from_json(self, raw: bytes) -> Any:
        """Return an order as the engine takes it from a flat JSON object."""

    @abstractmethod
    def failures(self, order: Any) -> Sequence[str]:
        """Return the ids of the rules breached, in any order; none means approved."""


def decoded(raw: bytes) -> Any:
    """Return a JSON object with its decimals as doubles."""
    return _DECODER.decode(raw)


def ids_by_side() -> dict[str, tuple[str, ...]]:
    """Return the ids of the rules about each side."""
    return {side: tuple(rule.id for rule in rules_on(side)) for side in SIDES}
