"""Blocks of rows of a table: as columns of Arrow for all rows, as text for those asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary
from creditgate.replay.arrow_text import Flaw, texts_of
from creditgate.replay.typed_columns import NONE
from creditgate.tables.csv_rows import CsvRow

_Flaws = dict[int, tuple[str, Flaw]]


class Cells(Protocol):
    """Rows of a table, whatever its format."""

    @property
    def count(self) -> int:
        """Return the number of rows."""

    def column(self, name: str) -> Any:
        """Return the cells of a column as an array of Arrow, of any type."""

    def none(self, name: str) -> Any:
        """Return which cells of a column say that there is none; None where no column says it."""

    def unread(self) -> Any:
        """Return which rows could not be read, as far as that is known before they are asked for."""

    def numbers(self) -> Any:
        """Return the number by which the table knows where a row stands, of each row."""

    def texts(self) -> Texts:
        """Return all columns as text."""

    def rows(self, places: Sequence[int] | None = None) -> list[CsvRow]:
        """Return rows with their cells as text: those at places, or all."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The columns of a block as arrays of text; `problems` are of rows that cannot be read."""

    columns: Mapping[str, Any]
    problems: Mapping[int, Diagnostic]


class RowCells:
    """A block of rows that were read one by one."""

    def __init__(self, rows: list[CsvRow], columns: Sequence[str]) -> None:
        self._rows, self._columns = rows, columns

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def column(self, name: str) -> Any:
        """Return the cells of a column as text."""
        return pa.array([row.cells.get(name) for row in self._rows], pa.string())

    def none(self, name: str) -> None:
        """Return None: what is none is said in the cell itself."""

    def unread(self) -> Any:
        """Return which rows could not be read."""
        return np.array([row.problem is not None for row in self._rows], dtype=bool)

    def numbers(self) -> Any:
        """Return the number of the line of each row."""
        return pa.array([int(row.place.rpartition(":")[2]) for row in self._rows], pa.int64())

    def texts(self) -> Texts:
        """Return all columns as text."""
        problems = {n: row.problem for n, row in enumerate(self._rows) if row.problem is not None}
        return Texts({name: self.column(name) for name in self._columns}, problems)

    def rows(self, places: Sequence[int] | None = None) -> list[CsvRow]:
        """Return rows: those at places, or all."""
        return self._rows if places is None else [self._rows[place] for place in places]


class Headed(Protocol):
    """What the columns of a block are."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that hold cells."""

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the columns that hold rows of lists."""

    @property
    def entity(self) -> Entity | None:
        """Return the entity whose rows these are, or None."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary by which cells are read."""


class PlacedHead(Headed, Protocol):
    """The columns of a file, which says where its rows stand."""

    def place(self, number: int) -> str:
        """Return where a row stands."""


class ArrowCells:
    """A block of a file of Parquet or Arrow IPC."""

    def __init__(self, table: pa.Table, before: int, headed: PlacedHead) -> None:
        self._table, self._before, self._headed = table, before, headed
        self._columns: dict[str, Any] = {}

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return int(self._table.num_rows)

    def column(self, name: str) -> Any:
        """Return the cells of a column; those of one that says only what is none are empty."""
        if name not in self._columns:
            is_there = name in self._table.schema.names
            made = whole(self._table.column(name)) if is_there else pa.nulls(self.count)
            self._columns[name] = made
        return self._columns[name]

    def none(self, name: str) -> Any:
        """Return what a column `name.none` says."""
        said = f"{name}{NONE}"
        return self.column(said) if said in self._table.schema.names else None

    def unread(self) -> Any:
        """Return that none is known to be unreadable."""
        return np.zeros(self.count, dtype=bool)

    def numbers(self) -> Any:
        """Return the number of each row, counted from 1."""
        return pa.array(np.arange(self._before + 1, self._before + self.count + 1))

    def texts(self) -> Texts:
        """Return all columns as text; each text that a column holds is made once."""
        facts = {} if self._headed.entity is None else self._headed.entity.facts
        found: dict[str, Any] = {}
        for name in self._headed.columns:
            column, said = self.column(name), self.none(name)
            held = _text_of(column, facts.get(name))
            contradicted = said is not None and pc.any(pc.and_(said, pc.is_valid(held))).as_py()
            if held is None or contradicted:
                return self._texts_of_rows()
            found[name] = (
                held if said is None else pc.if_else(pc.fill_null(said, False), "none", held)
            )
        return Texts(found, {})

    def _texts_of_rows(self) -> Texts:
        return RowCells(self.rows(), self._headed.columns).texts()

    def rows(self, places: Sequence[int] | None = None) -> list[CsvRow]:
        """Return rows with their cells as text: those at places, or all."""
        numbers = range(self.count) if places is None else places
        table = self._table if places is None else self._table.take(pa.array(places, pa.int64()))
        names = [self._headed.place(self._before + number + 1) for number in numbers]
        columns = {name: whole(table.column(name)) for name in table.schema.names}
        flaws: _Flaws = {}
        rows = _text_rows(columns, self._headed, names, flaws)
        for at, (name, flaw) in flaws.items():
            problem = fault(flaw.code, names[at], f"`{name}`: {flaw.message}", flaw.hint)
            rows[at] = CsvRow(names[at], rows[at].cells, problem)
        return rows


