"""Rows of CSV tables, each physical line by itself, so that a bad one spoils no other."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault

MOST_LINE: Final = 1024 * 1024
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One line of a table by column; `cells` is empty where the line could not be read.

    Formats other than CSV may have `lists` of rows in one line, by the fact that they are of.
    """

    place: str
    cells: dict[str, str]
    problem: Diagnostic | None = None
    lists: Mapping[str, list[CsvRow]] = field(default_factory=dict)


class CsvTable:
    """A CSV file with a header line. Cells are stripped; an empty cell is left out.

    A quoted cell may hold commas and doubled quotes, but no line break.
    """

    def __init__(self, path: Path, count: Callable[[int], None]) -> None:
        self.path = path
        self.columns: tuple[str, ...] = ()
        self.problems: list[Diagnostic] = []
        self._count = count
        self._read_header()

    @property
    def header_place(self) -> str:
        """Return where the columns are named."""
        return f"{self.path}:1"

    def _read_header(self) -> None:
        for _, cells in self._lines():
            if isinstance(cells, Diagnostic):
                self.problems.append(cells)
                return
            self.columns = tuple(cells)
            break
        else:
            self._found(Code.EMPTY_FILE, "the table has no header line")
        for name in dict.fromkeys(self.columns):
            if not name:
                self._found(Code.WRONG_SHAPE, "a column has no name")
            elif self.columns.count(name) > 1:
                self._found(Code.DUPLICATE_RECORD, f"the column `{name}` stands twice")

    def _found(self, code: Code, message: str) -> None:
        self.problems.append(fault(code, self.header_place, message))

    def rows(self, *, counting: bool = False) -> Iterator[CsvRow]:
        """Yield the rows below the header; blank lines are passed over.

        With `counting`, what is read is counted: a table may be gone through more than once.
        """
        lines = self._lines(counting=counting)
        next(lines, None)
        for number, cells in lines:
            place = f"{self.path}:{number}"
            if isinstance(cells, Diagnostic):
                yield CsvRow(place, {}, cells)
            elif len(cells) != len(self.columns):
                message = f"the line has {len(cells)} cells, the header {len(self.columns)}"
                hint = "a cell with a comma in it stands in double quotes"
                yield CsvRow(place, {}, fault(Code.WRONG_SHAPE, place, message, hint))
            else:
                named = zip(self.columns, cells, strict=True)
                yield CsvRow(place, {name: cell for name, cell in named if cell})

    def _lines(self, *, counting: bool = False) -> Iterator[tuple[int, list[str] | Diagnostic]]:
        number = 0
        with self.path.open("rb") as stream:
            while line := stream.readline(MOST_LINE):
                number += 1
                if counting:
                    self._count(len(line))
                if number == 1:
                    line = line.removeprefix(_BYTE_ORDER_MARK)
                if line.strip():
                    yield number, self._cells(line, f"{self.path}:{number}")
                while len(line) == MOST_LINE and not line.endswith(b"\n"):
                    line = stream.readline(MOST_LINE)

    def _cells(self, line: bytes, place: str) -> list[str] | Diagnostic:
        if len(line) == MOST_LINE:
            return fault(Code.TOO_LARGE, place, f"the line has more than {MOST_LINE} bytes")
        try:
            cells = next(csv.reader([line.decode().rstrip("\r\n")], strict=True))
        except UnicodeDecodeError:
            hint = "save the table as CSV in UTF-8"
            return fault(Code.UNREADABLE_FACTS, place, "this is not a text in UTF-8", hint)
        except csv.Error as problem:
            message = f"the line is not CSV: {problem}"
            return fault(Code.UNREADABLE_FACTS, place, message)
        return [cell.strip() for cell in cells]
