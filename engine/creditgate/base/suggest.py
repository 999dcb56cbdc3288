"""Find what was probably meant: the nearest known names to an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 80


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that `name` most likely stands for, or None rather than a guess.

    >>> nearest("requier", ["require", "forbid", "reason"])
    'require'
    >>> nearest("require_all", ["forbid"]) is None
    True
    """
    found = nearest_all(name, candidates, limit=1)
    return found[0] if found else None


def nearest_all(name: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Give up to `limit` candidates close to `name`, the closest first.

    Case, and `-` or a space for `_`, do not count; a name whose words stand in another order
    counts as one slip.
    """
    if len(name) > _LONGEST:
        return ()
    written = _folded(name)
    words = sorted(written.split("_"))
    allowed = max(1, (len(written) + 1) // 3)
    scored: list[tuple[int, str]] = []
    for candidate in dict.fromkeys(candidates):
        known = _folded(candidate)
        if known == written:
            slips = 0
        elif len(words) > 1 and sorted(known.split("_")) == words:
            slips = 1
        elif abs(len(known) - len(written)) > allowed:
            continue
        else:
            slips = _slips(written, known, allowed)
        # A short name shares letters with anything: at least half of it has to be right.
        if slips <= allowed and slips * 2 <= max(len(known), len(written)):
            scored.append((slips, candidate))
    return tuple(candidate for _, candidate in sorted(scored)[:limit])


def _folded(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def _slips(written: str, known: str, allowed: int) -> int:
    """Count inserted, left out, changed and swapped letters; stop counting beyond `allowed`."""
    before_last: list[int] = []
    last = list(range(len(known) + 1))
    for row, letter in enumerate(written, start=1):
        current = [row]
        for column, other in enumerate(known, start=1):
            cost = min(
                last[column] + 1,
                current[column - 1] + 1,
                last[column - 1] + (letter != other),
            )
            swapped = row > 1 and column > 1 and letter == known[column - 2]
            if swapped and written[row - 2] == other:
                cost = min(cost, before_last[column - 2] + 1)
            current.append(cost)
        if min(current) > allowed:
            return allowed + 1
        before_last, last = last, current
    return last[-1]
