"""Facts from a folder of CSV tables, one file an entity, joined as the vocabulary declares.

Files
    One file an entity, named after it (`order.csv`, `account.csv`, `position.csv`), or after its
    list (`securities.csv`); `claims.csv` holds claims. The header names facts of the entity. An
    empty cell is a fact not known; `none` is the value none; the members of a set stand between
    semicolons (`{}` is the empty set).
Cases
    Each row of one table is a case: of `order.csv`; else of the only table whose entity dates an
    event; else of the table that has a column `event`.
Joining
    * A single entity: the row it belongs to has a column of its name, which holds its `id`
      (`account` in `order.csv`). Or it has columns that are facts of the case (`security` in
      `market.csv`), whose values must be the same. A table of one row without either belongs to
      every case.
    * A table entity: by its key, wherever a fact refers to it.
    * Rows of a list: a column named after the owner holds the owner's `id` or key (`account` in
      `position.csv`); `list` names the list where the owner has several of that kind. Such a
      table is complete: an owner without rows has an empty list. If a row of it cannot be read,
      its lists are not known.
    * Daily lists: each row of `lists.csv` is for every case, or, with a column named after the
      entity of the case, for the case it names.
    * Claims: a column named after the entity of the case, and `claim`, `by`, `at`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.base.suggest import nearest
from creditgate.cli.case_files import CaseInput, unreadable
from creditgate.decide.conversion import DEFAULT_EVENT
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import Entity, Event, Vocabulary
from creditgate.tables.columns import CLAIMS, EVENT, Columns, key_of
from creditgate.tables.csv_rows import CsvRow, CsvTable
from creditgate.tables.join import Join, facts_of_row
from creditgate.tables.rows import TableRows


def cases_of_tables(
    path: Path, vocabulary: Vocabulary, count: Callable[[int], None]
) -> Iterator[CaseInput]:
    """Yield the cases of a folder of tables, or of one table by itself.

    Mistakes of headers, and rows of other tables that cannot be read, come first and are no case.
    """
    found = _Folder(path, vocabulary, count)
    if found.problems:
        yield CaseInput(str(path), None, tuple(found.problems), is_case=False)
    if found.is_usable:
        yield from found.cases()


class _Folder:
    def __init__(self, path: Path, vocabulary: Vocabulary, count: Callable[[int], None]) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.count = count
        self.problems: list[Diagnostic] = []
        self.is_usable = False
        self.files: dict[str, CsvTable] = {}
        files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
        for file in files:
            self._open(file)
        if not files:
            hint = "a folder holds one table an entity, such as order.csv and account.csv"
            self._found(Code.NO_FILE, str(path), "there is no CSV table in this folder", hint)
        if self.problems:
            return
        driving = self._driving()
        if driving is None:
            return
        self.entity, self.event = driving
        columns = Columns(vocabulary, self.files, self.entity)
        self.problems += columns.problems
        # A mistake of a header makes the whole join doubtful; one of a row only its own facts.
        if self.problems:
            return
        self.is_usable = True
        key, driving_file = key_of(self.entity), self.files[self.entity.name]
        is_linked = columns.is_linked(self.entity.name)
        ids = Counter(row.cells.get(key) for row in driving_file.rows()) if is_linked else Counter()
        self.twice = {id for id, times in ids.items() if id is not None and times > 1}
        rows = TableRows(columns, self.files, (id for id in ids if id is not None))
        self.problems += rows.problems
        self.join = Join(columns, rows)
        self.count(sum(f.path.stat().st_size for f in self.files.values() if f is not driving_file))

    def _found(self, code: Code, place: str, message: str, hint: str | None = None) -> None:
        self.problems.append(fault(code, place, message, hint))

    def _open(self, file: Path) -> None:
        tables = self.vocabulary.tables()
        name = file.stem
        entity = self.vocabulary.entities.get(name) or tables.get(name)
        if entity is None and name != CLAIMS:
            near = nearest(name, [*self.vocabulary.entities, *tables, CLAIMS])
            hint = (
                f"did you mean `{near}.csv`?" if near else "`creditgate facts` lists the entities"
            )
            self._found(Code.UNKNOWN_FACT, str(file), "no entity has this name", hint)
            return
        known = CLAIMS if entity is None else entity.name
        if known in self.files:
            other = self.files[known].path.name
            message = f"`{other}` holds the same entity"
            self._found(Code.DUPLICATE_RECORD, str(file), message, "put the rows into one table")
            return
        try:
            self.files[known] = CsvTable(file, self.count)
        except OSError as problem:
            message = (problem.strerror or "the table cannot be read").lower()
            self._found(Code.UNREADABLE_FACTS, str(file), message)
            return
        self.problems += self.files[known].problems

    def _driving(self) -> tuple[Entity, Event | None] | None:
        """Return the entity whose rows are the cases; no event where each row names its own."""
        events = self.vocabulary.events
        naming = [name for name, file in self.files.items() if EVENT in file.columns]
        if len(naming) == 1 and naming[0] in self.vocabulary.entities:
            return self.vocabulary.entities[naming[0]], None
        dating = {e.dated_by[0]: e for e in events.values() if e.dated_by[0] in self.files}
        default = events[DEFAULT_EVENT]
        holder = default.dated_by[0]
        if holder not in dating and len(dating) == 1:
            holder = next(iter(dating))
        if holder not in dating:
            hint = f"add `{holder}.csv`, or a column `event` to the table whose rows are the cases"
            message = "no table says what is to be decided"
            self._found(Code.WRONG_EVENT, str(self.path), message, hint)
            return None
        return self.vocabulary.entities[holder], dating[holder]

    def cases(self) -> Iterator[CaseInput]:
        """Yield one case for each row of the driving table."""
        is_empty = True
        key = key_of(self.entity)
        for row in self.files[self.entity.name].rows(counting=True):
            is_empty = False
            if row.problem is not None:
                yield CaseInput(row.place, None, (row.problem,))
                continue
            document = self._document(row)
            problems = self.join.join(document, row)
            if row.cells.get(key) in self.twice:
                message = f"two rows have the `{key}` {row.cells[key]}"
                hint = "other tables refer to it, so it must be one row"
                problems.append(fault(Code.DUPLICATE_RECORD, row.place, message, hint))
            yield CaseInput(row.place, document, tuple(problems))
        if is_empty:
            place = self.files[self.entity.name].header_place
            yield unreadable(place, Code.EMPTY_FILE, "there is no row below the header")

    def _document(self, row: CsvRow) -> dict[str, Any]:
        event = self.event.name if self.event is not None else row.cells.get(EVENT, DEFAULT_EVENT)
        facts = facts_of_row(row, self.entity, self.vocabulary)
        return {EVENT: event, self.entity.name: facts}
