"""Columns of cells as the values of facts, where there is no doubt what a cell says.

Whatever is not plainly the value of a fact is `odd`: its row is left to the reader of documents,
which says what is wrong with it, or reads it after all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from creditgate.decide.records import MOST_TEXT, is_number
from creditgate.domain.vocabulary import Entity, FactDeclaration, Vocabulary
from creditgate.replay.arrow_text import texts_of
from creditgate.replay.cell_values import FIRST_DAY, LAST_DAY, is_member, limits, reader

NONE: Final = ".none"
_KNOWN, _MISSING, _NONE, _ODD = range(4)
_WHOLE: Final = 38
_INSTANT: Final = pa.timestamp("us", "UTC")
_EPOCH: Final = date(1970, 1, 1)
_TEXTS: Final = frozenset({"text", "reference"})
_SAID: Final = pa.array(["none", "null"])


@dataclass(frozen=True, slots=True)
class Typed:
    """Values of a fact, null where there is none; `none` and `odd` are by row, or None for nowhere."""

    values: Any
    none: Any = None
    odd: Any = None

    @property
    def is_given(self) -> Any:
        """Return of which rows the fact says something, be it none."""
        valid = pc.is_valid(self.values).to_numpy(zero_copy_only=False)
        return valid if self.none is None else valid | self.none


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """Facts of records by name, and which records are odd."""

    facts: Mapping[str, Typed]
    odd: Any

    def columns(self, wanted: Callable[[str], bool]) -> dict[str, Any]:
        """Return the columns of some facts as tables of orders have them."""
        found: dict[str, Any] = {}
        for name, typed in self.facts.items():
            if wanted(name):
                found[name] = typed.values
                if typed.none is not None:
                    found[f"{name}{NONE}"] = pa.array(typed.none)
        return found


def typed_record(
    columns: Mapping[str, Any], none: Mapping[str, Any], rows: int, entity: Entity,
    vocabulary: Vocabulary,
) -> TypedRecord:  # fmt: skip
    """Return columns of an entity's facts as values; `none` says of some which rows are none."""
    facts: dict[str, Typed] = {}
    odd = np.zeros(rows, dtype=bool)
    for name, column in columns.items():
        found = typed(column, entity.facts[name], vocabulary)
        said = none.get(name)
        if said is not None:
            found, contradicts = _with_none(found, _bits(said))
            odd |= contradicts
        if found.odd is not None:
            odd |= found.odd
        facts[name] = found
    for name, typed_fact in facts.items():
        when = entity.facts[name].none_when
        if when is not None and when.fact in facts:
            other = facts[when.fact]
            named = pa.array(sorted(when.members))
            says_none = _bits(pc.is_in(decoded(other.values), value_set=named))
            is_none = np.zeros(rows, dtype=bool) if typed_fact.none is None else typed_fact.none
            odd |= (says_none != is_none) & typed_fact.is_given & other.is_given
    return TypedRecord(facts, odd)


def _with_none(found: Typed, said: Any) -> tuple[Typed, Any]:
    contradicts = said & _bits(pc.is_valid(found.values))
    none = said if found.none is None else found.none | said
    return Typed(found.values, none if none.any() else None, found.odd), contradicts


