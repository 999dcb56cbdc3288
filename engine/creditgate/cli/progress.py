"""A progress bar for long runs, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Final

from creditgate.cli.case_files import CaseFiles, CaseInput

_PATIENCE: Final = 2.0
_STEP: Final = 0.2


def watched(cases: CaseFiles) -> Iterator[CaseInput]:
    """Yield cases; show how far the files are read once that takes longer than a moment.

    The bar stands on the standard error, and only where results do not go to the same terminal.
    """
    if not sys.stderr.isatty() or sys.stdout.isatty() or cases.bytes_in_all is None:
        yield from cases
        return
    begun = time.monotonic()
    waiting = iter(cases)
    for case in waiting:
        yield case
        if time.monotonic() - begun > _PATIENCE:
            break
    else:
        return
    yield from _with_bar(waiting, cases)


def _with_bar(waiting: Iterator[CaseInput], cases: CaseFiles) -> Iterator[CaseInput]:
    from rich.console import Console
    from rich.progress import Progress

    shown = 0.0
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("deciding", total=cases.bytes_in_all)
        for case in waiting:
            yield case
            now = time.monotonic()
            if now - shown > _STEP:
                shown = now
                progress.update(task, completed=cases.bytes_read)
