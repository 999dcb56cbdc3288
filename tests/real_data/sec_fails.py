"""Read the fails to deliver of the first half of January 2021, as the Commission published them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parents[1] / "data" / "sec_fails_2021-01a" / "cnsfails202101a.txt.gz"


@dataclass(frozen=True, slots=True)
class FailLine:
    """The shares of one security that failed to be delivered as of one settlement day."""

    day: date
    cusip: str
    quantity: int


def fail_lines() -> Iterator[FailLine]:
    """Yield the lines of the file, without its header and its two trailers."""
    for line in _text().splitlines()[1:-2]:
        day, cusip, _, quantity, _, _ = line.split("|")
        yield FailLine(date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}"), cusip, int(quantity))


def trailers() -> tuple[int, int]:
    """Return how many lines the file says it has, and how many shares they add up to."""
    lines, shares = _text().splitlines()[-2:]
    return int(lines.rpartition(" ")[2]), int(shares.rpartition(" ")[2])


def fails_by_security() -> dict[str, dict[date, int]]:
    """Return the shares by CUSIP and day; a day on which nothing failed is absent."""
    found: dict[str, dict[date, int]] = {}
    for line in fail_lines():
        found.setdefault(line.cusip, {})[line.day] = line.quantity
    return found


def _text() -> str:
    return gzip.decompress(FILE.read_bytes()).decode("utf-8")