def typed(column: Any, fact: FactDeclaration, vocabulary: Vocabulary) -> Typed:
    """Return the cells of a column of Arrow as values of a fact.

    >>> from creditgate.domain.dsl_types import TEXT
    >>> from creditgate.domain.citation import Bilingual
    >>> price = FactDeclaration("price", "price", TEXT, Bilingual("", ""), 4)
    >>> found = typed(pa.array(["12.4", "1e3", None]), price, None)
    >>> found.values.to_pylist(), found.odd.tolist()
    ([Decimal('12.4000'), None, None], [False, True, False])
    """
    kind = column.type
    if types.is_null(kind):
        return Typed(column)
    found: Typed | None = None
    if types.is_boolean(kind) and fact.kind == "boolean":
        return Typed(column)
    if is_number(fact) and (types.is_integer(kind) or types.is_decimal128(kind)):
        found = _numbers(column, fact)
    elif fact.kind == "date" and types.is_date32(kind):
        days = column.cast(pa.int32())
        found = _within(column, days, (FIRST_DAY - _EPOCH).days, (LAST_DAY - _EPOCH).days)
    elif fact.kind == "instant" and types.is_timestamp(kind) and kind.unit != "ns":
        found = _instants(column)
    elif fact.kind == "set" and (types.is_list(kind) or types.is_large_list(kind)):
        return _sets(column, fact, vocabulary)
    elif fact.kind in _TEXTS and is_plain_text(column, fact):
        return Typed(column)
    return _by_words(column, fact, vocabulary) if found is None else found


def is_plain_text(column: Any, fact: FactDeclaration) -> bool:
    """Tell whether every text of a column is certainly the value of a fact, as it stands."""
    words = column.dictionary if types.is_dictionary(column.type) else column
    if not types.is_string(words.type):
        return False
    lengths = pc.min_max(pc.binary_length(words)).as_py()
    if lengths["min"] is None or not 0 < lengths["min"] <= lengths["max"] <= MOST_TEXT:
        return False
    spaced = (pc.starts_with(words, " "), pc.ends_with(words, " "))
    if any(pc.any(each).as_py() for each in spaced):
        return False
    if words is not column and words.null_count:
        return False
    says_none = fact.may_be_none and pc.any(pc.is_in(words, value_set=_SAID)).as_py()
    return not says_none and bool(pc.all(pc.ascii_is_printable(words)).as_py())


def decoded(array: Any) -> Any:
    """Return texts one a row, however they are held."""
    return array.dictionary_decode() if types.is_dictionary(array.type) else array


def _bits(array: Any) -> Any:
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False)


def _or_nowhere(rows: Any) -> Any:
    return rows if rows.any() else None


def _without(values: Any, rows: Any) -> Any:
    """Return values with nulls in some rows."""
    return pc.if_else(pa.array(rows), pa.scalar(None, values.type), values)


def _within(values: Any, numbers: Any, low: int, high: int) -> Typed:
    held = pc.min_max(numbers).as_py()
    if held["min"] is None or (held["min"] >= low and held["max"] <= high):
        return Typed(values)
    counted = pc.fill_null(numbers, low).to_numpy(zero_copy_only=False)
    odd = (counted < low) | (counted > high)
    return Typed(_without(values, odd), None, odd)


def _numbers(column: Any, fact: FactDeclaration) -> Typed | None:
    low, high = limits(fact)
    try:
        if not fact.scale:
            whole = column.cast(pa.int64())
            return _within(whole, whole, low, high)
        scaled = column
        if not types.is_decimal(column.type) or column.type.scale != fact.scale:
            scaled = column.cast(pa.decimal128(_WHOLE, fact.scale))
    except pa.ArrowInvalid:
        return None
    _, buffer = scaled.buffers()
    halves = np.frombuffer(buffer, dtype=np.int64)[scaled.offset * 2 :][: len(scaled) * 2]
    small = halves[0::2]
    outside = (small < low) | (small > high) | (halves[1::2] != small >> 63)
    if not outside.any():
        return Typed(scaled)
    odd = outside & pc.is_valid(scaled).to_numpy(zero_copy_only=False)
    return Typed(_without(scaled, odd), None, odd) if odd.any() else Typed(scaled)


def _instants(column: Any) -> Typed | None:
    try:
        moments = column.cast(_INSTANT)
    except pa.ArrowInvalid:
        return None
    second = 1_000_000 * 86_400
    low, high = (FIRST_DAY - _EPOCH).days * second, (LAST_DAY - _EPOCH).days * second
    return _within(moments, moments.cast(pa.int64()), low, high)


