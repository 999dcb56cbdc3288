"""The source of a kernel: lines that go through rows in one loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.layout import (
    BLOCK,
    Form,
    bounded,
    changed,
    parameters,
    space,
)

# What decides most comes last: rulebooks together decide as the one that decides most.
OUT_OF_SCOPE, APPROVED, PENDING, UNDECIDED, REJECTED, REDO, BEYOND = range(7)
BITS: Final = 64
OUTPUTS: Final = ("decision", "breached", "undecided", "pending")


@dataclass(frozen=True, slots=True)
class Kernel:
    """Source of `kernel(begin, end, rows, day_of, ...)`, and its arrays of constants.

    It goes through the rows whose numbers stand in `rows` from `begin` up to `end`. `columns` are
    the names of the arrays it takes after the days, in order; those follow that it fills: of rules
    the decision of each row, and the bits of those breached, undecided and pending. Where it is
    `wide` it calls the functions on integers of 128 bits.
    """

    source: str
    constants: Mapping[str, Any]
    columns: tuple[str, ...]
    wide: bool = False

    def ranges(self) -> dict[str, Range]:
        """Return the least and greatest of each array of constants."""
        return {
            name: (int(values.min()), int(values.max()))
            for name, values in self.constants.items()
            if len(values)
        }


@dataclass(frozen=True, slots=True)
class BlockKernel:
    """A kernel of all rows from one to another, which takes columns as they come.

    `kernel` is `kernel(begin, end, limits, ...)`: `limits` are the least and the greatest of each
    column with bounds, its columns are arrays of the forms given. Where a number is not between its
    limits the decision of the row is `BEYOND`. It returns a number other than zero where a column
    cannot have the form it is said to have. `plain` is the kernel of the same rules that judges
    rows by their numbers, none of which is wide.
    """

    kernel: Kernel
    plain: Kernel
    forms: Mapping[str, Form]


class Body:
    """The lines that judge a row, or fill other `outputs`.

    Where numbers in them are wide, `plain` are the lines without that.
    """

    def __init__(
        self, lines: list[str], constants: Mapping[str, Any], columns: tuple[str, ...],
        plain: Body | None = None, outputs: tuple[str, ...] = OUTPUTS,
    ) -> None:  # fmt: skip
        self._lines, self._constants, self._columns = lines, constants, columns
        self.plain, self.outputs = plain or self, outputs

    @property
    def is_wide(self) -> bool:
        """Tell whether a number is wide."""
        return self.plain is not self

    def written(self, lines: list[str]) -> Body:
        """Return the same with other lines, in which numbers are wide."""
        return Body(lines, self._constants, self._columns, self, self.outputs)

    def by_numbers(self) -> Kernel:
        """Return the kernel of rows that are named by their numbers."""
        taken = ["begin", "end", "rows", "day_of", *self._columns, *self.outputs]
        lines = [
            f"def kernel({', '.join(taken)}):",
            "    for place in range(begin, end):",
            "        i = rows[place]",
            "        redo = False",
            *[f"        {line}" for line in self._lines],
        ]
        source = "\n".join([*lines, ""])
        return Kernel(source, self._constants, self._columns, self.is_wide)

    def by_blocks(self, forms: Mapping[str, Form]) -> BlockKernel:
        """Return the kernel of all rows of columns, and of the days of the rows, of some forms.

        Columns without a form are those of tables that stand in other rows. Columns that no rule
        reads are checked too.
        """
        names = ["day_of", *self._columns] if self._reads_days() else [*self._columns]
        names += [n for n, form in forms.items() if n not in names and form.is_checked]
        read = {name: forms[name] for name in names if name in forms}
        places = {name: place for place, name in enumerate(bounded(read))}
        given: list[str] = []
        for name in names:
            given += parameters(name, read[name]) if name in read else [name]
        limits = [f"low{n}, high{n} = limits[0, {n}], limits[1, {n}]" for n in places.values()]
        head = ["wrong = 0", f"marks = np.zeros({BLOCK}, np.bool_)", *limits]
        head += [line for name, form in read.items() for line in space(name, form)]
        block = [f"n = min({BLOCK}, end - block)", "marked = False"]
        for name, form in read.items():
            block += changed(name, form, places.get(name))
        block += [f"{name} = all_{name}[block:block + n]" for name in OUTPUTS]
        row = ["i = place", "redo = False", *self._lines]
        after = [
            "if marked:",
            "    for q in range(n):",
            f"        decision[q] = {BEYOND} if marks[q] else decision[q]",
            "        marks[q] = False",
        ]
        taken = ["begin", "end", "limits", *given, *[f"all_{name}" for name in OUTPUTS]]
        lines = [
            f"def kernel({', '.join(taken)}):",
            *[f"    {line}" for line in head],
            f"    for block in range(begin, end, {BLOCK}):",
            *[f"        {line}" for line in block],
            "        for place in range(n):",
            *[f"            {line}" for line in row],
            *[f"        {line}" for line in after],
            "    return wrong",
        ]
        source = "\n".join([*lines, ""])
        kernel = Kernel(source, self._constants, tuple(given), self.is_wide)
        return BlockKernel(kernel, self.plain.by_numbers(), read)

    def _reads_days(self) -> bool:
        return any(line.startswith("as_of = ") for line in self._lines)
