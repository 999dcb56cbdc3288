"""Stop a solver at once when a person stops the command: it does not hear of that by itself."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stops_solver() -> Iterator[None]:
    """Let an interrupt reach the solver while it searches; it is raised when that has ended.

    It does nothing outside the main thread, where signals are not heard.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    import z3

    z3.set_param("ctrl_c", False)
    hears, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told)

    def watch() -> None:
        while (heard := os.read(hears, 1)) and heard != b"\0":
            if heard == bytes([signal.SIGINT]):
                z3.main_ctx().interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.write(told, b"\0")
        watcher.join()
        os.close(hears)
        os.close(told)
