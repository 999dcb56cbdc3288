"""Ask questions of many rulebooks, two at a time."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from creditgate.base.diagnostic import Diagnostic
from creditgate.prove.answers import Answer
from creditgate.prove.questions import QUESTIONS, Asked, Fact
from creditgate.prove.rulebooks import Library

MOST_PROCESSES: Final = 2


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of one rulebook; `roots` are the folders that it is looked for in."""

    roots: tuple[Path, ...]
    rulebook: str
    questions: tuple[str, ...]
    seconds: float
    on: int | None = None
    facts: tuple[Fact, ...] = ()
    thoroughly: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers about one rulebook, and what is wrong with it where it cannot be used."""

    rulebook: str
    answers: tuple[Answer, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


_LIBRARIES: dict[tuple[Path, ...], Library] = {}


def answered(task: Task) -> Answered:
    """Ask of one rulebook; an abstract base has no answers."""
    gc.disable()  # rulebooks live as long as the process
    library = _LIBRARIES.setdefault(task.roots, Library(task.roots))
    subject = library.subject(task.rulebook)
    if subject is None:
        return Answered(task.rulebook, (), library.diagnostics)
    asked = Asked(subject, task.seconds, task.on, facts=task.facts, thoroughly=task.thoroughly)
    found = [answer for name in task.questions for answer in QUESTIONS[name](asked)]
    return Answered(task.rulebook, tuple(found))


def every_answer(tasks: Sequence[Task]) -> Iterator[Answered]:
    """Yield the answers about each rulebook, in the order in which they were named."""
    processes = min(MOST_PROCESSES, os.cpu_count() or 1, len(tasks))
    if processes < 2:
        yield from map(answered, tasks)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(answered, tasks)
