"""A sample of the changes of shipped rulebooks: the scenarios tell of nearly all of them."""

from __future__ import annotations

import gc
from collections import Counter
from typing import Final

from creditgate.mutate.bench import Bench
from creditgate.mutate.change import Change
from creditgate.mutate.sameness import Sameness
from creditgate.mutate.verdicts import chosen, loads
from creditgate.pipeline import catalogue

SAMPLE: Final = 8
#: Every how many rulebooks one is taken: to read them all takes longer than to judge.
EVERY: Final = 3
#: Of a sample, as of the whole, which `creditgate test --mutate --at-least 95` asks.
ENOUGH: Final = 95
SECONDS: Final = 1.0


def test_a_sample_of_changes_is_caught() -> None:
    shelf = catalogue()
    count: Counter[str] = Counter()
    missed: list[str] = []
    taken = shelf.shelf.ids()[::EVERY]
    for name in taken:
        checked = shelf.checked(name)
        assert checked is not None
        bench = Bench(shelf, checked)
        for place in chosen(bench.changes, SAMPLE):
            change = bench.changes[place]
            if bench.teller(change) is not None:
                count["caught"] += 1
            elif loads(bench, change) and not Sameness(bench, SECONDS).is_proved(change):
                missed.append(f"{name}: {about(change)}")
        gc.collect()
    assert count["caught"] > len(taken)
    assert 100 * len(missed) <= (100 - ENOUGH) * (count["caught"] + len(missed)), missed


def about(change: Change) -> str:
    return " ".join((change.id, change.text().replace("\n", " ")))
