"""Arrow arrays as the integers that evaluators compute with; what no document may hold is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditgate.backends.columns.frames import TableRefused
from creditgate.backends.columns.passes import FIRST_DAY_OF_EPOCH
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary

NUMBERS = frozenset({"count", "number", "ratio", "quantity", "money", "price"})
KNOWN, MISSING, NONE = range(3)
_MOST = 2**62
MOST_TEXT = 1_000


class Codes:
    """Numbers for texts: members of enums and words of rules first, then what tables hold.

    Safe to share between threads.
    """

    def __init__(self, first: Mapping[str, int], below: Codes | None = None) -> None:
        self._below: Mapping[str, int] = {} if below is None else below._codes
        self._codes: dict[str, int] = dict(first)
        self._lock = Lock()

    def above(self) -> Codes:
        """Return the same codes, to which others can be added without changing these."""
        assert not self._below, "codes stand above first ones only"
        return Codes({}, self)

    def of(self, array: Any, place: str) -> Any:
        """Return the code of each text; null has the code 0."""
        if pa.types.is_null(array.type):
            return np.zeros(len(array), dtype=np.int64)
        if pa.types.is_dictionary(array.type):
            return looked_up(self.of(array.dictionary, place), array.indices, place)
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            raise TableRefused(place, f"texts are expected, not {array.type}")
        encoded = pc.dictionary_encode(array)
        words = encoded.dictionary.to_pylist()
        if any(len(word or "") > MOST_TEXT for word in words):
            raise TableRefused(place, f"a text has more than {MOST_TEXT} characters")
        with self._lock:
            numbers = [self._code(word) for word in words]
        return looked_up(np.array(numbers, dtype=np.int64), encoded.indices, place)

    def _code(self, word: str) -> int:
        known = self._below.get(word)
        return self._codes.setdefault(word, len(self)) if known is None else known

    def word(self, code: int) -> str:
        """Return the text of a code."""
        every = chain(self._below.items(), self._codes.items())
        return next(word for word, own in every if own == code)

    def known(self, words: list[str]) -> list[int]:
        """Return the codes of texts that have one."""
        return [c[word] for word in words for c in (self._below, self._codes) if word in c]

    def among(self, codes: Any, words: Iterable[str]) -> Any:
        """Return for each code whether it is that of one of some texts."""
        named = np.zeros(len(self), dtype=np.bool_)
        named[self.known(list(words))] = True
        return named[codes]

    def __len__(self) -> int:
        return len(self._below) + len(self._codes)


def looked_up(numbers: Any, indexes: Any, place: str) -> Any:
    """Return the numbers of words at their indexes; in place of null stands that of some word."""
    found = (indexes.fill_null(0) if indexes.null_count else indexes).to_numpy(zero_copy_only=False)
    if not len(numbers):
        return np.zeros(len(found), dtype=np.int64)
    if len(found) and (int(found.min()) < 0 or int(found.max()) >= len(numbers)):
        raise TableRefused(place, "an index is of no text")
    return numbers[found]


def first_codes(vocabulary: Vocabulary, words: set[str]) -> dict[str, int]:
    """Return the codes of all members of enums and of the words that rules use."""
    members = {member for enum in vocabulary.enums.values() for member in enum.members}
    return {word: code for code, word in enumerate(sorted(members | words))}


def values_of(
    fact: FactDeclaration, array: Any, place: str, vocabulary: Vocabulary, codes: Codes
) -> Any:
    """Return what a column holds as integers, or as bytes for booleans; nulls hold zero."""
    if pa.types.is_null(array.type):  # a column of nothing but nulls says of no type
        return np.zeros(len(array), dtype=np.uint8 if fact.kind == "boolean" else np.int64)
    match fact.kind:
        case "boolean":
            _expect(pa.types.is_boolean(array.type), place, "true and false", array)
            return array.fill_null(False).cast(pa.uint8()).to_numpy(zero_copy_only=False)
        case "enum":
            if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
                array = pc.dictionary_encode(array)
            members_checked(array, vocabulary.enums[fact.target or ""].members, place)
            return codes.of(array, place)
        case "date":
            return _day(array, place)
        case "time":
            return _minute(array, place)
        case "instant":
            return _instant(array, place)
        case "duration":
            factor = 1_000_000 if without_none(fact.type) == SECONDS else 1
            _expect(pa.types.is_integer(array.type), place, "whole numbers", array)
            values = _filled(array)
            _check_bounds(values, fact, 1, array, place)
            return values * factor
        case kind if kind in NUMBERS:
            return _number(fact, array, place)
        case _:
            return codes.of(array, place)


def _expect(fits: bool, place: str, wanted: str, array: Any) -> None:
    if not fits:
        raise TableRefused(place, f"{wanted} are expected, not {array.type}")


def _filled(array: Any) -> Any:
    found = array.cast(pa.int64()) if array.type != pa.int64() else array
    return (found.fill_null(0) if found.null_count else found).to_numpy(zero_copy_only=False)


def _number(fact: FactDeclaration, array: Any, place: str) -> Any:
    factor = 10**fact.scale
    kind = array.type
    if pa.types.is_integer(kind):
        whole = _filled(array)
        if len(whole) and max(abs(int(whole.min())), abs(int(whole.max()))) * factor >= _MOST:
            raise TableRefused(place, "a number is too large")
        values = whole * factor if factor != 1 else whole
    elif pa.types.is_decimal(kind):
        values = _decimals(array, fact.scale, place)
    elif pa.types.is_floating(kind):
        values = _doubles(array, factor, place)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        try:
            values = _decimals(array.cast(pa.decimal128(38, 12)), fact.scale, place)
        except pa.ArrowInvalid:
            raise TableRefused(place, "a text is no number, or has too many digits") from None
    else:
        raise TableRefused(place, f"numbers are expected, not {kind}")
    _check_bounds(values, fact, factor, array, place)
    return values


def _decimals(array: Any, scale: int, place: str) -> Any:
    scaled = array
    if not pa.types.is_decimal128(array.type) or array.type.scale != scale:
        try:
            scaled = array.cast(pa.decimal128(38, scale))
        except pa.ArrowInvalid:
            message = f"a number has more than {scale} decimals, or is too large"
            raise TableRefused(place, message) from None
    halves = raw(scaled, np.int64, 2)
    low, high = [without_nulls(half, scaled) for half in (halves[0::2], halves[1::2])]
    if not bool(((low >> 63) == high).all()):
        raise TableRefused(place, "a number is too large")
    return np.ascontiguousarray(low)


def _doubles(array: Any, factor: int, place: str) -> Any:
    given = array.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
    if not bool(np.isfinite(given).all()):
        raise TableRefused(place, "a number is not finite")
    if len(given) and float(np.abs(given).max()) * factor >= 10**15:
        raise TableRefused(place, "a binary fraction is too large to be exact", "give decimals")
    values = np.floor(given * factor + 0.5).astype(np.int64)
    if not bool((values / factor == given).all()):
        raise TableRefused(place, "a number has too many decimals")
    return values


def _check_bounds(values: Any, fact: FactDeclaration, factor: int, array: Any, place: str) -> None:
    low, high = ceil(Fraction(fact.low or 0) * factor), floor(Fraction(fact.high or 0) * factor)
    if fact.low is None or fact.high is None or not len(values):
        return
    if low <= int(values.min()) and int(values.max()) <= high:
        return
    outside = (values < low) | (values > high)
    if not bool(outside.any()):
        return
    if array.null_count:
        outside &= pc.is_valid(array).to_numpy(zero_copy_only=False)
    if bool(outside.any()):
        row = int(outside.argmax())
        message = f"the number in row {row} is not between {fact.low} and {fact.high}"
        raise TableRefused(place, message)


def lengths_checked(array: Any, place: str) -> None:
    """Refuse a column of texts of which one is too long."""
    if pa.types.is_null(array.type):
        return
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        raise TableRefused(place, f"texts are expected, not {array.type}")
    # No text has more characters than bytes.
    for length in (pc.binary_length, pc.utf8_length):
        if (pc.max(length(texts)).as_py() or 0) <= MOST_TEXT:
            return
    raise TableRefused(place, f"a text has more than {MOST_TEXT} characters")


def members_checked(array: Any, declared: Mapping[str, Any], place: str) -> None:
    """Refuse a column of texts that are not all members of an enum."""
    kind = array.type.value_type if pa.types.is_dictionary(array.type) else array.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise TableRefused(place, f"texts are expected, not {array.type}")
    given = array.dictionary if pa.types.is_dictionary(array.type) else pc.unique(array)
    unknown = sorted({word for word in given.to_pylist() if word is not None} - set(declared))
    if unknown:
        raise TableRefused(place, f"`{unknown[0]}` is not one of its members")


def _day(array: Any, place: str) -> Any:
    if pa.types.is_string(array.type):
        try:
            array = pc.strptime(array, format="%Y-%m-%d", unit="s").cast(pa.date32())
        except pa.ArrowInvalid:
            raise TableRefused(place, "a text is no date") from None
    _expect(pa.types.is_date32(array.type), place, "dates", array)
    found = raw(array, np.int32).astype(np.int64)
    found += FIRST_DAY_OF_EPOCH
    return without_nulls(found, array, FIRST_DAY_OF_EPOCH)


def _minute(array: Any, place: str) -> Any:
    _expect(pa.types.is_time(array.type), place, "times of day", array)
    micros = array.cast(pa.time64("us")).cast(pa.int64())
    found = micros.fill_null(0).to_numpy(zero_copy_only=False)
    if bool((found % 60_000_000).any()):
        raise TableRefused(place, "a time of day has seconds")
    return found // 60_000_000


def _instant(array: Any, place: str) -> Any:
    fits = pa.types.is_timestamp(array.type) and array.type.tz is not None
    _expect(fits, place, "instants with a time zone", array)
    if array.type.unit != "us":
        array = array.cast(pa.timestamp("us", tz="UTC"))
    return without_nulls(raw(array, np.int64), array)


def raw(array: Any, kind: Any, times: int = 1) -> Any:
    """Return what an array holds, `times` numbers a value; what stands for null means nothing."""
    _, buffer = array.buffers()
    begin = array.offset * times
    if buffer is None:
        return np.zeros(len(array) * times, dtype=kind)
    return np.frombuffer(buffer, dtype=kind)[begin : begin + len(array) * times]


def without_nulls(values: Any, array: Any, stands: int = 0) -> Any:
    """Return values with a number in place of each null."""
    if not array.null_count:
        return values
    return np.where(pc.is_valid(array).to_numpy(zero_copy_only=False), values, stands)
