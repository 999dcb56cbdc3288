"""How columns come: as a kernel reads them, or in a form that it changes block by block.

A block is small enough to stay in the caches of a processor, so that what is changed is neither
written to memory nor read from there. Numbers are checked where the kernel has read them anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

#: Rows of a block; a multiple of the bits of a byte.
BLOCK: Final = 4096
FIRST_DAY_OF_EPOCH: Final = 719_163
#: Beyond so many members their codes are looked up one by one.
_FEW: Final = 24

Way = Literal["same", "bits", "codes", "days", "halves"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and greatest integer that a column may hold."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a column.

    `same` is read as it is. `bits` are booleans, eight a byte. `codes` number the words of a list
    of their own; `width` is that of the numbers that the gate has for them. `days` are counted from
    1970. `halves` are integers of 128 bits as pairs of 64, the low ones first.
    """

    way: Way = "same"
    bounds: Bounds | None = None
    width: str = "uint8"

    @property
    def is_checked(self) -> bool:
        """Tell whether something could be found wrong in it."""
        return self.bounds is not None or self.way in {"codes", "halves"}


def outside(forms: Mapping[str, Form]) -> list[str]:
    """Return sources that are below zero where a number is not between its limits.

    The limits of each column that is bounded are `low0`, `high0`, `low1` and so on. No limit has
    more than 62 bits: where one difference is too large for its sign to be right the other is not.
    """
    found = []
    for place, (name, bounds) in enumerate(bounded(forms).items()):
        below = f"({name}[i] - low{place})" if bounds.low else f"{name}[i]"
        found.append(f"({below} | (high{place} - {name}[i]))")
    return found


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
        case "halves":
            yield f"block_{name} = np.empty({BLOCK}, np.int64)"


def changed(name: str, form: Form) -> Iterable[str]:
    """Return lines that put the rows of a block, `block` to `block + n`, under a column's name.

    Where something is there that the form cannot hold, `wrong` becomes other than zero.
    """
    given, room = f"given_{name}", f"block_{name}"
    match form.way:
        case "same":
            more = " + 1" if name.startswith("from_") else ""
            return [f"{name} = {given}[block:block + n{more}]"]
        case "bits":
            return [
                "first = block >> 3",
                "for q in range(((block + n + 7) >> 3) - first):",
                f"    eight = np.uint64({given}[first + q]) * ones & places",
                f"    spread_{name}[q] = ((eight + below) >> seven) & ones",
                f"{name} = bytes_{name}[block & 7:(block & 7) + n]",
            ]
        case "codes":
            return [
                f"part = {given}[block:block + n]",
                "least, most = part[0], part[0]",
                "for q in range(n):",
                "    least, most = min(least, part[q]), max(most, part[q])",
                f"if least < 0 or most >= len(codes_{name}):",
                "    wrong = 1",
                f"elif len(codes_{name}) > {_FEW}:",
                "    for q in range(n):",
                f"        {room}[q] = codes_{name}[part[q]]",
                "else:",
                "    for q in range(n):",
                f"        {room}[q] = codes_{name}[0]",
                "    for member in range(1, most + 1):",
                f"        code, own = codes_{name}[member], own_{name}[member]",
                "        for q in range(n):",
                f"            {room}[q] = code if part[q] == own else {room}[q]",
                f"{name} = {room}[:n]",
            ]
        case "days":
            return [
                "beyond = 0",
                "for q in range(n):",
                f"    day = {given}[block + q]",
                "    beyond = beyond | ((day ^ (day >> 31)) >> 30)",
                f"    {room}[q] = day + {FIRST_DAY_OF_EPOCH}",
                "wrong = wrong | beyond",
                f"{name} = {room}[:n]",
            ]
        case "halves":
            return [
                "beyond = 0",
                "for q in range(n):",
                f"    low, high = {given}[2 * (block + q)], {given}[2 * (block + q) + 1]",
                "    beyond = beyond | ((low >> 63) ^ high)",
                f"    {room}[q] = low",
                "wrong = wrong | beyond",
                f"{name} = {room}[:n]",
            ]
