"""A progress bar for long runs, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from creditgate.cli.case_files import CaseFiles, CaseInput

if TYPE_CHECKING:
    from rich.progress import Progress

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


class OrdersBar:
    """A bar over orders, with their rate and the time left; nothing where there is no terminal."""

    def __init__(self, doing: str = "deciding", what: str = "orders") -> None:
        self._what = what
        self._progress: Progress | None = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._progress = Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                console=Console(stderr=True), transient=True,
            )  # fmt: skip
            self._task = self._progress.add_task(doing, total=None, rate="")
        self._begun: tuple[float, int] | None = None

    def __enter__(self) -> OrdersBar:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, done: int, in_all: int | None) -> None:
        """Show how many orders are decided, and of how many where that is known."""
        if self._progress is None:
            return
        now = time.monotonic()
        begun, before = self._begun = self._begun or (now, done)
        seconds = now - begun
        rate = (
            f"{(done - before) / seconds:,.0f} {self._what}/s" if done > before and seconds else ""
        )
        self._progress.update(self._task, completed=done, total=in_all, rate=rate)
