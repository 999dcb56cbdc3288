"""The facts that a rule reads, each by its path, as a person finds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.pieces import Formula, both, either, opposite
from creditgate.backends.solver.symbols import Handle
from creditgate.domain.dsl_types import Record, without_none
from creditgate.domain.vocabulary import FactDeclaration, Vocabulary
from creditgate.ir.nodes import Aggregate, Expr, Fact, Named, Root, Variable
from creditgate.ir.rulebook import EpochRule
from creditgate.ir.walk import every

GIVEN: Final = " given"
_ROW: Final = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True, eq=False)
class FactRead:
    """A fact that a rule reads; `path` names rows of lists by `[]`."""

    path: str
    node: Fact
    entity: str
    declared: FactDeclaration


class FactsRead:
    """All facts a rule reads, and where they stand in an encoding."""

    def __init__(self, rule: EpochRule, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        nodes = [node for part in _expressions(rule) for node in every(part)]
        self._sources = {
            node.variable.name: node.source for node in nodes if isinstance(node, Aggregate)
        }
        self.found: dict[str, FactRead] = {}
        for node in nodes:
            if isinstance(node, Fact):
                self._add(node)

    def _add(self, node: Fact) -> None:
        holder = without_none(node.record.type)
        assert isinstance(holder, Record)
        declared = self.vocabulary.fact(holder.entity, node.name)
        path = f"{self._path(node.record)}.{node.name}"
        # A record is known by its key; without it there is no record at all.
        if declared is not None and node.name != self.vocabulary.entities[holder.entity].key:
            self.found.setdefault(path, FactRead(path, node, holder.entity, declared))

    def _path(self, record: Expr) -> str:
        match record:
            case Root(entity=entity):
                return entity
            case Fact(record=holder, name=name):
                return f"{self._path(holder)}.{name}"
            case Variable(name=name):
                return f"{self._path(self._sources[name])}[]"
            case Named(body=body):
                return self._path(body)
            case _:
                raise TypeError(f"{type(record).__name__} is no record")

    def handles(self, encoding: Encoding, record: Expr) -> list[tuple[Handle, Formula]]:
        """Return the records of an expression, each with the condition that it is there."""
        match record:
            case Root(entity=entity):
                return [(Handle(entity, entity), True)]
            case Fact(record=holder, name=name):
                return [
                    (self._pointed(encoding, handle, name), here)
                    for handle, here in self.handles(encoding, holder)
                ]
            case Variable(name=name):
                return list(self._rows(encoding, self._sources[name]))
            case Named(body=body):
                return self.handles(encoding, body)
            case _:
                raise TypeError(f"{type(record).__name__} is no record")

    @staticmethod
    def _pointed(encoding: Encoding, handle: Handle, name: str) -> Handle:
        fact = encoding.fact(handle.entity, name)
        target = fact.target or ""
        return Handle(target, target, (encoding.symbols.of(handle, fact).value,))

    def _rows(self, encoding: Encoding, source: Expr) -> Iterator[tuple[Handle, Formula]]:
        while isinstance(source, Named):
            source = source.body
        assert isinstance(source, Fact)
        lists = encoding.lists
        assert isinstance(lists, ListedRows)
        for handle, here in self.handles(encoding, source.record):
            listed = encoding.symbols.of(handle, encoding.fact(handle.entity, source.name))
            size, rows = lists.rows(encoding, listed)
            for place, row in enumerate(rows):
                yield row, both(here, size > place)

    def is_missing(self, encoding: Encoding, read: FactRead) -> Formula:
        """Return the condition that a fact is missing, of one row where it is one of rows."""
        fact = encoding.fact(read.entity, read.node.name)
        return either(*[
            both(here, encoding.symbols.of(handle, fact).unknown)
            for handle, here in self.handles(encoding, read.node.record)
        ])  # fmt: skip

    def others_known(self, encoding: Encoding, path: str) -> Iterator[Formula]:
        """Yield that each fact but one is known, as far as rows are at hand."""
        for other in self.found.values():
            has_rows = _ROW.search(other.path) is not None
            if other.path == path or (has_rows and not isinstance(encoding.lists, ListedRows)):
                continue
            fact = encoding.fact(other.entity, other.node.name)
            for handle, _ in self.handles(encoding, other.node.record):
                yield opposite(encoding.symbols.of(handle, fact).unknown)

    def given(
        self, encoding: Encoding, read: FactRead, formulas: Callable[[], list[Formula]]
    ) -> list[Formula]:
        """Return some formulas as they are where a fact is given, and that it is."""
        fact = encoding.fact(read.entity, read.node.name)
        handles = [handle for handle, _ in self.handles(encoding, read.node.record)]
        with encoding.reading({(handle.path, fact.name): GIVEN for handle in handles}):
            known = [opposite(encoding.symbols.of(handle, fact).unknown) for handle in handles]
            return [*formulas(), *known]


def plain_path(path: str) -> str:
    """Return the path of a missing fact without saying of which row.

    >>> plain_path("account.collateral[C1].quantity")
    'account.collateral[].quantity'
    """
    return _ROW.sub("[]", path)


def _expressions(rule: EpochRule) -> Iterator[Expr]:
    if rule.when is not None:
        yield rule.when
    yield from (node for _, node in rule.exemptions)
    yield rule.require
    if rule.deadline is not None:
        yield rule.deadline.before
