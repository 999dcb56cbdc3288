"""Two small rulebooks in folders of their own, and the command line over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import creditgate, creditgate_process
from tests.diff.two_books import Books, made

__all__ = ["books", "creditgate", "creditgate_process"]


@pytest.fixture
def books(tmp_path: Path) -> Callable[..., Books]:
    """Return a function that writes a rulebook as it was and as it is."""
    return lambda before, after, **files: made(tmp_path, before, after, **files)
