"""Replay a tape of orders under both sides, and find the orders that are decided differently."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import pyarrow
import pyarrow.compute
from pyarrow import parquet

from creditgate.base.codes import Code
from creditgate.decide.engine import Engine
from creditgate.decide.faults import fault
from creditgate.diff.impact_counts import Flip, Impact, ranked
from creditgate.diff.stands import Stand
from creditgate.pipeline import Gate
from creditgate.replay.folder import opened_folder
from creditgate.replay.run import Watch, refuse_overwriting, replay
from creditgate.replay.sources import InputRefused, Source

MOST_FLIPS: Final = 50
_AT_ONCE: Final = 65_536
_FINDINGS: Final = ("breached", "undecided", "pending")
_COLUMNS: Final = ("row", "id", "as_of", "decision", *_FINDINGS)
_SHARED: Final = ("row", "id", "account", "day", "action", "before", "after")
Heard = Callable[[str], Watch]


def impact(
    orders: Path, facts: Path | None, before: Sequence[Stand], after: Sequence[Stand],
    flips: Path | None = None, heard: Heard = lambda _side: lambda _done, _in_all: None,
) -> Impact:  # fmt: skip
    """Return how a tape of orders is decided under some rulebooks and under some others.

    `flips` is a CSV file to which all orders that change are written; `heard` gives what watches
    the replay of a side.
    Errors: InputRefused for a tape or facts that cannot be used.
    """
    if flips is not None:
        refuse_overwriting(flips, [orders, *(facts.iterdir() if facts and facts.is_dir() else ())])
    with tempfile.TemporaryDirectory(prefix="creditgate-diff-") as folder:
        found = []
        for name, stands in (("before", before), ("after", after)):
            out = Path(folder) / f"{name}.parquet"
            on = None if stands[0].on is None else date.fromordinal(stands[0].on)
            replay(orders, facts, out, _gate_of(stands), on=on, watch=heard(name))
            found.append(out)
        source = opened_folder(orders, facts, before[0].book.vocabulary).orders
        return _compared(found[0], found[1], source, flips)


def _gate_of(stands: Sequence[Stand]) -> Gate:
    """Return the gate of some rulebooks of one side."""
    return Gate([Engine(stand.book) for stand in stands], stands[0].book.vocabulary)


def _compared(before: Path, after: Path, orders: Source, flips: Path | None) -> Impact:
    made = Impact(file=None if flips is None else str(flips))
    rows: dict[int, dict[str, Any]] = {}
    decided: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for old, new in zip(_batches(before), _batches(after), strict=True):
        made.orders += old.num_rows
        for counter, batch in zip(decided, (old, new), strict=True):
            for item in pyarrow.compute.value_counts(batch.column("decision")).to_pylist():
                counter[item["values"]] += item["counts"]
        open_both = pyarrow.compute.and_(
            pyarrow.compute.equal(old.column("decision"), "undecided"),
            pyarrow.compute.equal(new.column("decision"), "undecided"),
        )
        made.undecided += pyarrow.compute.sum(open_both).as_py() or 0
        differ = pyarrow.compute.not_equal(old.column("decision"), new.column("decision"))
        changed = zip(old.filter(differ).to_pylist(), new.filter(differ).to_pylist(), strict=True)
        for one, other in changed:
            rows[one["row"]] = {"before": one, "after": other}
    made.before, made.after = ranked(decided[0]), ranked(decided[1])
    made.changed = len(rows)
    _count(made, list(_flips(rows, orders)), flips)
    return made


def _batches(path: Path) -> Iterator[Any]:
    with parquet.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=_AT_ONCE, columns=list(_COLUMNS))


def _flips(rows: Mapping[int, Mapping[str, Any]], orders: Source) -> Iterator[Flip]:
    """Yield the orders that change, with what the tape says of them."""
    waiting = sorted(rows)
    before = 0
    for cells in orders.blocks(repeat(_AT_ONCE)) if waiting else ():
        here = [number for number in waiting if before < number <= before + cells.count]
        for number, row in zip(here, cells.rows([n - before - 1 for n in here]), strict=True):
            one, other = rows[number]["before"], rows[number]["after"]
            yield Flip(
                number, one["id"], row.cells.get("account"), other["as_of"] or one["as_of"],
                row.cells.get("action"), one["decision"], other["decision"],
                _rules(one), _rules(other),
            )  # fmt: skip
        before += cells.count


def _rules(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the rules that decided: those breached, else those undecided, else those pending."""
    return next((tuple(row[name]) for name in _FINDINGS if row[name]), ())


def _count(made: Impact, flips: Sequence[Flip], file: Path | None) -> None:
    by_decision: Counter[str] = Counter()
    by_account: Counter[str] = Counter()
    stops: Counter[str] = Counter()
    frees: Counter[str] = Counter()
    for flip in flips:
        by_decision[f"{flip.before} {flip.after}"] += 1
        by_account[flip.account or "-"] += 1
        stops.update(set(flip.rules_after) - set(flip.rules_before))
        frees.update(set(flip.rules_before) - set(flip.rules_after))
    made.by_decision, made.by_account = ranked(by_decision), ranked(by_account)
    made.by_rule = {
        rule: {"stops": stops[rule], "frees": frees[rule]} for rule in ranked(stops + frees)
    }
    made.flips = list(flips[:MOST_FLIPS])
    if file is not None:
        try:
            _write(flips, file)
        except OSError as problem:
            message = (problem.strerror or "it cannot be written").lower()
            raise InputRefused(fault(Code.UNREADABLE_FACTS, str(file), message)) from problem


def _write(flips: Sequence[Flip], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, lineterminator="\n")
        lines.writerow([*_SHARED, "rules_before", "rules_after"])
        for flip in flips:
            told = [getattr(flip, name) for name in _SHARED]
            lines.writerow([*told, " ".join(flip.rules_before), " ".join(flip.rules_after)])
