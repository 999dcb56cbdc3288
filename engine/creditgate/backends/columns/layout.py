"""How columns come: as a kernel reads them, or in a form that it changes block by block.

A kernel first copies a block of each column, checks it and makes it as narrow as its bounds allow.
Reading one column after the other is what memory does quickest; many at once hinder one another
where they lie alike. The block stays in the caches of a processor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

#: Rows of a block; a multiple of the bits of a byte.
BLOCK: Final = 16_384

Way = Literal["same", "numbers", "bits", "codes", "days", "halves"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and greatest integer that a column may hold."""

    low: int
    high: int

    @property
    def width(self) -> str:
        """Return the narrowest of the integers that kernels compute with that holds all."""
        return "int32" if self.low >= -(2**31) and self.high < 2**31 else "int64"


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a column.

    `same` is read as it is. `numbers` are integers within bounds. `bits` are booleans, eight a
    byte. `codes` number the words of a list of their own; `width` is that of the numbers that the
    gate has for them. `days` are counted from 1970. `halves` are integers of 128 bits as pairs of
    64, the low ones first.
    """

    way: Way = "same"
    bounds: Bounds | None = None
    width: str = "uint8"

    @property
    def is_checked(self) -> bool:
        """Tell whether something could be found wrong in it."""
        return self.bounds is not None or self.way in {"codes", "halves"}


def bounded(forms: Mapping[str, Form]) -> dict[str, Bounds]:
    """Return the bounds of the columns that have some."""
    return {name: form.bounds for name, form in forms.items() if form.bounds is not None}


def parameters(name: str, form: Form) -> list[str]:
    """Return the names of the arrays in which a column is given."""
    return [f"given_{name}", *([f"codes_{name}", f"own_{name}"] if form.way == "codes" else [])]


def space(name: str, form: Form) -> Iterator[str]:
    """Yield lines that make room for a block of a column."""
    match form.way:
        case "bits":
            yield f"spread_{name} = np.empty({BLOCK // 8 + 1}, np.uint64)"
            yield f"bytes_{name} = spread_{name}.view(np.uint8)"
        case "codes":
            yield f"block_{name} = np.empty({BLOCK}, np.{form.width})"
        case "days":
            yield f"block_{name} = np.empty({BLOCK}, np.int32)"
        case "numbers" | "halves":
            assert form.bounds is not None
            yield f"block_{name} = np.empty({BLOCK}, np.{form.bounds.width})"


def changed(name: str, form: Form, place: int | None) -> list[str]:
    """Return lines that put the rows of a block, `block` to `block + n`, under a column's name.

    Where something is there that the form cannot hold, `wrong` becomes other than zero. Rows whose
    number is not between the limits of the column, `low0` and `high0` where its `place` is 0, are
    marked.
    """
    given, room = f"given_{name}", f"block_{name}"
    part = f"{given}[block:block + n]"
    limits = f"{room}, low{place}, high{place}, marks"
    found = f"{name} = {room}[:n]"
    match form.way:
        case "same":
            more = " + 1" if name.startswith("from_") else ""
            return [f"{name} = {given}[block:block + n{more}]"]
        case "bits":
            eights = f"{given}[block >> 3:(block + n + 7) >> 3]"
            return [
                f"copy_bits({eights}, spread_{name})",
                f"{name} = bytes_{name}[block & 7:(block & 7) + n]",
            ]
        case "codes":
            return [
                f"wrong = wrong | copy_codes({part}, {room}, codes_{name}, own_{name})",
                found,
            ]
        case "days":
            return [f"wrong = wrong | copy_days({part}, {room})", found]
        case "numbers":
            return [f"marked = copy_numbers({part}, {limits}) | marked", found]
        case "halves":
            pairs = f"{given}[2 * block:2 * (block + n)]"
            return [
                f"wrong = wrong | wrong_halves({pairs})",
                f"marked = copy_halves({pairs}, {limits}) | marked",
                found,
            ]
