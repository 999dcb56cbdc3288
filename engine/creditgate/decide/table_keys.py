"""Keys of the rows of lists."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

#: Lists so short are gone through as often as they have rows, which is quicker than to sort them.
SHORT: Final = 32


def is_any_twice(codes: Any, lengths: Any) -> bool:
    """Tell whether a list has a code twice; the codes of all lists stand one after the other."""
    longest = int(lengths.max(initial=0))
    if longest <= SHORT:  # each with the next, the one after that, and so on
        ends = np.cumsum(lengths)
        for step in range(1, longest):
            same = np.flatnonzero(codes[step:] == codes[:-step])
            if bool((_owners(ends, same) == _owners(ends, same + step)).any()):
                return True
        return False
    owners = np.repeat(np.arange(len(lengths)), lengths)
    both = np.sort(owners * (int(codes.max()) + 1) + codes)
    return bool((both[1:] == both[:-1]).any())


def _owners(ends: Any, rows: Any) -> Any:
    """Return in which list rows stand, of lists that end where they do."""
    return np.searchsorted(ends, rows, side="right")
