"""Room for expressions that are nested deeply."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

DEEPEST_RECURSION = 10_000
_COMPILING = RLock()


@contextmanager
def room_to_recurse() -> Iterator[None]:
    """Let deeply nested expressions be compiled; one thread at a time, the limit is shared."""
    with _COMPILING:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, DEEPEST_RECURSION))
        try:
            yield
        finally:
            sys.setrecursionlimit(usual)
