"""Facts that the solver found, as a facts document of the usual form."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from creditgate.backends.solver.found_facts import FoundFacts, Place
from creditgate.domain.dsl_types import SECONDS, without_none
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS: Final = 1_000_000
MINUTES: Final = 60


def document(found: FoundFacts, vocabulary: Vocabulary, event: str, as_of: int) -> dict[str, Any]:
    """Return a facts document; `as_of` is the day (an ordinal) on which claims were made."""
    made: dict[str, Any] = {"event": event}
    tables: dict[str, list[Any]] = {}
    for place in sorted(found.records):
        path, keys = place
        entity = vocabulary.entities[found.entities[place]]
        if "." in path or "[" in path:
            continue  # a row, which stands in its list
        record = _record(found, place, vocabulary)
        if entity.kind == "single":
            if record:
                made[entity.name] = record
        elif entity.list_name is not None:
            record = {str(entity.key): keys[0], **record}
            tables.setdefault(entity.list_name, []).append(record)
    made.update(tables)
    if found.claims:
        at = f"{date.fromordinal(as_of).isoformat()}T00:00:00Z"
        made["claims"] = [{"claim": name, "by": "a person", "at": at} for name in found.claims]
    return made


def _record(found: FoundFacts, place: Place, vocabulary: Vocabulary) -> dict[str, Any]:
    path, keys = place
    entity = vocabulary.entities[found.entities[place]]
    record: dict[str, Any] = {}
    for name, value in sorted(found.records[place].items()):
        record[name] = shown(entity.facts[name], value)
    for (owner, name), count in sorted(found.rows.items()):
        if owner == place:
            rows = [(f"{path}.{name}[{number}]", keys) for number in range(count)]
            record[name] = [
                _record(found, row, vocabulary) if row in found.records else {} for row in rows
            ]
    return record


def shown(fact: FactDeclaration, value: Any) -> Any:
    """Return a value as a document gives it: exact numbers as text, days and instants in ISO 8601."""
    if value is None or isinstance(value, bool):
        return value
    match fact.kind:
        case "date":
            return date.fromordinal(value).isoformat()
        case "time":
            return time(value // MINUTES, value % MINUTES).isoformat("minutes")
        case "instant":
            return (EPOCH + timedelta(microseconds=value)).isoformat()
        case "duration":
            return value // MICROSECONDS if without_none(fact.type) == SECONDS else value
        case "set":
            return sorted(value)
        case "text" | "enum" | "reference":
            return value
        case _:
            return f"{Decimal(value).scaleb(-fact.scale):f}" if fact.scale else value
