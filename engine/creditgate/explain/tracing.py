"""The reference evaluator, remembering what it read: facts by path, and what bears a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from creditgate.domain.calendar import Calendar
from creditgate.domain.dsl_types import Record, without_none
from creditgate.domain.facts import Facts, attribute
from creditgate.ir.nodes import Aggregate, Dated, Expr, Fact, Lookup, Named
from creditgate.reference.evaluate import Evaluation, Located, Unknown


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact that was read: the path by which a person finds it, and its value."""

    path: str
    node: Fact
    value: Any

    @property
    def entity(self) -> str:
        """Return the entity of the record that holds the fact."""
        holder = without_none(self.node.record.type)
        return holder.entity if isinstance(holder, Record) else ""


@dataclass(frozen=True, slots=True)
class NameRead:
    """A parameter, table or figure that was read.

    `of` is the path of the record that a figure was read of; `keys` are those of a table; `day`
    chooses the version where another date than the one judged was asked for.
    """

    node: Named
    value: Any
    of: str | None
    keys: tuple[Any, ...] | None
    day: int | None


class Tracing(Evaluation):
    """Evaluate as the reference does and remember, in the order of reading, what was read.

    Only what the outcome needed is read: a branch not taken and an item after a false one leave
    no trace.
    """

    def __init__(self, facts: Facts, as_of: int | None, calendars: Mapping[str, Calendar]) -> None:
        super().__init__(facts, as_of, calendars)
        self.facts_read: dict[str, FactRead] = {}
        #: The rows that `rows` has bound: variable, entity and key of each.
        self.rows_spoken_of: list[tuple[str, str, str]] = []
        self.names_read: dict[tuple[str, str, str | None, Any, int | None], NameRead] = {}

    def _fact(self, node: Fact) -> Any:
        value = super()._fact(node)
        holder = self.record(node.record)
        if isinstance(holder, Located):
            path = f"{holder.path}.{node.name}"
            self.facts_read.setdefault(path, FactRead(path, node, value))
        return value

    def _evaluate(self, node: Expr) -> Any:
        value = super()._evaluate(node)
        if isinstance(node, Named):
            read = self._name_read(node, value)
            key = (node.kind, node.name, read.of, read.keys, read.day)
            self.names_read.setdefault(key, read)
        return value

    def _name_read(self, node: Named, value: Any) -> NameRead:
        of, day, body = None, None, node.body
        if node.subject is not None:
            record = self.record(node.subject)
            of = record.path if isinstance(record, Located) else None
        if isinstance(body, Dated) and node.kind != "figure":
            asked = self.value(body.date)
            if not isinstance(asked, Unknown):
                day = int(asked)
                place = bisect_right(body.entries, day, key=lambda entry: entry[0])
                body = body.entries[place - 1][1] if place else body
        keys = None
        if node.kind == "table" and isinstance(body, Lookup):
            keys = tuple(self.value(key) for key in body.keys)
        return NameRead(node, value, of, keys, day)

    def rows(self, node: Aggregate) -> Iterator[None]:
        """Bind each row that an aggregate counts, one after the other."""
        for row in self.value(node.source):
            label = getattr(row, attribute(row.RECORD_KEY))
            path = f"{self._path_of(node.source)}[{label}]"
            self._bound.append((node.variable.name, Located(row, path), {}))
            record = node.variable.type
            entity = record.entity if isinstance(record, Record) else ""
            self.rows_spoken_of.append((node.variable.name, entity, str(label)))
            try:
                if node.where is None or self.value(node.where) is True:
                    yield
            finally:
                self._bound.pop()
                self.rows_spoken_of.pop()
