"""The facts document that CSV tables make for one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.cli.csv_rows import CsvRow
from creditgate.cli.table_columns import CLAIMS, Columns, Step, key_of, lists_of, plain_facts
from creditgate.cli.table_rows import TableRows
from creditgate.decide.faults import fault
from creditgate.decide.text_facts import value_from_text
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, Vocabulary

_EMPTY_SET: Final = "{}"


def facts_of_row(row: CsvRow, entity: Entity, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the facts that a row states; a set stands between semicolons."""
    facts: dict[str, Any] = {}
    for name, fact in plain_facts(entity).items():
        cell = row.cells.get(name)
        if cell is None:
            continue
        if fact.kind == "set":
            members = cell.removeprefix("{").removesuffix("}").split(";")
            facts[name] = [] if cell == _EMPTY_SET else [member.strip() for member in members]
        else:
            facts[name] = value_from_text(cell, fact, vocabulary)
    return facts


class Join:
    """Put together what the tables say about a case."""

    def __init__(self, columns: Columns, tables: TableRows) -> None:
        self.columns = columns
        self.tables = tables
        self.vocabulary = columns.vocabulary

    def join(self, document: dict[str, Any], row: CsvRow) -> list[Diagnostic]:
        """Add to a case what the other tables say about it; return what is not there."""
        columns, driving = self.columns, self.columns.driving
        problems = self.tables.dangling(row, driving)
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
        claims = self.tables.claims.get(row.cells.get(key_of(driving), ""))
        if claims is not None:
            document[CLAIMS] = claims
        return problems

    def _add_daily_lists(self, document: dict[str, Any], row: CsvRow) -> None:
        """Add the daily lists of a case: a row that cannot be read is one that says nothing."""
        if self.tables.daily_lists is None:
            return
        driving, entity = self.columns.driving, self.vocabulary.entities[PUBLISHED_LIST]
        own = (None, row.cells.get(key_of(driving)))
        document[entity.list_name or ""] = [
            facts_of_row(listed, entity, self.vocabulary)
            for listed in self.tables.daily_lists
            if listed.cells.get(driving.name) in own
        ]

    def _row_for(
        self, step: Step, rows: Mapping[str, CsvRow]
    ) -> tuple[CsvRow | None, Diagnostic | None]:
        records = self.tables.records[step.entity.name]
        if step.leader is not None:
            leader = rows.get(step.leader)
            key = None if leader is None else leader.cells.get(step.entity.name)
            if leader is None or key is None:
                return None, None
            if (key,) not in records.keys:
                message = f"there is no {step.entity.name} `{key}`"
                return None, fault(Code.UNKNOWN_RECORD, leader.place, message)
            return records.rows.get((key,)), None
        values = [self._value_of(key, rows) for key in step.keys]
        known = tuple(value for value in values if value is not None)
        return (records.rows.get(known), None) if len(known) == len(values) else (None, None)

    def _value_of(self, key: str, rows: Mapping[str, CsvRow]) -> str | None:
        """Return what a key column is compared with: a fact of the case, or the id of a record."""
        driving = self.columns.driving
        if key in rows and key not in driving.facts:
            return rows[key].cells.get(key_of(self.vocabulary.entities[key]))
        return rows[driving.name].cells.get(key)

    def _attach(self, facts: dict[str, Any], entity: Entity, key: str | None) -> None:
        """Put the lists of a record into it, where a table holds all their rows."""
        if key is None:
            return
        for fact in entity.facts.values():
            lists = self.tables.lists.get(fact.target or "") if fact.kind == "list" else None
            if lists is None or not lists.is_complete:
                continue
            element = self.vocabulary.entities[fact.target or ""]
            alone = len(lists_of(entity, element.name)) == 1
            covered = entity in self.columns.owners(element)
            if covered and (alone or (entity.name, fact.name) in lists.named):
                rows = lists.rows.get((entity.name, key), [])
                facts[fact.name] = [
                    self._listed(row, element) for name, row in rows if name == fact.name
                ]

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
                    records = self.tables.records.get(target.name)
                    row = None if records is None else records.rows.get((value,))
                    if row is None or (target.name, value) in added:
                        continue
                    added.add((target.name, value))
                    record = self._listed(row, target)
                    document.setdefault(target.list_name or "", []).append(record)
                    waiting.append((target, record))
