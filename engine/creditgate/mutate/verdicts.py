"""What becomes of each change of a rulebook: caught, refused, the same, or not caught."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from multiprocessing import get_all_start_methods, get_context
from os import cpu_count
from pathlib import Path
from typing import Final, Literal

from creditgate.admit.admission import TIGHTENS, admit
from creditgate.base.collector import Collector
from creditgate.check.coverage import check_coverage
from creditgate.check.polarity import check_stricter
from creditgate.ir.rulebook import Rulebook
from creditgate.mutate.bench import Bench
from creditgate.mutate.change import Change
from creditgate.mutate.sameness import SECONDS, Sameness
from creditgate.pipeline import catalogue

State = Literal["caught", "refused", "same", "not_caught"]
CAUGHT: Final = "caught"
REFUSED: Final = "refused"
SAME: Final = "same"
NOT_CAUGHT: Final = "not_caught"
MOST_PROCESSES: Final = 2
_CHUNK: Final = 16


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a change: by a place in the list of changes, and the case that tells of it."""

    place: int
    state: State
    teller: str = ""


class Judge:
    """Judges changes of one rulebook, cheapest first: cases, loading, the solver."""

    def __init__(self, bench: Bench, seconds: float = SECONDS) -> None:
        self.bench = bench
        self._sameness = Sameness(bench, seconds) if find_spec("z3") is not None else None

    def verdict(self, place: int) -> Verdict:
        """Return what becomes of the change at a place of the list."""
        change = self.bench.changes[place]
        teller = self.bench.teller(change)
        if teller is not None:
            return Verdict(place, CAUGHT, teller.name)
        if not loads(self.bench, change):
            return Verdict(place, REFUSED)
        if self._sameness is not None and self._sameness.is_proved(change):
            return Verdict(place, SAME)
        return Verdict(place, NOT_CAUGHT)


def loads(bench: Bench, change: Change) -> bool:
    """Tell whether a rulebook would load with a change.

    An abstract base is asked by the regulators' rulebooks that extend it: house rulebooks over
    these would be admitted over the changed ones.
    """
    own = bench.checked.rulebook.id
    for book in bench.books:
        changed = change.apply(book)
        is_asked = book.id == own or book.mode != TIGHTENS
        if is_asked and changed is not None and not _loads(bench, book.id, changed):
            return False
    return True


def _loads(bench: Bench, rulebook: str, changed: Rulebook) -> bool:
    found = Collector()
    check_coverage(changed, found)
    check_stricter(changed, found)
    checked = bench.shelf.checked(rulebook)
    base = bench.shelf.checked(changed.lineage[-2]) if len(changed.lineage) > 1 else None
    if checked is not None and base is not None and not base.rulebook.abstract:
        admit(base, replace(checked, rulebook=changed), found)
    return not found.has_errors


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rulebook is judged, the folders it is looked for in, and the limit of a comparison."""

    roots: tuple[Path, ...]
    rulebook: str
    seconds: float = SECONDS


_JUDGES: dict[Asked, Judge] = {}


def judge_of(asked: Asked) -> Judge | None:
    """Return what judges the changes of a rulebook, made once in a process; None if it is refused."""
    if asked not in _JUDGES:
        shelf = catalogue(asked.roots)
        checked = shelf.checked(asked.rulebook)
        if checked is None:
            return None
        _JUDGES[asked] = Judge(Bench(shelf, checked), asked.seconds)
    return _JUDGES[asked]


def chosen(changes: Sequence[Change], sample: int | None, only: str | None = None) -> list[int]:
    """Return the places of the changes that are judged: those of things whose name contains `only`.

    A sample is the changes with the lowest ids, which are digests: the same ones every time.
    """
    places = [n for n, c in enumerate(changes) if only is None or only in c.name]
    if sample is not None:
        lowest = sorted(places, key=lambda n: changes[n].id)[:sample]
        places = sorted(lowest)
    return places


def verdicts(
    asked: Asked, places: Sequence[int], processes: int | None = None
) -> Iterator[Verdict]:
    """Yield what becomes of changes, in their order; by two processes where there are processors."""
    chunks = [tuple(places[n : n + _CHUNK]) for n in range(0, len(places), _CHUNK)]
    most = min(MOST_PROCESSES, cpu_count() or 1) if processes is None else processes
    if most < 2 or len(chunks) < 2:
        for place in places:
            yield _judge(asked).verdict(place)
        return
    # A copy of this process has read everything already.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    with get_context(method).Pool(most, _begin) as pool:
        for done in pool.imap(_Chunk(asked), chunks):
            yield from done


@dataclass(frozen=True, slots=True)
class _Chunk:
    asked: Asked

    def __call__(self, places: tuple[int, ...]) -> list[Verdict]:
        return [_judge(self.asked).verdict(place) for place in places]


def _begin() -> None:
    gc.disable()  # rulebooks live as long as the process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this ends it


def _judge(asked: Asked) -> Judge:
    judge = judge_of(asked)
    assert judge is not None  # it has been asked for before
    return judge
