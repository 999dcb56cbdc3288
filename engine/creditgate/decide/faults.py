"""Say what is wrong with a facts document: one diagnostic a mistake, by the path of the fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import msgspec

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic, error
from creditgate.base.spans import NOWHERE
from creditgate.base.suggest import nearest
from creditgate.decide.daily_lists import CHECKSUM
from creditgate.decide.records import MOST_ROWS, MOST_TEXT, is_number
from creditgate.domain.vocabulary import (
    PUBLISHED_LIST,
    Entity,
    FactDeclaration,
    Vocabulary,
)

LONGEST_PATH: Final = 200
Moment = TypeVar("Moment", date, time, datetime)


def fault(code: Code, path: str, message: str, hint: str | None = None) -> Diagnostic:
    """Return a diagnostic about the fact at a path."""
    if len(path) > LONGEST_PATH:
        path = f"{path[:LONGEST_PATH]}…"
    return error(code, f"`{path}`: {message}" if path else message, NOWHERE, hint=hint)


def faults_of(document: Any, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield what is wrong with a facts document of maps, lists and plain values."""
    if not isinstance(document, Mapping):
        yield fault(Code.UNREADABLE_FACTS, "", "the facts are not a map of entities")
        return
    tables = vocabulary.tables()
    singles = {e.name: e for e in vocabulary.entities.values() if e.kind == "single"}
    for key, value in document.items():
        if key == "event":
            if not isinstance(value, str):
                yield fault(Code.WRONG_TYPE, key, "the name of an event is wanted here")
        elif key == "claims":
            yield from _claims(value, vocabulary)
        elif key in singles:
            yield from _record(value, singles[key], key, vocabulary)
        elif key in tables:
            yield from _rows(value, tables[key], key, vocabulary)
            if tables[key].name == PUBLISHED_LIST:
                yield from _lists(value, key, vocabulary)
        else:
            near = nearest(_text(key), [*singles, *tables, "claims", "event"])
            hint = f"did you mean `{near}`?" if near else "`creditgate facts` lists the entities"
            yield fault(Code.UNKNOWN_FACT, _text(key), "there is no such entity", hint)


