"""The rows of CSV tables by their keys and owners; what stands twice or dangles is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from creditgate.base.codes import Code
from creditgate.base.diagnostic import Diagnostic
from creditgate.decide.faults import fault
from creditgate.domain.vocabulary import PUBLISHED_LIST, Entity, FactDeclaration
from creditgate.tables.columns import (
    CLAIM_COLUMNS,
    CLAIMS,
    LIST,
    Columns,
    Step,
    key_of,
    lists_of,
)
from creditgate.tables.csv_rows import CsvRow, CsvTable
from creditgate.tables.join import Key, dangling


@dataclass(slots=True)
class Records:
    """The rows of a single or table entity by their key; a key that stands twice has no row."""

    rows: dict[Key, CsvRow] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)


@dataclass(slots=True)
class Lists:
    """The rows of lists by owner; if one could not be placed, no list of the table is known."""

    rows: dict[tuple[str, str], list[tuple[str, CsvRow]]] = field(default_factory=dict)
    named: set[tuple[str, str]] = field(default_factory=set)
    is_complete: bool = True


class TableRows:
    """All tables but that of the cases, read once and asked for each case."""

    def __init__(
        self, columns: Columns, files: Mapping[str, CsvTable], driving_keys: Iterable[str]
    ) -> None:
        self.columns = columns
        self.files = files
        self.vocabulary = columns.vocabulary
        self.problems: list[Diagnostic] = []
        self.records: dict[str, Records] = {}
        self.lists: dict[str, Lists] = {}
        self.claims: dict[str, list[dict[str, str]]] = {}
        self.daily_lists: list[CsvRow] | None = None
        self._driving_keys = frozenset(driving_keys)
        steps = {step.entity.name: step for step in columns.steps}
        for entity in columns.entities:
            if entity.name == PUBLISHED_LIST:
                self.daily_lists = list(files[entity.name].rows())
                self.problems += [row.problem for row in self.daily_lists if row.problem]
            elif entity.kind == "table" or entity.name in steps:
                self._read_records(entity, steps.get(entity.name))
        for entity in columns.entities:
            if entity.kind == "element":
                self._read_lists(entity)
        self._check_owners()
        self._check_references()
        if CLAIMS in files:
            self._read_claims(files[CLAIMS])

    def _found(self, code: Code, place: str, message: str, hint: str | None = None) -> None:
        self.problems.append(fault(code, place, message, hint))

    def _read_records(self, entity: Entity, step: Step | None) -> None:
        found = self.records[entity.name] = Records()
        keyed = (key_of(entity),) if step is None or step.leader is not None else step.keys
        for row in self.files[entity.name].rows():
            if row.problem is not None:
                self.problems.append(row.problem)
                continue
            cells = [row.cells.get(column) for column in keyed]
            if any(cell is None for cell in cells):
                empty = ", ".join(c for c, v in zip(keyed, cells, strict=True) if v is None)
                self._found(Code.MISSING_KEY, row.place, f"the row has no `{empty}`")
                continue
            key = tuple(cell for cell in cells if cell is not None)
            if key in found.keys:
                self._twice(entity, keyed, key, row.place)
                found.rows.pop(key, None)
            else:
                found.keys.add(key)
                found.rows[key] = row

    def _twice(self, entity: Entity, keyed: Key, key: Key, place: str) -> None:
        if not keyed:
            driving = self.columns.driving.name
            message = "the table has several rows, and nothing says which case each belongs to"
            hint = f"add a column `{entity.name}` to `{driving}.csv`, or a column of its facts here"
        else:
            words = ", ".join(f"{c} {v}" for c, v in zip(keyed, key, strict=True))
            message, hint = f"two rows have the same key: {words}", "give each row once"
        self._found(Code.DUPLICATE_RECORD, place, f"{message}; neither is used", hint)

    def _read_lists(self, entity: Entity) -> None:
        found = self.lists[entity.name] = Lists()
        owners = self.columns.owners(entity)
        seen: set[tuple[str, ...]] = set()
        for row in self.files[entity.name].rows():
            problem = row.problem or self._place(row, entity, owners, found, seen)
            if problem is not None:
                self.problems.append(problem)
                found.is_complete = False

    def _place(
        self, row: CsvRow, entity: Entity, owners: list[Entity], found: Lists,
        seen: set[tuple[str, ...]],
    ) -> Diagnostic | None:  # fmt: skip
        """Put a row into the list of its owner; return why that cannot be done."""
        named = [owner for owner in owners if owner.name in row.cells]
        if len(named) != 1:
            words = " or ".join(owner.name for owner in owners)
            message = f"the row must name one owner: {words}"
            return fault(Code.MISSING_KEY, row.place, message)
        owner, key = named[0], row.cells[named[0].name]
        if not self._knows(owner, key):
            message = f"there is no {owner.name} `{key}`"
            return fault(Code.UNKNOWN_RECORD, row.place, message, f"add it to `{owner.name}.csv`")
        lists = [fact.name for fact in lists_of(owner, entity.name)]
        name = row.cells.get(LIST, lists[0] if len(lists) == 1 else "")
        if name not in lists:
            message = f"`{name}` is no list of {owner.name} with such rows"
            hint = f"say in the column `list` which it is: {', '.join(lists)}"
            return fault(Code.UNKNOWN_FACT, row.place, message, hint)
        own = row.cells.get(key_of(entity))
        if own is None:
            return fault(Code.MISSING_KEY, row.place, f"the row has no `{key_of(entity)}`")
        place = (own,) if self._is_owner(entity) else (owner.name, key, name, own)
        if place in seen:
            message = f"two rows have the `{key_of(entity)}` {own}"
            return fault(Code.DUPLICATE_RECORD, row.place, message, "give each row once")
        seen.add(place)
        found.named.add((owner.name, name))
        found.rows.setdefault((owner.name, key), []).append((name, row))
        return None

    def _knows(self, owner: Entity, key: str) -> bool:
        if owner is self.columns.driving:
            return key in self._driving_keys
        # Rows that own rows are checked once all lists are read.
        return owner.name not in self.records or (key,) in self.records[owner.name].keys

    def _is_owner(self, entity: Entity) -> bool:
        others = [e for e in self.columns.entities if e.kind == "element"]
        return any(entity in self.columns.owners(other) for other in others)

    def _check_owners(self) -> None:
        """Report rows of rows whose owner is not there."""
        for entity in self.columns.entities:
            for owner in self.columns.owners(entity) if entity.kind == "element" else []:
                if owner.kind != "element":
                    continue
                rows = [row for rows in self.lists[owner.name].rows.values() for _, row in rows]
                known = {row.cells[key_of(owner)] for row in rows}
                for (name, key), found in self.lists[entity.name].rows.items():
                    if name == owner.name and key not in known:
                        message = f"there is no {owner.name} `{key}`"
                        self._found(Code.UNKNOWN_RECORD, found[0][1].place, message)
                        self.lists[entity.name].is_complete = False

    def _check_references(self) -> None:
        for entity in self.columns.entities:
            if entity is not self.columns.driving:
                rows = [*self.records.get(entity.name, Records()).rows.values()]
                for listed in self.lists.get(entity.name, Lists()).rows.values():
                    rows += [row for _, row in listed]
                for row in rows:
                    self.problems += dangling(self, row, entity)

    def row(self, entity: str, key: Key) -> CsvRow | None:
        """Return the row of a record, or None where no table has one with this key."""
        records = self.records.get(entity)
        return None if records is None else records.rows.get(key)

    def is_known(self, entity: str, key: Key) -> bool:
        """Tell whether a table has a row with this key, or there is no table to look into."""
        records = self.records.get(entity)
        return records is None or key in records.keys

    def listed(self, owner: Entity, key: str, fact: FactDeclaration) -> list[CsvRow] | None:
        """Return the rows of a list, or None where they are not known."""
        lists = self.lists.get(fact.target or "")
        if lists is None or not lists.is_complete:
            return None
        element = self.vocabulary.entities[fact.target or ""]
        alone = len(lists_of(owner, element.name)) == 1
        if owner not in self.columns.owners(element):
            return None
        if not alone and (owner.name, fact.name) not in lists.named:
            return None
        return [row for name, row in lists.rows.get((owner.name, key), []) if name == fact.name]

    def claims_of(self, key: str) -> list[dict[str, str]] | None:
        """Return the claims made for a case, or None where there are none."""
        return self.claims.get(key)

    def lists_for(self, key: str | None) -> list[CsvRow] | None:
        """Return the daily lists stated for a case, or None where there is no table of them."""
        if self.daily_lists is None:
            return None
        own, driving = (None, key), self.columns.driving.name
        return [row for row in self.daily_lists if row.cells.get(driving) in own]

    def _read_claims(self, file: CsvTable) -> None:
        driving = self.columns.driving
        for row in file.rows():
            problem = row.problem
            key = row.cells.get(driving.name)
            if problem is None and (key is None or key not in self._driving_keys):
                message = f"there is no {driving.name} `{key or ''}` that the claim could be for"
                problem = fault(Code.UNKNOWN_RECORD, row.place, message)
            if problem is not None:
                self.problems.append(problem)
                continue
            claim: dict[str, str] = {
                name: row.cells[name] for name in CLAIM_COLUMNS if name in row.cells
            }
            self.claims.setdefault(key or "", []).append(claim)
