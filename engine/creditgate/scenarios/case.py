"""Scenario files to cases: facts merged, day set, what is expected."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from creditgate.base.codes import Code
from creditgate.base.collector import Collector
from creditgate.base.diagnostic import error
from creditgate.base.spans import Span
from creditgate.decide.text_facts import document_from_text
from creditgate.domain.vocabulary import Vocabulary
from creditgate.load.located import Map, Seq, Text, plain_from_node
from creditgate.load.reading import (
    day_at,
    items_at,
    map_at,
    maps_at,
    span_of,
    text_at,
    texts_at,
)
from creditgate.load.rulebook_files import Shelf


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the facts, the thing judged, and what is expected of it.

    `kind` is rule, figure or determination; `outcome`, `decision`, `value` and `due` are None where
    the case says nothing about them. `known_on` (an ordinal) is the day by which all that is applied
    was published.
    """

    name: str
    rulebook: str
    kind: str
    subject: str
    event: str
    day: int | None
    facts: Mapping[str, Any]
    outcome: str | None
    decision: str | None
    value: str | None
    due: str | None
    span: Span
    known_on: int | None = None


def scenario_files(folder: Path) -> list[Path]:
    """Return the scenario files of a rulebook folder, by name."""
    return sorted((folder / "scenarios").glob("*.yaml"))


def cases_of(
    path: Path, shelf: Shelf, vocabulary: Vocabulary, collector: Collector
) -> Iterator[Case]:
    """Yield the cases of a scenario file, one for each rulebook it is meant for."""
    file = shelf.document(path, "scenarios", collector)
    if file is None:
        return
    given = plain_from_node(map_at(file, "given"))
    book = file.get("rulebook")
    books = texts_at(file, "rulebook") if isinstance(book, Seq) else (text_at(file, "rulebook"),)
    for node in maps_at(file, "cases"):
        for rulebook in books:
            case = _case(node, rulebook, given, vocabulary, collector)
            if case is not None:
                yield case


def _case(
    node: Map, rulebook: str, given: Any, vocabulary: Vocabulary, collector: Collector
) -> Case | None:
    event = text_at(node, "event", "order")
    declared = vocabulary.events.get(event)
    kind = next((k for k in ("rule", "figure", "determination") if node.get(k) is not None), "rule")
    facts = merged(given, plain_from_node(map_at(node, "facts")), vocabulary)
    on = text_at(node, "on")
    if on and declared is not None:
        holder, fact = declared.dated_by
        if map_at(map_at(node, "facts"), holder).get(fact) is None:
            facts.setdefault(holder, {})[fact] = on
    for item in items_at(node, "missing"):
        if isinstance(item, Text) and not _take_out(facts, item.value, vocabulary):
            collector.add(
                error(
                    Code.UNKNOWN_FACT,
                    f"`{item.value}` is not among the facts of this case, so it cannot be missing",
                    item.span,
                    hint="name a fact that `given` or `facts` states",
                )
            )
            return None
    claims = texts_at(node, "claims")
    if claims:
        at = f"{on or '2000-01-01'}T09:00:00+00:00"
        facts["claims"] = [{"claim": name, "by": "scenario", "at": at} for name in claims]
    facts["event"] = event
    expect = map_at(node, "expect")
    return Case(
        text_at(node, "name"),
        rulebook,
        kind,
        text_at(node, kind),
        event,
        date.fromisoformat(on).toordinal() if on else None,
        document_from_text(facts, vocabulary),
        text_at(expect, "outcome") or None,
        text_at(expect, "decision") or None,
        text_at(expect, "value") or None,
        text_at(expect, "due") or None,
        span_of(node, "name"),
        day_at(node, "known_on", collector),
    )


def merged(given: Any, facts: Any, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return facts over given ones: maps merge, lists replace, table rows merge by their key."""
    result: dict[str, Any] = copy.deepcopy(given) if isinstance(given, dict) else {}
    tables = vocabulary.tables()
    for key, value in (facts if isinstance(facts, dict) else {}).items():
        if key in tables and isinstance(value, list):
            result[key] = _merged_rows(result.get(key, []), value, tables[key].key or "id")
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = {**result[key], **copy.deepcopy(value)}
        else:
            result[key] = copy.deepcopy(value)
    return result


def _merged_rows(before: Any, rows: list[Any], key: str) -> list[Any]:
    known = {row[key]: dict(row) for row in before if isinstance(row, dict) and key in row}
    for row in rows:
        if isinstance(row, dict) and key in row:
            known[row[key]] = {**known.get(row[key], {}), **copy.deepcopy(row)}
    return list(known.values())


def _take_out(facts: dict[str, Any], path: str, vocabulary: Vocabulary) -> bool:
    """Remove what a path names: `market`, `market.last_price`, `securities.600000.class`."""
    current: Any = facts
    names = path.split(".")
    tables = vocabulary.tables()
    for place, name in enumerate(names):
        last = place == len(names) - 1
        if isinstance(current, list):
            key = tables[names[0]].key or "id" if place == 1 and names[0] in tables else None
            rows = [
                r
                for r in current
                if isinstance(r, dict) and (name in (r.get(key), *r.values()) if key is None else r.get(key) == name)
            ]  # fmt: skip
            if not rows:
                return False
            if last:
                current.remove(rows[0])
                return True
            current = rows[0]
        elif isinstance(current, dict) and name in current:
            if last:
                del current[name]
                return True
            current = current[name]
        else:
            return False
    return False
