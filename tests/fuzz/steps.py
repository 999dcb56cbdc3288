"""Bound work by counting it: a run that calls more functions than expected is stopped.

No clock is read, so the outcome does not depend on the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


class TooManySteps(AssertionError):
    """More functions were called than the work allows for."""


@dataclass(slots=True)
class Steps:
    """Hold how many calls were made."""

    made: int = 0


@contextmanager
def at_most(steps: int) -> Iterator[Steps]:
    """Stop what runs inside after a number of calls of Python and built-in functions."""
    counted = Steps()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        counted.made += 1
        if counted.made > steps:
            sys.setprofile(None)
            raise TooManySteps(f"more than {steps} steps")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(before)
