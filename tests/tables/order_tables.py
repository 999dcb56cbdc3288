"""Facts documents as the tables that stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from creditgate.backends.columns.frames import NONE
from creditgate.domain.vocabulary import Entity, Vocabulary

Document = Mapping[str, Any]


class OrderTables:
    """Documents of orders, one a row; every record gets a key that says of which row it is."""

    def __init__(self, documents: Sequence[Document], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._keys: set[str] = set()
        orders = [self._order(number, document) for number, document in enumerate(documents)]
        self.orders = self._table("order", orders)
        self.others = {name: self._table(name, rows) for name, rows in self._rows.items()}

    def _order(self, number: int, document: Document) -> dict[str, Any]:
        tables = self._vocabulary.tables()
        self._keys = {
            row[entity.key or "id"]
            for name, entity in tables.items()
            for row in document.get(name, ())
        }
        records = [each for each in document.values() if isinstance(each, Mapping)]
        self._keys |= {each["id"] for each in records if "id" in each}
        order = self._record("order", document.get("order", {}), number)
        for name, record in document.items():
            entity = self._vocabulary.entities.get(name)
            if entity is None or entity.kind != "single" or name == "order":
                continue
            row = self._record(name, record, number)
            if "id" in entity.facts:
                row["id"] = order[name] = f"{number}/{record.get('id', name)}"
            elif "security" in order:
                row["security"] = order["security"]  # joined on a fact of the order
            else:
                continue
            self._rows.setdefault(name, []).append(row)
        for name, entity in tables.items():
            for record in document.get(name, ()):
                row = self._record(entity.name, record, number)
                row[entity.key or "id"] = f"{number}/{record[entity.key or 'id']}"
                self._rows.setdefault(entity.name, []).append(row)
        return order

    def _record(self, entity_name: str, record: Document, number: int) -> dict[str, Any]:
        return dict(self._facts(self._vocabulary.entities[entity_name], record, number))

    def _facts(
        self, entity: Entity, record: Document, number: int
    ) -> Iterable[tuple[str, Any]]:  # fmt: skip
        for name, value in record.items():
            fact = entity.facts[name]
            match fact.kind:
                case _ if value is None:
                    yield f"{name}{NONE}", True
                case "list":
                    yield name, [self._record(fact.target or "", row, number) for row in value]
                case "reference":
                    yield name, f"{number}/{value}"
                case "text":
                    yield name, self._renamed(value, number)
                case "set" if fact.target == "text":
                    yield name, [self._renamed(member, number) for member in value]
                case "date":
                    yield name, date.fromisoformat(value)
                case "instant":
                    yield name, datetime.fromisoformat(value)
                case "time":
                    yield name, time.fromisoformat(value)
                case "money" | "price" | "ratio":
                    yield name, Decimal(value).quantize(Decimal(1).scaleb(-fact.scale))
                case _:
                    yield name, value

    def _renamed(self, text: str, number: int) -> str:
        """Return a text; the key of a record of the document is told apart from those of others."""
        return f"{number}/{text}" if text in self._keys else text

    def _table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
        columns = dict.fromkeys(column for row in rows for column in row)
        return pa.table({column: pa.array([row.get(column) for row in rows]) for column in columns})
