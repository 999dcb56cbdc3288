"""What a run of the benchmark found, as it is printed and kept for the page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = Path(__file__).resolve().parents[3]
KEPT: Final = ROOT / "docs" / "performance" / "one_order.json"
CHART: Final = ROOT / "docs" / "performance" / "one_order.svg"

AIM_MICROSECONDS: Final = 3.0
AIM_TIMES: Final = 5.0
KINDS: Final = ("approved", "rejected")


class Spread(msgspec.Struct, frozen=True):
    """Times of calls in microseconds: the median, the 99th percentile.

    `first` is the median of the first calls of a run, when caches hold the work of others.
    """

    median: float
    p99: float
    first: float


class Timed(msgspec.Struct, frozen=True):
    """A way to decide one order: its times by what was asked, and its answers.

    `decided` holds times from decoded facts to the answer, `replied` from JSON to the reply as
    JSON, each for approvals and rejections. Of `asked` answers `wrong` are not those of the exact
    reference.
    """

    title: str
    version: str
    is_peer: bool
    asked: int
    wrong: int
    decided: dict[str, Spread]
    replied: dict[str, Spread]


class Results(msgspec.Struct, frozen=True):
    """All ways, the engine's first; its other forms; peers that are not installed."""

    machine: str
    rounds: int
    timed: list[Timed]
    forms: dict[str, dict[str, Spread]]
    absent: list[str]

    @property
    def engine(self) -> Timed:
        """Return the engine itself."""
        return self.timed[0]

    def quickest_right(self, kind: str, *, replied: bool = False) -> Timed | None:
        """Return the quickest peer without a wrong answer, or None where there is none."""
        right = [way for way in self.timed if way.is_peer and not way.wrong]
        return min(right, key=lambda way: _median(way, kind, replied), default=None)

    def times_quicker(self, kind: str, *, replied: bool = False) -> float | None:
        """Return the time of the quickest right peer over that of the engine."""
        peer = self.quickest_right(kind, replied=replied)
        if peer is None:
            return None
        return _median(peer, kind, replied) / _median(self.engine, kind, replied)


def _median(way: Timed, kind: str, replied: bool) -> float:
    return (way.replied if replied else way.decided)[kind].median


def kept() -> Results:
    """Return the results that the page shows."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Results)


def keep(results: Results) -> None:
    """Write the results that the page shows."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
