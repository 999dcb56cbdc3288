"""Given facts as formulas, so that a question is about these facts alone."""

from __future__ import annotations

from typing import Any

from creditgate.backends.solver.encoding import Encoding
from creditgate.backends.solver.listed_rows import ListedRows
from creditgate.backends.solver.pieces import Formula, both, either, implies, opposite, same
from creditgate.backends.solver.symbols import Handle, Symbol
from creditgate.domain.facts import MISSING, Facts, attribute, record_attribute


def assumed(encoding: Encoding, lists: ListedRows, facts: Facts) -> list[Formula]:
    """Return that all facts the encoding reads are as given, and the lists as long.

    Lists that are longer than the encoding has rows for contradict what is always true.
    """
    given = _Given(encoding, facts)
    found = [same(has, name in facts.claims) for name, has in encoding.symbols.claims.items()]
    for symbol in list(encoding.symbols.found.values()):
        found.append(given.stated(symbol))
    for symbol, size, _ in lists.lists.values():
        found += given.listed(symbol, size)
    return found


class _Given:
    def __init__(self, encoding: Encoding, facts: Facts) -> None:
        self.encoding = encoding
        self.facts = facts
        self.tables: dict[str, dict[str, Any]] = {}
        self._collect()

    def _collect(self) -> None:
        """Collect the records that references point to, by their keys."""
        entities = self.encoding.vocabulary.entities
        waiting: list[tuple[str, Any]] = []
        for name in entities:
            record = getattr(self.facts.root, attribute(name), MISSING)
            if record not in (MISSING, None):
                waiting.append((name, record))
        while waiting:
            entity, record = waiting.pop()
            for fact in entities[entity].facts.values():
                value = getattr(record, attribute(fact.name), MISSING)
                if fact.kind == "list" and isinstance(value, tuple | list):
                    waiting += [(fact.target or "", row) for row in value]
                pointed = getattr(record, record_attribute(fact.name), MISSING)
                if fact.kind == "reference" and pointed is not MISSING:
                    known = self.tables.setdefault(fact.target or "", {})
                    if str(value) not in known:
                        known[str(value)] = pointed
                        waiting.append((fact.target or "", pointed))

    def records(self, holder: Handle) -> list[tuple[Formula, Any]]:
        """Return the records a handle may stand for, each with the condition that it does."""
        if holder.keys:
            (key,) = holder.keys
            found = self.tables.get(holder.path.partition(".")[0], {})
            starts = [
                (key == self.encoding.codes.of(word), record) for word, record in found.items()
            ]
            none = both(*[opposite(here) for here, _ in starts])
            starts.append((none, MISSING))
        else:
            name = holder.path.partition(".")[0]
            starts = [(True, getattr(self.facts.root, attribute(name), MISSING))]
        return [(here, _below(record, holder.path)) for here, record in starts]

    def stated(self, symbol: Symbol) -> Formula:
        """Return that a fact is as given."""
        return both(*[
            implies(here, self._value(symbol, record))
            for here, record in self.records(symbol.holder)
        ])  # fmt: skip

    def _value(self, symbol: Symbol, record: Any) -> Formula:
        value = MISSING
        if record not in (MISSING, None):
            value = getattr(record, attribute(symbol.fact.name), MISSING)
        if value is MISSING:
            return symbol.unknown
        if value is None:
            return symbol.none
        codes = self.encoding.codes
        if symbol.fact.kind == "set":
            words = {codes.of(word) for word in value}
            return both(symbol.known, *[
                same(has, same_word(word, words)) for word, has in symbol.members
            ], same(self.encoding.symbols.is_empty(symbol), not value))  # fmt: skip
        if symbol.fact.kind == "list":
            return symbol.known
        held = codes.of(value) if isinstance(value, str) else value
        return both(symbol.known, same(symbol.value, held))

    def listed(self, symbol: Symbol, size: Formula) -> list[Formula]:
        """Return that a list has as many rows as given."""
        found: list[Formula] = []
        for here, record in self.records(symbol.holder):
            rows: Any = MISSING
            if record not in (MISSING, None):
                rows = getattr(record, attribute(symbol.fact.name), MISSING)
            if isinstance(rows, tuple | list):
                found.append(implies(here, size == len(rows)))
        return found


def same_word(word: Formula, words: set[int]) -> Formula:
    """Return whether a word is one of some codes."""
    if isinstance(word, int):
        return word in words
    return either(*[word == code for code in words])


def _below(record: Any, path: str) -> Any:
    """Return the row that a path leads to from the record it begins with, MISSING for none."""
    for step in path.split(".")[1:]:
        if record is MISSING or record is None:
            return MISSING
        name, _, place = step.rstrip("]").partition("[")
        rows = getattr(record, attribute(name), MISSING)
        if not isinstance(rows, tuple | list) or int(place) >= len(rows):
            return MISSING
        record = rows[int(place)]
    return record
