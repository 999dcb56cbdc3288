"""Columns of the rows that are decided, in the form they were given where kernels can read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

import numpy as np
import pyarrow as pa

from creditgate.backends.columns.bounds import Range
from creditgate.backends.columns.layout import Bounds, Form
from creditgate.backends.columns.values import NUMBERS, Codes, members_checked, raw, values_of
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary

#: Rows whose numbers are looked through at once: they stay in the caches of a processor.
PART: Final = 1 << 16
_SAMPLE: Final = 1024
_INTEGERS: Final = (pa.int8(), pa.int16(), pa.int32(), pa.int64())


@dataclass(frozen=True, slots=True)
class Given:
    """A column without nulls in a form that kernels by blocks read, and the arrays that hold it."""

    fact: FactDeclaration
    array: Any
    place: str
    form: Form
    parts: tuple[Any, ...]

    def values(self, vocabulary: Vocabulary, codes: Codes) -> Any:
        """Return the integers that the column holds.

        Errors: TableRefused where a fact cannot have one of them.
        """
        return values_of(self.fact, self.array, self.place, vocabulary, codes)

    def is_within(self, begin: int, end: int) -> bool:
        """Tell whether rows hold what the column may hold, as far as that is quickly seen."""
        if self.form.way in {"bits", "days"}:
            return True
        if self.form.way == "halves":
            return False
        bounds = self.form.bounds or Bounds(0, len(self.parts[-1]) - 1)
        part = self.parts[0][begin:end]
        return not len(part) or bool(part.min() >= bounds.low and part.max() <= bounds.high)

    def range(self) -> Range:
        """Return the least and greatest integer of a column that has no bounds."""
        match self.form.way:
            case "codes":
                return 0, int(self.parts[1].max())
            case "days":
                return -(2**30), 2**31
            case _:
                return 0, 1

    def extremes(self, *, of_all: bool) -> tuple[int, int]:
        """Return the least and greatest of all numbers of the column, or of some."""
        values = self.parts[0][::2] if self.form.way == "halves" else self.parts[0]
        if not of_all:
            values = values[:: max(1, len(values) // _SAMPLE)]
        found = [values[begin:end] for begin, end in parts(0, len(values))]
        return min(int(each.min()) for each in found), max(int(each.max()) for each in found)

    def refuse_outside(self, rows: Any, vocabulary: Vocabulary) -> None:
        """Refuse a number in some rows that is not within the bounds of the fact."""
        bounds = self.form.bounds
        if bounds is None:
            return
        values = self.parts[0][2 * rows if self.form.way == "halves" else rows]
        outside = (values < bounds.low) | (values > bounds.high)
        if bool(outside.any()):
            self.values(vocabulary, Codes({}))


def given(
    fact: FactDeclaration, array: Any, place: str, vocabulary: Vocabulary, codes: Codes
) -> Given | None:  # fmt: skip
    """Return a column as it was given, or None where its integers must be made first."""
    if array.null_count or not len(array):
        return None
    found = _form(fact, array, place, vocabulary, codes)
    if found is None:
        return None
    form, parts = found
    return Given(fact, array, place, form, tuple(_read_only(part) for part in parts))


def _form(
    fact: FactDeclaration, array: Any, place: str, vocabulary: Vocabulary, codes: Codes
) -> tuple[Form, tuple[Any, ...]] | None:  # fmt: skip
    kind = array.type
    match fact.kind:
        case "boolean" if pa.types.is_boolean(kind):
            return Form("bits"), (_bits(array),)
        case "date" if pa.types.is_date32(kind):
            return Form("days"), (raw(array, np.int32),)
        case "enum" | "text" if pa.types.is_dictionary(kind):
            return _codes(fact, array, place, vocabulary, codes)
        case "duration" if without_none(fact.type) == SECONDS:
            return None
        case "duration":
            return _number(fact, array)
        case name if name in NUMBERS:
            return _number(fact, array)
    return None


def _number(fact: FactDeclaration, array: Any) -> tuple[Form, tuple[Any, ...]] | None:
    bounds = _bounds(fact)
    if bounds is None:
        return None
    kind = array.type
    if kind in _INTEGERS and not fact.scale:
        return Form("numbers", bounds), (raw(array, kind.to_pandas_dtype()),)
    if not pa.types.is_decimal(kind) or kind.scale != fact.scale:
        return None
    if kind.bit_width in {32, 64}:
        return Form("numbers", bounds), (raw(array, np.dtype(f"int{kind.bit_width}")),)
    return (Form("halves", bounds), (raw(array, np.int64, 2),)) if kind.bit_width == 128 else None


def _bounds(fact: FactDeclaration) -> Bounds | None:
    if fact.low is None or fact.high is None:
        return None
    unit = 10**fact.scale
    low, high = ceil(Fraction(fact.low) * unit), floor(Fraction(fact.high) * unit)
    return Bounds(low, high) if -(2**62) < low <= high < 2**62 else None


def _codes(
    fact: FactDeclaration, array: Any, place: str, vocabulary: Vocabulary, codes: Codes
) -> tuple[Form, tuple[Any, ...]] | None:  # fmt: skip
    words = array.dictionary
    if array.type.index_type not in _INTEGERS or words.null_count or not len(words):
        return None
    if fact.kind == "enum":
        members_checked(array, vocabulary.enums[fact.target or ""].members, place)
    numbers = codes.of(words, place)
    most = int(numbers.max())
    width = "uint8" if most < 2**8 else "uint16" if most < 2**16 else "int32"
    own = raw(array.indices, array.type.index_type.to_pandas_dtype())
    counted = np.arange(len(words)).astype(own.dtype)
    return Form("codes", None, width), (own, numbers.astype(width), counted)


def _bits(array: Any) -> Any:
    _, buffer = array.buffers()
    begin, shift = divmod(array.offset, 8)
    found = np.frombuffer(buffer, dtype=np.uint8)[begin : begin + (shift + len(array) + 7) // 8]
    if not shift:
        return found
    return np.packbits(np.unpackbits(found, bitorder="little")[shift:], bitorder="little")


def _read_only(array: Any) -> Any:
    """Return an array that cannot be written: kernels are compiled for one kind of array only."""
    found = array.view()
    found.flags.writeable = False
    return found


def parts(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the first row, and the row after the last, of the parts of some rows."""
    for start in range(begin, end, PART):
        yield start, min(start + PART, end)
