"""Orders with the facts that the tables hold about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.replay.lookup import Lookup
from creditgate.replay.moments import moment_of
from creditgate.tables.columns import EVENT, key_of
from creditgate.tables.csv_rows import CsvRow
from creditgate.tables.join import Join, facts_of_row


@dataclass(frozen=True, slots=True)
class Case:
    """One order: the number of its row (counted from 1), its id, its facts.

    `document` is None where the row could not be read. Facts may come with diagnostics: what was
    wrong has been left out, and is unknown.
    """

    row: int
    id: str | None
    document: dict[str, Any] | None
    diagnostics: tuple[Diagnostic, ...] = ()


def cases_at(lookup: Lookup, rows: Sequence[CsvRow], numbers: Sequence[int]) -> Iterator[Case]:
    """Yield orders with what the tables say about them; `numbers` are those of their rows."""
    entity, vocabulary = lookup.columns.driving, lookup.vocabulary
    dated_by = vocabulary.events[DEFAULT_EVENT].dated_by[1]
    readable = [row for row in rows if row.problem is None]
    found = lookup.found(readable, [moment_of(row.cells, dated_by) for row in readable])
    place = 0
    for number, row in zip(numbers, rows, strict=True):
        id = row.cells.get(key_of(entity))
        if row.problem is not None:
            yield Case(number, id, None, (row.problem,))
            continue
        place += 1
        facts = facts_of_row(row, entity, vocabulary)
        document = {EVENT: row.cells.get(EVENT, DEFAULT_EVENT), entity.name: facts}
        problems = Join(lookup.columns, lookup.seen_by(found, place)).join(document, row)
        yield Case(number, id, document, tuple(problems))
