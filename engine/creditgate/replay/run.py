"""A whole replay: orders and tables in, a file of decisions and their counts out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.pipeline import Gate
from creditgate.replay.arranged import arrange, dangling_references
from creditgate.replay.counts import Counts
from creditgate.replay.decided import FEW_TO_COMPILE, Decider
from creditgate.replay.digests import bound_to
from creditgate.replay.folder import Folder, opened_folder
from creditgate.replay.held import Held
from creditgate.replay.lookup import Lookup
from creditgate.replay.outcome_files import OUT_SUFFIXES
from creditgate.replay.outcomes import Outcomes
from creditgate.replay.parts import Parts
from creditgate.replay.sources import InputRefused

Watch = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay: its counts, and what was said of tables as they were read.

    `bound` is what the decisions were made from; `resumed` is the number of orders that an earlier
    run had decided.
    """

    counts: Counts
    bound: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...]
    resumed: int


def replay(
    orders: Path, facts: Path | None, out: Path, gate: Gate, *, evidence: bool = False,
    restart: bool = False, on: date | None = None, told: Callable[[Outcomes], None] = lambda _: None,
    watch: Watch = lambda _done, _in_all: None,
) -> Replayed:  # fmt: skip
    """Decide all orders of a file on the facts of a folder, and write the file of decisions.

    `on` judges all of them by the law of one day, whatever day they are of.
    `told` hears of each block of outcomes, `watch` how many orders are done and of how many, where
    that is known. What an earlier run with the same inputs has done is not done again.
    Errors: InputRefused for input that cannot be used; no file of decisions is then written.
    """
    if out.suffix.lower() not in OUT_SUFFIXES:
        hint = f"give one of {', '.join(OUT_SUFFIXES)}"
        raise InputRefused(fault(Code.UNREADABLE_FACTS, str(out), "its format is not known", hint))
    folder = opened_folder(orders, facts, gate.vocabulary)
    refuse_overwriting(out, [orders, *(source.path for source in folder.tables.values())])
    bound = bound_to(folder, gate, evidence=evidence, on=on)
    parts = Parts(out, bound, restart=restart)
    resumed = parts.orders_done
    held, in_all = Held(folder, parts.database), folder.orders.rows_in_all()
    try:
        held.load()
        diagnostics = _arranged(held)
        watch(resumed, in_all)
        # Tables are decided by the law of the day of each order.
        is_large = on is None and (in_all is None or in_all >= FEW_TO_COMPILE)
        decider = Decider(Lookup(held), gate, evidence=evidence, is_large=is_large, on=on)
        for cells in folder.orders.blocks(parts.sizes(), resumed):
            outcomes = decider.decided(cells, parts.orders_done)
            counts = Counts()
            counts.add(outcomes.counted(), gate.vocabulary)
            parts.add(outcomes, counts)
            told(outcomes)
            watch(parts.orders_done, in_all)
        _check_unchanged(folder, bound, gate, evidence=evidence, on=on)
        if not parts.orders_done:
            message = "there is no order in it"
            raise InputRefused(fault(Code.EMPTY_FILE, folder.orders.header_place, message))
        held.close()
        parts.finish()
    except duckdb.OutOfMemoryException as problem:
        message, hint = "the tables need more memory than they may take", "give smaller tables"
        raise InputRefused(fault(Code.TOO_LARGE, str(facts), message, hint)) from problem
    except OSError as problem:
        message = (problem.strerror or "it cannot be written").lower()
        raise InputRefused(fault(Code.UNREADABLE_FACTS, str(out), message)) from problem
    finally:
        held.close()
        if not parts.done:
            parts.drop()
    return Replayed(parts.counts, bound, tuple(diagnostics), resumed)


def refuse_overwriting(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that is read.

    Errors: InputRefused.
    """
    if out.resolve() in {path.resolve() for path in inputs}:
        message = "this file is read, and would be written over"
        hint = "write to another"
        raise InputRefused(fault(Code.UNREADABLE_FACTS, str(out), message, hint))


def _arranged(held: Held) -> list[Diagnostic]:
    if not held.problems:
        arrange(held)
    if held.problems:
        raise InputRefused(*held.problems)
    return dangling_references(held)


def _check_unchanged(
    folder: Folder, bound: dict[str, object], gate: Gate, *, evidence: bool, on: date | None
) -> None:
    """Refuse to finish where a file was changed while it was read."""
    with suppress(OSError):
        if bound_to(folder, gate, evidence=evidence, on=on) == bound:
            return
    message, hint = "an input was changed while it was read", "run it again with `--restart`"
    raise InputRefused(fault(Code.REPLAY_DIFFERS, str(folder.orders.path), message, hint))