def _record(value: Any, entity: Entity, path: str, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    if not isinstance(value, Mapping):
        yield fault(Code.WRONG_TYPE, path, "a record of facts is wanted here")
        return
    for name, item in value.items():
        fact = entity.facts.get(name)
        if fact is None:
            near = nearest(_text(name), entity.facts)
            hint = (
                f"did you mean `{near}`?" if near else f"`creditgate facts` lists those of {path}"
            )
            message = f"{entity.name} has no such fact"
            yield fault(Code.UNKNOWN_FACT, f"{path}.{_text(name)}", message, hint)
        else:
            yield from _fact(item, fact, f"{path}.{name}", vocabulary)
    for fact in entity.facts.values():
        if fact.none_when is not None and fact.name in value and fact.none_when.fact in value:
            yield from _none_when(value, fact, path)


def _none_when(value: Mapping[str, Any], fact: FactDeclaration, path: str) -> Iterator[Diagnostic]:
    assert fact.none_when is not None
    sibling = value[fact.none_when.fact]
    if not isinstance(sibling, str):
        return
    if (value[fact.name] is None) is not (sibling in fact.none_when.members):
        wanted = "null" if value[fact.name] is not None else "a value"
        yield fault(
            Code.NONE_NOT_ALLOWED,
            f"{path}.{fact.name}",
            f"{wanted} is wanted where `{fact.none_when.fact}` is {_shown(sibling)}",
        )


def _rows(value: Any, entity: Entity, path: str, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    if not isinstance(value, list | tuple):
        yield fault(Code.WRONG_TYPE, path, "a list of records is wanted here")
        return
    if len(value) > MOST_ROWS:
        yield fault(Code.TOO_LARGE, path, f"the list has {len(value)} rows, more than {MOST_ROWS}")
        return
    seen: set[str] = set()
    for place, row in enumerate(value):
        key = row.get(entity.key) if isinstance(row, Mapping) else None
        at = f"{path}[{key if isinstance(key, str | date) else place}]"
        if isinstance(row, Mapping) and key is None:
            message = f"the row has no `{entity.key}`, by which it would be known"
            yield fault(Code.DUPLICATE_RECORD, at, message)
        elif _text(key) in seen:
            message = f"two rows have the same `{entity.key}`"
            yield fault(Code.DUPLICATE_RECORD, at, message, "give each row once")
        seen.add(_text(key))
        yield from _record(row, entity, at, vocabulary)


def _fact(
    value: Any, fact: FactDeclaration, path: str, vocabulary: Vocabulary
) -> Iterator[Diagnostic]:
    if value is None:
        if not fact.may_be_none:
            hint = "leave the key out if the fact is not known"
            yield fault(Code.NONE_NOT_ALLOWED, path, "this fact always exists: not null", hint)
        return
    match fact.kind:
        case kind if is_number(fact):
            yield from _number(value, fact, path)
        case "boolean":
            if not isinstance(value, bool):
                yield fault(Code.WRONG_TYPE, path, f"true or false is wanted, not {_shown(value)}")
        case "enum":
            yield from _member(value, fact.target or "", path, vocabulary)
        case "set":
            if not isinstance(value, list | tuple | set | frozenset):
                yield fault(Code.WRONG_TYPE, path, f"a list is wanted, not {_shown(value)}")
            elif fact.target != "text":
                for item in value:
                    yield from _member(item, fact.target or "", path, vocabulary)
            elif not all(isinstance(item, str) and len(item) <= MOST_TEXT for item in value):
                yield fault(Code.WRONG_TYPE, path, "a list of texts is wanted")
        case "list":
            yield from _rows(value, vocabulary.entities[fact.target or ""], path, vocabulary)
        case "duration":
            if not isinstance(value, int) or isinstance(value, bool):
                yield fault(Code.WRONG_TYPE, path, f"a whole number is wanted, not {_shown(value)}")
            else:
                yield from _bounds(Decimal(value), fact, path)
        case kind:
            yield from _text_like(value, kind, path)


def _number(value: Any, fact: FactDeclaration, path: str) -> Iterator[Diagnostic]:
    if isinstance(value, float):
        hint = "pass a decimal number, a whole number or text"
        yield fault(Code.FLOAT_REFUSED, path, "a binary float is never exact", hint)
        return
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        yield fault(Code.WRONG_TYPE, path, f"a number is wanted, not {_shown(value)}")
        return
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError):
        number = Decimal("NaN")
    if not number.is_finite():
        yield fault(Code.NOT_A_NUMBER, path, f"{_shown(value)} is not a number")
        return
    yield from _bounds(number, fact, path)
    if _decimals(number) > fact.scale:
        message = f"{_shown(value)} has more than {fact.scale} decimals"
        yield fault(Code.TOO_MANY_DECIMALS, path, message, "round it where it is made, not here")


def _decimals(number: Decimal) -> int:
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or not number:
        return 0
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -exponent - zeros)


def _bounds(number: Decimal, fact: FactDeclaration, path: str) -> Iterator[Diagnostic]:
    low = fact.low is not None and number < fact.low
    high = fact.high is not None and number > fact.high
    if low or high:
        limit = f"below {fact.low}" if low else f"above {fact.high}"
        is_short = abs(number.adjusted()) < 40 and len(number.as_tuple().digits) < 40
        shown = str(number) if is_short else "the number"
        yield fault(Code.OUT_OF_BOUNDS, path, f"{shown} is {limit}, which cannot be")


