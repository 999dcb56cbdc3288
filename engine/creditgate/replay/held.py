"""Fact tables held by an embedded database on disk, which brings rows together and no more.

Every cell is text, so nothing is rounded. A row holds `from` one moment `until` the next row of the
same key; a table without `as_of` holds always.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import Entity
from creditgate.replay.arrow_head import AS_OF
from creditgate.replay.cells import Cells, Texts
from creditgate.replay.folder import Folder
from creditgate.replay.moments import parsed
from creditgate.replay.sources import Source
from creditgate.tables.columns import LIST, Columns, Step, key_of, lists_of
from creditgate.tables.csv_rows import CsvRow

MEMORY_LIMIT: Final = "512MB"
MOST_FOUND: Final = 100
_ROWS_AT_ONCE: Final = 131_072
# Which table holds dates and which instants is told by its first row.
TIMELESS, DATED, TIMED = "timeless", "dated", "timed"


class Held:
    """The tables of a folder in a database file, with what is wrong with their rows.

    `problems` are mistakes after which a table says nothing reliable.
    """

    def __init__(self, folder: Folder, database: Path) -> None:
        self.folder = folder
        self.columns: Columns = folder.columns
        self.problems: list[Diagnostic] = []
        self.times: dict[str, str] = {}
        self.database = duckdb.connect(str(database))
        self.database.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self.database.execute("SET threads = 1")

    def load(self) -> None:
        """Copy the tables of the folder into the database."""
        for name, source in self.folder.tables.items():
            self._load(name, source)

    def close(self) -> None:
        """Let go of the database file."""
        self.database.close()

    def asked(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.database.execute(query, list(values)).fetchall()

    def table(self, query: str) -> Any:
        """Return the rows of a query as a table of Arrow."""
        return self.database.sql(query).to_arrow_table()

    def place(self, table: str, number: int) -> str:
        """Return where a row of a table stands, by the number that the table has for it."""
        orders = self.folder.orders
        source = orders if table == self.folder.entity.name else self.folder.tables[table]
        return source.place(number)

    def row(self, table: str, number: int, names: Sequence[str], cells: Sequence[Any]) -> CsvRow:
        """Return a row of a table from what the database has of it."""
        return CsvRow(self.place(table, number), cells_of(names, cells))

    def found(
        self, code: Code, table: str, number: int, message: str, hint: str | None = None
    ) -> None:  # fmt: skip
        """Note a mistake of a row of a table."""
        if len(self.problems) < MOST_FOUND:
            self.problems.append(fault(code, self.place(table, number), message, hint))

    def _load(self, name: str, source: Source) -> None:
        """Copy a table into the database, cell by cell as text."""
        plain = [column for column in source.columns if column != AS_OF]
        timed = self.folder.is_as_of(name)
        self.times[name] = TIMELESS
        fields = [("place", pyarrow.int64()), *((f"c_{c}", pyarrow.string()) for c in plain)]
        if timed:
            fields += [("starts", pyarrow.int64()), ("day", pyarrow.int64())]
        schema = pyarrow.schema(fields)
        self.put(f"raw_{name}", schema.empty_table())
        for cells in source.blocks(repeat(_ROWS_AT_ONCE)):
            texts = cells.texts()
            self.problems += list(texts.problems.values())[: MOST_FOUND - len(self.problems)]
            taken = {"place": cells.numbers()}
            taken |= {f"c_{column}": texts.columns[column] for column in plain}
            if timed:
                taken["starts"], taken["day"] = self._starts(name, cells, texts)
            with self.given("batch", pyarrow.table(taken, schema=schema)):
                self.database.execute(f'INSERT INTO "raw_{name}" SELECT * FROM batch')

    def _starts(self, name: str, cells: Cells, texts: Texts) -> tuple[Any, Any]:
        """Return from when each row holds: the moment, as the table counts, and the day."""
        encoded = texts.columns[AS_OF].dictionary_encode()
        moments = [parsed(text) for text in encoded.dictionary.to_pylist()]
        kinds = [None if m is None else DATED if m.instant is None else TIMED for m in moments]
        codes = encoded.indices.to_pylist()
        if self.times[name] == TIMELESS:
            known = (kinds[code] for code in codes if code is not None and kinds[code] is not None)
            self.times[name] = next(known, None) or TIMELESS
        if any(code is None or kinds[code] != self.times[name] for code in codes):
            self._report_starts(name, cells, texts, kinds, codes)
        counted = [
            None if m is None else m.day if self.times[name] == DATED else m.instant
            for m in moments
        ]
        days = [None if m is None else m.day for m in moments]
        starts, own = pyarrow.array(counted, pyarrow.int64()), pyarrow.array(days, pyarrow.int64())
        return starts.take(encoded.indices), own.take(encoded.indices)

    def _report_starts(
        self, name: str, cells: Cells, texts: Texts, kinds: Sequence[str | None],
        codes: Sequence[int | None],
    ) -> None:  # fmt: skip
        places, column = cells.numbers(), texts.columns[AS_OF]
        for at, code in enumerate(codes):
            kind = None if code is None else kinds[code]
            if at in texts.problems or kind == self.times[name] or len(self.problems) >= MOST_FOUND:
                continue
            place, text = places[at].as_py(), column[at].as_py() or ""
            if kind is None:
                what = f"`{AS_OF}`: `{text}` is no instant with an offset and no date"
                hint = "write an instant with its offset, or a date"
            else:
                what = f"`{AS_OF}`: a table holds either dates or instants here, not both"
                hint = "write an instant with its offset, or a date"
            self.found(Code.WRONG_TYPE, name, place, what, hint)

    def put(self, name: str, table: Any) -> None:
        """Make a table of the database from one of Arrow."""
        with self.given("made", table):
            self.database.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM made')

    def given(self, name: str, table: Any) -> _Given:
        """Show a table of Arrow to the database for a while."""
        return _Given(self.database, name, table)


class _Given:
    def __init__(self, database: Any, name: str, table: Any) -> None:
        self._database, self._name, self._table = database, name, table

    def __enter__(self) -> None:
        self._database.register(self._name, self._table)

    def __exit__(self, *_: object) -> None:
        self._database.unregister(self._name)


def quoted(columns: Iterable[str], of: str = "") -> str:
    """Return columns of facts as the database knows them.

    >>> quoted(["id", "cash"], "t")
    't."c_id", t."c_cash"'
    """
    before = f"{of}." if of else ""
    return ", ".join(f'{before}"c_{column}"' for column in columns)


def key_columns(columns: Columns, entity: Entity) -> tuple[str, ...]:
    """Return the columns by which a case finds the row of a record."""
    step: Step | None = next((s for s in columns.steps if s.entity is entity), None)
    return (key_of(entity),) if step is None or step.leader is not None else step.keys


def owner_case(columns: Columns, element: Entity) -> tuple[str, str, str]:
    """Return what says of a row of a list: its owner's entity, its owner's key, its list."""
    owners = columns.owners(element)
    name = " ".join(f'WHEN "c_{o.name}" IS NOT NULL THEN {_text(o.name)}' for o in owners)
    stated = f'"c_{LIST}"' if LIST in columns.files[element.name].columns else "NULL"
    lists = []
    for owner in owners:
        names = [fact.name for fact in lists_of(owner, element.name)]
        otherwise = f"coalesce({stated}, {_text(names[0])})" if len(names) == 1 else stated
        lists.append(f'WHEN "c_{owner.name}" IS NOT NULL THEN {otherwise}')
    key = ", ".join(f'"c_{owner.name}"' for owner in owners)
    return f"CASE {name} END", f"coalesce({key})", f"CASE {' '.join(lists)} END"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def cells_of(names: Sequence[str], values: Sequence[Any]) -> dict[str, str]:
    """Return the cells of a row that are not empty.

    >>> cells_of(["id", "cash"], ["A1", None])
    {'id': 'A1'}
    """
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