def whole(column: Any) -> Any:
    """Return a column as one array."""
    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(found, pa.ChunkedArray):
        return found.chunk(0) if found.num_chunks else pa.array([], found.type)
    return found


def _text_of(column: Any, fact: FactDeclaration | None) -> Any:
    """Return the cells of a column as text, or None where one is flawed."""
    if types.is_string(column.type):
        return text_of(column)
    if types.is_list(column.type) or types.is_large_list(column.type):
        encoded = pa.DictionaryArray.from_arrays(pa.array(np.arange(len(column))), column)
    else:
        encoded = column if types.is_dictionary(column.type) else column.dictionary_encode()
    texts = texts_of(encoded.dictionary, fact)
    return None if texts.flaws else pa.array(texts.cells, pa.string()).take(encoded.indices)


def text_of(column: Any) -> Any:
    """Return the cells of a column as an array of text, stripped; null where there is none."""
    words = column.dictionary if types.is_dictionary(column.type) else column
    if types.is_string(words.type) and pc.all(pc.ascii_is_printable(words)).as_py():
        words = pc.ascii_trim_whitespace(words)
        if pc.any(pc.equal(words, "")).as_py():
            words = pc.if_else(pc.equal(words, ""), None, words)
    else:
        words = pa.array(texts_of(words, None).cells, pa.string())
    return words.take(column.indices) if types.is_dictionary(column.type) else words


def text_column(
    columns: Mapping[str, Any], name: str, fact: FactDeclaration | None, flaws: _Flaws
) -> list[str | None]:
    """Return the cells of a column as text, `none` where another column says so."""
    said = columns.get(f"{name}{NONE}")
    without = pa.nulls(0 if said is None else len(said))
    texts = texts_of(columns.get(name, without), fact)
    for at, flaw in texts.flaws.items():
        flaws.setdefault(at, (name, flaw))
    if said is None or fact is None:
        return texts.cells
    for at in np.flatnonzero(pc.fill_null(said, False).to_numpy(zero_copy_only=False)).tolist():
        if texts.cells[at] is not None:
            what = f"there is a value, and `{name}{NONE}` says that there is none"
            flaws.setdefault(
                at, (name, Flaw(Code.NONE_NOT_ALLOWED, what, "take out one of the two"))
            )
        texts.cells[at] = "none"
    return texts.cells


def _text_rows(
    columns: Mapping[str, Any], headed: Headed, places: Sequence[str], flaws: _Flaws
) -> list[CsvRow]:
    entity, vocabulary = headed.entity, headed.vocabulary
    facts = {} if entity is None else entity.facts
    texts = [text_column(columns, name, facts.get(name), flaws) for name in headed.columns]
    cells = zip(*texts, strict=True) if texts else iter([()] * len(places))
    lists = {
        name: _listed(columns[name], name, facts[name], vocabulary, places, flaws)
        for name in headed.lists
    }
    found = []
    for at, (place, row) in enumerate(zip(places, cells, strict=True)):
        named = zip(headed.columns, row, strict=True)
        filled = {name: cell for name, cell in named if cell is not None}
        own = {name: rows[at] for name, rows in lists.items() if rows[at] is not None}
        found.append(CsvRow(place, filled, None, own))  # type: ignore[arg-type]  # none is left
    return found


class _Inner:
    """The fields of the rows of a list."""

    def __init__(self, names: Sequence[str], entity: Entity, vocabulary: Vocabulary) -> None:
        named = dict.fromkeys(name.removesuffix(NONE) for name in names)
        plain = [name for name in named if name in entity.facts]
        self.lists = tuple(name for name in plain if entity.facts[name].kind == "list")
        self.columns = tuple(name for name in plain if name not in self.lists)
        self.entity, self.vocabulary = entity, vocabulary


def _listed(
    array: Any, name: str, fact: FactDeclaration, vocabulary: Vocabulary, places: Sequence[str],
    flaws: _Flaws,
) -> list[list[CsvRow] | None]:  # fmt: skip
    """Return the rows of a list for each row of a table, None where there is no list."""
    entity = vocabulary.entities[fact.target or ""]
    offsets = array.offsets.to_numpy()
    first = int(offsets[0]) if len(offsets) else 0
    values = array.values.slice(first, int(offsets[-1]) - first if len(offsets) else 0)
    owners = np.repeat(np.arange(len(array)), np.diff(offsets)).tolist()
    fields = [values.type.field(n).name for n in range(values.type.num_fields)]
    columns = {field: pc.struct_field(values, [field]) for field in fields}
    named = [f"{places[owner]} {name}[{number}]" for number, owner in enumerate(owners)]
    inner: _Flaws = {}
    rows = iter(_text_rows(columns, _Inner(fields, entity, vocabulary), named, inner))
    for at, (column, flaw) in inner.items():
        flaws.setdefault(owners[at], (f"{name}.{column}", flaw))
    valid = array.is_valid().to_pylist()
    lengths = np.diff(offsets).tolist()
    return [_some(rows, length, known) for length, known in zip(lengths, valid, strict=True)]


def _some(rows: Iterator[CsvRow], length: int, known: bool) -> list[CsvRow] | None:
    found = [next(rows) for _ in range(length)]
    return found if known else None
