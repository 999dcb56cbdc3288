"""Where findings about one expression go, and how its offsets map to the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from creditgate.base.collector import Collector
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.spans import ScalarMap, Span
from creditgate.syntax.nodes import Place

_NUMBERS: Iterator[int] = count(1)


@dataclass(frozen=True, slots=True)
class Context:
    """The text being checked and the collector of its findings."""

    places: ScalarMap
    collector: Collector

    @staticmethod
    def silent() -> Context:
        """Return a context whose findings nobody reads."""
        return Context(ScalarMap(None, 0, 0, "plain", ""), Collector())

    def span(self, place: Place) -> Span:
        """Return the place in the file."""
        return self.places.span(place.start, place.end)

    def text(self, place: Place) -> str:
        """Return the words at a place."""
        return self.places.value[place.start : place.end]

    def add(self, finding: Diagnostic) -> None:
        """Report a finding."""
        self.collector.add(finding)


def fresh(name: str) -> str:
    """Return a name for a bound variable that no other binding has."""
    return f"{name}#{next(_NUMBERS)}"
