"""A cache that is empty: what is compiled in a benchmark is compiled there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from creditgate.base.own_files import FOLDER


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Keep what is compiled in a folder that is empty at first and goes at the end."""
    before = os.environ.get(FOLDER)
    with TemporaryDirectory() as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]
            if before is not None:
                os.environ[FOLDER] = before
