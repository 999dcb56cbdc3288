"""Tables in files, whatever their format: a header, and rows one after the other, in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow
from pyarrow import ipc, parquet

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import Entity, Vocabulary
from creditgate.replay.arrow_head import Head
from creditgate.replay.cells import ArrowCells, Cells, RowCells
from creditgate.tables.csv_rows import CsvTable

SUFFIXES: Final = (".csv", ".parquet", ".pq", ".arrow", ".ipc", ".feather")
_PARQUET: Final = (".parquet", ".pq")
_ROWS_AT_ONCE: Final = 65_536
_PIECE: Final = 1024 * 1024
_BROKEN: Final = (pyarrow.ArrowException, OSError, ValueError, OverflowError)


class InputRefused(Exception):
    """Input that cannot be used; `diagnostics` say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(item.message for item in diagnostics))
        self.diagnostics = diagnostics


class Source:
    """A table in a file. `problems` are mistakes of the file as a whole.

    `columns` hold cells; `lists` hold rows of other entities, in formats that can.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: tuple[str, ...] = ()
        self.lists: tuple[str, ...] = ()
        self.problems: list[Diagnostic] = []

    @property
    def header_place(self) -> str:
        """Return where the columns are named."""
        return str(self.path)

    def place(self, number: int) -> str:
        """Return where a row stands, by its number in a block: that of its line, or of the row."""
        return f"{self.path}:{number}"

    def blocks(self, sizes: Iterable[int], skipped: int = 0) -> Iterator[Cells]:
        """Yield the rows after those skipped in blocks of these sizes; the last may be shorter.

        Errors: InputRefused where the file breaks off.
        """
        raise NotImplementedError

    def rows_in_all(self) -> int | None:
        """Return about how many rows there are, or None where only reading them would tell."""
        raise NotImplementedError

    def found(self, code: Code, message: str, hint: str | None = None) -> None:
        """Note a mistake of the whole file."""
        self.problems.append(fault(code, self.header_place, message, hint))


class CsvSource(Source):
    """A CSV file, read as `creditgate decide` reads it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._table = CsvTable(path, lambda _: None)
        self.columns, self.problems = self._table.columns, self._table.problems

    @property
    def header_place(self) -> str:
        """Return where the columns are named."""
        return self._table.header_place

    def blocks(self, sizes: Iterable[int], skipped: int = 0) -> Iterator[Cells]:
        """Yield the rows after those skipped in blocks of these sizes."""
        rows = islice(self._table.rows(), skipped, None)
        for size in sizes:
            some = list(islice(rows, size))
            if some:
                yield RowCells(some, self.columns)
            if len(some) < size:
                break

    def rows_in_all(self) -> int | None:
        """Return the number of lines below the header."""
        with self.path.open("rb") as stream:
            lines = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
        return max(0, lines - 1)


