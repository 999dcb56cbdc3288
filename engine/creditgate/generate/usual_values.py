"""What is usual of facts, as wishes to the solver: what is given up last comes first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.pieces import Formula, both, opposite
from creditgate.backends.solver.symbols import Symbol, Symbols
from creditgate.domain.dsl_types import SECONDS, without_none

# In whole units: usual for an example, of no market in particular.
USUAL: Final = {
    "price": 10, "quantity": 1000, "count": 1, "number": 1, "ratio": 1, "money": 100_000,
}  # fmt: skip
# A number that many products share is best fixed; a ratio is what most limits are about.
ORDER: Final = (
    "enum", "boolean", "text", "reference", "date", "time", "instant", "price", "quantity",
    "count", "duration", "number", "money", "ratio",
)  # fmt: skip
SEASON: Final = 183
MICROSECONDS: Final = 1_000_000
DAY: Final = 86_400 * MICROSECONDS
UNIX_DAY: Final = 719_163
HIGHEST: Final = {"money": 1_000_000_000, "quantity": 1_000_000, "price": 1000, "number": 1000,
                  "ratio": 10, "count": 100, "duration": 366}  # fmt: skip


class Usual:
    """The wishes about the facts that an encoding reads; each is made once."""

    def __init__(self, encoding: Encoding, lists: ListedRows, day: int) -> None:
        self._encoding = encoding
        self._lists = lists
        self._day = day
        self._sizes = (-1, -1, -1, -1)
        self._wishes: list[Formula] = []

    def wishes(self) -> list[Formula]:
        """Return what is wished, the most important first."""
        symbols = self._encoding.symbols
        calls = list(self._encoding.calls)
        sizes = len(symbols.found), len(symbols.claims), len(self._lists.lists), len(calls)
        if sizes != self._sizes:
            self._sizes = sizes
            self._wishes = [each for each in self._all() if not isinstance(each, bool)]
        return self._wishes

    def _all(self) -> Iterator[Formula]:
        symbols = self._encoding.symbols
        found = list(symbols.found.values())
        by_kind = {kind: [s for s in found if s.fact.kind == kind] for kind in ORDER}
        yield from (opposite(symbol.unknown) for symbol in found)
        yield self._encoding.as_of.value == self._day
        # Days on which no market is open make what depends on them unknown.
        yield from (call.known for call in self._encoding.calls)
        moments = [symbol for symbol in found if symbol.fact.kind == "instant"]
        yield from (symbol.value % MICROSECONDS == 0 for symbol in moments)
        yield from (opposite(claim) for claim in symbols.claims.values())
        for kind in ("text", "reference"):
            yield from (symbols.plain_text(symbol) for symbol in by_kind[kind])
        for size in (2, 1):
            yield from (each <= size for _, each, _ in self._lists.lists.values())
        for kind in ORDER:
            yield from (self._within(symbol) for symbol in by_kind[kind])
        yield from (opposite(symbol.none) for symbol in found)
        for kind in ORDER:
            yield from (self._exactly(symbol) for symbol in by_kind[kind])
        yield from (each == 0 for _, each, _ in self._lists.lists.values())

    def _within(self, symbol: Symbol) -> Formula:
        """Return that a value is of a usual size: near the day, or no astronomic number."""
        value, kind = symbol.value, symbol.fact.kind
        if kind == "date":
            return both(value >= self._day - SEASON, value <= self._day + SEASON)
        if kind == "instant":
            noon = (self._day - UNIX_DAY) * DAY
            return both(value >= noon - SEASON * DAY, value <= noon + SEASON * DAY)
        if kind not in HIGHEST:
            return True
        return both(value >= 0, value <= HIGHEST[kind] * self._held(symbol))

    def _exactly(self, symbol: Symbol) -> Formula:
        value, kind = symbol.value, symbol.fact.kind
        if kind == "boolean":
            return opposite(value)
        if kind == "enum":
            members = self._encoding.vocabulary.enums[symbol.fact.target or ""].members
            return value == self._encoding.codes.of(next(iter(members)))
        if kind == "date":
            return value == self._day
        if kind not in USUAL:
            return True
        low, high = Symbols.bounds(symbol.fact)
        usual = USUAL[kind] * self._held(symbol)
        usual = usual if low is None else max(low, usual)
        return value == (usual if high is None else min(high, usual))

    @staticmethod
    def _held(symbol: Symbol) -> int:
        is_seconds = without_none(symbol.fact.type) == SECONDS
        return MICROSECONDS if is_seconds else int(10**symbol.fact.scale)
