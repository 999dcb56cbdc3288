"""The facts document that the rows of tables make for one case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.decide.text_facts import value_from_text
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration, Vocabulary
from creditgate.tables.columns import CLAIMS, Columns, Step, key_of
from creditgate.tables.csv_rows import CsvRow

Key = tuple[str, ...]
EMPTY_SET: Final = "{}"


class Rows(Protocol):
    """The rows of all tables but that of the cases, as one case sees them."""

    def row(self, entity: str, key: Key) -> CsvRow | None:
        """Return the row of a record, or None where there is none with this key."""

    def is_known(self, entity: str, key: Key) -> bool:
        """Tell whether a table has a row with this key, or there is no table to look into."""

    def listed(self, owner: Entity, key: str, fact: FactDeclaration) -> list[CsvRow] | None:
        """Return the rows of a list, or None where they are not known."""

    def claims_of(self, key: str) -> list[dict[str, str]] | None:
        """Return the claims made for a case, or None where there are none."""

    def lists_for(self, key: str | None) -> list[CsvRow] | None:
        """Return the daily lists stated for a case, or None where there is no table of them."""


def dangling(rows: Rows, row: CsvRow, entity: Entity) -> list[Diagnostic]:
    """Return what a row refers to that no table holds, where there is such a table."""
    found = []
    for name, cell in row.cells.items():
        fact = entity.facts.get(name)
        if fact is None or fact.kind != "reference" or rows.is_known(fact.target or "", (cell,)):
            continue
        if not (cell == "none" and fact.may_be_none):
            message = f"`{name}` refers to {fact.target} `{cell}`, which no table holds"
            found.append(fault(Code.UNKNOWN_RECORD, row.place, message))
    return found


def facts_of_row(row: CsvRow, entity: Entity, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the facts that a row states; a set stands between semicolons."""
    facts: dict[str, Any] = {}
    for name, cell in row.cells.items():
        fact = entity.facts.get(name)
        if fact is None or fact.kind == "list":
            continue
        if fact.kind == "set":
            members = cell.removeprefix("{").removesuffix("}").split(";")
            facts[name] = [] if cell == EMPTY_SET else [member.strip() for member in members]
        else:
            facts[name] = value_from_text(cell, fact, vocabulary)
    for name, rows in row.lists.items():
        inner = vocabulary.entities[entity.facts[name].target or ""]
        facts[name] = [facts_of_row(item, inner, vocabulary) for item in rows]
    return facts


def rows_within(row: CsvRow, entity: str, vocabulary: Vocabulary) -> Iterator[tuple[str, CsvRow]]:
    """Yield the rows of the lists that stand in a row, each with the name of its entity."""
    for name, rows in row.lists.items():
        inner = vocabulary.entities[entity].facts[name].target or ""
        for each in rows:
            yield inner, each
            yield from rows_within(each, inner, vocabulary)


def key_for(
    step: Step, rows: Mapping[str, CsvRow], columns: Columns
) -> tuple[Key | None, CsvRow | None]:
    """Return the key of the row that a step leads to, and the row that names it, if one does.

    The key is None where a part of it is not known.
    """
    if step.leader is not None:
        leader = rows.get(step.leader)
        key = None if leader is None else leader.cells.get(step.entity.name)
        return (None if key is None else (key,)), leader
    values = [_value_of(key, rows, columns) for key in step.keys]
    known = tuple(value for value in values if value is not None)
    return (known if len(known) == len(values) else None), None


def _value_of(key: str, rows: Mapping[str, CsvRow], columns: Columns) -> str | None:
    """Return what a key column is compared with: a fact of the case, or the id of a record."""
    driving = columns.driving
    if key in rows and key not in driving.facts:
        return rows[key].cells.get(key_of(columns.vocabulary.entities[key]))
    return rows[driving.name].cells.get(key)


class Join:
    """Put together what the tables say about a case."""

    def __init__(self, columns: Columns, tables: Rows) -> None:
        self.columns = columns
        self.tables = tables
        self.vocabulary = columns.vocabulary

    def join(self, document: dict[str, Any], row: CsvRow) -> list[Diagnostic]:
        """Add to a case what the other tables say about it; return what is not there."""
        columns, driving = self.columns, self.columns.driving
        problems = dangling(self.tables, row, driving)
        rows: dict[str, CsvRow] = {driving.name: row}
        for step in columns.steps:
            found, problem = self._row_for(step, rows)
            problems += [] if problem is None else [problem]
            if found is not None:
                rows[step.entity.name] = found
                document[step.entity.name] = facts_of_row(found, step.entity, self.vocabulary)
        holders = [(name, document[name]) for name in rows]
        for name, facts in holders:
            entity = self.vocabulary.entities[name]
            self._attach(facts, entity, rows[name].cells.get(key_of(entity)))
        self._add_tables(document, holders)
        self._add_daily_lists(document, row)
        claims = self.tables.claims_of(row.cells.get(key_of(driving), ""))
        if claims is not None:
            document[CLAIMS] = claims
        return problems

    def _add_daily_lists(self, document: dict[str, Any], row: CsvRow) -> None:
        """Add the daily lists of a case: a row that cannot be read is one that says nothing."""
        listed = self.tables.lists_for(row.cells.get(key_of(self.columns.driving)))
        if listed is not None:
            entity = self.vocabulary.entities[PUBLISHED_LIST]
            facts = [facts_of_row(item, entity, self.vocabulary) for item in listed]
            document[entity.list_name or ""] = facts

    def _row_for(
        self, step: Step, rows: Mapping[str, CsvRow]
    ) -> tuple[CsvRow | None, Diagnostic | None]:
        name = step.entity.name
        key, leader = key_for(step, rows, self.columns)
        if key is None:
            return None, None
        if leader is not None and not self.tables.is_known(name, key):
            message = f"there is no {name} `{key[0]}`"
            return None, fault(Code.UNKNOWN_RECORD, leader.place, message)
        return self.tables.row(name, key), None

    def _attach(self, facts: dict[str, Any], entity: Entity, key: str | None) -> None:
        """Put the lists of a record into it, where a table holds all their rows."""
        if key is None:
            return
        for fact in self.columns.lists[entity.name]:
            rows = self.tables.listed(entity, key, fact)
            if rows is not None:
                element = self.vocabulary.entities[fact.target or ""]
                facts[fact.name] = [self._listed(row, element) for row in rows]

    def _listed(self, row: CsvRow, element: Entity) -> dict[str, Any]:
        facts = facts_of_row(row, element, self.vocabulary)
        self._attach(facts, element, row.cells.get(key_of(element)))
        return facts

    def _add_tables(
        self, document: dict[str, Any], holders: list[tuple[str, dict[str, Any]]]
    ) -> None:
        """Add the records of tables that the facts refer to, each once."""
        entities = self.vocabulary.entities
        waiting: list[tuple[Entity, Mapping[str, Any]]] = [(entities[n], f) for n, f in holders]
        added: set[tuple[str, str]] = set()
        while waiting:
            entity, facts = waiting.pop()
            for name, value in facts.items():
                fact = entity.facts[name]
                if fact.kind == "list":
                    waiting += [(entities[fact.target or ""], item) for item in value]
                elif fact.kind == "reference" and isinstance(value, str):
                    target = entities[fact.target or ""]
                    row = self.tables.row(target.name, (value,))
                    if row is None or (target.name, value) in added:
                        continue
                    added.add((target.name, value))
                    record = self._listed(row, target)
                    document.setdefault(target.list_name or "", []).append(record)
                    waiting.append((target, record))
