"""Bound work by counting it: a run that calls more functions than expected is stopped.

No clock is read, so the outcome does not depend on the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TooManySteps(AssertionError):
    """More functions were called than the work allows for."""


@contextmanager
def at_most(steps: int) -> Iterator[None]:
    """Stop what runs inside after a number of calls of Python and built-in functions."""
    left = steps

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            sys.setprofile(None)
            raise TooManySteps(f"more than {steps} steps")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