def _member(value: Any, enum: str, path: str, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    members = vocabulary.enums[enum].members
    if not isinstance(value, str) or value not in members:
        near = nearest(_text(value)[:80], members)
        hint = f"did you mean `{near}`?" if near else f"members: {', '.join(list(members)[:14])}"
        message = f"{_shown(value)} is not a member of {enum}"
        yield fault(Code.UNKNOWN_ENUM_MEMBER, path, message, hint)


def _text_like(value: Any, kind: str, path: str) -> Iterator[Diagnostic]:
    wanted = {
        "date": "a date such as 2015-07-01",
        "time": "a time of day in whole minutes, such as 09:30:00,",
        "instant": "an instant with its offset, such as 2026-01-19T10:31:00+08:00",
    }.get(kind, "a text")
    good = isinstance(value, str) and len(value) <= MOST_TEXT
    if kind == "date":
        good = type(value) is date or (good and _read(date, value) is not None)
    elif kind == "time":
        moment = value if isinstance(value, time) else _read(time, value) if good else None
        good = moment is not None and not (moment.second or moment.microsecond or moment.tzinfo)
    elif kind == "instant":
        instant = value if isinstance(value, datetime) else _read(datetime, value) if good else None
        good = instant is not None and instant.tzinfo is not None
    if not good:
        yield fault(Code.WRONG_TYPE, path, f"{wanted} is wanted, not {_shown(value)}")


def _read(kind: type[Moment], value: str) -> Moment | None:
    try:
        return msgspec.convert(value, kind)
    except (msgspec.MsgspecError, ValueError):
        return None


def _claims(value: Any, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    if not isinstance(value, list | tuple):
        yield fault(Code.BAD_CLAIM, "claims", "a list of claims is wanted here")
        return
    seen = set()
    for place, item in enumerate(value):
        path = f"claims[{place}]"
        if not isinstance(item, Mapping) or set(item) != {"claim", "by", "at"}:
            hint = "a claim says what is claimed (`claim`), who says so (`by`) and when (`at`)"
            yield fault(Code.BAD_CLAIM, path, "the claim is not complete", hint)
            continue
        name = item["claim"]
        if not isinstance(name, str) or name not in vocabulary.claims:
            near = nearest(_text(name)[:80], vocabulary.claims)
            hint = f"did you mean `{near}`?" if near else "claims are declared in the vocabulary"
            yield fault(Code.UNKNOWN_FACT, path, f"there is no claim {_shown(name)}", hint)
        if _text(name) in seen:
            yield fault(Code.DUPLICATE_RECORD, path, "the claim is made twice")
        seen.add(_text(name))
        yield from _text_like(item["at"], "instant", f"{path}.at")
        yield from _text_like(item["by"], "text", f"{path}.by")
        if isinstance(item["by"], str) and not item["by"].strip():
            yield fault(Code.BAD_CLAIM, f"{path}.by", "nobody answers for the claim")


def _lists(value: Any, path: str, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Yield what rows about daily lists leave out."""
    for row in value if isinstance(value, list | tuple) else ():
        if not isinstance(row, Mapping):
            continue
        name, source, checksum = (row.get(key) for key in ("id", "source", "checksum"))
        at = f"{path}[{_text(name)}]"
        absent = [key for key in vocabulary.entities[PUBLISHED_LIST].facts if key not in row]
        if absent:
            hint = "a row says which list it is, of which day, from where and with which checksum"
            message = f"the list does not say its {', '.join(f'`{key}`' for key in absent)}"
            yield fault(Code.BAD_LIST, at, message, hint)
        if isinstance(name, str) and name not in vocabulary.lists:
            near = nearest(name[:80], vocabulary.lists)
            hint = f"did you mean `{near}`?" if near else "lists are declared in the vocabulary"
            yield fault(Code.BAD_LIST, at, f"there is no daily list {_shown(name)}", hint)
        if isinstance(source, str) and not source.strip():
            yield fault(Code.BAD_LIST, f"{at}.source", "it does not say where the list is from")
        if isinstance(checksum, str) and CHECKSUM.fullmatch(checksum) is None:
            hint = "write the algorithm, a colon and hexadecimal digits, such as `sha256:9f86d0`"
            yield fault(Code.BAD_LIST, f"{at}.checksum", "this is no checksum", hint)


def _text(value: Any) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of more digits than Python writes out
        return "a very long number"


def _shown(value: Any) -> str:
    text = _text(value)
    return f"`{text if len(text) <= 40 else text[:40] + '…'}`"
