"""Tables in files, whatever their format: a header, and rows one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow
from pyarrow import ipc, parquet

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import FactDeclaration
from creditgate.replay.arrow_text import Flaw, misfit, texts_of
from creditgate.tables.csv_rows import CsvRow, CsvTable

AS_OF: Final = "as_of"
SUFFIXES: Final = (".csv", ".parquet", ".pq", ".arrow", ".ipc", ".feather")
_PARQUET: Final = (".parquet", ".pq")
_ROWS_AT_ONCE: Final = 4096
_PIECE: Final = 1024 * 1024
_BROKEN: Final = (pyarrow.ArrowException, OSError, ValueError, OverflowError)


class InputRefused(Exception):
    """Input that cannot be used; `diagnostics` say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(item.message for item in diagnostics))
        self.diagnostics = diagnostics


class Source:
    """A table in a file. `problems` are mistakes of the file as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: tuple[str, ...] = ()
        self.problems: list[Diagnostic] = []

    @property
    def header_place(self) -> str:
        """Return where the columns are named."""
        return str(self.path)

    def rows(self, skipped: int = 0) -> Iterator[CsvRow]:
        """Yield the rows after those skipped, with their cells as text.

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

    def rows(self, skipped: int = 0) -> Iterator[CsvRow]:
        """Yield the rows after those skipped."""
        for number, row in enumerate(self._table.rows()):
            if number >= skipped:
                yield row

    def rows_in_all(self) -> int | None:
        """Return the number of lines below the header."""
        with self.path.open("rb") as stream:
            lines = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE), b""))
        return max(0, lines - 1)


class ArrowSource(Source):
    """A file of Parquet or Arrow IPC, read a batch at a time."""

    def __init__(self, path: Path, facts: Mapping[str, FactDeclaration]) -> None:
        super().__init__(path)
        self._facts = facts
        self._rows: int | None = None
        try:
            schema = self._open()
        except _BROKEN as problem:
            self._refuse_broken(problem)
            return
        self.columns = tuple(schema.names)
        for name in dict.fromkeys(self.columns):
            if self.columns.count(name) > 1:
                self.found(Code.DUPLICATE_RECORD, f"the column `{name}` stands twice")
                continue
            why = misfit(schema.field(name).type, facts.get(name), as_of=name == AS_OF)
            if why is not None:
                message, hint = (
                    f"the column `{name}` holds {why}",
                    "write it as text, or as that type",
                )
                self.found(Code.WRONG_TYPE, message, hint)

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

    def rows_in_all(self) -> int | None:
        """Return how many rows the file says there are; a stream does not say."""
        return self._rows

    def rows(self, skipped: int = 0) -> Iterator[CsvRow]:
        """Yield the rows after those skipped."""
        number = 0
        try:
            for batch in self._batches():
                if number + batch.num_rows <= skipped:
                    number += batch.num_rows
                    continue
                for row in self._rows_of(batch, number):
                    number += 1
                    if number > skipped:
                        yield row
        except _BROKEN as problem:
            self._refuse_broken(problem)
            raise InputRefused(*self.problems) from problem

    def _batches(self) -> Iterator[Any]:
        if self.path.suffix.lower() in _PARQUET:
            with parquet.ParquetFile(self.path) as file:
                yield from file.iter_batches(batch_size=_ROWS_AT_ONCE)
            return
        with pyarrow.memory_map(str(self.path)) as mapped:
            reader = _reader(mapped)
            if isinstance(reader, ipc.RecordBatchFileReader):
                held = (reader.get_batch(place) for place in range(reader.num_record_batches))
            else:
                held = iter(reader)
            for batch in held:
                for start in range(0, batch.num_rows, _ROWS_AT_ONCE):
                    yield batch.slice(start, _ROWS_AT_ONCE)

    def _rows_of(self, batch: Any, before: int) -> Iterator[CsvRow]:
        columns = {
            name: texts_of(batch.column(name), self._facts.get(name)) for name in self.columns
        }
        cells = list(zip(*(column.cells for column in columns.values()), strict=True))
        flaws: dict[int, tuple[str, Flaw]] = {}
        for name, column in columns.items():
            for at, flaw in column.flaws.items():
                flaws.setdefault(at, (name, flaw))
        for at, row in enumerate(cells):
            place = f"{self.path}:row {before + at + 1}"
            named = zip(self.columns, row, strict=True)
            filled = {name: cell for name, cell in named if cell is not None}
            problem = None
            if at in flaws:
                name, flaw = flaws[at]
                problem = fault(flaw.code, place, f"`{name}`: {flaw.message}", flaw.hint)
            yield CsvRow(place, filled, problem)

    def _refuse_broken(self, problem: Exception) -> None:
        first = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        what = "Parquet" if self.path.suffix.lower() in _PARQUET else "Arrow IPC"
        hint = "write the file anew: it is cut off, or of another format than its name says"
        self.found(Code.UNREADABLE_FACTS, f"this is not {what} that can be read: {first}", hint)


def _reader(mapped: Any) -> Any:
    """Return a reader of the file format, or of the stream format where it is that."""
    try:
        return ipc.open_file(mapped)
    except pyarrow.ArrowInvalid:
        mapped.seek(0)
        return ipc.open_stream(mapped)


def opened(path: Path, facts: Mapping[str, FactDeclaration]) -> Source:
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
        return CsvSource(path) if path.suffix.lower() == ".csv" else ArrowSource(path, facts)
    except OSError as problem:
        code = Code.NO_FILE if isinstance(problem, FileNotFoundError) else Code.UNREADABLE_FACTS
        message = (problem.strerror or "the file cannot be read").lower()
        raise InputRefused(fault(code, str(path), message)) from problem