class ArrowSource(Source):
    """A file of Parquet or Arrow IPC, of which a block at a time is held.

    A column `price.none` says of which rows the price is none. Where `has_lists`, a column of lists
    of structs holds the rows of a list.
    """

    def __init__(
        self, path: Path, entity: Entity | None, vocabulary: Vocabulary, *, has_lists: bool = False
    ) -> None:
        super().__init__(path)
        self.entity, self.vocabulary = entity, vocabulary
        self._rows: int | None = None
        try:
            schema = self._open()
        except _BROKEN as problem:
            self._refuse_broken(problem)
            return
        head = Head(schema, entity, vocabulary, has_lists=has_lists)
        self.columns, self.lists, self._words = head.columns, head.lists, head.words
        for code, message, hint in head.problems:
            self.found(code, message, hint)

    def _open(self) -> Any:
        """Read the schema and count the rows."""
        if self.path.suffix.lower() in _PARQUET:
            with parquet.ParquetFile(self.path) as file:
                self._rows = file.metadata.num_rows
                return file.schema_arrow
        with pyarrow.memory_map(str(self.path)) as mapped:
            reader = _reader(mapped)
            if isinstance(reader, ipc.RecordBatchFileReader):
                places = range(reader.num_record_batches)
                self._rows = sum(reader.get_batch(place).num_rows for place in places)
            return reader.schema

    def place(self, number: int) -> str:
        """Return where a row stands."""
        return f"{self.path}:row {number}"

    def rows_in_all(self) -> int | None:
        """Return how many rows the file says there are; a stream does not say."""
        return self._rows

    def blocks(self, sizes: Iterable[int], skipped: int = 0) -> Iterator[Cells]:
        """Yield the rows after those skipped in blocks of these sizes."""
        place = skipped
        try:
            for batch in _in_sizes(self._batches(skipped), sizes):
                yield ArrowCells(batch, place, self)
                place += batch.num_rows
        except _BROKEN as problem:
            self._refuse_broken(problem)
            raise InputRefused(*self.problems) from problem

    def _batches(self, skipped: int) -> Iterator[Any]:
        """Yield the rows after those skipped, as they come."""
        if self.path.suffix.lower() in _PARQUET:
            yield from self._groups(skipped)
            return
        with pyarrow.memory_map(str(self.path)) as mapped:
            reader = _reader(mapped)
            if isinstance(reader, ipc.RecordBatchFileReader):
                held = (reader.get_batch(place) for place in range(reader.num_record_batches))
            else:
                held = iter(reader)
            for batch in held:
                yield batch.slice(min(skipped, batch.num_rows))
                skipped -= min(skipped, batch.num_rows)

    def _groups(self, skipped: int) -> Iterator[Any]:
        # What is buffered beforehand would be held until the file is closed.
        with parquet.ParquetFile(self.path, read_dictionary=self._words, pre_buffer=False) as file:
            groups = list(range(file.num_row_groups))
            while groups and skipped >= file.metadata.row_group(groups[0]).num_rows:
                skipped -= file.metadata.row_group(groups.pop(0)).num_rows
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, row_groups=groups):
                yield batch.slice(min(skipped, batch.num_rows))
                skipped -= min(skipped, batch.num_rows)

    def _refuse_broken(self, problem: Exception) -> None:
        first = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        what = "Parquet" if self.path.suffix.lower() in _PARQUET else "Arrow IPC"
        hint = "write the file anew: it is cut off, or of another format than its name says"
        self.found(Code.UNREADABLE_FACTS, f"this is not {what} that can be read: {first}", hint)


def _in_sizes(batches: Iterator[Any], sizes: Iterable[int]) -> Iterator[Any]:
    """Yield rows that come in batches of any length as tables of these sizes."""
    held: list[Any] = []
    rows = 0
    for size in sizes:
        while rows < size:
            batch = next(batches, None)
            if batch is None:
                break
            held.append(batch)
            rows += batch.num_rows
        if not rows:
            break
        table = pyarrow.Table.from_batches(held)
        yield table.slice(0, size)
        rest = table.slice(size)
        rows = rest.num_rows
        held = rest.to_batches() if rows else []


def _reader(mapped: Any) -> Any:
    """Return a reader of the file format, or of the stream format where it is that."""
    try:
        return ipc.open_file(mapped)
    except pyarrow.ArrowInvalid:
        mapped.seek(0)
        return ipc.open_stream(mapped)


def opened(
    path: Path, entity: Entity | None, vocabulary: Vocabulary, *, has_lists: bool = False
) -> Source:
    """Open a table by the ending of its name; its mistakes are in `problems`.

    Errors: InputRefused where there is no file, or none of a format that is read.
    """
    try:
        if path.suffix.lower() not in SUFFIXES:
            hint = f"give one of {', '.join(SUFFIXES)}"
            raise InputRefused(
                fault(Code.UNREADABLE_FACTS, str(path), "its format is not known", hint)
            )
        if path.stat().st_size == 0:
            raise InputRefused(fault(Code.EMPTY_FILE, str(path), "the file is empty"))
        if path.suffix.lower() == ".csv":
            return CsvSource(path)
        return ArrowSource(path, entity, vocabulary, has_lists=has_lists)
    except OSError as problem:
        code = Code.NO_FILE if isinstance(problem, FileNotFoundError) else Code.UNREADABLE_FACTS
        message = (problem.strerror or "the file cannot be read").lower()
        raise InputRefused(fault(code, str(path), message)) from problem