def _sets(column: Any, fact: FactDeclaration, vocabulary: Vocabulary) -> Typed:
    offsets = column.offsets.to_numpy()
    members = column.values.slice(offsets[0], offsets[-1] - offsets[0])
    encoded = decoded(members).dictionary_encode()
    known = None
    if fact.target != "text":
        known = vocabulary.enums[fact.target or ""].members
    good = np.array([is_member(word, known) for word in encoded.dictionary.to_pylist()] or [False])
    codes = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    bad = ~good[codes] | pc.is_null(members).to_numpy(zero_copy_only=False)
    lengths = np.diff(offsets)
    owners = np.repeat(np.arange(len(column)), lengths)
    odd = np.zeros(len(column), dtype=bool)
    odd[owners[bad]] = True
    if len(lengths) and lengths.max() > 1:
        odd[owners[twice(owners, codes)]] = True
    return Typed(_without(column, odd) if odd.any() else column, None, _or_nowhere(odd))


def twice(owners: Any, codes: Any) -> Any:
    """Return the places at which an owner has a code that it has at another place too.

    The places of an owner stand one after the other.
    """
    found: list[Any] = [np.zeros(0, dtype=np.int64)]
    step = 1
    while step < len(owners):  # each with the next, the one after that, and so on
        near = owners[step:] == owners[:-step]
        if not near.any():
            break
        found.append(np.flatnonzero(near & (codes[step:] == codes[:-step])))
        step += 1
    return np.concatenate(found)


def _by_words(column: Any, fact: FactDeclaration, vocabulary: Vocabulary) -> Typed:
    """Read each text that a column holds once, however often it stands there."""
    encoded = column if types.is_dictionary(column.type) else column.dictionary_encode()
    texts = texts_of(encoded.dictionary, fact)
    read = reader(fact, vocabulary)
    states = np.full(len(texts.cells) + 1, _MISSING, dtype=np.uint8)
    places = np.full(len(states), -1, dtype=np.int32)
    values: list[Any] = []
    for number, cell in enumerate(texts.cells):
        if cell is None:
            states[number] = _ODD if number in texts.flaws else _MISSING
        elif fact.may_be_none and fact.kind != "set" and cell in {"none", "null"}:
            states[number] = _NONE
        else:
            try:
                value = read(cell)
            except ValueError:
                states[number] = _ODD
                continue
            states[number], places[number] = _KNOWN, len(values)
            values.append(value)
    # The place behind the last word stands for an empty cell.
    codes = pc.fill_null(encoded.indices.cast(pa.int32()), len(texts.cells)).to_numpy()
    at = places[codes]
    indices = pa.array(at, mask=at < 0)
    held = pa.array(values, _kind_of(fact))
    named = fact.kind in {"enum", "text", "reference"}
    found = pa.DictionaryArray.from_arrays(indices, held) if named else held.take(indices)
    row_states = states[codes]
    none, odd = (_or_nowhere(row_states == state) for state in (_NONE, _ODD))
    return Typed(found, none, odd)


def _kind_of(fact: FactDeclaration) -> Any:
    match fact.kind:
        case "boolean":
            return pa.bool_()
        case "date":
            return pa.date32()
        case "time":
            return pa.time32("s")
        case "instant":
            return _INSTANT
        case "duration":
            return pa.int64()
        case "set":
            return pa.list_(pa.string())
        case _ if is_number(fact):
            return pa.decimal128(_WHOLE, fact.scale) if fact.scale else pa.int64()
        case _:
            return pa.string()


def ordinals(lengths: Any) -> Any:
    """Return keys for the rows of lists that say no more than which row of its list each is."""
    count, most = int(lengths.sum()), int(lengths.max(initial=0))
    ends = np.cumsum(lengths)
    within = np.arange(count) - np.repeat(ends - lengths, lengths)
    words = pa.array([str(number) for number in range(most)], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(within.astype(np.int32)), words)
